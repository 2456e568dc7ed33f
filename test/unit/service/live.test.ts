// The live evaluator: values under the cursor, and that none of them is stale.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { hoverBudget, printWithin } from '../../../server/src/values/within-budget';
import { TestEvaluator } from '../../kit/evaluate';
import { hovered, LiveTest, shown } from '../../kit/live';
import { randomProgram } from '../../kit/random-programs';
import { seeded } from '../../kit/seed';

/** Marked texts by what they show, each with the hover at its cursor. */
const hovers: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'a name': [
    ['let value = 1 + 1; in va|lue', '2'],
    ['let value = 1 + 1; in |value', '2'],
    ['let x = { a = x.b; b = 2; }; in |x', '{ a = 2; b = 2; }'],
    ['let f = a: a; in |f 1', '«lambda f @ /nixray-test-workspace/file.nix:1:9»'],
    ['with { a = 5; }; |a', '5'],
    ['with { a = 1; }; with { a = 2; }; [ |a ]', '2'],
    ['rec { a = 1; b = |a; }', '1'],
    ['let a = 1; in let a = 2; in |a', '2'],
    ['|null', 'null'],
    ['[ |true ]', 'true'],
  ],
  'an attribute path up to the cursor': [
    ['let x = { a.b.c = 1; }; in x.a.b.|c', '1'],
    ['let x = { a.b.c = 1; }; in x.a.|b.c', '{ c = 1; }'],
    ['let x = { a.b.c = 1; }; in x.|a.b.c', '{ b = { c = 1; }; }'],
    ['let x = { a.b.c = 1; }; in |x.a.b.c', '{ a = { b = { c = 1; }; }; }'],
    ['let x = { }; in x.|a.b or 7', "error: attribute 'a' missing"],
    ['let x = { }; in x.a.|b or 7', '7'],
    ['let x = { }; in x.|a or 7', '7'],
    ['let x = { }; in x.a o|r 7', '7'],
    ['let x = { }; in x.a or |7', '7'],
    ['let x = { a = 1; }; in x ? |a', 'true'],
    ['let x = { a = 1; }; n = "a"; in x.${|n}', '"a"'],
    ['let x = { a = 1; }; n = "a"; in x.$|{n}', '1'],
    ['let x = { "a b" = 1; }; in x."a| b"', '1'],
  ],
  'the name of a binding': [
    ['{ |a = 1 + 1; }', '2'],
    ['rec { a = 1; |b = a + 1; }', '2'],
    ['let |a = 1; in 2', '1'],
    ['{ a.|b.c = 1; a.b.d = 2; }', '{ c = 1; d = 2; }'],
    ['{ a.b.|c = 1; a.b.d = 2; }', '1'],
    ['{ |a.b.c = 1; a.x = 2; }', '{ b = { c = 1; }; x = 2; }'],
    ['let |a.b = 1; a.c = 2; in 0', '{ b = 1; c = 2; }'],
    ['{ a = { |b = 1; }; a.c = 2; }', '1'],
    ['{ "quo|ted" = 3; }', '3'],
    ['let n = "x"; in { ${|n} = 4; }', '"x"'],
    ['let n = "x"; in { ${n|} = 4; }', '4'],
    ['{ f = x: { |y = 1; z = x; }; }', '1'],
    ['let { |body = 2; }', '2'],
  ],
  'a name that is inherited': [
    ['let a = 1; in { inherit |a; }', '1'],
    ['let s = { a = 2; }; in { inherit (s) |a; }', '2'],
    ['let s = { a = 2; }; in { inherit (|s) a; }', '{ a = 2; }'],
    ['let a = 1; in rec { inherit |a; b = a; }', '1'],
    ['let a = 1; in let inherit |a; in a', '1'],
    ['with { a = 3; }; { inherit |a; }', '3'],
    ['let s = { }; in { inherit (s) |b; }', "error: attribute 'b' missing"],
  ],
  operators: [
    ['1 |+ 2', '3'],
    ['1 + 2 |* 3', '6'],
    ['1 |+ 2 * 3', '7'],
    ['let a = { x = 1; }; in a |// { y = 2; }', '{ x = 1; y = 2; }'],
    ['[ 1 ] +|+ [ 2 ]', '[ 1 2 ]'],
    ['1 |== 2', 'false'],
    ['|!true', 'false'],
    ['|-5', '-5'],
    ['{ a = 1; } |? b', 'false'],
    ['true |&& false', 'false'],
    ['let __sub = a: b: 42; in 1 |- 1', '42'],
    ['false ||| true', 'true'],
    ['false |-> true', 'true'],
  ],
  'keywords and brackets': [
    ['|if true then 1 else 2', '1'],
    ['if true the|n 1 else 2', '1'],
    ['if false then 1 el|se 2', '2'],
    ['l|et a = 1; in a', '1'],
    ['let a = 1; i|n a', '1'],
    ['wi|th { a = 1; }; a', '1'],
    ['as|sert true; 5', '5'],
    ['[| 1 2 ]', 'nothing'],
    ['|[ 1 2 ]', '[ 1 2 ]'],
    ['[ 1 2 |]', '[ 1 2 ]'],
    ['|{ a = 1; }', '{ a = 1; }'],
    ['re|c { a = b; b = 1; }', '{ a = 1; b = 1; }'],
    ['|(1 + 1)', '2'],
    ['(1 + 1|)', '2'],
  ],
  literals: [
    ['[ 1|2 ]', '12'],
    ['"te|xt"', '"text"'],
    ['|"text"', '"text"'],
    ['let x = "in"; in "a ${|x} b"', '"in"'],
    ['let x = "in"; in "a $|{x} b"', '"in"'],
    ['let x = "in"; in "a| ${x} b"', '"a in b"'],
    ['let x = 1; in "a ${toString (x |+ 1)}"', '2'],
    ["''\n  two\n  li|nes\n''", "''\n  two\n  lines\n''"],
    ['|./sub/file.nix', '/nixray-test-workspace/sub/file.nix'],
    ['let x = "q"; in ./a/${|x}', '"q"'],
    ['let x = "q"; in ./a|/${x}', '/nixray-test-workspace/a/q'],
    ['1.|5', '1.5'],
    ['http://exam|ple.org', '"http://example.org"'],
    ['_|_curPos.line', '{ column = 1; file = "/nixray-test-workspace/file.nix"; line = 1; }'],
  ],
  'a call': [
    ['let f = a: a + 1; in f |1', '1'],
    ['let f = a: b: a + b; in (f 1) |2', '2'],
    ['let f = a: { r = a; }; in (f 1).|r', '1'],
    ['builtins.|length [ 1 ]', '«primop length»'],
    ['|builtins.length', /* the set */ '…'],
  ],
  'white space and comments': [
    ['{ a = 1; |\n }', 'nothing'],
    ['# com|ment\n1', 'nothing'],
    ['1 /* com|ment */', 'nothing'],
    ['1 |', 'nothing'],
    ['|', 'nothing'],
    ['  |  1', 'nothing'],
  ],
  'what fails': [
    ['let a = throw "no"; in |a', 'error: no'],
    ['{ |a = 1 + "x"; }', 'error: cannot add a string to an integer'],
    ['let x = x; in |x', 'error: infinite recursion encountered'],
    ['|{ a = throw "no"; b = 1; }', '{ a = «error: no»; b = 1; }'],
    ['let f = n: f (n + 1); in |f 0', '«lambda f @ /nixray-test-workspace/file.nix:1:9»'],
    ['let f = n: f (n + 1); in (f 0|)', 'error: stack overflow; max-call-depth exceeded'],
    ['[ |undefinedName ]', "error: undefined variable 'undefinedName'"],
    ['assert |false; 1', 'false'],
    ['a|ssert false; 1', "error: assertion 'false' failed"],
    ['if throw "c" then |1 else 2', '1'],
    ['rec { __overrides = throw "o"; a = |b; b = 1; }', 'error: o'],
    ['rec { __overrides = 1; a = b; |b = 1; }', 'error: expected a set but found an integer: 1'],
    ['with throw "w"; [ |a ]', 'error: w'],
    ['with 1; |a', 'error: expected a set but found an integer: 1'],
    ['let inherit (throw "s") a; in |a', 'error: s'],
  ],
  'broken text': [
    ['let a = 1; in [ |a', '1'],
    ['{ a = 1; b = ; |c = 2; }', '2'],
    ['{ a = ; }.|a', 'error: an expression is missing here'],
    ['let a = 1; b = |a', '1'],
    ['|9223372036854775808', "error: invalid integer '9223372036854775808'"],
    ['|9223372036854775807', '9223372036854775807'],
    ['{ a = 99999999999999999999; }.|a', "error: invalid integer '99999999999999999999'"],
    ['{ a = [ 1.5e400 ]; |b = 1; }', '1'],
    ['let f = { a ? 1.5e400 }: |a; in f { }', "error: invalid float '1.5e400'"],
    ['[ (1 |+ 1.0e-320) 2 ]', "error: invalid float '1.0e-320'"],
    ['|[ 1.5e400 2 ]', "[ «error: invalid float '1.5e400'» 2 ]"],
    ['{ a = "un|closed', '"unclosed"'],
  ],
};

