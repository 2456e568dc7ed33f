import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const inlined = (text: string): string | undefined => acted(text, /^Inline/);

describe('inlining a binding', () => {
  it('puts the value in the place of all uses, and takes the binding away', () => {
    strictEqual(inlined('let a| = 1; b = 2; in a + b + a'), 'let b = 2; in 1 + b + 1');
    strictEqual(inlined('let b = 2; a| = b; c = a; in a'), 'let b = 2; c = b; in b');
    strictEqual(inlined('let a| = 1; in a + 2'), '1 + 2');
    strictEqual(inlined('x :let a| = f x; in [ a ]'), 'x : [ (f x) ]');
    strictEqual(inlined('let a = f 1; in |a'), 'f 1');
    strictEqual(
      inlined('let\n  a| = {\n    x = 1;\n  };\n  # two\n  b = 2;\nin\n{\n  c = f a;\n}'),
      'let\n  # two\n  b = 2;\nin\n{\n  c = f {\n    x = 1;\n  };\n}',
    );
  });

  it('puts it at one use, where the cursor is on that', () => {
    strictEqual(inlined('let a = 1; in |a + a'), 'let a = 1; in 1 + a');
  });

  it('adds parentheses where they are needed', () => {
    const inList = (value: string): string | undefined => inlined(`x: let a| = ${value}; in [ a ]`);
    strictEqual(inList('-1'), 'x: [ (-1) ]');
    strictEqual(inList('x.y or 1'), 'x: [ x.y or 1 ]');
    strictEqual(inList('y: y'), 'x: [ (y: y) ]');
    strictEqual(inlined('let a| = 1 + 2; in a * 3'), '(1 + 2) * 3');
    strictEqual(inlined('x: let a| = x.y; in a.z or 1'), 'x: (x.y).z or 1');
    strictEqual(inlined('x: let a| = x.y; in a.z'), 'x: x.y.z');
    strictEqual(inlined('let a| = 1; in a.z'), '(1).z');
    strictEqual(inlined('x: let a| = x 1; in a + 1'), 'x: x 1 + 1');
    strictEqual(inlined('x: let a| = x 1; in x a'), 'x: x (x 1)');
    strictEqual(inlined('let a| = ./b; in a+"c"'), './b +"c"');
    strictEqual(
      inlined('let a| = if x then 1 else 2; x = true; in "${a}"'),
      'let x = true; in "${if x then 1 else 2}"',
    );
  });

  it('is not offered where names would mean something else', () => {
    for (const text of [
      'b: let a| = b; in b: a',
      'b: let a| = b; in let b = 1; in a',
      'b: let a| = b; in rec { b = 1; c = a; }',
      'x: with x; let a| = y; in with z; a',
      'let a| = 1 - 2; in let __sub = 3; in a',
    ])
      strictEqual(inlined(text), undefined, text);
    strictEqual(inlined('x: let a| = x; in with x; a'), 'x: with x; x');
    strictEqual(inlined('let a| = toString; in with x; a'), 'with x; toString');
  });

  it('is not offered where it would be evaluated again and again, or cannot go', () => {
    for (const text of [
      'f: let a| = f 1; in a + a',
      'f: let a| = f 1; in x: a',
      'let a| = a; in 1',
      'let a| = 1; in { inherit a; }',
      'let a|.b = 1; in a',
      'let a| = 1; in 2',
      'let a| = __curPos; in a',
      'let a| /* c */ = 1; in a',
      'let a| = 1; /* c */ in a',
      'rec { a| = 1; b = a; }',
      '{ a| }: a',
    ])
      strictEqual(inlined(text), undefined, text);
  });
});
