/** Names of the whole workspace, on the built server. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { SymbolInformation } from 'vscode-languageserver-protocol';
import { Editor } from './editor';
import { TestFolder } from './folder';

describe('workspace symbols', () => {
  let editor: Editor;
  let folder: TestFolder;
  before(async () => {
    folder = new TestFolder({ 'a.nix': '{\n  "𝄞".tea = x: x;\n}\n', 'b.nix': '{ set = { tea = 1; }; }' });
    // The text alone is enough, so trust does not matter.
    editor = await Editor.start({ folder: folder.path, initializationOptions: { trusted: false } });
  });
  after(() => {
    editor.kill();
    folder.dispose();
  });

  const search = (query: string): Promise<SymbolInformation[]> =>
    editor.request('workspace/symbol', { query });

  it('are found in files that are not open, with their places in UTF-16', async () => {
    deepStrictEqual(await search('tea'), [
      {
        name: 'tea',
        kind: 16,
        location: {
          uri: folder.uri('b.nix'),
          range: { start: { line: 0, character: 10 }, end: { line: 0, character: 13 } },
        },
        containerName: 'set',
      },
      {
        name: '"𝄞".tea',
        kind: 12,
        location: {
          uri: folder.uri('a.nix'),
          range: { start: { line: 1, character: 2 }, end: { line: 1, character: 10 } },
        },
      },
    ]);
  });

  it('are those of unsaved text, until it is closed', async () => {
    editor.open(folder.uri('b.nix'), '{ coffee = 1; }');
    strictEqual((await search('tea')).length, 1);
    strictEqual((await search('coffee')).length, 1);
    editor.close(folder.uri('b.nix'));
    strictEqual((await search('tea')).length, 2);
    strictEqual((await search('coffee')).length, 0);
  });

  it('follow files on disk', async () => {
    const uri = folder.write('c.nix', '{ cocoa = 1; }');
    strictEqual((await search('cocoa')).length, 0);
    editor.send('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 1 }] });
    strictEqual((await search('cocoa')).length, 1);
  });
});
