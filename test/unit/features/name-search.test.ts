import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { NameSearch } from '../../../server/src/features/name-search';

/** The names that fit, the best first. */
const search = (query: string, names: readonly string[]): string[] => {
  const search = new NameSearch(query);
  const ranked = names.map((name) => ({ name, rank: search.rank(name) }));
  return ranked
    .filter(({ rank }) => rank !== undefined)
    .sort((a, b) => a.rank! - b.rank!)
    .map(({ name }) => name);
};

describe('name search', () => {
  it('takes the whole name first, then its start, a word, a part and letters in their order', () => {
    const names = ['b-ax-r', 'foobar', 'foo-bar', 'barn', 'bar', 'fooBarred', 'rab', 'BAR2'];
    deepStrictEqual(search('bar', names), [
      'bar',
      'barn',
      'BAR2',
      'foo-bar',
      'fooBarred',
      'foobar',
      'b-ax-r',
    ]);
  });

  it('does not mind upper and lower case, of any script', () => {
    deepStrictEqual(search('ÄrGer', ['"ärger"', 'arger']), ['"ärger"']);
    deepStrictEqual(search('FF', ['firefox']), ['firefox']);
  });

  it('takes every name for no query, and none for letters that it lacks', () => {
    strictEqual(new NameSearch('').rank('x') === undefined, false);
    strictEqual(new NameSearch('xx').rank('x'), undefined);
    strictEqual(new NameSearch('ba').rank('ab'), undefined);
  });

  it('prefers a short name to a long one, but not to a better fit', () => {
    const search = new NameSearch('a');
    ok(search.rank('a'.repeat(300))! < search.rank('b-a')!);
    ok(search.rank('ab')! < search.rank('abc')!);
  });
});
