import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { semanticTokens, type SemanticToken } from '../../../server/src/features/semantic-tokens';
import { parse } from '../../../server/src/syntax/parse';
import { anyText, seeded } from '../syntax/random-texts';

/** Each token as its text, its type and its modifier. */
const shown = (text: string): string[] => show(text, semanticTokens(parse(text)));
const show = (text: string, tokens: readonly SemanticToken[]): string[] =>
  tokens.map(({ range, type, modifier }) => {
    const name = text.slice(range.start, range.end);
    return `${name}: ${type}${modifier === undefined ? '' : ` ${modifier}`}`;
  });

describe('semantic tokens', () => {
  const table: readonly [what: string, text: string, tokens: readonly string[]][] = [
    [
      'parameters',
      'x: y@{ a, b ? a, ... }: x + a',
      [
        'x: parameter declaration',
        'y: parameter declaration',
        'a: parameter declaration',
        'b: parameter declaration',
        'a: parameter',
        'x: parameter',
        'a: parameter',
      ],
    ],
    [
      'names of a let, those that are functions apart',
      'let a = 1; f = (x: a); g.h = y: 1; in f a g',
      [
        'a: variable declaration',
        'f: function declaration',
        'x: parameter declaration',
        'a: variable',
        'g: variable declaration',
        'h: function declaration',
        'y: parameter declaration',
        'f: function',
        'a: variable',
        'g: variable',
      ],
    ],
    [
      'attributes, and the names of recursive sets',
      'rec { a.b = a; f = x: x; c = f { a = 1; }; }',
      [
        'a: property declaration',
        'b: property declaration',
        'a: property',
        'f: function declaration',
        'x: parameter declaration',
        'x: parameter',
        'c: property declaration',
        'f: function',
        'a: property declaration',
      ],
    ],
    [
      'what is selected, and what is called',
      'a: a.b.c a.d or (a ? e.f) (a.g)',
      [
        'a: parameter declaration',
        'a: parameter',
        'b: property',
        'c: function',
        'a: parameter',
        'd: property',
        'a: parameter',
        'e: property',
        'f: property',
        'a: parameter',
        'g: property',
      ],
    ],
    ['parameters that are called', 'f: (f) 1', ['f: parameter declaration', 'f: parameter']],
    [
      'names of a with, but not in its environment',
      'with e; e + f 1',
      ['e: unresolvedReference', 'e: property', 'f: function'],
    ],
    [
      'a with inside of a let',
      'let a = 1; in with a; a + b',
      ['a: variable declaration', 'a: variable', 'a: variable', 'b: property'],
    ],
    [
      'what is behind a with',
      '{ a = with x: x; y; b = z; }',
      [
        'a: property declaration',
        'x: parameter declaration',
        'x: parameter',
        'y: property',
        'b: property declaration',
        'z: unresolvedReference',
      ],
    ],
    [
      'builtins',
      'map import builtins.map builtins.nixVersion builtins.x __sub derivation true',
      [
        'map: function defaultLibrary',
        'import: function defaultLibrary',
        'builtins: variable defaultLibrary',
        'map: function defaultLibrary',
        'builtins: variable defaultLibrary',
        'nixVersion: variable defaultLibrary',
        'builtins: variable defaultLibrary',
        'x: property',
        '__sub: function defaultLibrary',
        'derivation: function defaultLibrary',
      ],
    ],
    [
      'builtins in a with',
      'with { map = 1; }; map',
      ['map: property declaration', 'map: function defaultLibrary'],
    ],
    [
      'names that hide builtins',
      'let map = 1; true = 2; in builtins: [ map true builtins.map ]',
      [
        'map: variable declaration',
        'true: variable declaration',
        'builtins: parameter declaration',
        'map: variable',
        'true: variable',
        'builtins: parameter',
        'map: property',
      ],
    ],
    [
      'inherited names',
      'a: let inherit a; inherit (b) c; b = a; in { inherit c d; inherit (b) e; }',
      [
        'a: parameter declaration',
        'a: parameter',
        'b: variable',
        'c: variable declaration',
        'b: variable declaration',
        'a: parameter',
        'c: variable',
        'd: unresolvedReference',
        'b: variable',
        'e: property declaration',
      ],
    ],
    [
      'inherited builtins',
      'let inherit (builtins) map; in map 1',
      ['builtins: variable defaultLibrary', 'map: function defaultLibrary', 'map: function defaultLibrary'],
    ],
    [
      'names in quotes are declared, too',
      'let "a" = 1; "${b}" = 2; in a',
      ['b: unresolvedReference', 'a: variable'],
    ],
    [
      'interpolations',
      'x: "a${x}b" + ./${x}/c',
      ['x: parameter declaration', 'x: parameter', 'x: parameter'],
    ],
    [
      'the legacy let',
      'let { body = a; a = 1; }',
      ['body: variable declaration', 'a: variable', 'a: variable declaration'],
    ],
    [
      'broken text',
      'a: let x = ; in { y = x',
      ['a: parameter declaration', 'x: variable declaration', 'y: property declaration', 'x: variable'],
    ],
  ];
  for (const [what, text, tokens] of table) it(`tell ${what}`, () => deepStrictEqual(shown(text), tokens));

  it('of a range are those of the whole that it touches', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), fc.nat(), (text, a, b) => {
        const parsed = parse(text);
        const from = a % (text.length + 1);
        const range = { start: from, end: from + (b % (text.length - from + 1)) };
        const all = semanticTokens(parsed);
        const touched = all.filter(({ range: { start, end } }) => start < range.end && end > range.start);
        deepStrictEqual(semanticTokens(parsed, range), touched);
      }),
      seeded(1000),
    );
  });

  it('are names of the text, in order and apart', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let last = 0;
        for (const { range } of semanticTokens(parse(text))) {
          ok(range.start >= last, text);
          ok(/^[a-zA-Z_][\w'-]*$/.test(text.slice(range.start, range.end)), text);
          last = range.end;
        }
      }),
      seeded(1000),
    );
  });

  it('of deep and long texts take neither stack nor long', () => {
    strictEqual(semanticTokens(parse(`${'x: '.repeat(9000)}x`)).length, 9001);
    strictEqual(semanticTokens(parse(`x: x${' + x'.repeat(40_000)}`)).length, 40_002);
    strictEqual(semanticTokens(parse(`${'let a = '.repeat(4000)}1${'; in a'.repeat(4000)}`)).length, 8000);
    const wide = Array.from({ length: 50_000 }, (_, i) => `a${i} = a0;`).join(' ');
    strictEqual(semanticTokens(parse(`rec { ${wide} }`)).length, 100_000);
  });
});
