/** Paths follow files that are moved, on the built server. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver-protocol';
import { Editor } from './editor';
import { TestFolder } from './folder';

const files = {
  'main.nix': '{ imports = [ ./modules/ssh.nix ]; "ä" = ./fix.patch; }\n',
  'modules/ssh.nix': '[ ./keys.nix ../fix.patch ]\n',
  'modules/keys.nix': '[ ]\n',
  'fix.patch': '',
};

describe('moved files', () => {
  let editor: Editor;
  let folder: TestFolder;
  const start = async (options: { makesFiles?: boolean } = {}): Promise<void> => {
    folder = new TestFolder(files);
    editor = await Editor.start({
      folder: folder.path,
      initializationOptions: { trusted: false },
      ...options,
    });
  };
  afterEach(() => {
    editor.kill();
    folder.dispose();
  });
  const asked = (...moves: [string, string][]): Promise<WorkspaceEdit | null> =>
    editor.request('workspace/willRenameFiles', {
      files: moves.map(([from, to]) => ({ oldUri: folder.uri(from), newUri: folder.uri(to) })),
    });
  /** As `file:line:from-to text`. */
  const shown = (uri: string, edits: readonly TextEdit[]): string[] =>
    edits.map(({ range: { start, end }, newText }) => {
      const name = uri.slice(folder.uri('').length + 1);
      return `${name}:${start.line}:${start.character}-${end.character} ${newText}`;
    });
  const edits = async (...moves: [string, string][]): Promise<string[]> => {
    const { changes = {} } = (await asked(...moves)) ?? {};
    return Object.entries(changes)
      .flatMap(([uri, each]) => shown(uri, each))
      .sort();
  };

  it('are announced to the editor', async () => {
    folder = new TestFolder(files);
    editor = Editor.spawn();
    const { capabilities } = await editor.initialize({ folder: folder.path });
    const { fileOperations } = capabilities['workspace'] as { fileOperations: unknown };
    deepStrictEqual(fileOperations, {
      willRename: { filters: [{ scheme: 'file', pattern: { glob: '**' } }] },
    });
  });

  it('change the paths that name them, in all files', async () => {
    await start();
    deepStrictEqual(await edits(['modules/ssh.nix', 'modules/sshd.nix']), [
      'main.nix:0:14-31 ./modules/sshd.nix',
    ]);
    deepStrictEqual(await edits(['fix.patch', 'patches/fix.patch']), [
      'main.nix:0:41-52 ./patches/fix.patch',
      'modules/ssh.nix:0:13-25 ../patches/fix.patch',
    ]);
  });

  it('change their own paths', async () => {
    await start();
    deepStrictEqual(await edits(['modules/ssh.nix', 'ssh.nix']), [
      'main.nix:0:14-31 ./ssh.nix',
      'modules/ssh.nix:0:13-25 ./fix.patch',
      'modules/ssh.nix:0:2-12 ./modules/keys.nix',
    ]);
    deepStrictEqual(await edits(['modules', 'nixos/modules']), [
      'main.nix:0:14-31 ./nixos/modules/ssh.nix',
      'modules/ssh.nix:0:13-25 ../../fix.patch',
    ]);
  });

  it('change open documents as they are, in their version', async () => {
    await start({ makesFiles: true });
    editor.open(folder.uri('main.nix'), '\n  ./fix.patch\n');
    editor.open(folder.uri('new.nix'), './fix.patch');
    editor.type(folder.uri('main.nix'), '\n   ./fix.patch\n');
    const { documentChanges = [] } = (await asked(['fix.patch', 'x.patch']))!;
    const found = documentChanges.map((change) => {
      if (!('textDocument' in change)) throw new Error('It is no edit of a document.');
      const { uri, version } = change.textDocument;
      return [version, ...shown(uri, change.edits as TextEdit[])];
    });
    deepStrictEqual(found, [
      [2, 'main.nix:1:3-14 ./x.patch'],
      [1, 'new.nix:0:0-11 ./x.patch'],
      [null, 'modules/ssh.nix:0:13-25 ../x.patch'],
    ]);
  });

  it('that nothing names change nothing', async () => {
    await start();
    strictEqual(await asked(['modules/keys.nix', 'modules/keys.nix']), null);
    strictEqual(await asked(['README.md', 'docs.md']), null);
    strictEqual(
      await editor.request('workspace/willRenameFiles', {
        files: [{ oldUri: 'untitled:a', newUri: 'untitled:b' }],
      }),
      null,
    );
  });
});
