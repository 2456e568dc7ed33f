import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const written = (text: string): string | undefined => acted(text, /^Convert to '.* = /);

describe('writing inherited names out', () => {
  it('makes bindings of them', () => {
    strictEqual(written('x: { inherit x|; }'), 'x: { x = x; }');
    strictEqual(written('a: { inherit (a) x|; }'), 'a: { x = a.x; }');
    strictEqual(written('a: rec { inherit (f a) x|; }'), 'a: rec { x = (f a).x; }');
    strictEqual(written('a: { inherit (a.b or c) "x y"|; }'), 'a: { "x y" = (a.b or c)."x y"; }');
    strictEqual(written('a: let inherit (a) |x y; in x'), 'a: let inherit (a) y; x = a.x; in x');
    strictEqual(
      written('a: {\n  inherit (a)\n    x\n    y|\n    ;\n}'),
      'a: {\n  inherit (a)\n    x\n    ;\n  y = a.y;\n}',
    );
    strictEqual(
      written('a: {\n  inherit (a)\n    x # c\n    y|;\n}'),
      'a: {\n  inherit (a)\n    x # c\n    ;\n  y = a.y;\n}',
    );
  });

  it('is not offered where it would mean something else', () => {
    for (const text of [
      'x: rec { inherit x|; }',
      'x: let inherit x|; in x',
      'x: { inherit "x y"|; }',
      'a: { inherit (a) or|; }',
      'a: { inherit (a|) x; }',
      'a: { inherit /* c */ (a) x|; }',
    ])
      strictEqual(written(text), undefined, text);
  });
});
