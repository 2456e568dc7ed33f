import { strictEqual } from 'node:assert/strict';
import { declarationAt } from '../../../server/src/features/declaration';
import { parse } from '../../../server/src/syntax/parse';

/** The text from where the name at `|` is declared. */
const declared = (marked: string): string | undefined => {
  const text = marked.replace('|', '');
  const found = declarationAt(parse(text), marked.indexOf('|'));
  if (found?.kind === 'ask') return `ask: ${found.question.kind}`;
  return found?.kind === 'here'
    ? `${found.range.start}: ${text.slice(found.range.start, found.range.end)}`
    : undefined;
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
    ['final: prev: { x = prev.|hello; }', 'ask: attribute'],
    ['a: a ? |b', 'ask: attribute'],
    ['a: { inherit (a) |b; }', 'ask: attribute'],
    ['{ config, ... }: { a = config.services.x.|port; }', 'ask: option'],
    ['{ config, ... }: let cfg = config.services.x; in cfg.|port', 'ask: option'],
    ['{ config, ... }: { services.|x = 1; }', 'ask: option'],
    ['{ a.|b = 1; }', 'ask: option'],
    ['[ { a.|b = 1; } ]', '6: b'],
    ['./|a', undefined],
    ['|1', undefined],
  ];
  for (const [marked, found] of table) it(`of ${marked}`, () => strictEqual(declared(marked), found));
});
