# Start here. Hover anything on the right of an equals sign to see its value;
# hover a name to see what it is bound to.
let
  lib = import ./lib;
  menu = import ./menu.nix;

  # Numbers: the hover of `*` is the product, the hover of `+` the sum.
  seats = 4 * 6 + 2;
  full = seats >= 26 && !(seats > 40);

  # A recursive set: every name sees the others.
  house = rec {
    name = "The Hexagon";
    founded = 1987;
    age = 2026 - founded;
    sign = "${name}, since ${toString founded}";
  };

  # Nothing is evaluated before it is needed: this binding is an error that
  # nobody asks for, so the file is fine. Hover `later` to see the error.
  later = throw "nobody needs this";

  # Functions of a small library, in another file.
  prices = map (tea: tea.price) menu.teas;
  average = lib.lists.sum prices / builtins.length prices;
  cheapest = lib.lists.minimumBy (tea: tea.price) menu.teas;

  # A function has no value of its own; hover its call on the next line.
  twice = f: x: f (f x);
  sixteen = twice (n: n * 4) 1;

  # The value of `with` is the value of its body.
  shouted = with lib.strings; upper (joinWith ", " [ "green" "white" "black" ]);
in
{
  inherit seats full sixteen shouted average;
  inherit (house) sign age;
  cheapest = cheapest.name;
  receipt = import ./receipt.nix { table = 7; };
}
