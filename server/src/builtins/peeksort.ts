/**
 * Peeksort: a stable merge sort that uses the runs it finds in its input (Munro
 * and Wild, "Nearly-Optimal Mergesorts", 2018). C++ Nix sorts with it, so the
 * comparator is called for the same pairs in the same order, which `trace`
 * shows, and a comparator that is no order gives the same permutation.
 */

/** Tells whether one element has to stand before another. */
export interface Order<Element> {
  less(left: Element, right: Element): boolean;
}

/** Ranges up to this length are sorted by insertion. */
const insertionLimit = 16;

/** Sorts `list` in place. */
export function peeksort<Element>(list: Element[], order: Order<Element>): void {
  const { length } = list;
  if (length < 2) return;
  if (length === 2) {
    if (order.less(list[1]!, list[0]!)) list.reverse();
    return;
  }
  new Sorter(list, order).sort(0, length, 0, length);
}

/** Ranges are half open: `end` is the first index behind. */
class Sorter<Element> {
  private readonly buffer: Element[] = [];

  constructor(
    private readonly list: Element[],
    private readonly order: Order<Element>,
  ) {}

  /** Sorts `[begin, end)`, of which `[begin, leftEnd)` and `[rightBegin, end)` are sorted runs. */
  sort(begin: number, end: number, leftEnd: number, rightBegin: number): void {
    if (leftEnd === end || rightBegin === begin) return;
    if (end - begin <= insertionLimit) return this.insertionSort(begin, end);
    const middle = begin + ((end - begin) >> 1);
    if (middle <= leftEnd) {
      this.sort(leftEnd, end, leftEnd + 1, rightBegin);
      this.merge(begin, leftEnd, end);
    } else if (middle >= rightBegin) {
      this.sort(begin, rightBegin, leftEnd, rightBegin - 1);
      this.merge(begin, rightBegin, end);
    } else {
      this.sortAroundRun(begin, end, leftEnd, rightBegin, middle);
    }
  }

  /** Finds the run across the middle, sorts what is left and right of it, and merges. */
  private sortAroundRun(
    begin: number,
    end: number,
    leftEnd: number,
    rightBegin: number,
    middle: number,
  ): void {
    const { list, order } = this;
    const falling = order.less(list[middle]!, list[middle - 1]!);
    let i = middle - 1;
    while (i > leftEnd && order.less(list[i]!, list[i - 1]!) === falling) i--;
    let j = middle;
    while (j < rightBegin && order.less(list[j]!, list[j - 1]!) === falling) j++;
    if (falling) this.reverse(i, j);
    if (i === begin && j === end) return;
    if (middle - i < j - middle) {
      this.sort(begin, i, leftEnd, i - 1);
      this.sort(i, end, j, rightBegin);
      this.merge(begin, i, end);
    } else {
      this.sort(begin, j, leftEnd, i);
      this.sort(j, end, j + 1, rightBegin);
      this.merge(begin, j, end);
    }
  }

  private insertionSort(begin: number, end: number): void {
    const { list, order } = this;
    for (let i = begin + 1; i < end; i++) {
      const element = list[i]!;
      let at = i;
      while (at > begin && order.less(element, list[at - 1]!)) {
        list[at] = list[at - 1]!;
        at--;
      }
      list[at] = element;
    }
  }

  private reverse(begin: number, end: number): void {
    const { list } = this;
    for (let i = begin, j = end - 1; i < j; i++, j--) {
      const element = list[i]!;
      list[i] = list[j]!;
      list[j] = element;
    }
  }

  /** Merges two neighbouring runs; of equal elements the left one comes first. */
  private merge(begin: number, middle: number, end: number): void {
    const { list, order, buffer } = this;
    const leftLength = middle - begin;
    for (let i = 0; i < leftLength; i++) buffer[i] = list[begin + i]!;
    let left = 0;
    let right = middle;
    let out = begin;
    while (left < leftLength && right < end) {
      list[out++] = order.less(list[right]!, buffer[left]!) ? list[right++]! : buffer[left++]!;
    }
    while (left < leftLength) list[out++] = buffer[left++]!;
  }
}
