# A library in the manner of nixpkgs' own, small enough to read in a minute.
{
  lists = import ./lists.nix;
  strings = import ./strings.nix;
  money = import ./money.nix;
  durations = import ./durations.nix;
}
