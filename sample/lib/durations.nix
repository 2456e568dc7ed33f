# Durations, such as "90 seconds" or "3 minutes".
let
  units = { second = 1; seconds = 1; minute = 60; minutes = 60; };

  fail = text: throw "not a duration: \"${text}\" (write a number and a unit, such as \"3 minutes\")";
in
{
  /** The seconds of a duration. */
  parse = text:
    let
      parts = builtins.match "([0-9]+) ([a-z]+)" text;
      number = builtins.fromJSON (builtins.elemAt parts 0);
      unit = builtins.elemAt parts 1;
    in
    if parts == null || !(units ? ${unit}) then fail text else number * units.${unit};

  /** A number of seconds in words. */
  format = seconds:
    if seconds >= 120 then "${toString (seconds / 60)} minutes" else "${toString seconds} seconds";
}
