/**
 * Hovers at hard places: inside functions, where the arguments have to be found
 * first. Each row says what a user expects to read.
 */

export interface HardPlace {
  readonly what: string;
  /** Marked texts by name; the one with the cursor is hovered. A lone text is `file.nix`. */
  readonly files: string | Readonly<Record<string, string>>;
  readonly value: string;
  /** Which call the hover names; undefined where the value is the same in every call. */
  readonly source?: string;
}

type Row = readonly [what: string, files: HardPlace['files'], value: string, source?: string];

/** The call in file.nix that starts with a text, where that stands last in the file. */
const call = (text: string, which = '1 of 1'): string => `in the call at \`${text}\`, ${which}`;

const callbacks: readonly Row[] = [
  ['the parameter of map', 'map (x: |x * 2) [ 10 20 ]', '10', call('map (x: x')],
  ['an operator in map', 'map (x: x |* 2) [ 10 20 ]', '20', call('map (x: x')],
  ['the parameter itself', 'map (|x: x * 2) [ 10 20 ]', '10', call('map (x: x')],
  ['filter', 'builtins.filter (x: |x > 3) [ 3 4 ]', '3', call('builtins.filter')],
  [
    "the accumulator of foldl'",
    "builtins.foldl' (acc: x: |acc + x) 100 [ 1 2 ]",
    '100',
    call("builtins.foldl'"),
  ],
  ["the item of foldl'", "builtins.foldl' (acc: x: acc + |x) 100 [ 1 2 ]", '1', call("builtins.foldl'")],
  [
    'the name in mapAttrs',
    'builtins.mapAttrs (name: value: "${|name}=${value}") { a = "1"; }',
    '"a"',
    call('builtins.mapAttrs'),
  ],
  [
    'the value in mapAttrs',
    'builtins.mapAttrs (n: v: v.|port + 1) { web = { port = 80; }; }',
    '80',
    call('builtins.mapAttrs'),
  ],
  [
    "genAttrs of one's own",
    'let genAttrs = names: f: builtins.listToAttrs (map (n: { name = n; value = f n; }) names); in genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: "for ${|system}")',
    // Of a value for each system, that for the system of the machine is looked at first.
    '"x86_64-linux"',
    call('genAttrs [ "x86'),
  ],
  [
    'the body inside of genAttrs',
    'let genAttrs = names: f: builtins.listToAttrs (map (n: { name = n; value = f |n; }) names); in genAttrs [ "a" "b" ] (s: s)',
    '"a"',
    call('map (n: {', '1 of 2'),
  ],
  ['genList', 'builtins.genList (i: |i + 5) 3', '0', call('builtins.genList')],
  ['concatMap', 'builtins.concatMap (x: [ x |x ]) [ "a" "b" ]', '"a"', call('builtins.concatMap')],
  ['sort', 'builtins.sort (a: b: a.k < |b.k) [ { k = 7; } { k = 7; } ]', '{ k = 7; }', call('builtins.sort')],
  ['all', 'builtins.all (x: |x) [ true false ]', 'true', call('builtins.all')],
  ['partition', 'builtins.partition (x: 5 |< x) [ 9 1 ]', 'true', call('builtins.partition')],
  ['groupBy', 'builtins.groupBy (x: x.|kind) [ { kind = "tool"; } ]', '"tool"', call('builtins.groupBy')],
  [
    'genericClosure',
    'builtins.genericClosure { startSet = [ { key = 1; } ]; operator = item: if |item.key > 3 then [ ] else [ { key = item.key + 1; } ]; }',
    '{ key = 1; }',
    call('builtins.genericClosure'),
  ],
  [
    'zipAttrsWith',
    'builtins.zipAttrsWith (name: |values: values) [ { a = 1; } { a = 2; } ]',
    '[ 1 2 ]',
    call('builtins.zipAttrsWith'),
  ],
  ['a callback in a callback', 'map (x: map (y: x + |y) [ 1 2 ]) [ 10 ]', '1', call('map (y: x')],
  [
    'the outer parameter in a callback in a callback',
    'map (x: map (y: |x + y) [ 1 2 ]) [ 10 ]',
    '10',
    call('map (y: x'),
  ],
  [
    'a callback that is bound to a name',
    'let twice = x: |x * 2; in map twice [ 4 5 ]',
    '4',
    call('map twice'),
  ],
  [
    'a callback of a function in a set',
    'let lib.each = f: map f [ 1 2 ]; in lib.each (x: |x)',
    '1',
    call('lib.each'),
  ],
  [
    'a function that is applied later',
    'let handlers = { a = x: |x + 1; }; in handlers.a 41',
    '41',
    call('handlers.a'),
  ],
  ['a function in a list', 'builtins.map (f: f 6) [ (x: |x + 1) ]', '6', call('builtins.map')],
  [
    'a function among attributes that mapAttrs applies',
    'builtins.mapAttrs (n: handler: handler 5) { h = x: |x + 1; }',
    '5',
    call('builtins.mapAttrs'),
  ],
  [
    'a composed function',
    'let compose = f: g: x: f (g x); in compose (a: |a + 1) (b: b * 2) 5',
    '10',
    call('compose (a:'),
  ],
  ['a flipped function', 'let flip = f: a: b: f b a; in flip (x: y: x - |y) 1 10', '1', call('flip (x:')],
  [
    'pipe',
    "let pipe = builtins.foldl' (x: f: f x); in pipe 3 [ (a: a + 1) (b: |b * 2) ]",
    '4',
    call('pipe 3 ['),
  ],
];

