import assert from 'node:assert/strict';
import { mergeBindings } from '../../../server/src/names/merge';
import { parse } from '../../../server/src/syntax/parse';
import { printCanonical, type CanonicalForm } from '../../../server/src/syntax/print';
import { PathStyle } from '../../../server/src/syntax/tree';
import { printFloat } from '../../../server/src/values/float';
import { printAttributeName, printString } from '../../../server/src/base/literals';

const form: CanonicalForm = {
  merge: mergeBindings,
  string: printString,
  name: printAttributeName,
  float: printFloat,
  path: (style, text) => {
    if (style === PathStyle.Absolute) return text;
    return style === PathStyle.Home ? `/home/me${text.slice(1)}` : `/here/${text.replace(/^\.\//, '')}`;
  },
};

describe('printCanonical', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['a + b - c * -d / e', '(__sub (a + b) (__div (__mul c (__sub 0 d)) e))'],
    ['a < b', '(__lessThan a b)'],
    ['a > b', '(__lessThan b a)'],
    ['a <= b', '(! (__lessThan b a))'],
    ['a >= b', '(! (__lessThan a b))'],
    ['!a -> b || c && d == e', '((! a) -> (b || (c && (d == e))))'],
    ['a // b ++ c', '(a // (b ++ c))'],
    ['f a (g b)', '(f a (g b))'],
    ['(f a) b', '(f a b)'],
    ['(1 - 2) 3', '(__sub 1 2 3)'],
    ['<nixpkgs> { }', '(__findFile __nixPath "nixpkgs" { })'],
    ['f or a', '(f or a)'],
    ['[ 1 "a" [ ] ]', '[ (1) ("a") ([ ]) ]'],
    ['1.5', '1.5'],
    ['"a${b}\\n$${\\${"', '("a" + b + "\\n$\\${\\${")'],
    ['"${a}"', '(a)'],
    ["''${\"a\"}''", '"a"'],
    ["''a''$b''", '("a" + "$" + "b")'],
    ['./a', '/here/a'],
    ['./a/${b}c', '(/here/a/ + b + "c")'],
    ['~/a', '/home/me/a'],
    ['a.b.${c}."d e".${"f"} or g', '(a).b."${c}"."d e".f or (g)'],
    ['a ? b."x${c}"', '((a) ? b."${("x" + c)}")'],
    ['{ }', '{ }'],
    ['{ b.c = 1; a = 2; b.d = 3; }', '{ a = 2; b = { c = 1; d = 3; }; }'],
    ['{ b = { c = 1; }; b.d = 3; }', '{ b = { c = 1; d = 3; }; }'],
    ['rec { z = 1; inherit y x; inherit (q) w v; }', 'rec { inherit x y; inherit (q) v w; z = 1; }'],
    ['{ ${a}.b = 1; "c${d}" = 2; }', '{ "${a}" = { b = 1; }; "${("c" + d)}" = 2; }'],
    ['{ "if" = 1; "a b" = 2; or = 3; }', '{ "a b" = 2; "if" = 1; or = 3; }'],
    ['let a = 1; in a', '(let a = 1; in a)'],
    ['let { body = 1; }', '(rec { body = 1; }).body'],
    ['with a; assert b; c', '(with a; assert b; c)'],
    ['if a then b else c', '(if a then b else c)'],
    ['x: x', '(x: x)'],
    ['{ b ? 1, a, ... }@x: __curPos', '({ a, b ? 1, ... } @ x: __curPos)'],
    ['{ ... }: 1', '({ ... }: 1)'],
    ['{ }: 1', '({  }: 1)'],
    ['a |> f b |> g', '(g (f b a))'],
    ['f a <| b', '(f a b)'],
  ];
  for (const [text, expected] of rows) {
    it(JSON.stringify(text), () => {
      const { root, errors } = parse(text, { pipeOperators: true });
      assert.deepEqual(errors, []);
      assert.equal(printCanonical(root, form), expected);
    });
  }

  it('prints deep trees', () => {
    const { root } = parse(`${'['.repeat(9000)}${']'.repeat(9000)}`);
    assert.equal(printCanonical(root, form).length, 9000 * 6 - 3);
    const chain = parse(`1${' - 2'.repeat(100_000)}`);
    assert.equal(printCanonical(chain.root, form).length, 1 + '(__sub  2)'.length * 100_000);
  });
});
