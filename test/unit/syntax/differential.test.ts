/**
 * The parser against C++ Nix's own, where one is installed: what Nix prints for
 * a text and what this prints have to mean the same tree. The versions print
 * some things differently, so Nix's output is read and printed once more.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mergeBindings } from '../../../server/src/names/merge';
import { parse } from '../../../server/src/syntax/parse';
import { printCanonical } from '../../../server/src/syntax/print';
import { printFloat } from '../../../server/src/values/float';
import { printAttributeName, printString } from '../../../server/src/base/literals';

const command = ['nix-instantiate', '--store', 'dummy://', '--parse', '-'] as const;

function nix(text: string): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync(command[0], command.slice(1), { input: text, encoding: 'latin1' });
  return { status, stdout };
}

function canonical(text: string): string {
  return printCanonical(parse(text).root, {
    merge: mergeBindings,
    string: printString,
    name: printAttributeName,
    float: printFloat,
    path: (_, path) => path,
  });
}

/** No `inherit (…)`, no relative paths, no empty text in strings: there the versions' outputs differ in kind. */
const accepted = [
  'a: b: d: a b (a b).c or d',
  '{ a, b ? 1, ... }@args: with args; [ a (b) ]',
  'a: a - 1 * 2 / 3 ++ [ ] // { } == 4 && !5 || 6 -> 7',
  'a: -a.b ? c.d < 1',
  '{ a.b = 1; a.c = 2; "d e" = 3; ${"f"} = 4; }',
  'a: rec { inherit a; b = let { body = a; }; }',
  'a: b: "x${a}y$${b}\\${\\n"',
  "a: ''\n  x\n    ''${y} '''\n  ${a}''",
  'f: x: with f; [ f or x (f or) ]',
  '<nixpkgs> + http://example.org/x',
  'a: if a then assert a; 1 else 1.5',
  '{ }: { }: { }',
];

const rejected = [
  '',
  '{',
  '{ a = 1 }',
  'a b:',
  '[ a',
  '1 == 2 == 3',
  '"${',
  "''a",
  '{ inherit 1; }',
  '{ a, b',
  'let in',
  './a/',
  'a.if',
  '99999999999999999999',
  'let ${x} = 1; in 1',
];

describe('parsing as C++ Nix does', function () {
  before(function () {
    if (nix('1').status === 0) return;
    console.log('      skipped: nix-instantiate is not installed');
    this.skip();
  });

  for (const text of accepted) {
    it(JSON.stringify(text), () => {
      const { status, stdout } = nix(text);
      // Variables that do not exist are no matter of the grammar, so there are none.
      assert.equal(status, 0);
      assert.deepEqual(parse(text).errors, []);
      assert.equal(canonical(canonical(text)), canonical(stdout));
    });
  }

  for (const text of rejected) {
    it(`rejects ${JSON.stringify(text)}`, () => {
      assert.notEqual(nix(text).status, 0);
      assert.notEqual(parse(text).errors.length, 0);
    });
  }
});
