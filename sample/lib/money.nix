# Amounts of money, as whole numbers of cents.
let
  strings = import ./strings.nix;
  twoDigits = n: if n < 10 then "0${toString n}" else toString n;
in
{
  /** `format 1250` is "12.50". */
  format = cents: "${toString (cents / 100)}.${twoDigits (cents - cents / 100 * 100)}";

  example = strings.padRight 10 "Tip" + toString 1.5;
}
