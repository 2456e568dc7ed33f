import { strictEqual } from 'node:assert/strict';
import { declarationAt } from '../../../server/src/features/declaration';
import { parse } from '../../../server/src/syntax/parse';

/** The text from where the name at `|` is declared. */
const declared = (marked: string): string | undefined => {
  const text = marked.replace('|', '');
  const range = declarationAt(parse(text), marked.indexOf('|'));
  return range && `${range.start}: ${text.slice(range.start, range.end)}`;
};

describe('declaration', () => {
  const table: readonly [marked: string, declared: string | undefined][] = [
    ['let a = 1; in |a', '4: a'],
    ['{ a, b ? |a }: b', '2: a'],
    ['x: let inherit (x) a; in |a', '19: a'],
    ['x: let inherit x; in |x', '15: x'],
    ['a: with b; with c; |d', '16: c'],
    ['a: with b; |a', '0: a'],
    ['with b; |map', undefined],
    ['a: a.|b', undefined],
    ['|1', undefined],
  ];
  for (const [marked, found] of table) it(`of ${marked}`, () => strictEqual(declared(marked), found));
});
