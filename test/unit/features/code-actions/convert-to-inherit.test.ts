import { ok, strictEqual } from 'node:assert/strict';
import { acted, titlesIn } from '../../../kit/code-actions';

const converted = (text: string): string | undefined => acted(text, /^Convert to 'inherit/);

describe('converting to inherit', () => {
  it('takes a variable of the same name', () => {
    strictEqual(converted('x: { x| = x; y = 1; }'), 'x: { inherit x; y = 1; }');
    strictEqual(converted('x: { x = x|; }'), 'x: { inherit x; }');
  });

  it('takes an attribute of the same name', () => {
    strictEqual(converted('a: { x| = a.x; }'), 'a: { inherit (a) x; }');
    strictEqual(converted('a: rec { x| = a.b.c.x; }'), 'a: rec { inherit (a.b.c) x; }');
    strictEqual(converted('let x| = (import ./a).x; in x'), 'let inherit (import ./a) x; in x');
    strictEqual(converted('a: { x| = (a).b.x; }'), 'a: { inherit ((a).b) x; }');
    strictEqual(converted('a: { "x y"| = a."x y"; }'), 'a: { inherit (a) "x y"; }');
    strictEqual(converted('a: { x| =\n a.x ; }'), 'a: { inherit (a) x ; }');
    ok(titlesIn('a: { x| = a.b.x; }').includes("Convert to 'inherit (a.b) x'"));
  });

  it('is not offered where that would mean something else', () => {
    for (const text of [
      'let x = 1; in rec { x| = x; }',
      'let x| = x; in x',
      'a: { x| = a.y; }',
      'a: { x| = a.x or 1; }',
      'a: { x.x| = a.x; }',
      'a: { ${"x"}| = a.x; }',
      'a: { x| = a.${"x"}; }',
      'y: { x| = y; }',
      '{ "x y"| = 1; }',
    ])
      strictEqual(converted(text), undefined, text);
  });

  it('loses no comment', () => {
    for (const text of ['a: { x| = /* c */ a.x; }', 'a: { x| = a # c\n.x; }', 'x: { x| /**/ = x; }'])
      strictEqual(converted(text), undefined, text);
    strictEqual(converted('a: { x| = a.x /* c */; }'), 'a: { inherit (a) x /* c */; }');
  });
});
