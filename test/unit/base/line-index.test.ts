import assert from 'node:assert/strict';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { LineIndex } from '../../../server/src/base/line-index';

describe('LineIndex', () => {
  it('counts lines at LF, CR LF and CR', () => {
    const index = new LineIndex('a\nb\r\nc\rd');
    assert.equal(index.lineCount, 4);
    assert.deepEqual(
      [0, 1, 2, 3].map((line) => [index.lineStart(line), index.lineEnd(line)]),
      [
        [0, 1],
        [2, 3],
        [5, 6],
        [7, 8],
      ],
    );
  });

  it('goes from offsets to lines and byte columns', () => {
    const index = new LineIndex('ab\n\ncd');
    assert.deepEqual(index.position(1), { line: 0, column: 1 });
    assert.deepEqual(index.position(3), { line: 1, column: 0 });
    assert.deepEqual(index.position(6), { line: 2, column: 2 });
    assert.deepEqual(index.position(99), { line: 2, column: 2 });
  });

  it('counts UTF-16 units: two bytes, three bytes, a pair', () => {
    const text = 'é…😀x';
    const index = new LineIndex(encodeUtf8(`\n${text}`));
    for (const [units, bytes] of [
      [0, 1],
      [1, 3],
      [2, 6],
      [4, 10],
      [5, 11],
    ] as const) {
      assert.equal(index.utf16Offset(1, units), bytes);
      assert.deepEqual(index.utf16Position(bytes), { line: 1, column: units });
    }
    // Between the halves of the pair is its start.
    assert.equal(index.utf16Offset(1, 3), 6);
    assert.equal(index.utf16Offset(1, 99), 11);
  });

  it('counts in long lines as in short ones', () => {
    const pieces = ['a', 'é', '…', '😀', 'some words '];
    const text = Array.from({ length: 5000 }, (_, i) => pieces[(i * i) % pieces.length]).join('');
    const bytes = encodeUtf8(text);
    const index = new LineIndex(`x\n${bytes}\ny`);
    let at = 2;
    let units = 0;
    for (const character of text) {
      assert.deepEqual(index.utf16Position(at), { line: 1, column: units });
      assert.equal(index.utf16Offset(1, units), at);
      at += encodeUtf8(character).length;
      units += character.length;
    }
    assert.equal(index.utf16Offset(1, units + 9), at);
  });

  it('does not count a long line from its start each time', () => {
    // Counted from the start, it would be 10,000,000,000 bytes.
    const index = new LineIndex('é '.repeat(300_000));
    for (let at = 0; at < 900_000; at += 45) assert.equal(index.utf16Position(at).line, 0);
  });

  it('counts broken UTF-8 as it is decoded', () => {
    for (const bytes of [
      '\xffa',
      'a\xc3',
      '\xe2\x80',
      '\xed\xa0\x80',
      '\xf0\x9f\x98',
      '\xc0\xaf',
      '\xe2\x80a',
    ]) {
      const decoded = Buffer.from(bytes, 'latin1').toString('utf8');
      assert.equal(
        new LineIndex(bytes).utf16Position(bytes.length).column,
        decoded.length,
        JSON.stringify(bytes),
      );
    }
  });
});
