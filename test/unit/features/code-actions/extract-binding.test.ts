import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const extracted = (text: string): string | undefined => acted(text, /^Extract to '.*let/);

describe('extracting to a let', () => {
  it('makes a binding in the let around', () => {
    strictEqual(extracted('let a = 1; in a + «selection:(a + 2)»'), 'let a = 1; value = a + 2; in a + value');
    strictEqual(extracted('let a = f «selection:[ 1 ]»; in a'), 'let a = f value; value = [ 1 ]; in a');
    strictEqual(
      extracted('let\n  # one\n  a = 1; # c\nin\n{\n  b = «selection:f {\n    x = a;\n  }»;\n}'),
      'let\n  # one\n  a = 1; # c\n  b = f {\n    x = a;\n  };\nin\n{\n  b = b;\n}',
    );
  });

  it('makes a let around the innermost place that sees all names', () => {
    strictEqual(extracted('x: f «selection:(x + 1)»'), 'x: let value = x + 1; in f value');
    strictEqual(extracted('f «selection:a.b.c» 1'), 'let c = a.b.c; in f c 1');
    strictEqual(extracted('with x; f «selection:(y 1)»'), 'with x; let value = y 1; in f value');
    strictEqual(extracted('{ a ? f «selection:[ ]» }: a'), '{ a ? let value = [ ]; in f value }: a');
    strictEqual(
      extracted('rec { a = f «selection:[ b ]»; b = 1; }'),
      'rec { a = let value = [ b ]; in f value; b = 1; }',
    );
    strictEqual(extracted('{ x }:\n\nf «selection:{ }»'), '{ x }:\n\nlet\n  value = { };\nin\nf value');
    strictEqual(
      extracted('value: f«selection:[ value ]»-1'),
      'value: let value2 = [ value ]; in f value2 -1',
    );
    strictEqual(extracted('f: «selection:  f 1  »+ 2'), 'f:   let value = f 1; in value  + 2');
  });

  it('is not offered where there is no place, or nothing to extract', () => {
    for (const text of [
      'let a = 1; in «selection:a»',
      'let a = 1; in 1 + 2 «selection:+ 3»',
      '«selection:f 1»',
      'x: «selection:x 1»',
      'x: f «selection:__curPos»',
      '{ «selection:a.b» = 1; }',
      'rec { ${«selection:"a" + b»} = 1; b = "c"; }',
      'let a = «selection:{ b = 1; }»; a.c = 2; in a',
    ])
      strictEqual(extracted(text), undefined, text);
  });
});