describe('a hover', () => {
  for (const [what, table] of Object.entries(hovers)) {
    describe(`on ${what}`, () => {
      for (const [text, expected] of table) {
        it(JSON.stringify(text), () => {
          const actual = hovered(text);
          if (expected === '…') assert.ok(actual.startsWith('{'));
          else assert.equal(actual, expected);
        });
      }
    });
  }

  it('is about the expression that it shows', () => {
    const table: [string, string][] = [
      ['let x.a.b = 1; in x.|a.b', 'x.a'],
      ['let x.a.b = 1; in x.a.|b or 2', 'x.a.b or 2'],
      ['[ (1 |+ 2) ]', '1 + 2'],
      ['{ a.|b.c = 1; }', 'a.b'],
      ['let a = 1; in { inherit |a; }', 'a'],
      ['let é = 1; in "ü${|é}"', 'é'],
    ];
    for (const [text, expected] of table) {
      const test = new LiveTest();
      test.open('file.nix', text.replaceAll('é', 'e'));
      assert.equal(test.textOf('file.nix', test.hover('file.nix')), expected.replaceAll('é', 'e'), text);
    }
  });

  it('says the type', () => {
    const table: [string, string][] = [
      ['|1', 'int'],
      ['|"a"', 'string'],
      ['|[ ]', 'list'],
      ['|{ }', 'set'],
      ['|/a', 'path'],
      ['|null', 'null'],
      ['1|.5', 'float'],
      ['|true', 'bool'],
      ['let f = x: x; in |f', 'lambda'],
    ];
    for (const [text, type] of table) {
      const test = new LiveTest();
      test.open('file.nix', text);
      assert.equal(test.hover('file.nix')?.type, type, text);
    }
  });

  it('forces the parts of a value as deep as it is asked', () => {
    const test = new LiveTest();
    test.open('file.nix', '|{ a = { b = { c = { d = 1 + 1; }; }; }; }');
    assert.equal(shown(test.hover('file.nix', 0)), '{ … }'.replace('…', '«1 attribute elided»'));
    assert.match(shown(test.hover('file.nix', 1)), /^\{ a = \{.*elided.*\}; \}$/);
    assert.match(shown(test.hover('file.nix', 9)), /d = 2;/);
  });

  it('evaluates what a function decides by itself, and says what it does not know', () => {
    assert.equal(hovered('x: { a = |1 + 1; }'), '1');
    assert.equal(hovered('x: { a = 1 |+ 1; }'), '2');
    assert.equal(hovered('x: let y = [ 1 ]; in y |++ [ 2 ]'), '[ 1 2 ]');
    assert.match(hovered('x: |x'), /^unknown: depends on the argument 'x' of the function at line 1/);
    assert.match(
      hovered('\n{ a, b ? 1 }: a |+ b'),
      /^unknown: depends on the argument 'a' of the function at line 2/,
    );
    assert.match(hovered('args@{ a, ... }: |args'), /^unknown: depends on the argument 'args'/);
    assert.match(hovered('x: y: [ |(x + y) ]'), /^unknown: /);
    assert.match(hovered('|x: 1'), /^unknown: /);
  });
});

