/** Which files on disk the built server wants to hear about: all that evaluation has read. */
import { ok, strictEqual } from 'node:assert/strict';
import { Editor, type EditorOptions } from './editor';
import { TestFolder } from './folder';

describe('watching', () => {
  let editor: Editor;
  let folder: TestFolder;
  beforeEach(() => {
    folder = new TestFolder({});
  });
  afterEach(() => {
    editor.kill();
    folder.dispose();
  });

  /** Nothing but what the editor asks for is evaluated. */
  const start = async (options: EditorOptions = {}): Promise<void> => {
    const settings = { diagnostics: { evaluation: 'off' } };
    editor = await Editor.start({ folder: folder.path, settings, ...options });
  };
  const open = (text: string): string => {
    const uri = folder.write('main.nix', text);
    editor.open(uri, text);
    return uri;
  };
  /** A file becomes another one, as an editor notices it that tells no more than it was asked to. */
  const change = async (name: string, content: string): Promise<void> => {
    const uri = folder.uri(name);
    await editor.until(`a registration of ${name}`, () => editor.watches(uri), 3000);
    folder.write(name, content);
    editor.send('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
  };

  it('begins with what a hover has read', async () => {
    await start();
    folder.write('data.txt', 'old');
    const uri = open('let text = builtins.readFile ./data.txt; in text');
    strictEqual(await editor.value(uri, 0, 6), '"old"');
    await change('data.txt', 'new');
    strictEqual(await editor.value(uri, 0, 6), '"new"');
  });

  it('includes names that look like globs', async () => {
    await start();
    folder.write('a{b,c}[1]*.txt', 'old');
    const uri = open('let text = builtins.readFile (./. + "/a{b,c}[1]*.txt"); in text');
    strictEqual(await editor.value(uri, 0, 6), '"old"');
    await change('a{b,c}[1]*.txt', 'new');
    strictEqual(await editor.value(uri, 0, 6), '"new"');
  });

  it('has no end after many files', async () => {
    await start();
    for (let i = 0; i < 700; i++) folder.write(`data/${i}.txt`, '1');
    const read = 'i: builtins.readFile (./data + "/${toString i}.txt")';
    const uri = open(`let text = builtins.concatStringsSep "" (builtins.genList (${read}) 700); in text`);
    const text = '1'.repeat(700);
    strictEqual(await editor.value(uri, 0, 6), `"${text}"`);
    await change('data/699.txt', '2');
    strictEqual(await editor.value(uri, 0, 6), `"${text.slice(1)}2"`);
    await change('data/0.txt', '3');
    strictEqual(await editor.value(uri, 0, 6), `"3${text.slice(2)}2"`);
    // One watcher for all is enough.
    await editor.until('the end of the others', () => editor.registrations.length === 1);
    ok(editor.watches(folder.uri('main.nix')));
  });
});