const functions: readonly Row[] = [
  ['a function that is applied at once', '(x: |x + 1) 5', '5', call('(x: x + 1')],
  ['a curried function', 'let add = a: b: c: a + |c; in add 1 2 3', '3', call('add 1 2 3')],
  [
    'the first argument of a curried function',
    'let add = a: b: c: |a + c; in add 1 2 3',
    '1',
    call('add 1 2 3'),
  ],
  ['a function that is applied bit by bit', 'let add = a: b: a |+ b; inc = add 1; in [ (inc 41) ]', '42'],
  [
    'a recursive function',
    'let fac = n: if n == 0 then 1 else n |* fac (n - 1); in fac 5',
    '120',
    call('fac 5', '1 of 2'),
  ],
  [
    'the argument of the recursive call',
    'let fac = n: if n == 0 then 1 else n * fac (n |- 1); in fac 5',
    '4',
    call('fac 5', '1 of 2'),
  ],
  [
    'functions that call each other',
    'let even = n: n == 0 || odd (n - 1); odd = n: n != 0 && even (|n - 1); in even 10',
    '9',
  ],
  [
    'the fixed point',
    'let fix = f: let x = f x; in x; in fix (self: { a = 1; b = |self.a + 1; })',
    '{ a = 1; b = 2; }',
    call('fix (self:'),
  ],
  [
    'an attribute of the fixed point',
    'let fix = f: let x = f x; in x; in fix (self: { a = 1; b = self.|a + 1; })',
    '1',
    call('fix (self:'),
  ],
  ['let in a function', 'let f = x: let y = x * 2; z = y + |y; in z; in f 4', '8', call('f 4')],
  [
    'the name of a binding in a function',
    'let f = x: let y = x * 2; |z = y + y; in z; in f 4',
    '16',
    call('f 4'),
  ],
  ['a recursive set', 'rec { f = x: |x + y; y = 1; z = f 2; }', '2', call('f 2; }')],
  ['an old let', 'let { body = f 2; f = x: |x + 1; }', '2', call('f 2; f =')],
  [
    'with in a function',
    'let f = pkgs: with pkgs; [ |hello ]; in f { hello = "hi"; }',
    '"hi"',
    call('f { hello'),
  ],
  [
    'inherit (x) in a set',
    'let f = s: { inherit (s) a |b; }; in f { a = 7; b = 8; }',
    '8',
    call('f { a = 7;'),
  ],
  [
    'inherit (x) in let',
    'let f = s: let inherit (s) a b; in a + |b; in f { a = 7; b = 8; }',
    '8',
    call('f { a = 7;'),
  ],
  ['inherit in a function', 'let f = x: y: { inherit x |y; }; in f 1 2', '2', call('f 1 2')],
  ['an interpolation', 'let f = name: "hello ${|name}!"; in f "you"', '"you"', call('f "you"')],
  [
    'the text around an interpolation',
    'let f = name: "he|llo ${name}!"; in f "you"',
    '"hello you!"',
    call('f "you"'),
  ],
  [
    'a path with an interpolation',
    'let f = name: ./conf|/${name}.nix; in f "a"',
    '/nixray-test-workspace/conf/a.nix',
    call('f "a"'),
  ],
  ['a dynamic attribute', 'let f = n: { ${|n} = 1; }; in f "key"', '"key"', call('f "key"')],
  ['the value of a dynamic attribute', 'let f = n: { "${n}-x" = n + |"!"; }; in f "key"', '"!"'],
  [
    'a set with a dynamic attribute',
    'let f = n: |{ "${n}-x" = n; }; in f "key"',
    '{ key-x = "key"; }',
    call('f "key"'),
  ],
  ['a dynamic selection', 'let f = s: n: s.${|n}; in f { a = 1; } "a"', '"a"', call('f { a = 1;')],
  ['or', 'let f = s: s.a.b o|r 9; in f { }', '9', call('f { }')],
  ['the value that or does not need', 'let f = s: s.a or |(1 + 1); in f { a = 5; }', '2', call('f { a = 5;')],
  ['?', 'let f = s: s |? a.b; in f { a.b = 1; }', 'true', call('f { a.b =')],
  ['assert', 'let f = x: a|ssert x > 0; x; in f 3', '3', call('f 3')],
  ['the condition of assert', 'let f = x: assert x |!= 0; x; in f 3', 'true', call('f 3')],
  ['if', 'let f = x: |if x then "yes" else "no"; in f false', '"no"', call('f false')],
  [
    'a functor',
    'let add = { step = 2; __functor = self: x: |x + self.step; }; in add 40',
    '40',
    call('add 40'),
  ],
  [
    'the set of a functor',
    'let add = { step = 2; __functor = self: x: x + self.|step; }; in add 40',
    '2',
    call('add 40'),
  ],
  [
    'a builtin that the argument decides',
    'let f = xs: builtins.length |xs; in f [ 1 2 3 ]',
    '[ 1 2 3 ]',
    call('f [ 1 2 3'),
  ],
  ['a call in the function', 'let f = xs: |(builtins.length xs); in f [ 1 2 3 ]', '3', call('f [ 1 2 3')],
  ['tryEval', 'let f = x: builtins.tryEval (assert |x != 1; x); in f 1', '1', call('f 1')],
  [
    'the second place, where the first fails before',
    'let f = x: |x; g = throw "no"; in { a = g (f 1); b = f 2; }',
    '1',
  ],
  ['a function that only a test uses', 'let f = x: { r = |x; }; test = f 1; in { }', '1'],
];

