# Strings.
let
  lower = [ "a" "b" "c" "d" "e" "f" "g" "h" "i" "j" "k" "l" "m" "n" "o" "p" "q" "r" "s" "t" "u" "v" "w" "x" "y" "z" ];
  capital = [ "A" "B" "C" "D" "E" "F" "G" "H" "I" "J" "K" "L" "M" "N" "O" "P" "Q" "R" "S" "T" "U" "V" "W" "X" "Y" "Z" ];
in
rec {
  /** The strings of a list, with a separator between each two. */
  joinWith = separator: builtins.concatStringsSep separator;

  /** Every small letter of the alphabet, written large. */
  upper = builtins.replaceStrings lower capital;

  /** `text` as many times as `count` says. */
  repeat = count: text: if count <= 0 then "" else text + repeat (count - 1) text;

  /** `text`, filled up with spaces to a width. */
  padRight = width: text: text + repeat (width - builtins.stringLength text) " ";

  banner = "=== ${upper "nixray"} ===";
}
