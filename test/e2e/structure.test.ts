/** What the tree alone answers, on the built server. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { Editor } from './editor';

const uri = 'file:///nixray-tests/structure.nix';

describe('structure', () => {
  let editor: Editor;
  before(async () => {
    editor = await Editor.start({ initializationOptions: { trusted: false } });
    editor.open(uri, '{\n  "größe" = {\n    b = 1;\n  };\n}\n');
  });
  after(() => editor.kill());

  it('gives symbols, folds and selection ranges', async () => {
    const textDocument = { uri };
    const symbols = await editor.request<{ name: string; children: { name: string; range: object }[] }[]>(
      'textDocument/documentSymbol',
      { textDocument },
    );
    strictEqual(symbols[0]!.name, '"größe"');
    strictEqual(symbols[0]!.children[0]!.name, 'b');
    deepStrictEqual(await editor.request('textDocument/foldingRange', { textDocument }), [
      { startLine: 0, endLine: 3 },
      { startLine: 1, endLine: 2 },
    ]);
    const [selection] = await editor.request<{ range: object; parent: object }[]>(
      'textDocument/selectionRange',
      { textDocument, positions: [{ line: 2, character: 8 }] },
    );
    deepStrictEqual(selection!.range, { start: { line: 2, character: 8 }, end: { line: 2, character: 9 } });
  });

  it('gives null for documents that are not open', async () => {
    const textDocument = { uri: 'file:///other.nix' };
    strictEqual(await editor.request('textDocument/documentSymbol', { textDocument }), null);
    strictEqual(await editor.request('textDocument/foldingRange', { textDocument }), null);
    strictEqual(await editor.request('textDocument/selectionRange', { textDocument, positions: [] }), null);
  });
});