const formals: readonly Row[] = [
  ['a formal', 'let f = { |a, b ? a + 1 }: b; in f { a = 1; }', '1', call('f { a = 1;')],
  ['a default that counts', 'let f = { a, b ? a + 1 }: |b; in f { a = 1; }', '2', call('f { a = 1;')],
  [
    'a default that does not count',
    'let f = { a, b ? a + 1 }: |b; in f { a = 1; b = 5; }',
    '5',
    call('f { a = 1;'),
  ],
  [
    'the expression of a default',
    'let f = { a, b ? |a + 1 }: b; in f { a = 41; b = 0; }',
    '41',
    call('f { a = 41;'),
  ],
  [
    'the name of a formal with a default',
    'let f = { a, |b ? a + 1 }: b; in f { a = 1; }',
    '2',
    call('f { a = 1;'),
  ],
  [
    'args@',
    'let f = args@{ a, ... }: |args; in f { a = 1; c = 3; }',
    '{ a = 1; c = 3; }',
    call('f { a = 1;'),
  ],
  [
    'the name before @',
    'let f = ar|gs@{ a, ... }: args; in f { a = 1; c = 3; }',
    '{ a = 1; c = 3; }',
    call('f { a = 1;'),
  ],
  ['@args', 'let f = { a, ... }@args: args.|c; in f { a = 1; c = 3; }', '3', call('f { a = 1;')],
  ['a default from @args', 'let f = { a ? args.b, ... }@args: |a; in f { b = 3; }', '3', call('f { b = 3;')],
  [
    'formals in a curried function',
    'let f = { a }: { b }: a + |b; in f { a = 1; } { b = 2; }',
    '2',
    call('f { a = 1;'),
  ],
  [
    'a function of a file with all defaults',
    '{ a ? 1, b ? a + 1 }: { sum = a |+ b; }',
    '3',
    'with its defaults',
  ],
  ['a default of a file', '{ a ? 1, b ? |a + 1 }: b', '1', 'with its defaults'],
];

