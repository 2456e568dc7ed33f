import { strictEqual, throws } from 'node:assert/strict';
import { readDocumentUri, readOptionalRange, readPosition } from '../../../server/src/lsp/params';

describe('parameters', () => {
  const invalid = { code: -32602 };

  it('are refused where they are not as the protocol says', () => {
    for (const params of [
      undefined,
      null,
      1,
      'x',
      [],
      {},
      { textDocument: null },
      { textDocument: { uri: 1 } },
    ]) {
      throws(() => readDocumentUri(params), invalid);
    }
    for (const position of [
      null,
      {},
      { line: 1 },
      { line: -1, character: 0 },
      { line: 0.5, character: 0 },
      { line: NaN, character: 0 },
      { line: '1', character: 0 },
    ]) {
      throws(() => readPosition(position, 'position'), invalid);
    }
    throws(() => readOptionalRange({ start: { line: 0, character: 0 } }, 'range'), invalid);
  });

  it('are read', () => {
    strictEqual(readDocumentUri({ textDocument: { uri: 'file:///a' } }), 'file:///a');
    strictEqual(readPosition({ line: 3, character: 4 }, 'position').line, 3);
    strictEqual(readOptionalRange(undefined, 'range'), undefined);
    strictEqual(readOptionalRange(null, 'range'), undefined);
  });
});
