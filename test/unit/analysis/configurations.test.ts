// Modules whose files are named by what a flake computes: they are called by the configurations that have them.
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { LiveTest, shown } from '../../kit/live';

/** A module system in small, as an input: it calls every module with the configuration. */
const system = `{ outputs = _: { lib.system = modules:
  let config = builtins.foldl' (all: module: all // (import module { inherit config; lib = { }; })) { } modules;
  in { inherit config; }; }; }`;

const lock = JSON.stringify({
  version: 7,
  root: 'root',
  nodes: {
    root: { inputs: { base: 'base' } },
    base: {
      locked: { type: 'path', path: './base' },
      original: { type: 'path', path: './base' },
      parent: [],
    },
  },
});

function flakeWith(outputs: string): string {
  return `{ inputs.base.url = "path:./base"; outputs = { self, base }: ${outputs}; }`;
}

const twoHosts =
  'let host = name: base.lib.system [ ./common.nix ./hosts/${name} ]; in { nixosConfigurations = { a = host "a"; b = host "b"; }; }';

/** Two hosts with a module in common. */
function workspace(outputs = twoHosts): LiveTest {
  const test = new LiveTest({ reach: 'reachable' });
  test.open('base/flake.nix', system);
  test.open('flake.lock', lock);
  test.open('flake.nix', flakeWith(outputs));
  test.open('common.nix', '{ config, ... }: { shown = config.|port; }');
  test.open('hosts/a/default.nix', '{ config, ... }: { port = 1; own = config.|shown; }');
  test.open('hosts/b/default.nix', '{ config, ... }: { port = 2; own = config.|shown; }');
  return test;
}

function seen(test: LiveTest, file: string): string[] {
  const report = test.hover(file)!;
  return [shown(report), report.source ?? ''];
}

describe('a module of the configurations of a flake', () => {
  it('is called by the one whose files are computed from its name', () => {
    const test = workspace();
    deepStrictEqual(seen(test, 'hosts/a/default.nix'), ['1', 'in nixosConfigurations.a']);
    deepStrictEqual(seen(test, 'hosts/b/default.nix'), ['2', 'in nixosConfigurations.b']);
    deepStrictEqual(seen(test, 'common.nix'), ['1', 'in nixosConfigurations.a']);
  });

  it('is called by each of those that have it, of which one may be chosen, before and after an edit of the flake', () => {
    const test = workspace();
    const path = test.path('common.nix');
    const calls = test.service.calls(path, 0)!;
    const flake = flakeWith('');
    const names = calls.places.map(({ text, location, chosen }) => [text, location.path, chosen]);
    deepStrictEqual(names, [
      ['nixosConfigurations.a', test.path('flake.nix'), false],
      ['nixosConfigurations.b', test.path('flake.nix'), false],
    ]);
    ok(calls.places[0]!.location.range.start.character > flake.indexOf('self'));
    test.service.chooseCall(path, calls.offset, calls.places[1]!.call);
    deepStrictEqual(seen(test, 'common.nix'), ['2', 'in nixosConfigurations.b']);
    deepStrictEqual(
      test.service.calls(path, 0)!.places.map(({ chosen }) => chosen),
      [false, true],
    );
    test.open('hosts/b/default.nix', '{ config, ... }: { port = 3; own = config.|shown; }');
    deepStrictEqual(seen(test, 'common.nix'), ['3', 'in nixosConfigurations.b']);
    test.open('flake.nix', flakeWith(`/* hosts */ ${twoHosts}`));
    deepStrictEqual(seen(test, 'common.nix'), ['3', 'in nixosConfigurations.b']);
  });

  it('is not listed with those that do not have it', () => {
    const test = workspace();
    const places = test.service.calls(test.path('hosts/b/default.nix'), 0)!.places;
    deepStrictEqual(
      places.map(({ text }) => text),
      ['nixosConfigurations.b'],
    );
  });

  it('is known where a function makes the configurations, whose place is then that of all', () => {
    const test = workspace(
      '{ homeConfigurations = builtins.mapAttrs (name: _: base.lib.system [ ./common.nix (./hosts + "/${name}") ]) (builtins.readDir ./hosts); }',
    );
    deepStrictEqual(seen(test, 'hosts/b/default.nix'), ['2', 'in homeConfigurations.b']);
    const [, b] = test.service.calls(test.path('common.nix'), 0)!.places;
    strictEqual(b!.text, 'homeConfigurations.b');
    strictEqual(b!.location.path, test.path('flake.nix'));
  });

  it('is called once a configuration names it', () => {
    const test = workspace();
    test.open('new.nix', '{ config, ... }: { again = config.|port; }');
    strictEqual(test.hover('new.nix')!.source, undefined);
    test.open('flake.nix', flakeWith(twoHosts.replace('./common.nix', './common.nix ./new.nix')));
    deepStrictEqual(seen(test, 'new.nix'), ['1', 'in nixosConfigurations.a']);
  });

  it('has its calls in texts where no configuration has it', () => {
    const test = workspace('{ nixosConfigurations.a = base.lib.system [ ./common.nix ]; }');
    test.open('main.nix', 'import ./hosts/b { config.shown = 5; }');
    deepStrictEqual(seen(test, 'hosts/b/default.nix'), ['5', 'in the call at main.nix:1:1, 1 of 1']);
  });

  it('has its calls in texts where the flake fails', () => {
    const test = workspace('throw "no"');
    test.open('main.nix', 'import ./hosts/b { config.shown = 5; }');
    deepStrictEqual(seen(test, 'hosts/b/default.nix'), ['5', 'in the call at main.nix:1:1, 1 of 1']);
  });
});

describe('a file that a computed path names', () => {
  it('is called where the path is, with no flake', () => {
    const test = new LiveTest({ reach: 'reachable' });
    for (const path of ['./hosts/${name}', './hosts + "/${name}"']) {
      test.open(
        'main.nix',
        `let load = args: args.module { config.a = 3; }; in map (name: load { module = import (${path}); }) [ "a.nix" ]`,
      );
      test.open('hosts/a.nix', '{ config, ... }: { own = config.|a; }');
      strictEqual(shown(test.hover('hosts/a.nix')), '3');
    }
  });
});