/** A set of packages as nixpkgs builds it, with what callers of packages use. */
const packages = `
{ overlays ? [ ], system ? "x86_64-linux" }:
let
  lib = rec {
    fix = f: let x = f x; in x;
    extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
    makeExtensible = f: fix f // { extend = overlay: makeExtensible (extends overlay f); };
    mapAttrs' = f: set: builtins.listToAttrs (map (n: f n set.\${n}) (builtins.attrNames set));
    optional = c: x: if c then [ x ] else [ ];
  };
  callPackageWith = scope: fn: args: let
    f = if builtins.isFunction fn then fn else import fn;
    auto = builtins.intersectAttrs (builtins.functionArgs f) scope;
    make = extra: let result = f (auto // args // extra); in
      if builtins.isAttrs result then result // { override = more: make (extra // more); } else result;
  in make { };
  stdenv = {
    inherit system;
    isLinux = true;
    mkDerivation = fnOrAttrs: let
      attrs = if builtins.isFunction fnOrAttrs then lib.fix fnOrAttrs else fnOrAttrs;
      make = a: {
        type = "derivation";
        name = a.name or "\${a.pname}-\${a.version}";
        outPath = "/nix/store/00000000000000000000000000000000-\${a.name or a.pname}";
        drvPath = "/nix/store/00000000000000000000000000000000-\${a.name or a.pname}.drv";
        overrideAttrs = f: make (a // f a);
      } // removeAttrs a [ "name" ];
    in make attrs;
  };
  base = self: {
    inherit lib stdenv;
    pkgs = self;
    callPackage = callPackageWith self;
    newScope = extra: callPackageWith (self // extra);
    fetchurl = { url, sha256 ? "" }: "/nix/store/00000000000000000000000000000000-\${baseNameOf url}";
    writeText = name: text: { inherit name text; };
    mkShell = attrs: stdenv.mkDerivation ({ name = "shell"; } // attrs);
    hello = stdenv.mkDerivation { pname = "hello"; version = "2.10"; };
    zlib = stdenv.mkDerivation { pname = "zlib"; version = "1.3"; };
  };
in
  lib.fix (builtins.foldl' (f: overlay: lib.extends overlay f) base overlays)
`;

const nixpkgs = {
  'nixpkgs/default.nix': packages,
  'nixpkgs/lib/default.nix': '(import ../. { }).lib',
};

