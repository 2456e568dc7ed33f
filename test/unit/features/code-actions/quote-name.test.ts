import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const changed = (text: string): string | undefined => acted(text, /quotes? /i, false);

describe('quoting names', () => {
  it('puts quotes around and takes them away', () => {
    strictEqual(changed('{ a| = 1; }'), '{ "a" = 1; }');
    strictEqual(changed('{ a.b| = 1; }'), '{ a."b" = 1; }');
    strictEqual(changed('{ "a|" = 1; }'), '{ a = 1; }');
    strictEqual(changed('x: x."a"| or 1'), 'x: x.a or 1');
    strictEqual(changed('x: x."a"|or 1'), 'x: x.a or 1');
    strictEqual(changed('x: { inherit (x) |"a""b"; }'), 'x: { inherit (x) a"b"; }');
    strictEqual(changed('x: { inherit (x) a"b|"; }'), 'x: { inherit (x) a b; }');
    strictEqual(changed('{ ${"a|"} = 1; }'), '{ a = 1; }');
  });

  it('is not offered for what needs quotes, or is no name', () => {
    for (const text of [
      '{ "a b"| = 1; }',
      '{ "if"| = 1; }',
      '{ "1"| = 1; }',
      '{ "${x}|" = 1; }',
      'x: x."or"|',
      'x: x.a|',
      '"a|"',
      '[ "a|" ]',
      '{ ${/* c */ "a|"} = 1; }',
    ])
      strictEqual(changed(text), undefined, text);
  });
});