describe('evaluating a range', () => {
  const evaluate = (marked: string, expression?: string) => {
    const test = new LiveTest();
    test.open('file.nix', marked);
    return shown(test.evaluate('file.nix', 'r', expression));
  };

  it('takes the smallest expression that covers it', () => {
    assert.equal(evaluate('1 + «r:2 * 3»'), '6');
    assert.equal(evaluate('«r:1 + 2» * 3'), '7');
    assert.equal(evaluate('[ «r: (1 + 2) » ]'), '3');
    assert.equal(evaluate('{ «r:a = 1;» }'), '1');
    assert.equal(evaluate('let a = 1; in [ «r:a a» ]'), '[ 1 1 ]');
  });

  it('takes what a cursor points at where it is empty', () => {
    assert.equal(evaluate('[ 1 «r:»2 ]'), '2');
  });

  it('evaluates an expression in the scope there', () => {
    assert.equal(evaluate('let a = 20; in { b = «r:a»; }', 'a + 2'), '22');
    assert.equal(evaluate('let a = 20; in rec { b = 1; c = «r:a»; }', '[ a b ]'), '[ 20 1 ]');
    assert.equal(evaluate('with { z = 3; }; «r:1»', 'z'), '3');
    assert.equal(evaluate('x: let y = 2; in «r:y»', 'y * 2'), '4');
    assert.match(evaluate('x: «r:1»', 'x'), /^unknown: /);
    const calls = `let
      pad = { width }@args: s: let missing = width - builtins.stringLength s; in «r:missing + 100»;
      pad8 = pad { width = 8; };
    in
    pad { width = 5; } "abc" + 0`;
    assert.equal(evaluate(calls, '[ width s missing ]'), '[ 5 "abc" 2 ]');
    assert.match(evaluate(calls, 'args'), /^unknown: /);
    assert.equal(evaluate(calls.replace('width = 8', 'width = 5'), 'args'), '{ width = 5; }');
    assert.equal(evaluate('«r:1»', 'builtins.length [ 1 2 ]'), '2');
    // White space is in the scope around it.
    assert.equal(evaluate('let a = 20; in { b = 1; «r:» }', 'a'), '20');
    assert.equal(evaluate('let a = 20; «r:» in a', 'a'), '20');
    assert.equal(evaluate('rec { a = 1; # here«r:»\n b = 2; }', '[ a b ]'), '[ 1 2 ]');
    assert.equal(evaluate('1 «r:»', '2'), '2');
    assert.equal(evaluate('«r:1»', './x.nix'), '/nixray-test-workspace/x.nix');
  });

  it('reports what is wrong with that expression', () => {
    assert.match(evaluate('«r:1»', '1 +'), /^error: syntax error/);
    assert.equal(
      evaluate('let abc = 1; in «r:1»', 'abd'),
      "error: undefined variable 'abd'\nDid you mean abc?",
    );
    assert.equal(evaluate('«r:1»', '1 / 0'), 'error: division by zero');
  });
});

