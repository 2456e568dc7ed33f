# A function: Nixray shows what its text decides, and says what it can't know.
{ table, guests ? 2 }:

let
  lib = import ./lib;
  menu = import ./menu.nix;

  order = [ menu.byName.Assam menu.byName.Sencha menu.house ];
  total = lib.lists.sum (map (tea: tea.price) order);
  line = tea: "${lib.strings.padRight 16 tea.name}${lib.money.format tea.price}";
in
''
  Table ${toString table}, ${toString guests} guests
  ${lib.strings.joinWith "\n" (map line order)}
  ${lib.strings.padRight 16 "Total"}${lib.money.format total}
''
