import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const flat = (text: string): string | undefined => acted(text, /^Flatten/);

describe('flattening a set', () => {
  it('writes the path before each attribute', () => {
    strictEqual(flat('{ a| = { b = 1; c.d = 2; }; }'), '{ a.b = 1; a.c.d = 2; }');
    strictEqual(flat('{ x.a| = { ${n} = 1; }; }'.replace('n', '"n"')), '{ x.a.${"n"} = 1; }');
    strictEqual(flat('let a| = { b = 1; }; in a'), 'let a.b = 1; in a');
  });

  it('moves lines to where the set stood, and the comments with them', () => {
    strictEqual(
      flat('{\n  a| = {\n    # first\n    b = 1; # one\n\n    c = [\n      2\n    ];\n    # last\n  };\n}'),
      '{\n  # first\n  a.b = 1; # one\n\n  a.c = [\n    2\n  ];\n  # last\n}',
    );
    strictEqual(flat('{ a| = { b = 1; # c\n}; d = 1; }'), '{ a.b = 1; # c\n d = 1; }');
  });

  it('leaves strings as they are', () => {
    strictEqual(
      flat("{\n  a| = {\n    b = ''\n      x\n        y\n    '';\n  };\n}"),
      "{\n  a.b = ''\n    x\n      y\n  '';\n}",
    );
    strictEqual(
      flat("{\n  a| = {\n    b = ''x\n      y'';\n    c = \"\n    z\";\n  };\n}"),
      "{\n  a.b = ''x\n      y'';\n  a.c = \"\n    z\";\n}",
    );
    strictEqual(
      flat("{\n  a| = {\n    b = ''\n     x\n   \n'';\n  };\n}"),
      "{\n  a.b = ''\n     x\n   \n'';\n}",
    );
  });

  it('is not offered where it would mean something else, or lose a comment', () => {
    for (const text of [
      '{ a| = rec { b = 1; }; }',
      '{ a| = { }; }',
      '{ a| = { inherit b; }; }',
      '{ ${"a" + "b"}| = { b = 1; c = 2; }; }',
      '{ a| = ({ b = 1; }); }',
      '{ a| = /* c */ { b = 1; }; }',
      '{ a| = { b = 1; } /* c */; }',
      '{ a = { b| = 1; }; }',
      '{ a = { b = |1; }; }',
    ])
      strictEqual(flat(text), undefined, text);
  });
});
