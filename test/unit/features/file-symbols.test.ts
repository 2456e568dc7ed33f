import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { fileSymbols, standsIn } from '../../../server/src/features/file-symbols';
import { parse } from '../../../server/src/syntax/parse';

/** Each symbol with what it is in. */
const names = (text: string): string[] =>
  fileSymbols(parse(text)).map(({ name, container }) => (container === '' ? name : `${container}/${name}`));

describe('file symbols', () => {
  const table: readonly [what: string, text: string, names: readonly string[]][] = [
    [
      'the names of a set, and of those in it',
      '{ a = 1; b = { c = 2; d.e = { f = 3; }; }; }',
      ['a', 'b', 'b/c', 'b/d.e', 'b.d.e/f'],
    ],
    [
      'what is around the value',
      'x: with x; let f = y: { g = 1; }; in assert f; ({ h = 2; })',
      ['f', 'h', 'f/g'],
    ],
    [
      'both sides of an update and of an if',
      'a // { b = 1; } // (if c then { d = 1; } else rec { e = 2; })',
      ['b', 'd', 'e'],
    ],
    [
      'functions that are passed to something',
      'makeScope new (self: with self; { a = callPackage ./a { b = 1; }; })',
      ['a'],
    ],
    ['no arguments of calls', 'mkDerivation rec { name = "x"; }', []],
    [
      'the outputs of a flake',
      '{ outputs = { self }: { packages.x.default = self; }; }',
      ['outputs', 'outputs/packages.x.default'],
    ],
    ['no helpers of functions deep inside', '{ f = x: let y = 1; in y; }', ['f']],
    ['no names of lists and of strings', '{ a = [ { b = 1; } ]; c = "${{ d = 1; }}"; }', ['a', 'c']],
    ['quoted and computed names as they are written', '{ "a b" = 1; ${x}.\n y = 2; }', ['"a b"', '${x}. y']],
    ['broken text', '{ a = ; b = { c', ['a', 'b', 'b/c']],
  ];
  for (const [what, text, found] of table) it(`are ${what}`, () => deepStrictEqual(names(text), found));

  it('know whether they still stand in a text', () => {
    const text = '{ ab = 1; }';
    const [symbol] = fileSymbols(parse(text));
    ok(standsIn(text, symbol!));
    ok(!standsIn(` ${text}`, symbol!));
    ok(!standsIn('', symbol!));
  });

  it('of deep and wide texts keep to their limits', () => {
    strictEqual(names('{ a = '.repeat(4000)).length, 4);
    strictEqual(names(`{ ${'a = 1; '.repeat(60_000)} }`).length, 50_000);
    strictEqual(names(`{ a = 1; }${' // { b = 2; }'.repeat(4000)}`).length, 4001);
  });
});