const useOfPackages: readonly Row[] = [
  [
    'a file for callPackage',
    {
      ...nixpkgs,
      'default.nix': '(import ./nixpkgs { }).callPackage ./tool.nix { }',
      'tool.nix': '{ stdenv, zlib }: stdenv.mkDerivation { name = "tool"; buildInputs = [ zlib.|version ]; }',
    },
    '"1.3"',
    'in the call at default.nix:1:1, 1 of 1',
  ],
  [
    'an argument that callPackage is given',
    {
      ...nixpkgs,
      'default.nix':
        'let pkgs = import ./nixpkgs { }; in { tool = pkgs.callPackage ./tool { debug = true; }; }',
      'tool/default.nix':
        '{ stdenv, debug ? false }: stdenv.mkDerivation { name = if |debug then "d" else "r"; }',
    },
    'true',
    'in the call at default.nix:1:46, 1 of 1',
  ],
  [
    'a package by convention',
    {
      ...nixpkgs,
      'tool.nix': '{ stdenv, zlib }: stdenv.mkDerivation rec { pname = "tool"; |version = "1.0"; }',
    },
    '"1.0"',
    'as callPackage of <nixpkgs> calls it',
  ],
  [
    'src of a package',
    {
      ...nixpkgs,
      'tool.nix':
        '{ stdenv, fetchurl }: stdenv.mkDerivation rec { pname = "tool"; version = "1.0"; |src = fetchurl { url = "http://example.org/tool-${version}.tar.gz"; }; }',
    },
    '"/nix/store/00000000000000000000000000000000-tool-1.0.tar.gz"',
    'as callPackage of <nixpkgs> calls it',
  ],
  [
    'finalAttrs',
    {
      ...nixpkgs,
      'tool.nix':
        '{ stdenv, fetchurl }: stdenv.mkDerivation (finalAttrs: { pname = "tool"; version = "3"; src = "v${finalAttrs.|version}"; })',
    },
    '"3"',
    'in the call at tool.nix:1:23, 1 of 1',
  ],
  [
    'overrideAttrs',
    {
      ...nixpkgs,
      'file.nix':
        'let pkgs = import ./nixpkgs { }; in pkgs.hello.overrideAttrs (old: { version = "${|old.version}-mine"; })',
    },
    '{ pname = "hello"; version = "2.10"; }',
    'in the call at file.nix:1:37, 1 of 1',
  ],
  [
    'a function in the call of callPackage',
    {
      ...nixpkgs,
      'file.nix':
        'let pkgs = import ./nixpkgs { }; in pkgs.callPackage ({ hello, zlib }: hello.|version) { }',
    },
    '"2.10"',
    'in the call at file.nix:1:37, 1 of 1',
  ],
  [
    'newScope',
    {
      ...nixpkgs,
      'default.nix':
        'let pkgs = import ./nixpkgs { }; callPackage = pkgs.newScope { gui = "qt"; }; in { app = callPackage ./app.nix { }; }',
      'app.nix': '{ stdenv, gui }: stdenv.mkDerivation { name = "app-${|gui}"; }',
    },
    '"qt"',
    'in the call at default.nix:1:90, 1 of 1',
  ],
  [
    'with pkgs in a list',
    {
      ...nixpkgs,
      'file.nix': '{ pkgs ? import <nixpkgs> { } }: { inputs = with pkgs; [ zlib.name |hello.version ]; }',
    },
    '«derivation /nix/store/00000000000000000000000000000000-hello.drv»',
    'with its defaults',
  ],
  [
    'shell.nix',
    {
      ...nixpkgs,
      'shell.nix': '{ pkgs ? import <nixpkgs> { } }: pkgs.mkShell { buildInputs = [ pkgs.hello.|version ]; }',
    },
    '"2.10"',
    'with its defaults',
  ],
  [
    'shell.nix without a default',
    { ...nixpkgs, 'shell.nix': '{ pkgs }: pkgs.mkShell { buildInputs = [ pkgs.hello.|version ]; }' },
    '"2.10"',
    'as callPackage of <nixpkgs> calls it',
  ],
  [
    'pkgs: as the function of a file',
    { ...nixpkgs, 'tools.nix': 'pkgs: [ pkgs.hello.|version ]' },
    '"2.10"',
    'with <nixpkgs> as pkgs',
  ],
  [
    'an overlay that default.nix uses',
    {
      ...nixpkgs,
      'default.nix': 'import ./nixpkgs { overlays = [ (import ./overlay.nix) ]; }',
      'overlay.nix': 'final: prev: { hello = prev.hello // { v = prev.hello.|version; }; }',
    },
    '"2.10"',
    'in the call at default.nix:1:1, 2 of 2',
  ],
  [
    'an overlay by convention',
    { ...nixpkgs, 'overlay.nix': 'self: super: { hello2 = super.hello.|version; }' },
    '"2.10"',
    'as an overlay of <nixpkgs>',
  ],
  [
    'an overlay in a module',
    {
      ...nixpkgs,
      'file.nix':
        '{ config, ... }: { nixpkgs.overlays = let v = 1; in [ (self: super: { hello = super.hello.|version; }) ]; }',
    },
    '"2.10"',
    'as an overlay of <nixpkgs>',
  ],
  [
    'an overlay of a flake',
    {
      ...nixpkgs,
      'flake.nix':
        '{ outputs = { self }: { overlays.default = final: prev: { hello = prev.hello.|version; }; }; }',
    },
    '"2.10"',
    'as an overlay of <nixpkgs>',
  ],
  [
    'no other function of two arguments in a module',
    {
      ...nixpkgs,
      'file.nix': '{ config, ... }: { haskell.overrides = self: super: { hello = |super.hello; }; }',
    },
    "unknown: depends on the argument 'super' of the function at line 1, and no call of it is known",
  ],
  [
    'a module of home-manager, in a checkout of it',
    {
      ...nixpkgs,
      'modules/home-environment.nix': '{ }',
      'modules/default.nix':
        '{ configuration, pkgs }: { config = (import configuration { lib.hm.name = "home"; config = { }; }); }',
      'modules/programs/git.nix': '{ config, lib, ... }: { a = lib.hm.|name; }',
    },
    '"home"',
    'as a home-manager module on its own',
  ],
  [
    'what an overlay itself adds',
    { ...nixpkgs, 'overlay.nix': 'final: prev: { a = 1; b = final.|a; }' },
    '1',
    'as an overlay of <nixpkgs>',
  ],
  [
    'an overlay in a list',
    {
      ...nixpkgs,
      'file.nix': 'import ./nixpkgs { overlays = [ (final: prev: { hello = prev.hello.|version; }) ]; }',
    },
    '"2.10"',
    call('import ./nixpkgs {'),
  ],
  [
    'extend',
    {
      ...nixpkgs,
      'file.nix':
        'let lib = import ./nixpkgs/lib; ext = lib.makeExtensible (self: { a = 1; }); in ext.extend (final: prev: { b = |prev.a + 1; })',
    },
    '{ a = 1; }',
    call('ext.extend'),
  ],
];

