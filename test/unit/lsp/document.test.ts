import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { Positions } from '../../../server/src/lsp/positions';
import { OpenDocument } from '../../../server/src/lsp/document';
import { parse } from '../../../server/src/syntax/parse';

const options = { pipeOperators: true };
const open = (text: string): OpenDocument =>
  new OpenDocument('file:///a.nix', '/a.nix', 'nix', 1, text, options);
const range = (a: number, b: number, c: number, d: number) => ({
  start: { line: a, character: b },
  end: { line: c, character: d },
});

describe('document', () => {
  it('converts positions in lines with wide characters', () => {
    const { positions } = open('a = "😀ü";\r\nb\rc\n');
    strictEqual(positions.offsetAt({ line: 0, character: 7 }), 9);
    strictEqual(positions.offsetAt({ line: 0, character: 6 }), 5);
    strictEqual(positions.offsetAt({ line: 0, character: 99 }), 13);
    strictEqual(positions.offsetAt({ line: 2, character: 0 }), 17);
    strictEqual(positions.offsetAt({ line: 4, character: 0 }), undefined);
    deepStrictEqual(positions.positionAt(11), { line: 0, character: 8 });
    deepStrictEqual(positions.positionAt(999), { line: 3, character: 0 });
  });

  it('gives changes in bytes', () => {
    const document = open('"ü" 1');
    const edits = document.change([{ range: range(0, 4, 0, 5), text: 'ß2' }], 2);
    deepStrictEqual(edits, [{ range: { start: 5, end: 6 }, inserted: 3 }]);
    strictEqual(document.bytes, encodeUtf8('"ü" ß2'));
    strictEqual(document.version, 2);
  });

  it('finds out what a new text changes', () => {
    const document = open('let a = 1; in a');
    const edits = document.change([{ text: 'let a = 23; in a' }], 2);
    deepStrictEqual(edits, [{ range: { start: 8, end: 9 }, inserted: 2 }]);
  });

  it('survives edits that cut a character in two', () => {
    const document = open('"😀"');
    document.change([{ range: range(0, 2, 0, 3), text: 'x' }], 2);
    strictEqual(document.bytes, encodeUtf8('"\ud83dx"'));
    strictEqual(document.parsed.text, document.bytes);
  });

  it('has the text, the tree and the errors of a fresh document after any changes', () => {
    const piece = fc.constantFrom(
      'a',
      '1',
      ' ',
      '\n',
      '\r\n',
      '{',
      '}',
      '"',
      'ü',
      '😀',
      'x = 1; ',
      '[ ',
      '${',
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    const place = fc.record({ line: fc.nat(5), character: fc.nat(12) });
    const change = fc.record({ range: fc.record({ start: place, end: place }), text });
    fc.assert(
      fc.property(text, fc.array(change, { maxLength: 6 }), (start, changes) => {
        const document = open(start);
        let expected = start;
        changes.forEach((each, i) => {
          void document.parsed;
          document.change([each], i + 2);
          // A new one each time: the library miscounts lines once it was given one that is not there.
          const oracle = TextDocument.create('file:///a.nix', 'nix', 1, expected);
          expected = TextDocument.update(oracle, [each], i + 2).getText();
        });
        strictEqual(document.bytes, encodeUtf8(expected));
        const fresh = new Positions(document.bytes);
        for (let offset = 0; offset <= document.bytes.length; offset++)
          deepStrictEqual(document.positions.positionAt(offset), fresh.positionAt(offset));
        deepStrictEqual(document.parsed.errors, parse(document.bytes, options).errors);
      }),
      { numRuns: 500 },
    );
  });
});
