import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const expanded = (text: string): string | undefined => acted(text, /^Convert to 'let/);

describe('a with', () => {
  const selected = (text: string): string | undefined => acted(text, /^Convert to selections/);

  it('becomes a let that inherits what is used', () => {
    strictEqual(expanded('a: |with a; [ b (c b) ]'), 'a: let inherit (a) b c; in [ b (c b) ]');
    strictEqual(expanded('|with (import ./x); a + b'), 'let inherit (import ./x) a b; in a + b');
    strictEqual(expanded('|with import ./x;\na'), 'let inherit (import ./x) a; in\na');
    strictEqual(expanded('a: |with a;{ inherit b c; }'), 'a: let inherit (a) b c; in{ inherit b c; }');
    strictEqual(expanded('a: |with a; d: map (b: b + c) d'), 'a: let inherit (a) c; in d: map (b: b + c) d');
  });

  it('becomes selections', () => {
    strictEqual(selected('a: |with a; [ b (c b) ]'), 'a: [ a.b (a.c a.b) ]');
    strictEqual(
      selected('a: |with a.b; { inherit c; d = c.d or 1; }'),
      'a: { inherit (a.b) c; d = a.b.c.d or 1; }',
    );
    strictEqual(selected('a: |with a; rec { inherit c; d = c; }'), 'a: rec { inherit (a) c; d = c; }');
    strictEqual(selected('a: |with a; { ${b} = x: b; }'), 'a: { ${a.b} = x: a.b; }');
    strictEqual(selected('|with import ./x; a'), undefined);
    strictEqual(selected('a: |with a; a: b'), undefined);
    strictEqual(selected('a: |with a; { inherit b c; }'), undefined);
  });

  it('stays where it is not certain what comes from it', () => {
    for (const text of [
      'a: b: with b; |with a; c',
      'a: b: |with a; with b; c',
      'a: |with a; 1',
      'a: |with a; map a a',
      'a: with a; |b',
      'a: |with /* c */ a; b',
    ]) {
      strictEqual(expanded(text), undefined, text);
      strictEqual(selected(text), undefined, text);
    }
    strictEqual(expanded('|with x; x'), undefined);
    strictEqual(expanded('x: |with y; x + y'), undefined);
    strictEqual(expanded('a: b: |with a; c (with b; a)'), 'a: b: let inherit (a) c; in c (with b; a)');
  });
});