/** A module system of the usual form, small. */
const modules = `
rec {
  mkOption = attrs: attrs // { _type = "option"; };
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  evalModules = { modules, specialArgs ? { } }:
    let
      args = specialArgs // { inherit config options lib; };
      load = m:
        let
          value = if builtins.isPath m then import m else m;
          set = if builtins.isFunction value
            then value (builtins.mapAttrs (name: _: args.\${name}) (builtins.functionArgs value))
            else value;
        in [ set ] ++ builtins.concatMap load (set.imports or [ ]);
      all = builtins.concatMap load modules;
      options = builtins.foldl' (a: m: a // m.options or { }) { } all;
      # A condition is that of each definition, so that it can depend on other options.
      settings = m: let c = m.config or (removeAttrs m [ "imports" "options" ]); in
        if c._type or "" == "if" then builtins.mapAttrs (_: mkIf c.condition) c.content else c;
      definition = value:
        if value._type or "" != "if" then [ value ]
        else if value.condition then [ value.content ]
        else [ ];
      defined = name: builtins.concatMap (m: let s = settings m; in if s ? \${name} then definition s.\${name} else [ ]) all;
      config = builtins.mapAttrs (name: option:
        (option.apply or (x: x)) (builtins.head (defined name ++ [ option.default ]))
      ) options;
    in { inherit config options; };
  lib = { inherit mkOption mkIf evalModules; };
}
`;

const system = {
  'lib.nix': modules,
  'system.nix':
    'let lib = import ./lib.nix; in (lib.evalModules { modules = [ ./host.nix ./web.nix ]; specialArgs.pkgs = { nginx = "nginx-1"; }; }).config',
  'host.nix': '{ config, ... }: { port = 8080; enable = true; }',
};

const useOfModules: readonly Row[] = [
  [
    'config in mkIf',
    {
      ...system,
      'web.nix':
        '{ config, lib, ... }: { options = { enable = lib.mkOption { default = false; }; port = lib.mkOption { default = 80; }; url = lib.mkOption { }; }; config = lib.mkIf config.enable { url = "http://localhost:${toString config.|port}"; }; }',
    },
    '8080',
    'in the call at system.nix:1:33, 1 of 1',
  ],
  [
    'the condition of mkIf',
    {
      ...system,
      'web.nix':
        '{ config, lib, ... }: { options = { enable = lib.mkOption { default = false; }; port = lib.mkOption { }; url = lib.mkOption { }; }; config = lib.mkIf config.|enable { url = "u"; }; }',
    },
    'true',
    'in the call at system.nix:1:33, 1 of 1',
  ],
  [
    'cfg',
    {
      ...system,
      'web.nix':
        '{ config, lib, pkgs, ... }: let cfg = config; in { options = { enable = lib.mkOption { }; port = lib.mkOption { default = 1; }; package = lib.mkOption { default = pkgs.nginx; }; }; config = lib.mkIf cfg.enable { package = "${cfg.|package}"; }; }',
    },
    'error: infinite recursion encountered',
    'in the call at system.nix:1:33, 1 of 1',
  ],
  [
    'pkgs of a module',
    {
      ...system,
      'web.nix':
        '{ config, lib, pkgs, ... }: { options = { enable = lib.mkOption { }; port = lib.mkOption { }; package = lib.mkOption { default = pkgs.|nginx; }; }; }',
    },
    '"nginx-1"',
    'in the call at system.nix:1:33, 1 of 1',
  ],
  [
    'apply of an option',
    {
      ...system,
      'web.nix':
        '{ config, lib, ... }: { options = { enable = lib.mkOption { }; port = lib.mkOption { default = 80; apply = value: toString |value; }; }; }',
    },
    '8080',
  ],
  [
    'a module that another one imports',
    {
      ...system,
      'web.nix':
        '{ lib, ... }: { imports = [ ./more.nix ]; options = { enable = lib.mkOption { }; port = lib.mkOption { }; }; }',
      'more.nix': '{ config, lib, ... }: { options.extra = lib.mkOption { default = config.|port + 1; }; }',
    },
    '8080',
  ],
];

