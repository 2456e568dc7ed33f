# Lists.
rec {
  /** The sum of a list of numbers; `sum [ ]` is 0. */
  sum = builtins.foldl' (total: number: total + number) 0;

  /** The numbers from `first` to `last`, both included. */
  range = first: last:
    if first > last then [ ] else builtins.genList (n: first + n) (last - first + 1);

  /** The element for which `measure` is least; the first one, if there are several. */
  minimumBy = measure: list:
    builtins.foldl'
      (best: element: if measure element < measure best then element else best)
      (builtins.head list)
      (builtins.tail list);

  squares = map (n: n * n) (range 1 8);
}
