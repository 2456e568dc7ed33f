// What functions are called with, where that could depend on what was asked before.
import assert from 'node:assert/strict';
import { LiveTest, workspace } from '../../kit/live';

/** The module system in small. */
const nixos = `
{ configuration }:
let
  load = module:
    let
      value = if builtins.isPath module then import module else module;
      set = if builtins.isFunction value then value { inherit config lib options; pkgs = { }; } else value;
    in [ set ] ++ builtins.concatMap load (set.imports or [ ]);
  all = load configuration;
  lib.mkOption = option: option // { _type = "option"; };
  declared = builtins.foldl' (a: b: a // b.options or { }) { } all;
  options = declared // { _module.check = { value = check; files = map (module: module._file) checks; }; };
  defined = name: builtins.concatMap (module: if module ? \${name} then [ module.\${name} ] else [ ]) all;
  values = builtins.mapAttrs (name: option: builtins.head (defined name ++ [ option.default ])) declared;
  checking = builtins.filter (module: module ? _module) all;
  strong = builtins.filter (module: !(module._module.check ? content)) checking;
  checks = if strong == [ ] then checking else strong;
  value = (builtins.head checks)._module.check;
  check = if checks == [ ] then true else value.content or value;
  unknown = builtins.filter (name: !(options ? \${name}))
    (builtins.concatMap (module: builtins.attrNames (removeAttrs module [ "imports" "options" "_file" ])) all);
  config = if check && unknown != [ ] then throw "The option \${builtins.head unknown} does not exist." else values;
in { inherit config options; }
`;

const files = {
  'nixpkgs/nixos/default.nix': nixos,
  'configuration.nix': '{ config, lib, ... }: { imports = [ ./tiles.nix ./more ]; port = config.tiles + 1; }',
  'tiles.nix':
    '{ lib, ... }: { options.tiles = lib.mkOption { default = 1; }; options.port = lib.mkOption { }; }',
  'more/default.nix': '{ config, lib, ... }: { imports = [ ./users.nix ]; tiles = 41; }',
  'more/users.nix': '{ config, lib, ... }: { options.users = lib.mkOption { default = config.|tiles; }; }',
};

describe('a function without a name for its arguments', () => {
  it('is a module where what it gives imports others', () => {
    const test = new LiveTest({ reach: 'reachable', searchPath: [`nixpkgs=${workspace}/nixpkgs`] });
    for (const [name, text] of Object.entries(files)) test.open(name, text);
    test.open('configuration.nix', '{ ... }: { imports = [ ./tiles.nix ./more ]; port = |2; }');
    assert.equal(test.hover('configuration.nix')?.source, 'as a NixOS module on its own');
    assert.deepEqual(test.diagnostics('configuration.nix'), []);
    assert.equal(test.hover('more/users.nix')?.value, '41');
    test.open('configuration.nix', '{ ... }: { port = |2; }');
    assert.equal(test.hover('configuration.nix')?.source, 'with its defaults');
  });
});

describe('modules that another one imports', () => {
  const names = ['configuration.nix', 'more/default.nix', 'tiles.nix'];
  for (const before of [[], ...names.map((name) => [name]), names, names.toReversed()]) {
    it(`are part of its configuration, after questions about ${before.join(', ') || 'nothing'}`, () => {
      const test = new LiveTest({ reach: 'reachable', searchPath: [`nixpkgs=${workspace}/nixpkgs`] });
      for (const [name, text] of Object.entries(files)) test.open(name, text);
      for (const name of before) assert.deepEqual(test.diagnostics(name), [], name);
      assert.equal(test.hover('more/users.nix')?.value, '41');
      assert.deepEqual(test.diagnostics('more/users.nix'), []);
    });
  }
});

