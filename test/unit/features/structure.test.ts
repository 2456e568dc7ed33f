import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { documentSymbols, type DocumentSymbol } from '../../../server/src/features/document-symbols';
import { folds } from '../../../server/src/features/folding';
import { selectionRanges } from '../../../server/src/features/selection-ranges';
import { parse } from '../../../server/src/syntax/parse';

const outline = (symbols: readonly DocumentSymbol[]): unknown[] =>
  symbols.map(({ name, kind, children }) =>
    children.length === 0 ? `${name}: ${kind}` : [`${name}: ${kind}`, ...outline(children)],
  );

describe('document symbols', () => {
  it('are the bindings, nested', () => {
    const text =
      'let a = 1; f = { x }: rec { y = [ { z = "s"; } ]; }; in { b.c = ./p; inherit a; ${a} = f; }';
    deepStrictEqual(outline(documentSymbols(parse(text))), [
      'a: number',
      ['f: function', ['y: list', 'z: string']],
      'b.c: path',
      '${a}: variable',
    ]);
  });

  it('keep to the budget, the outer bindings first', () => {
    const symbols = documentSymbols(parse('{ a = { x = 1; y = 2; }; b = { z = 3; }; }'), 3);
    deepStrictEqual(outline(symbols), [['a: set', 'x: number'], 'b: set']);
  });

  it('are found in broken, deep and wide texts', function () {
    this.timeout(0);
    const count = (text: string): number => documentSymbols(parse(text)).length;
    strictEqual(count(''), 0);
    strictEqual(count('{ = 1; }'), 0);
    strictEqual(count('{ a = '), 1);
    strictEqual(count('{ a = '.repeat(5000)), 1);
    strictEqual(count(`[${' 1'.repeat(700_000)} { a = 1; } ]`), 1);
  });
});

describe('folding', () => {
  /** Each fold as its kind, its first line and its last line. */
  const lines = (text: string): [kind: string, first: number, last: number][] =>
    folds(parse(text)).map(({ range, kind }) => {
      const line = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
      return [kind, line(range.start), line(range.end)];
    });

  it('folds what spans several lines', () => {
    const text = "# One.\n# Two.\n{\n  a = [\n    1\n  ];\n  b = [ 2 ];\n  c = ''\n    x\n  '';\n}\n";
    deepStrictEqual(lines(text), [
      ['comment', 0, 1],
      ['code', 2, 10],
      ['code', 3, 5],
      ['code', 7, 9],
    ]);
  });

  it('folds comments between entries, but not what is said of an entry on its line', () => {
    const text = `rec {
  /**
    Doc of a.
  */
  a = 1; # about a
  # One.
  # Two.

  # Alone.
  b = [
    /* x
    */
    1
    # Three.
    # Four.
  ];
  s = ''
    # no
    # comment
  '';
  # Last.
  # Words.
}`;
    deepStrictEqual(
      lines(text).filter(([kind]) => kind === 'comment'),
      [
        ['comment', 1, 3],
        ['comment', 5, 6],
        ['comment', 20, 21],
        ['comment', 10, 11],
        ['comment', 13, 14],
      ],
    );
  });
});

describe('selection ranges', () => {
  it('grow from the node to the text', () => {
    const text = ' { a = 1 + f x; }';
    const shown = selectionRanges(parse(text), text.indexOf('x')).map(({ start, end }) =>
      text.slice(start, end),
    );
    strictEqual(shown[0], 'x');
    ok(shown.includes('1 + f x'));
    strictEqual(shown.at(-1), text);
  });
});