const files: readonly Row[] = [
  [
    'a function of a file',
    { 'main.nix': 'import ./f.nix 3', 'f.nix': 'x: |x + 1' },
    '3',
    'in the call at main.nix:1:1, 1 of 1',
  ],
  [
    'a function of a folder',
    { 'main.nix': '(import ./f) { a = 3; }', 'f/default.nix': '{ a }: |a + 1' },
    '3',
    'in the call at main.nix:1:1, 2 of 2',
  ],
  [
    'nested imports',
    {
      'main.nix': 'import ./a.nix { x = 1; }',
      'a.nix': '{ x }: import ./b.nix { y = x + 1; }',
      'b.nix': '{ y }: import ./c.nix { z = y + 1; }',
      'c.nix': '{ z }: |z',
    },
    '3',
    'in the call at b.nix:1:8, 1 of 1',
  ],
  [
    'a function among those of a file, called through another file',
    {
      'lib/default.nix': '{ strings = import ./strings.nix; }',
      'lib/strings.nix': '{ quote = s: "<${|s}>"; }',
      'main.nix': 'let lib = import ./lib; in lib.strings.quote "a"',
    },
    '"a"',
    'in the call at main.nix:1:28, 1 of 1',
  ],
  [
    'a function of a library that takes itself',
    {
      'lib/default.nix':
        'let lib = { lists = import ./lists.nix { inherit lib; }; strings = import ./strings.nix { inherit lib; }; }; in lib',
      'lib/strings.nix': '{ lib }: { join = xs: lib.lists.fold |xs; }',
      'lib/lists.nix': '{ lib }: { fold = xs: xs; }',
      'main.nix': '(import ./lib).strings.join [ 1 2 ]',
    },
    '[ 1 2 ]',
    'in the call at main.nix:1:1, 1 of 1',
  ],
  [
    'an inherited function of a file',
    { 'lib.nix': '{ f = x: { r = |x; }; }', 'main.nix': 'let inherit (import ./lib.nix) f; in f 8' },
    '8',
    'in the call at main.nix:1:38, 1 of 1',
  ],
  [
    'a file that is imported by its name in the folder',
    {
      'main.nix': 'map (name: import (./parts + "/${name}") { n = name; }) [ "a.nix" ]',
      'parts/a.nix': '{ n }: |n',
    },
    '"a.nix"',
    'in the call at main.nix:1:12, 1 of 1',
  ],
  [
    'a file of a folder that is read',
    {
      'main.nix':
        'builtins.listToAttrs (map (name: { inherit name; value = import (./parts + "/${name}") { n = name; }; }) (builtins.attrNames (builtins.readDir ./parts)))',
      'parts/a.nix': '{ n }: |n',
    },
    '"a.nix"',
  ],
  [
    'the only call is in another file',
    { 'main.nix': '[ (import ./f.nix { a = throw "x"; }) ]', 'f.nix': '{ a }: |a' },
    'error: x',
    'in the call at main.nix:1:4, 1 of 1',
  ],
];

/** A nixpkgs in the workspace: each package sees what its own attribute calls it with. */
const packageSet = {
  'tree/default.nix': '{ ... }: import ./pkgs/top-level',
  'tree/pkgs/top-level/default.nix': `
    let
      all = import ./all-packages.nix { inherit callPackage; } // import ./extra.nix { inherit callPackage; };
      byName = builtins.mapAttrs
        (name: shard: callPackage (../by-name + "/\${shard}/\${name}/package.nix") { flavour = name; })
        { tool = "to"; };
      callPackage = path: more: let f = import path; in
        f (builtins.intersectAttrs (builtins.functionArgs f) (packages // { flavour = "plain"; } // more));
      packages = all // byName;
    in packages`,
  'tree/pkgs/top-level/all-packages.nix':
    '{ callPackage }: { salt = callPackage ../tools/salt { flavour = "sea"; }; soup = { inherit (import ../tools/soup { inherit callPackage; }) broth; }; }',
  'tree/pkgs/top-level/extra.nix': '{ callPackage }: { pepper = callPackage ../tools/pepper { }; }',
  'tree/pkgs/tools/soup/default.nix':
    '{ callPackage }: { broth = callPackage ./broth.nix { flavour = "deep"; }; }',
};

