import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import {
  callAt,
  callerAt,
  callsWithin,
  functionItemAt,
  itemAt,
} from '../../../server/src/features/call-hierarchy';
import { parse } from '../../../server/src/syntax/parse';

const path = '/folder/default.nix';

/** The item of the function whose name or head is at `|`. */
const functionAt = (marked: string): string | undefined => {
  const text = marked.replace('|', '');
  const item = functionItemAt(parse(text), path, marked.indexOf('|'));
  return item && `${item.kind} ${item.name} at ${item.nameRange.start}`;
};

const caller = (marked: string): string => {
  const { kind, name } = callerAt(parse(marked.replace('|', '')), path, marked.indexOf('|'));
  return `${kind} ${name}`;
};

describe('items of a call hierarchy', () => {
  const functions: readonly [marked: string, item: string | undefined][] = [
    ['{ |f = x: y: x; }', 'function f at 2'],
    ['{ a.f| = (x: x); }', 'function a.f at 2'],
    ['{ f = |x: x; }', 'function f at 2'],
    ['{ f = x: |{ y, z ? 1 }: x; }', 'function f at 2'],
    ['{ f = { y, z ? |1 }: y; }', undefined],
    ['{ f = x: |x; }', undefined],
    ['{ |a = 1; }', undefined],
    ['|{ x }: x', 'function folder/default.nix at 0'],
    ['# c\nlet a = 1; in with a; |x: x', 'function folder/default.nix at 26'],
    ['map (|x: y: x) [ ]', 'function x at 5'],
    ['|[ ]', undefined],
  ];
  for (const [marked, item] of functions)
    it(`are functions: ${JSON.stringify(marked)}`, () => strictEqual(functionAt(marked), item));

  it('are what has a name around a call', () => {
    strictEqual(caller('{ f = x: let h = |g x; in h; }'), 'function f');
    strictEqual(caller('{ a = { b = [ (|g 1) ]; }; }'), 'variable b');
    strictEqual(caller('x: |g x'), 'function folder/default.nix');
    strictEqual(caller('|g 1'), 'file folder/default.nix');
  });

  it('are what a definition leads to', () => {
    const text = '# c\n{ a = 1; f = x: x; }';
    const at = (offset: number): string | undefined => itemAt(parse(text), path, offset)?.name;
    deepStrictEqual([0, 4, 6, 13, 17, 20].map(at), [
      'folder/default.nix',
      'folder/default.nix',
      'a',
      'f',
      'f',
      undefined,
    ]);
  });

  it('have the calls in their text', () => {
    const text = 'let a = f 1; g = x: map (y: (lib.h) y (x)) [ ]; in g';
    const parsed = parse(text);
    const names = (start: number): string[] =>
      callsWithin(parsed, { start, end: text.indexOf('; in') }).flatMap((call) =>
        call.names.map((name) => text.slice(name.start, name.end)),
      );
    deepStrictEqual(names(0), ['f', 'map', 'h']);
    deepStrictEqual(names(text.indexOf('g =')), ['map', 'h']);
    const call = callAt(parsed, text.indexOf('(lib'))!;
    deepStrictEqual(
      call.names.map((name) => text.slice(name.start, name.end)),
      ['h', 'y', 'x'],
    );
    strictEqual(callAt(parsed, 0), undefined);
  });

  it('of deep texts take no stack', () => {
    const deep = `{ f = ${'g ('.repeat(4000)}1${')'.repeat(4000)}; }`;
    strictEqual(callsWithin(parse(deep), { start: 0, end: deep.length }).length, 4000);
  });
});