describe('a module that sets an option which there is not', () => {
  const test = new LiveTest({ reach: 'reachable', searchPath: [`nixpkgs=${workspace}/nixpkgs`] });
  for (const [name, text] of Object.entries(files)) test.open(name, text);
  const configuration = (more: string): string =>
    `{ config, lib, ... }: { imports = [ ./tiles.nix ./many.nix ${more} ]; a = 1; b = 2; c = 3; potr = 2; port = config.|tiles; }`;
  const [a, b, c] = ['a', 'b', 'c'].map((name) => `${name} = lib.mkOption { };`);
  test.open('many.nix', `{ lib, ... }: { options = { ${a} ${b} ${c} }; }`);

  it('is told of it, and has the values of all others', () => {
    test.open('configuration.nix', configuration(''));
    assert.equal(test.hover('configuration.nix')?.value, '1');
    assert.deepEqual(test.diagnostics('configuration.nix'), [
      "warning `potr` unknown-option: the option 'potr' does not exist\nDid you mean port?",
    ]);
  });

  it('may say itself whether options are checked', () => {
    test.open('unchecked.nix', '{ _file = "unchecked.nix"; _module.check = false; }');
    test.open('configuration.nix', configuration('./unchecked.nix'));
    assert.deepEqual(test.diagnostics('configuration.nix'), []);
  });
});

describe('the modules of a configuration', () => {
  /** How many calls a question makes the machine evaluate. */
  const callsOf = (test: LiveTest, ask: () => void): number => {
    const before = test.service.statistics().calls;
    ask();
    return test.service.statistics().calls - before;
  };
  const dear = nixos.replace(
    'all = load configuration;',
    "all = builtins.seq (builtins.foldl' (a: b: (x: a + x) b) 0 (builtins.genList (i: i) 5000)) (load configuration);",
  );
  const opened = (): LiveTest => {
    const test = new LiveTest({ reach: 'reachable', searchPath: [`nixpkgs=${workspace}/nixpkgs`] });
    for (const [name, text] of Object.entries(files)) test.open(name, text);
    test.open('nixpkgs/nixos/default.nix', dear);
    const imports = 'imports = [ ./tiles.nix ./more ];';
    test.open('configuration.nix', `{ config, lib, ... }: { ${imports} port = config.|tiles.users or 1; }`);
    test.open(
      'more/default.nix',
      '{ config, lib, ... }: { imports = [ ./users.nix ]; tiles = 41 + l|ib.one or 0; }',
    );
    test.open('tiles.nix', tiles);
    return test;
  };
  const tiles =
    '{ config, lib, ... }: { options.tiles = lib.mkOption { default = con|fig.users; }; options.port = lib.mkOption { }; }';

  it('come from one evaluation', () => {
    const test = opened();
    const hover = (name: string): number => callsOf(test, () => assert.ok(test.hover(name)));
    assert.ok(hover('more/users.nix') > 10_000);
    assert.ok(hover('tiles.nix') < 1000);
    assert.ok(hover('configuration.nix') < 1000);
    assert.ok(hover('more/default.nix') < 1000);
  });

  it('come from the same one after an edit of comments', () => {
    const test = opened();
    assert.equal(test.hover('more/users.nix')?.value, '41');
    test.open('tiles.nix', `# Tiles.\n${tiles}`);
    test.open('more/users.nix', `# Users.\n${files['more/users.nix']}`);
    const calls = callsOf(test, () => {
      assert.match(test.hover('tiles.nix')?.value ?? '', /tiles = 41;/);
      assert.equal(test.hover('more/users.nix')?.value, '41');
    });
    assert.ok(calls < 1000);
    // They are found in the next one, whose functions were made of the trees before these edits.
    test.open('more/default.nix', '{ config, lib, ... }: { imports = [ ./users.nix ]; tiles = 42; }');
    assert.equal(test.hover('more/users.nix')?.value, '42');
    assert.match(test.hover('tiles.nix')?.value ?? '', /tiles = 42;/);
  });

  it('come from another one when something of it has changed', () => {
    const test = opened();
    assert.equal(test.hover('more/users.nix')?.value, '41');
    test.open('more/default.nix', '{ config, lib, ... }: { imports = [ ./users.nix ]; tiles = 42; }');
    assert.equal(test.hover('more/users.nix')?.value, '42');
    assert.match(test.hover('tiles.nix')?.value ?? '', /tiles = 42;/);
    test.open('more/default.nix', '{ config, lib, ... }: { tiles = 43; }');
    assert.match(test.hover('tiles.nix')?.value ?? '', /tiles = 43;/);
    assert.notEqual(test.hover('more/users.nix')?.value, '43');
  });
});
