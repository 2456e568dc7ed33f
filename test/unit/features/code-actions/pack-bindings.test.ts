import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const packed = (text: string): string | undefined => acted(text, /^Pack/);

describe('packing bindings', () => {
  it('takes those that stand together', () => {
    strictEqual(
      packed('{ a|.b = 1; a.c.d = 2; e = 3; a.f = 4; }'),
      '{ a = { b = 1; c.d = 2; }; e = 3; a.f = 4; }',
    );
    strictEqual(packed('{ a.b = 1; |a.c = 2; }'), '{ a = { b = 1; c = 2; }; }');
    strictEqual(packed('{ a.b|.c = 1; a.b.d = 2; a.e = 3; }'), '{ a.b = { c = 1; d = 2; }; a.e = 3; }');
    strictEqual(packed('let a|.b = 1; in a'), 'let a = { b = 1; }; in a');
    strictEqual(packed('x: { ${x}|.b = 1; }'), 'x: { ${x} = { b = 1; }; }');
  });

  it('gives each its line, and comments stay with them', () => {
    strictEqual(
      packed("{\n  # all\n  a|.b = [\n    1\n  ];\n\n  # two\n  a.c = ''\n    x\n  ''; # c\n}"),
      "{\n  # all\n  a = {\n    b = [\n      1\n    ];\n\n    # two\n    c = ''\n      x\n    ''; # c\n  };\n}",
    );
  });

  it('is not offered where older Nix would not put the packed set together with what stands before', () => {
    for (const text of [
      '{ a.b.x = 1; z = 1; |a.b.c = 1; }',
      '{ a.b = { }; z = 1; a|.b.c = 1; a.d = 1; }',
      '{ a = { b.x = 1; }; z = 1; a|.b.c = 1; }',
      '{ a.b.x.y = 1; z = 1; a.|b.x.z = 1; }',
      '{ a = { b.x = 1; }; z = 1; a.|b.c = 1; }',
    ])
      strictEqual(packed(text), undefined, text);
    strictEqual(packed('{ a.x = 1; z = 1; |a.b.c = 1; }'), '{ a.x = 1; z = 1; a = { b.c = 1; }; }');
    strictEqual(packed('{ |a.b.c = 1; z = 1; a.b.x = 1; }'), '{ a = { b.c = 1; }; z = 1; a.b.x = 1; }');
  });

  it('is not offered where there is nothing to pack, or a comment would be lost', () => {
    for (const text of ['{ a| = 1; }', '{ a.b| = 1; }', '{ a|. /* c */ b = 1; }', '{ a.b = |1; }'])
      strictEqual(packed(text), undefined, text);
  });
});
