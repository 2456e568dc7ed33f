import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const quoted = (text: string): string | undefined => acted(text, /URL/);

describe('a URL without quotes', () => {
  it('gets them', () => {
    strictEqual(quoted('[ http|://a.b/?c=$d&e ]'), '[ "http://a.b/?c=$d&e" ]');
    strictEqual(quoted('"http://|a"'), undefined);
    strictEqual(quoted('x|: x'), undefined);
  });
});
