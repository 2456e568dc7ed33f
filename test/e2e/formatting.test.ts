/** Formatting by a program of the user's choice. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { Editor } from './editor';
import { TestFolder } from './folder';

const script = (code: string): string[] => [process.execPath, '-e', code];

/** Reads all of its input and writes it trimmed, in one line. */
const joining = script(
  "let t = ''; process.stdin.on('data', (d) => (t += d)).on('end', () => process.stdout.write(t.trim().split(/\\s+/).join(' ') + '\\n'))",
);

describe('formatting', () => {
  let folder: TestFolder;
  before(() => (folder = new TestFolder()));
  after(() => folder.dispose());

  async function format(
    command: string[],
    text: string,
    uri = folder.uri('a.nix'),
  ): Promise<{ edits: unknown; messages: string[] }> {
    const editor = await Editor.start({
      folder: folder.path,
      initializationOptions: { formatting: { command } },
    });
    editor.open(uri, text);
    const edits = await editor.request('textDocument/formatting', {
      textDocument: { uri },
      options: { tabSize: 2, insertSpaces: true },
    });
    const { messages } = editor;
    strictEqual(await editor.stop(), 0);
    return { edits, messages };
  }

  it('replaces the text by what the program writes', async () => {
    const { edits } = await format(joining, '{\n  ü = 1;\n}\n\n');
    const range = { start: { line: 0, character: 0 }, end: { line: 4, character: 0 } };
    deepStrictEqual(edits, [{ range, newText: '{ ü = 1; }\n' }]);
  });

  it('does so for documents that stand nowhere on this machine', async () => {
    for (const uri of ['file://host/a.nix', folder.uri('no-such-folder/a.nix'), 'untitled:Untitled-1']) {
      const { edits, messages } = await format(joining, '{\n}\n', uri);
      const range = { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } };
      deepStrictEqual(edits, [{ range, newText: '{ }\n' }], `${uri}: ${messages.join()}`);
    }
  });

  it('changes nothing where the text is formatted already', async () => {
    deepStrictEqual((await format(joining, '{ a = 1; }\n')).edits, []);
  });

  it('says why a program did not format', async () => {
    const failing = script("process.stderr.write('line 1: no'); process.exitCode = 3");
    const { edits, messages } = await format(failing, '{ }');
    strictEqual(edits, null);
    ok(
      messages.some((message) => /exit code 3: line 1: no/.test(message)),
      messages.join(),
    );
  });

  it('says that a program has written nothing, and leaves the text alone', async () => {
    const { edits, messages } = await format(script('process.stdin.resume()'), '{ }');
    strictEqual(edits, null);
    ok(
      messages.some((message) => /has written nothing to its standard output/.test(message)),
      messages.join(),
    );
  });

  it('says that a program is not there', async () => {
    const { edits, messages } = await format(['no-such-formatter'], '{ }');
    strictEqual(edits, null);
    ok(
      messages.some((message) => /no-such-formatter cannot be started/.test(message)),
      messages.join(),
    );
  });

  describe('without a program', () => {
    it('is that of nixfmt, and changes no more than it has to', async () => {
      const { edits, messages } = await format([], '# ü\n{ a = "ü";b = 2; }\n');
      const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
      deepStrictEqual(messages, []);
      deepStrictEqual(edits, [{ range, newText: '{\n  a = "ü";\n  b = 2;\n}\n' }]);
    });

    it('changes nothing where the text is formatted already', async () => {
      deepStrictEqual((await format([], '{ a = 1; }\n')).edits, []);
    });

    it('is left alone where there are syntax errors', async () => {
      const { edits, messages } = await format([], '{ a = }');
      strictEqual(edits, null);
      // They are shown as such, and an editor may ask whenever it saves.
      deepStrictEqual(messages, []);
    });

    it('may be that of a selection', async () => {
      const editor = await Editor.start({ folder: folder.path });
      const uri = folder.uri('a.nix');
      editor.open(uri, '{\n  ä."b" = [ 1   2];\n  c   =  3;\n}\n'.replace('ä', '"ä"'));
      const range = { start: { line: 1, character: 13 }, end: { line: 1, character: 19 } };
      const options = { tabSize: 2, insertSpaces: true };
      const edits = await editor.request('textDocument/rangeFormatting', {
        textDocument: { uri },
        range,
        options,
      });
      const changed = { start: { line: 1, character: 12 }, end: { line: 1, character: 20 } };
      deepStrictEqual(edits, [{ range: changed, newText: '[\n    1\n    2\n  ]' }]);
      strictEqual(await editor.stop(), 0);
    });
  });
});
