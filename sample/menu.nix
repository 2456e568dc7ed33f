# What the tea house serves. Prices are in cents, times in seconds.
rec {
  teas = [
    { name = "Sencha"; kind = "green"; price = 420; steep = 90; temperature = 70; }
    { name = "Silver Needle"; kind = "white"; price = 690; steep = 240; temperature = 75; }
    { name = "Assam"; kind = "black"; price = 380; steep = 180; temperature = 95; }
    { name = "Lapsang"; kind = "black"; price = 450; steep = 210; temperature = 95; }
  ];

  # The same teas, by name: `byName.Assam.price` is 380.
  byName = builtins.listToAttrs (map (tea: { inherit (tea) name; value = tea; }) teas);

  # The teas of each kind.
  byKind = builtins.groupBy (tea: tea.kind) teas;

  house = byName.Sencha // {
    name = "House Blend";
    price = byName.Sencha.price - 50;
  };
}
