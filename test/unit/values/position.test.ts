// Lines and columns of positions, as Nix counts them.
import assert from 'node:assert/strict';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { EditedText } from '../../../server/src/evaluator/edited-text';
import { lineAndColumn, placeOf, type Source } from '../../../server/src/values/position';

describe('positions', () => {
  it('have lines and columns from 1, in bytes; LF, CR LF and CR end lines', () => {
    const source: Source = { kind: 'string', path: '«string»', text: encodeUtf8('é\nb\r\nc\rd') };
    const places = Array.from({ length: 10 }, (_, offset) => {
      const { line, column } = lineAndColumn(source, offset);
      return `${line}:${column}`;
    });
    // The LF of a CR LF belongs to the line that it ends.
    assert.deepEqual(places, ['1:1', '1:2', '1:3', '2:1', '2:2', '2:3', '3:1', '3:2', '4:1', '4:2']);
  });

  it('are looked up in the present text of a document', () => {
    const text = new EditedText('/a.nix', 'a\nb', () => undefined);
    const { source } = text;
    assert.deepEqual(lineAndColumn(source, 2), { line: 2, column: 1 });
    assert.ok(text.edit({ start: 0, end: 1, text: '\n\nxyz' }, '\n\nxyz\nb'));
    assert.deepEqual(placeOf({ source, offset: 2 }), { line: 4, column: 1 });
    assert.deepEqual(lineAndColumn(source, 3), { line: 3, column: 2 });
  });
});