describe('a value', () => {
  const main = 'let lib = import ./lib.nix; in |lib.value';

  it('follows the document that it imports', () => {
    const test = new LiveTest();
    test.open('lib.nix', '{ value = 1; }');
    test.open('main.nix', main);
    assert.equal(shown(test.hover('main.nix')), '{ value = 1; }');
    test.open('lib.nix', '{ value = 2; }');
    assert.equal(shown(test.hover('main.nix')), '{ value = 2; }');
    test.open('lib.nix', '{ value = throw "now"; }');
    assert.equal(shown(test.hover('main.nix')), '{ value = «error: now»; }');
    test.open('lib.nix', '{ other = 4; value = ');
    assert.match(
      shown(test.hover('main.nix')),
      /^\{ other = 4; value = «error: an expression is missing here»/,
    );
    test.open('lib.nix', '{ value = 3; }');
    assert.equal(shown(test.hover('main.nix')), '{ value = 3; }');
  });

  it('is there in a function of an imported document while somebody writes in it', () => {
    const test = new LiveTest();
    test.open('main.nix', 'import ./function.nix { config = { port = 80; }; }');
    const written = [
      '{ config }: { a = «use:config»; b = config.; }',
      '{ config }: { a = «use:config»; b = con; }',
      '{ config }: { a = «use:config»; b }',
      '{ config }: { a = «use:config»; b = ',
      '{ config }: let c = «use:config»; in { b = [ (config.port ',
    ];
    for (const text of written) {
      test.open('function.nix', text);
      assert.equal(shown(test.evaluate('function.nix', 'use')), '{ port = 80; }', text);
    }
  });

  it('follows documents over several imports', () => {
    const test = new LiveTest();
    test.open('deep.nix', '1');
    test.open('lib.nix', '{ value = import ./deep.nix + 1; }');
    test.open('main.nix', main);
    assert.equal(shown(test.hover('main.nix')), '{ value = 2; }');
    test.open('deep.nix', '10');
    assert.equal(shown(test.hover('main.nix')), '{ value = 11; }');
  });

  it('appears with the file that was missing', () => {
    const test = new LiveTest();
    test.open('main.nix', main);
    assert.match(shown(test.hover('main.nix')), /^error: .*lib\.nix.* does not exist/);
    test.open('lib.nix', '{ value = 4; }');
    assert.equal(shown(test.hover('main.nix')), '{ value = 4; }');
  });

  it('follows what it reads, lists and looks for', () => {
    const test = new LiveTest();
    test.open('data.txt', 'one');
    test.open(
      'main.nix',
      '|[ (builtins.readFile ./data.txt) (builtins.pathExists ./new.nix) (builtins.attrNames (builtins.readDir ./.)) ]',
    );
    assert.equal(shown(test.hover('main.nix')), '[ "one" false [ "data.txt" "main.nix" ] ]');
    test.open('data.txt', 'two');
    assert.equal(shown(test.hover('main.nix')), '[ "two" false [ "data.txt" "main.nix" ] ]');
    test.open('new.nix', '1');
    assert.equal(shown(test.hover('main.nix')), '[ "two" true [ "data.txt" "main.nix" "new.nix" ] ]');
    test.service.closeDocument(test.path('new.nix'));
    assert.equal(shown(test.hover('main.nix')), '[ "two" false [ "data.txt" "main.nix" ] ]');
  });

  it('follows what is copied to the store, whole folders, too', () => {
    const test = new LiveTest();
    test.open('data/a.txt', 'one');
    test.open('main.nix', '|[ "${./data}" "${./data/a.txt}" (builtins.hashFile "md5" ./data/a.txt) ]');
    const first = shown(test.hover('main.nix'));
    assert.match(first, /^\[\s+"\/nix\/store\/\w{32}-data"\s+"\/nix\/store\/\w{32}-a\.txt"\s+"\w{32}"\s+\]$/);
    test.open('data/a.txt', 'two');
    const second = shown(test.hover('main.nix'));
    const parts = (text: string) => text.match(/"[^"]*"/g)!;
    parts(second).forEach((part, i) => assert.notEqual(part, parts(first)[i]));
    test.open('data/b.txt', '');
    assert.notEqual(parts(shown(test.hover('main.nix')))[0], parts(second)[0], 'a new file in the folder');
    test.service.closeDocument(test.path('data/b.txt'));
    test.open('data/a.txt', 'one');
    assert.equal(shown(test.hover('main.nix')), first);
  });

  it('inside a function follows the call that gives the argument', () => {
    const test = new LiveTest();
    test.open('function.nix', '{ n }: { twice = n |+ n; }');
    test.open('main.nix', '(import ./function.nix { n = 4; }).twice');
    assert.equal(shown(test.hover('function.nix')), '8');
    assert.match(test.hover('function.nix')!.source ?? '', /main\.nix/);
    test.open('main.nix', '(import ./function.nix { n = 5; }).twice');
    assert.equal(shown(test.hover('function.nix')), '10');
    test.open('main.nix', '1');
    assert.match(shown(test.hover('function.nix')), /^unknown: /);
  });

  it('follows the settings', () => {
    const test = new LiveTest({ system: 'riscv64-linux' });
    test.open('lib/x.nix', '7');
    test.open('main.nix', '|[ builtins.currentSystem (import <mine/x.nix>) ]');
    assert.match(
      shown(test.hover('main.nix')),
      /"riscv64-linux"\s+«error: file 'mine\/x\.nix' was not found/,
    );
    test.configure({ searchPath: [`mine=${test.path('lib')}`] });
    assert.equal(shown(test.hover('main.nix')), '[ "x86_64-linux" 7 ]');
    test.configure({ searchPath: ['mine=/nowhere'] });
    assert.match(shown(test.hover('main.nix')), /"x86_64-linux"\s+«error: /);
  });

  it('follows the text of its own document', () => {
    const test = new LiveTest();
    test.open('main.nix', 'let a = 1; in |a');
    assert.equal(shown(test.hover('main.nix')), '1');
    test.open('main.nix', 'let a = 2; in |a');
    assert.equal(shown(test.hover('main.nix')), '2');
  });

  it('comes from the disk again when the document is closed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-'));
    try {
      const test = new LiveTest({ folders: [folder] });
      const lib = join(folder, 'lib.nix');
      writeFileSync(lib, '{ value = "disk"; }');
      test.open(`${folder}/main.nix`, main);
      assert.equal(shown(test.hover(`${folder}/main.nix`)), '{ value = "disk"; }');
      test.open(lib, '{ value = "unsaved"; }');
      assert.equal(shown(test.hover(`${folder}/main.nix`)), '{ value = "unsaved"; }');
      // What is not saved comes before the disk.
      writeFileSync(lib, '{ value = "changed"; }');
      test.service.filesChanged([lib]);
      assert.equal(shown(test.hover(`${folder}/main.nix`)), '{ value = "unsaved"; }');
      test.service.closeDocument(lib);
      assert.equal(shown(test.hover(`${folder}/main.nix`)), '{ value = "changed"; }');
      writeFileSync(lib, '{ value = "again"; }');
      test.service.filesChanged([lib]);
      assert.equal(shown(test.hover(`${folder}/main.nix`)), '{ value = "again"; }');
      rmSync(lib);
      test.service.filesChanged([lib]);
      assert.match(shown(test.hover(`${folder}/main.nix`)), /does not exist/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is computed once for all that is asked below a scope', () => {
    const test = new LiveTest();
    test.open(
      'main.nix',
      'let big = builtins.length (builtins.genList (x: x) 10); in { a = big; b = |big; }',
    );
    test.hover('main.nix');
    const { forced } = test.service.statistics();
    assert.equal(shown(test.hover('main.nix')), '10');
    assert.equal(test.service.statistics().forced, forced, 'a known value forces nothing');
  });

  it('of a file is kept until it is forgotten', () => {
    const test = new LiveTest();
    const folder = mkdtempSync(join(tmpdir(), 'nixray-test-'));
    const file = join(folder, 'file.nix');
    try {
      writeFileSync(file, 'let f = n: if n == 0 then 0 else f (n - 1); in f 100');
      const calls = (): number => {
        const before = test.service.statistics().calls;
        test.service.diagnose(test.path(file));
        return test.service.statistics().calls - before;
      };
      assert.ok(calls() > 100);
      assert.equal(calls(), 0);
      test.service.forget(test.path(file));
      assert.ok(calls() > 100);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is there after a hover that was cancelled', () => {
    const test = new LiveTest();
    test.open(
      'main.nix',
      "let sum = builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 5000); in |sum",
    );
    Atomics.store(test.cancelled, 0, 1);
    const report = test.hover('main.nix');
    assert.equal(report?.error?.code, 'cancelled');
    Atomics.store(test.cancelled, 0, 0);
    assert.equal(shown(test.hover('main.nix')), '12497500');
  });

  it('of an argument is there after a hover that was cancelled while the workspace was read', () => {
    const test = new LiveTest();
    test.open('main.nix', 'let f = x: |x + 1; in f 41');
    Atomics.store(test.cancelled, 0, 1);
    assert.equal(test.hover('main.nix')?.error?.code, 'cancelled');
    Atomics.store(test.cancelled, 0, 0);
    assert.equal(shown(test.hover('main.nix')), '41');
  });

  it('that takes too long says so, and the next one does not suffer', () => {
    const test = new LiveTest({ timeout: 100 });
    test.open(
      'main.nix',
      "[ (builtins.foldl' (a: b: builtins.foldl' (c: d: c + d) 0 (builtins.genList (x: x) 1000)) 0 (builtins.genList (x: x) 1000000)) |(1 + 1) ]",
    );
    assert.equal(shown(test.hover('main.nix')), '2');
    const text = test.open(
      'slow.nix',
      "«r:builtins.foldl' (a: b: builtins.foldl' (c: d: c + d) 0 (builtins.genList (x: x) 1000)) 0 (builtins.genList (x: x) 1000000)»",
    );
    assert.ok(text);
    const report = test.evaluate('slow.nix', 'r');
    assert.equal(report?.error?.code, 'timeout');
    assert.equal(shown(test.hover('main.nix')), '2');
  });
});

const budget = { ...hoverBudget, depth: 3 };

/** The value of a program as a hover prints it, by plain evaluation. */
function plain(text: string): string {
  const test = new TestEvaluator();
  const value = test.value(text);
  const print = () => printWithin({ forceBy: (part) => test.evaluator.vm.force(part) }, value, budget);
  // What the first time was too short for is there the second time.
  print();
  return decodeUtf8(print());
}

describe('live values everywhere', () => {
  it('agree with plain evaluation, whatever was asked before', () => {
    fc.assert(
      fc.property(randomProgram, fc.array(fc.nat(), { maxLength: 30 }), (text, offsets) => {
        const test = new LiveTest();
        const path = test.path('file.nix');
        const bytes = encodeUtf8(text);
        test.open('file.nix', '1');
        test.service.setDocument(path, bytes);
        for (const offset of offsets) {
          const report = test.service.hover(path, offset % bytes.length, 3);
          // Well-typed programs fail nowhere; only what depends on an argument may be unknown.
          if (report !== undefined) assert.ok(report.error === undefined, shown(report));
        }
        const all = { start: 0, end: bytes.length };
        test.service.evaluate(path, all, undefined, 3);
        const whole = test.service.evaluate(path, all, undefined, 3);
        assert.equal(shown(whole), plain(text));
        assert.deepEqual(test.service.diagnose(path).diagnostics, []);
      }),
      seeded(60),
    );
  });

  it('answer at every offset of broken texts', () => {
    const texts = fc.sample(randomProgram, { seed: 7, numRuns: 5 });
    for (const text of texts) {
      for (const broken of [
        text.slice(0, text.length >> 1),
        text.slice(text.length >> 1),
        text.replaceAll(')', ''),
      ]) {
        const short = encodeUtf8(broken.slice(0, 300));
        const test = new LiveTest();
        const path = test.path('file.nix');
        test.service.setDocument(path, short);
        for (let offset = 0; offset <= short.length; offset++) test.service.hover(path, offset, 1);
        test.service.diagnose(path);
      }
    }
  });
});
