/** The kinds of names, as the protocol encodes them, on the built server. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { Editor } from './editor';

const uri = 'file:///nixray-tests/tokens.nix';
const textDocument = { uri };

interface Tokens {
  resultId: string;
  data: number[];
}

interface Delta {
  resultId: string;
  edits: { start: number; deleteCount: number; data: number[] }[];
}

describe('semantic tokens', () => {
  let editor: Editor;
  before(async () => {
    // Names need no evaluation, so trust does not matter.
    editor = await Editor.start({ initializationOptions: { trusted: false } });
    editor.open(uri, '# ä\nx:\n  "𝄞" + x + map\n');
  });
  after(() => editor.kill());

  const full = (): Promise<Tokens> => editor.request('textDocument/semanticTokens/full', { textDocument });

  it('count lines and UTF-16 units from one to the next', async () => {
    const { data } = await full();
    deepStrictEqual(data, [1, 0, 1, 0, 1, 1, 9, 1, 0, 0, 0, 4, 3, 2, 2]);
  });

  it('are given for a range alone', async () => {
    const range = { start: { line: 2, character: 10 }, end: { line: 3, character: 0 } };
    const { data } = await editor.request<Tokens>('textDocument/semanticTokens/range', {
      textDocument,
      range,
    });
    deepStrictEqual(data, [2, 13, 3, 2, 2]);
  });

  it('are told as what is different, after any edits', async () => {
    let { resultId, data } = await full();
    const texts = ['x: x', 'x: y: x', 'y: x', '', '{ a = 1; b = a; }', '{ b = a; }'];
    for (const text of texts) {
      editor.type(uri, text);
      const params = { textDocument, previousResultId: resultId };
      const delta = await editor.request<Delta>('textDocument/semanticTokens/full/delta', params);
      for (const { start, deleteCount, data: inserted } of delta.edits)
        data.splice(start, deleteCount, ...inserted);
      deepStrictEqual(data, (await full()).data, text);
      const params2 = { textDocument, previousResultId: 'of another server' };
      ({ resultId, data } = await editor.request<Tokens>('textDocument/semanticTokens/full/delta', params2));
    }
  });

  it('are null for documents that are not open', async () => {
    const other = { textDocument: { uri: 'file:///other.nix' } };
    strictEqual(await editor.request('textDocument/semanticTokens/full', other), null);
  });
});
