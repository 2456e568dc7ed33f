# This file fails: a duration has to be a number and a unit. The problem is
# shown here, and its related information leads into lib/durations.nix, where
# the error is raised. Write "90 seconds" instead, and it goes away.
let
  durations = import ./lib/durations.nix;
  steep = durations.parse "ninety";
in
assert steep >= 60;
{
  tea = "Sencha";
  seconds = steep;
  label = "Steep for ${durations.format steep}";
}