const packageFiles: readonly Row[] = [
  [
    'a package of all-packages.nix',
    { ...packageSet, 'tree/pkgs/tools/salt/default.nix': '{ flavour }: |flavour' },
    '"sea"',
    'in the call at tree/pkgs/top-level/all-packages.nix:1:27, 1 of 1',
  ],
  [
    'a package of another file at the top',
    { ...packageSet, 'tree/pkgs/tools/pepper/default.nix': '{ flavour }: |flavour' },
    '"plain"',
    'in the call at tree/pkgs/top-level/extra.nix:1:29, 1 of 1',
  ],
  [
    'a package of a set in a file of its own',
    { ...packageSet, 'tree/pkgs/tools/soup/broth.nix': '{ flavour }: |flavour' },
    '"deep"',
    'in the call at tree/pkgs/tools/soup/default.nix:1:28, 1 of 1',
  ],
  [
    'a package that the name of its folder binds',
    { ...packageSet, 'tree/pkgs/by-name/to/tool/package.nix': '{ flavour, salt }: |flavour' },
    '"tool"',
    'as the package tool of nixpkgs',
  ],
];

const flakes: readonly Row[] = [
  [
    'self of a flake',
    { 'flake.nix': '{ outputs = { self }: { lib.x = 1; y = self.lib.|x; }; }' },
    '1',
    'as a flake',
  ],
  [
    'a system of a flake',
    {
      'flake.nix':
        '{ outputs = { self }: let forAll = f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) [ "x86_64-linux" ]); in { packages = forAll (system: { default = |system; }); }; }',
    },
    '"x86_64-linux"',
    'in the call at flake.nix:1:144, 1 of 1',
  ],
  [
    'an input of a flake in the folder',
    {
      'flake.nix':
        '{ inputs.util.url = "path:./util"; outputs = { self, util }: { answer = util.lib.|answer; }; }',
      'flake.lock': JSON.stringify({
        version: 7,
        root: 'root',
        nodes: {
          root: { inputs: { util: 'util' } },
          util: {
            locked: { type: 'path', path: './util' },
            original: { type: 'path', path: './util' },
            parent: [],
          },
        },
      }),
      'util/flake.nix': '{ outputs = { self }: { lib.answer = 42; }; }',
    },
    '42',
    'as a flake',
  ],
  [
    'nixpkgs of a flake, from the search path',
    {
      ...nixpkgs,
      'flake.nix':
        '{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = { self, nixpkgs }: let pkgs = nixpkgs.legacyPackages.x86_64-linux; in { packages.x86_64-linux.default = pkgs.|hello; }; }',
    },
    '«derivation /nix/store/00000000000000000000000000000000-hello.drv»',
    'as a flake',
  ],
  [
    'inputs@',
    {
      ...nixpkgs,
      'flake.nix':
        '{ inputs.nixpkgs.url = "nixpkgs"; outputs = inputs@{ self, ... }: { names = (builtins.attrNames inputs|); }; }',
    },
    '[ "nixpkgs" "self" ]',
    'as a flake',
  ],
];

const unknown: readonly Row[] = [
  [
    'a function that nobody calls',
    'x: { a = |x; }',
    "unknown: depends on the argument 'x' of the function at line 1, and no call of it is known",
  ],
  ['what does not depend on the argument', 'x: { a = 1 |+ 1; }', '2'],
  [
    'a function that only an uncalled function calls',
    'y: let f = x: |x; in f y',
    "unknown: depends on the argument 'y' of the function at line 1, and no call of it is known",
  ],
];

const rows: readonly Row[] = [
  ...callbacks,
  ...functions,
  ...formals,
  ...useOfPackages,
  ...useOfModules,
  ...files,
  ...packageFiles,
  ...flakes,
  ...unknown,
];

export const hardPlaces: readonly HardPlace[] = rows.map(([what, texts, value, source]) => ({
  what,
  files: texts,
  value,
  ...(source !== undefined && { source }),
}));
