// Diagnostics of evaluation: where they stand, how grave they are, and their traces.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interruption } from '../../../server/src/values/error';
import { LiveTest } from '../../kit/live';

const diagnostics = (text: string): string[] => {
  const test = new LiveTest();
  test.open('file.nix', text);
  return test.diagnostics('file.nix');
};

describe('diagnostics of evaluation', () => {
  const table: readonly (readonly [string, string, readonly string[]])[] = [
    ['of a fine file', '{ a = 1; b = x: x.y.z; }', []],
    ['of the value itself', '1 + "x"', ['error `"x"` evaluation-error: cannot add a string to an integer']],
    [
      'of an attribute',
      '{ a = 1; b = { c = 1 / 0; }; }',
      ['error `1 / 0` evaluation-error: division by zero'],
    ],
    [
      'of an item of a list',
      '[ 1 (2 - "x") ]',
      ['error `2 - "x"` type-error: expected an integer but found a string: "x"'],
    ],
    [
      'of a throw in an attribute, which is a hint',
      '{ a = throw "deprecated"; }',
      ['hint `throw "deprecated"` throw: deprecated'],
    ],
    ['of a throw that is the value, which is an error', 'throw "no"', ['error `throw "no"` throw: no']],
    [
      'of several attributes',
      '{ a = 1 / 0; b = { }.x; c = 1; }',
      [
        'error `1 / 0` evaluation-error: division by zero',
        "error `{ }.x` missing-attribute: attribute 'x' missing",
      ],
    ],
    [
      'once for one place',
      'let x = 1 / 0; in { a = x; b = x + 1; c = [ x x ]; }',
      ['error `1 / 0` evaluation-error: division by zero'],
    ],
    ['not of what only syntax and names can say', '{ a = undefinedName; b = ', []],
    ['not of what depends on an argument', 'x: { a = x; b = 1 / 0; }', []],
    ['not of derivations, whose attributes are many', '{ type = "derivation"; a = 1 / 0; }', []],
    [
      'of a missing attribute, with what may have been meant',
      'let s = { value = 1; }; in s.valeu',
      ["error `s.valeu` missing-attribute: attribute 'valeu' missing\nDid you mean value?"],
    ],
    [
      'not deeper than three levels that others have made',
      'builtins.fromJSON "{}" // { a = [ [ [ [ (1 / 0) ] ] ] ]; }',
      [],
    ],
    [
      'on all levels that the file itself writes down',
      '{ a.b.c.d.e = 1 / 0; }',
      ['error `1 / 0` evaluation-error: division by zero'],
    ],
    ['not without end', 'let f = n: { next = f (n + 1); bad = if n > 20 then 1 / 0 else n; }; in f 0', []],
    [
      'not of definitions that do not count',
      '{ a = { _type = "if"; condition = false; content = 1 / 0; }; }',
      [],
    ],
    [
      'of a wrong call',
      'let f = { a }: a; in { x = f { b = 1; }; }',
      ["error `f { b = 1; }` missing-argument: function 'f' called without required argument 'a'"],
    ],
  ];
  for (const [what, text, expected] of table) {
    it(what, () => assert.deepEqual(diagnostics(text), expected));
  }

  it('of a wrong call stand at the call', () => {
    const [first] = diagnostics('let f = { a }: a; in { x = f { a = 1; b = 2; }; }');
    assert.match(first!, /^error `f \{ a = 1; b = 2; \}` unexpected-argument: /);
    const test = new LiveTest();
    test.open('file.nix', '{ a }: a');
    test.open('other.nix', '{ x = import ./file.nix { }; }');
    assert.match(test.diagnostics('other.nix')[0]!, /^error `import \.\/file\.nix \{ \}` missing-argument: /);
  });

  it('know the names that a `with` does not have, which are known only by evaluation', () => {
    assert.deepEqual(diagnostics('with { value = 1; }; [ valeu ]'), [
      "error `valeu` undefined-variable: undefined variable 'valeu'",
    ]);
    assert.deepEqual(diagnostics('with value; 1'), []);
    assert.deepEqual(diagnostics('with { }; let a = b: b; in c: d'), []);
  });

  it('are none of a diagnosis that the user stopped, wherever it was', () => {
    const test = new LiveTest();
    // The set is the last part that is looked at.
    const long = "builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 5000)";
    test.open('file.nix', `[ ${'0 '.repeat(499)} { type = ${long}; } ]`);
    Atomics.store(test.cancelled, 0, 1);
    assert.throws(
      () => test.diagnostics('file.nix'),
      (error) => error instanceof Interruption && error.reason === 'cancelled',
    );
    Atomics.store(test.cancelled, 0, 0);
    assert.deepEqual(test.diagnostics('file.nix'), []);
  });

  it('of another file stand where it is used, with its place', () => {
    const test = new LiveTest();
    const lib = test.open('lib.nix', '{ bad = x: «bad:1 / x»; worse = «worse:throw "lib"»; }');
    test.open('file.nix', 'let lib = import ./lib.nix; in { a = lib.bad 0; b = lib.worse; }');
    assert.deepEqual(test.diagnostics('file.nix'), [
      'error `lib.bad 0` evaluation-error: division by zero',
      'hint `lib.worse` throw: lib',
    ]);
    const [first, second] = test.service.diagnose(test.path('file.nix')).diagnostics;
    for (const [diagnostic, label] of [
      [first!, 'bad'],
      [second!, 'worse'],
    ] as const) {
      const places = [diagnostic.error.location, ...diagnostic.error.trace.map(({ location }) => location)];
      const inLib = places.filter((place) => place?.path === test.path('lib.nix'));
      assert.ok(inLib.length > 0, `the trace of ${label} goes into the other file`);
      const { start } = lib.range(label);
      assert.ok(
        inLib.some((place) => place!.range.start.line === 0 && place!.range.start.character === start),
        `the trace of ${label} shows where it arose`,
      );
    }
  });

  it('of what failed before stand at each place that needs it', () => {
    const test = new LiveTest();
    test.open('lib.nix', '{ bad = 1 / 0; }');
    test.open(
      'file.nix',
      'let lib = import ./lib.nix; in { a = lib.bad; b = [ lib.bad ]; c = lib.bad + 1; }',
    );
    assert.deepEqual(test.diagnostics('file.nix'), [
      'error `lib.bad` evaluation-error: division by zero',
      'error `lib.bad` evaluation-error: division by zero',
      'error `lib.bad` evaluation-error: division by zero',
    ]);
    test.open(
      'file.nix',
      'let lib = import ./lib.nix; f = x: lib.bad; g = x: [ lib.bad ]; in { a = f 1; b = builtins.head (g 1); }',
    );
    assert.equal(test.diagnostics('file.nix').length, 2, 'each at its own place, not at that of the first');
    test.open(
      'file.nix',
      'let lib = import ./lib.nix; in { a = lib.bad; b = [ lib.bad ]; c = lib.bad + 1; }',
    );
    const starts = test.service.diagnose(test.path('file.nix')).diagnostics.map(({ range }) => range.start);
    assert.equal(new Set(starts).size, 3);
  });

  it('go when the other file is mended', () => {
    const test = new LiveTest();
    test.open('lib.nix', '{ value = 1 / 0; }');
    test.open('file.nix', '{ a = (import ./lib.nix).value; }');
    assert.equal(test.diagnostics('file.nix').length, 1);
    test.open('lib.nix', '{ value = 1; }');
    assert.deepEqual(test.diagnostics('file.nix'), []);
    test.open('lib.nix', '{ value = ; }');
    assert.equal(test.diagnostics('file.nix').length, 1);
  });

  it('of a document that has errors of syntax stand where its faulty part is needed', () => {
    const test = new LiveTest();
    test.open('lib.nix', '{ a = ; b = 1; }');
    test.open('file.nix', 'let lib = import ./lib.nix; in { x = lib.a; y = lib.b; z = lib.c; }');
    assert.deepEqual(test.diagnostics('file.nix'), [
      'error `lib.a` parse-error: an expression is missing here',
    ]);
    test.open('lib.nix', '{ a = 2; b = 1; }');
    const [missing, ...rest] = test.diagnostics('file.nix');
    assert.match(missing!, /^error `lib\.c` missing-attribute: /);
    assert.deepEqual(rest, []);
  });

  it('of a file on disk that has errors of syntax stand where it is imported', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-test-'));
    writeFileSync(join(folder, 'lib.nix'), '{ a = ; }');
    const test = new LiveTest();
    test.open(join(folder, 'file.nix'), '{ x = import ./lib.nix; }');
    const [first, ...rest] = test.diagnostics(join(folder, 'file.nix'));
    rmSync(folder, { recursive: true });
    assert.match(first!, /^error `import \.\/lib\.nix` parse-error: /);
    assert.deepEqual(rest, []);
  });

  it('are told of a document, whichever others have errors of syntax', () => {
    for (const before of [[], ['function.nix'], ['set.nix', 'function.nix'], ['function.nix', 'set.nix']]) {
      const test = new LiveTest({ reach: 'reachable' });
      test.open('good.nix', '{ a = 1 + "x"; }');
      test.open('function.nix', '{ a, b c }: a');
      test.open('set.nix', '{ b = ./. }');
      for (const name of before) test.diagnostics(name);
      assert.equal(test.diagnostics('good.nix').length, 1, before.join());
    }
  });

  it('end when time runs out, and say so', () => {
    const test = new LiveTest({ timeout: 50 });
    test.open(
      'file.nix',
      "builtins.foldl' (a: b: builtins.foldl' (c: d: c + d) 0 (builtins.genList (x: x) 1000)) 0 (builtins.genList (x: x) 1000000)",
    );
    const [first] = test.diagnostics('file.nix');
    assert.match(first!, /^warning .* timeout: /);
  });

  it('are found behind any `mkIf`, `mkMerge` and the like', () => {
    const test = new LiveTest();
    test.open(
      'lib.nix',
      '{ mkIf = content: { _type = "if"; condition = true; inherit content; }; mkMerge = contents: { _type = "merge"; inherit contents; }; }',
    );
    const config = 'mkIf (mkMerge [ (mkIf (mkMerge [ { packages.all = [ (1 + "a") ]; } ])) ])';
    test.open('file.nix', `with import ./lib.nix; { config = ${config}; }`);
    assert.deepEqual(test.diagnostics('file.nix'), [
      'error `"a"` evaluation-error: cannot add a string to an integer',
    ]);
  });

  it('show endless values as what they are', () => {
    assert.deepEqual(diagnostics('let l = [ l ]; in l'), []);
    assert.deepEqual(diagnostics('let s = { inherit s; a = 1 / 0; }; in s').length, 1);
    const wide = `[ ${'(1 / 0) '.repeat(1000)}]`;
    assert.equal(diagnostics(wide).length, 500);
  });

  it('are found behind any number of neighbours, and of their parts', () => {
    const last = 'z = «1 / 0»;';
    const expected = ['error `1 / 0` evaluation-error: division by zero'];
    const attributes = Array.from({ length: 3000 }, (_, i) => `a${i} = ${i};`).join(' ');
    const many = 'builtins.genList (i: { y = i; }) 5000';
    for (const text of [
      `{ ${attributes} ${last} }`,
      `{ m = ${many}; ${last} }`,
      `{ m = [ ${'1 '.repeat(2000)}]; ${last} }`,
      `{ a = { m = ${many}; ${last} }; b = ${many}; }`,
      `(${many}) ++ [ { ${last} } ]`,
      `[ ${'1 '.repeat(2000)} («1 / 0») ]`,
    ]) {
      assert.deepEqual(diagnostics(text.replace(/[«»]/g, '')), expected, text.slice(0, 60));
    }
  });

  it('take all of the time where nobody types meanwhile, and say that it was too little', () => {
    const sum = "builtins.foldl' (a: b: a + b) i (builtins.genList (x: x) 1000)";
    const endless = `{ a = builtins.genList (i: ${sum}) 1000000; }`;
    const found = (thorough: boolean): string[] => {
      const test = new LiveTest({ timeout: 300, thorough });
      test.open('file.nix', endless);
      return test.diagnostics('file.nix');
    };
    assert.deepEqual(found(false), []);
    assert.match(found(true).join(), /^warning .* timeout: /);
  });

  it('say nothing of the time where only parts are left that another file writes', () => {
    const sum = "builtins.foldl' (a: b: a + b) i (builtins.genList (x: x) 1000)";
    const test = new LiveTest({ timeout: 300, thorough: true });
    test.open('other.nix', `{ a = builtins.genList (i: ${sum}) 1000000; }`);
    test.open('file.nix', '{ a = import ./other.nix; b = { c = { z = 1 / 0; }; }; }');
    assert.deepEqual(test.diagnostics('file.nix'), ['error `1 / 0` evaluation-error: division by zero']);
  });
});

