/** The server's life, and requests that are odd. */
import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { Editor } from './editor';

const uri = 'file:///nixray-tests/protocol.nix';

describe('protocol', () => {
  let editor: Editor;
  afterEach(() => editor.kill());

  it('answers initialize with what it can do', async () => {
    editor = Editor.spawn();
    const { capabilities } = await editor.initialize({});
    strictEqual(capabilities.hoverProvider, true);
    deepStrictEqual(capabilities.executeCommandProvider, {
      commands: ['nixray.server.showBytecode', 'nixray.server.fetchNixpkgs'],
    });
  });

  it('ends with code 0 after shutdown, and with 1 without it', async () => {
    editor = await Editor.start();
    strictEqual(await editor.stop(), 0);
    editor = await Editor.start();
    const exited = editor.exited();
    editor.send('exit', undefined);
    strictEqual(await exited, 1);
  });

  it('ends when its input is closed', async () => {
    editor = await Editor.start();
    const exited = editor.exited();
    editor.process.stdin!.end();
    strictEqual(await exited, 1);
  });

  it('refuses requests before initialize and after shutdown', async () => {
    editor = Editor.spawn();
    await rejects(editor.hover(uri, 0, 0), { code: -32002 });
    await editor.initialize({});
    await editor.request('shutdown', undefined);
    await rejects(editor.hover(uri, 0, 0), { code: -32600 });
  });

  it('lives through unknown and odd requests', async () => {
    editor = await Editor.start();
    await rejects(editor.request('textDocument/noSuchThing', {}), { code: -32601 });
    await rejects(editor.request('nixray/noSuchThing', undefined), { code: -32601 });
    await rejects(editor.request('textDocument/hover', {}), { code: -32602 });
    await rejects(editor.request('textDocument/hover', [1, 2]), { code: -32602 });
    await rejects(editor.request('nixray/evaluate', { textDocument: 5 }), { code: -32602 });
    editor.send('nixray/noSuchThing', {});
    editor.send('textDocument/didOpen', {});
    editor.send('textDocument/didChange', { textDocument: { uri, version: 2 } });
    editor.send('textDocument/didClose', { textDocument: { uri } });
    editor.send('workspace/didChangeWatchedFiles', { changes: 'all' });
    editor.send('workspace/didChangeConfiguration', null);
    strictEqual(await editor.hover('file:///not-open.nix', 0, 0), null);
    strictEqual(await editor.hover('not a uri at all', 0, 0), null);
    editor.open(uri, '1 + 1');
    strictEqual(await editor.hover(uri, 99, 0), null);
    await rejects(editor.hover(uri, -1, 0), { code: -32602 });
    await rejects(editor.hover(uri, 0, 0.5), { code: -32602 });
    strictEqual(await editor.value(uri, 0, 2), '2');
  });

  it('lives through a message that is no JSON', async () => {
    editor = await Editor.start();
    editor.process.stdin!.write('Content-Length: 9\r\n\r\n{ "oops" ');
    editor.open(uri, '1 + 1');
    strictEqual(await editor.value(uri, 0, 2), '2');
  });

  it('publishes for every change with its version, also for documents without a file', async () => {
    editor = await Editor.start();
    for (const document of [uri, 'untitled:Untitled-1', 'vscode-vfs://github/a/b.nix']) {
      editor.open(document, '1 +');
      const at = (character: number) => ({ line: 0, character });
      const change = (character: number, text: string) => ({
        range: { start: at(character), end: at(character) },
        text,
      });
      editor.edit(document, [change(3, ' 2')]);
      editor.edit(document, [change(5, '"')]);
      const last = editor.edit(document, [change(5, 'ü"'), change(0, '/* 😀 */ ')]);
      await editor.until('the last version', () => editor.published(document)?.version === last);
      const versions = editor.publications.filter((p) => p.uri === document).map((p) => p.version);
      for (const version of [1, 2, 3, 4]) ok(versions.includes(version), `version ${version}`);
    }
  });
});
