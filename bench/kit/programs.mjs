// Small programs; `n` differs from run to run. `hot` says whether the time goes into functions
// of the program, rather than into builtins.
export const programs = [
  {
    what: 'fib 27',
    limit: 2.5,
    hot: true,
    of: (n) => `let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in fib 27 + ${n}`,
  },
  {
    what: 'a fold over 1,000,000 numbers',
    limit: 1,
    hot: true,
    of: (n) => `builtins.foldl' (a: b: a + b) ${n} (builtins.genList (x: x) 1000000)`,
  },
  {
    what: '200,000 attributes built and read',
    limit: 1,
    hot: false,
    of: (n) => `let
      names = builtins.genList (i: "a\${toString i}") 200000;
      set = builtins.listToAttrs (map (name: { inherit name; value = builtins.stringLength name; }) names);
    in builtins.foldl' (sum: name: sum + set.\${name}) ${n} names`,
  },
  {
    what: 'sorting 200,000 numbers',
    limit: 1,
    hot: true,
    of: (n) => `let
      mod = a: b: a - b * (a / b);
      sorted = builtins.sort (a: b: a < b) (builtins.genList (i: mod (i * 7919 + ${n}) 200003) 200000);
    in builtins.elemAt sorted 1000`,
  },
  {
    what: '100,000 hashed strings',
    limit: 2.5,
    hot: false,
    of: (n) =>
      `builtins.foldl' (a: i: builtins.hashString "sha256" "\${a}\${toString i}") "${n}" (builtins.genList (i: i) 100000)`,
  },
];