describe('diagnostics of what is reachable', () => {
  const reachable = (files: Readonly<Record<string, string>>, name = 'file.nix'): string[] => {
    const test = new LiveTest({ reach: 'reachable' });
    for (const [path, text] of Object.entries(files)) test.open(path, text);
    return test.diagnostics(name);
  };

  it('are errors in a function, in a call that is there', () => {
    const call = { 'main.nix': 'import ./file.nix { n = 1; }' };
    assert.deepEqual(reachable({ ...call, 'file.nix': '{ n }: { ok = n + 1; bad = n + "x"; }' }), [
      'error `"x"` evaluation-error: cannot add a string to an integer',
    ]);
    assert.deepEqual(reachable({ ...call, 'file.nix': '{ n }: n.missing' }), [
      'error `n.missing` type-error: expected a set but found an integer: 1',
    ]);
    assert.deepEqual(reachable({ ...call, 'file.nix': '{ n }: if n == 1 then n else n.missing' }), []);
  });

  it('are none of a function that nobody calls, or that a setting does not reach', () => {
    assert.deepEqual(reachable({ 'file.nix': '{ n }: { bad = n + "x"; b = 1 / 0; }' }), []);
    const test = new LiveTest();
    test.open('main.nix', 'import ./file.nix { n = 1; }');
    test.open('file.nix', '{ n }: n + "x"');
    assert.deepEqual(test.diagnostics('file.nix'), []);
  });

  it('are those of the outputs of a flake', () => {
    const flake = `{
  inputs.there.url = "path:./there";
  inputs.gone.url = "github:o/gone";
  outputs = { self, there, gone }: {
    good = there.one;
    bad = self.nope;
    two = gone.x;
    three = gone.y;
  };
}`;
    const files = { 'flake.nix': flake, 'there/flake.nix': '{ outputs = _: { one = 1; }; }' };
    const found = reachable(files, 'flake.nix');
    assert.equal(found.length, 2);
    assert.match(found[0]!, /^warning `self.nope` missing-attribute: attribute 'nope' missing/);
    // What is not on the machine is said once.
    assert.match(found[1]!, /^warning `gone` unsupported: .*'github:o\/gone' is not on this machine/);
  });

  it('are errors in a flake that has its inputs, and warnings where nixpkgs stands in for one', () => {
    const found = (inputs: string): string[] => {
      const test = new LiveTest({
        reach: 'reachable',
        searchPath: ['nixpkgs=/nixray-test-workspace/nixpkgs'],
      });
      test.open('nixpkgs/default.nix', '{ }');
      test.open('nixpkgs/lib/default.nix', '{ }');
      test.open('other/flake.nix', '{ outputs = { self }: { lib = { }; }; }');
      test.open('flake.nix', `{ ${inputs} outputs = { self, nixpkgs }: { a = nixpkgs.lib.none; }; }`);
      return test.diagnostics('flake.nix');
    };
    const missing = "`nixpkgs.lib.none` missing-attribute: attribute 'none' missing";
    assert.deepEqual(found('inputs.nixpkgs.url = "path:./other";'), [`error ${missing}`]);
    assert.deepEqual(found('inputs.nixpkgs.url = "github:NixOS/nixpkgs";'), [`warning ${missing}`]);
  });

  it('are those of modules in a list, each with parts of its own', () => {
    const many = 'builtins.genList (i: { a = i; }) 600';
    const file = `(all: [ (map (each: builtins.seq (each { config = { }; lib = { }; }) 1) all.modules) (${many}) ]) {
      modules = [ ({ config, ... }: { a = config.none; }) ({ lib, ... }: { b.c = [ lib.no ]; }) ./nope.nix ];
    }`;
    const test = new LiveTest({ reach: 'reachable' });
    test.open('file.nix', `{ x }: ${file}`);
    test.open('main.nix', 'import ./file.nix { x = 1; }');
    const diagnostics = test.diagnostics('file.nix');
    assert.deepEqual(
      diagnostics.filter((each) => each.includes('missing-attribute')),
      [
        "error `config.none` missing-attribute: attribute 'none' missing",
        "error `lib.no` missing-attribute: attribute 'no' missing",
      ],
    );
    assert.ok(
      diagnostics.some((each) => /`.\/nope.nix` file-error/.test(each)),
      String(diagnostics),
    );
  });

  it('are hints for a throw', () => {
    assert.deepEqual(
      reachable({ 'main.nix': 'import ./file.nix { }', 'file.nix': '{ n ? 1 }: { old = throw "gone"; }' }),
      ['hint `throw "gone"` throw: gone'],
    );
  });

  describe('in a call that is only supposed', () => {
    const supposed = (
      text: string,
      more: Readonly<Record<string, string>> = {},
      name = 'file.nix',
    ): string[] => {
      const nixpkgs =
        '{ overlays ? [ ] }: { lib.need = x: throw "no ${x}"; callPackage = f: args: import f { lib.need = x: throw "no ${x}"; }; }';
      const test = new LiveTest({
        reach: 'reachable',
        searchPath: ['nixpkgs=/nixray-test-workspace/nixpkgs'],
      });
      test.open('nixpkgs/default.nix', nixpkgs);
      test.open('file.nix', text);
      for (const [path, each] of Object.entries(more)) test.open(path, each);
      return test.diagnostics(name);
    };
    const missing = "`lib.concat` missing-attribute: attribute 'concat' missing";

    it('are warnings', () => {
      assert.deepEqual(supposed('{ lib }: lib.concat "a" "b"'), [`warning ${missing}`]);
      assert.deepEqual(supposed('{ lib }: let unused = lib.concat; in 1'), [`hint ${missing}`]);
    });

    it('are warnings in what is called there, too', () => {
      const inner = { 'inner.nix': '{ lib }: lib.concat "a"' };
      const text = '{ lib }: { a = import ./inner.nix { inherit lib; }; }';
      assert.deepEqual(supposed(text, inner, 'inner.nix'), [`warning ${missing}`]);
    });

    it('are none for a recursion that only a library sees', () => {
      const text = '{ callPackage }: { a = callPackage ./other.nix; }';
      const lib = 'let loop = loop; in loop';
      const nixpkgs = {
        'nixpkgs/default.nix': `{ callPackage = f: args: import f { callPackage = x: ${lib}; }; }`,
      };
      assert.deepEqual(supposed(text, nixpkgs), []);
      const own = '{ callPackage }: let loop = loop; in { a = loop; }';
      assert.deepEqual(supposed(own), ['warning `loop` infinite-recursion: infinite recursion encountered']);
    });

    it('are hints for a throw of the file, and none for one of a library', () => {
      assert.deepEqual(supposed('{ lib }: { a = throw "gone"; }'), ['hint `throw "gone"` throw: gone']);
      assert.deepEqual(supposed('{ lib }: let unused = lib.need "b"; in { a = lib.need "a"; }'), []);
    });
  });

  describe('for arguments that nobody passes', () => {
    const found = (text: string, more: Readonly<Record<string, string>> = {}): string[] => {
      const test = new LiveTest({
        reach: 'reachable',
        searchPath: ['nixpkgs=/nixray-test-workspace/nixpkgs'],
      });
      test.open(
        'nixpkgs/default.nix',
        `{ }: let
          pkgs = { stdenv.mkDerivation = x: x; inherit callPackage; hello = 1; };
          callPackage = f: args:
            let fn = if builtins.isPath f then import f else f;
            in fn (builtins.intersectAttrs (builtins.functionArgs fn) pkgs // args);
        in pkgs`,
      );
      test.open('file.nix', text);
      for (const [path, each] of Object.entries(more)) test.open(path, each);
      return test.diagnostics('file.nix').filter((each) => each.includes('missing-argument'));
    };
    const notThere = (name: string, more = ''): string =>
      `hint \`${name}\` missing-argument: nixpkgs has no attribute '${name}' that callPackage could pass${more}`;

    it('are hints in a package that nobody else may call', () => {
      const text = '{ stdenv, helo }: stdenv.mkDerivation { a = 1; }';
      assert.deepEqual(found(text), [notThere('helo', '\nDid you mean hello?')]);
      assert.deepEqual(found('{ stdenv, other ? 1 }: stdenv.mkDerivation { a = other; }'), []);
      assert.deepEqual(found(text, { 'main.nix': 'x: x.callPackage ./file.nix { helo = 1; }' }), []);
    });

    it('are none where the function is likely to be called otherwise', () => {
      assert.deepEqual(found('{ stdenv, other, another }: stdenv.mkDerivation { }'), []);
      assert.deepEqual(found('{ buildPackage, other }: buildPackage { }'), []);
      assert.deepEqual(found('{ stdenv, other }: { a = other; }'), []);
    });

    it('are warnings where a call leaves them out', () => {
      const [warning, ...others] = found('{ a, b }: a', { 'main.nix': 'import ./file.nix { a = 1; }' });
      assert.match(
        warning!,
        /^warning `b` missing-argument: the call at .*main\.nix.* passes no argument 'b'$/,
      );
      assert.deepEqual(others, []);
    });
  });

  it('are none in what a module calls with its own arguments', () => {
    const nixpkgs = '{ }: { callPackage = f: args: import f { config = { }; lib = { }; pkgs = { }; }; }';
    const found = (text: string): string[] => {
      const test = new LiveTest({
        reach: 'reachable',
        searchPath: ['nixpkgs=/nixray-test-workspace/nixpkgs'],
      });
      test.open('nixpkgs/default.nix', nixpkgs);
      test.open('file.nix', text);
      return test.diagnostics('file.nix');
    };
    assert.deepEqual(found('{ config, lib, pkgs }: { a = config.services.b; }'), []);
    assert.deepEqual(found('{ lib, pkgs }: { a = lib.services.b; }'), [
      "warning `lib.services` missing-attribute: attribute 'services' missing",
    ]);
  });

  it('are hints in bindings that nothing has needed', () => {
    assert.deepEqual(reachable({ 'file.nix': 'let unused = 1 / 0; used = 2; in { a = used; }' }), [
      'hint `1 / 0` evaluation-error: division by zero',
    ]);
    assert.deepEqual(reachable({ 'file.nix': 'let x = 1 / 0; in { a = x; }' }), [
      'error `1 / 0` evaluation-error: division by zero',
    ]);
  });

  it('look into what a derivation is built from', () => {
    const files = {
      'main.nix': 'import ./file.nix { system = "x86_64-linux"; }',
      'file.nix': '{ system }: derivation { inherit system; name = "n"; builder = "b"; input = { }.no; }',
    };
    assert.deepEqual(reachable(files), ["error `{ }.no` missing-attribute: attribute 'no' missing"]);
  });

  it('look into derivations that the file builds', () => {
    const make = 'make = args: derivation ({ system = "x"; name = "n"; builder = "b"; } // args);';
    const found = (text: string): string[] => reachable({ 'file.nix': `let ${make} s = { }; in ${text}` });
    const missing = ["error `s.no` missing-attribute: attribute 'no' missing"];
    assert.deepEqual(found('make { input = s.no; }'), missing);
    assert.deepEqual(found('{ x.y.shell = make { input = s.no; }; }'), missing);
    assert.deepEqual(found('{ a ? 1 }: { shell = make { input = s.no; }; }'), missing);
    assert.deepEqual(found('{ shell = let a = 1; in (make { input = s.no; }); }'), missing);
    assert.deepEqual(found('{ broken = make { input = throw "broken"; }; }'), [
      'hint `throw "broken"` throw: broken',
    ]);
    assert.deepEqual(found('{ a = (f: make (f 1)) (x: { input = s.no; }); }'), missing);
    assert.deepEqual(found('{ a = (x: make { inherit x; }) "${s.no}"; }'), missing);
    // What is only mentioned is not looked into: it may be any package.
    const mentioned = 'let other = { it = make { input = s.no; }; }; in { x = other.it; }';
    assert.deepEqual(found(mentioned), []);
    const test = new LiveTest();
    test.open('file.nix', `let ${make} in make { input = { }.no; }`);
    assert.deepEqual(test.diagnostics('file.nix'), []);
  });
});
