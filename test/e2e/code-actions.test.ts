/** Code actions, on the built server. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { Editor } from './editor';
import { TestFolder } from './folder';

const uri = 'file:///nixray-tests/actions.nix';

interface Action {
  readonly title: string;
  readonly kind: string;
  readonly isPreferred?: boolean;
  readonly diagnostics?: readonly { readonly code: string }[];
  readonly edit: { readonly changes: Readonly<Record<string, readonly object[]>> };
}

interface FileAction {
  readonly title: string;
  readonly edit: { readonly documentChanges: readonly object[] };
}

describe('code actions', () => {
  let editor: Editor;
  before(async () => {
    editor = await Editor.start({ initializationOptions: { trusted: false } });
  });
  after(() => editor.kill());

  // As an editor asks while the cursor moves.
  const moved = { diagnostics: [], triggerKind: 2 };
  const actionsAt = (line: number, character: number, context: object = moved) =>
    editor.request<Action[] | null>('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: { line, character }, end: { line, character } },
      context,
    });

  it('count UTF-16 units', async () => {
    editor.open(uri, 'a: { "größe 😀" = 1; x = a.x; }');
    const [action, ...others] = (await actionsAt(0, 22))!;
    deepStrictEqual(others, []);
    strictEqual(action!.title, "Convert to 'inherit (a) x'");
    strictEqual(action!.kind, 'refactor.rewrite');
    deepStrictEqual(action!.edit.changes[uri], [
      { range: { start: { line: 0, character: 21 }, end: { line: 0, character: 25 } }, newText: 'inherit (' },
      { range: { start: { line: 0, character: 26 }, end: { line: 0, character: 27 } }, newText: ') ' },
    ]);
  });

  it('are of the kinds that the editor asks for', async () => {
    editor.type(uri, 'a: { x = a.x; }');
    const count = async (only: string[]) => (await actionsAt(0, 5, { ...moved, only }))?.length ?? 0;
    strictEqual(await count(['refactor']), 1);
    strictEqual(await count(['refactor.rewrite']), 1);
    strictEqual(await count(['refactor.re']), 0);
    strictEqual(await count(['refactor.inline', 'quickfix']), 0);
  });

  it('mend diagnostics', async () => {
    editor.type(uri, 'let abc = 1; in abd');
    const diagnostics = await editor.diagnostics(uri, 'the error', (all) => all.length > 0);
    const [action] = (await actionsAt(0, 17, { diagnostics }))!;
    strictEqual(action!.title, "Replace by 'abc'");
    strictEqual(action!.isPreferred, true);
    deepStrictEqual(
      action!.diagnostics?.map(({ code }) => code),
      ['undefined-variable'],
    );
  });

  it('replace the name of an attribute that is missing', async () => {
    const other = await Editor.start({ initializationOptions: { trusted: true } });
    try {
      other.open(uri, 'let s = { größe.enable = 1; }; in s.größe.enabel'.replaceAll('größe', '"größe 😀"'));
      const diagnostics = await other.diagnostics(uri, 'the error', (all) => all.length > 0);
      const actions = await other.request<Action[] | null>('textDocument/codeAction', {
        textDocument: { uri },
        range: diagnostics[0]!.range,
        context: { diagnostics, only: ['quickfix'] },
      });
      deepStrictEqual(
        actions?.map(({ title, edit }) => [title, edit.changes[uri]]),
        [
          [
            "Replace by 'enable'",
            [
              {
                range: { start: { line: 0, character: 52 }, end: { line: 0, character: 58 } },
                newText: 'enable',
              },
            ],
          ],
        ],
      );
    } finally {
      other.kill();
    }
  });

  it('mend an undefined variable by the set whose value has it, where there is trust', async () => {
    const text = 'let lib = { mkIf = 1; types = { }; }; in [ mkIf other ]';
    const titles = async (trusted: boolean): Promise<string[]> => {
      const other = await Editor.start({ initializationOptions: { trusted } });
      try {
        other.open(uri, text);
        const diagnostics = await other.diagnostics(uri, 'the errors', (all) => all.length >= 3);
        const actions = await other.request<Action[] | null>('textDocument/codeAction', {
          textDocument: { uri },
          range: { start: { line: 0, character: 0 }, end: { line: 0, character: text.length } },
          context: { diagnostics },
        });
        const quickFixes = actions?.filter(({ kind }) => kind === 'quickfix') ?? [];
        return quickFixes.map(({ title }) => title).filter((title) => title.includes('lib.'));
      } finally {
        other.kill();
      }
    };
    deepStrictEqual(await titles(true), ["Replace by 'lib.mkIf'"]);
    deepStrictEqual(await titles(false), []);
  });

  it('are null where there are none, and in a document that is not open', async () => {
    strictEqual(await actionsAt(0, 0), null);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const textDocument = { uri: 'file:///other.nix' };
    const context = { diagnostics: [] };
    strictEqual(await editor.request('textDocument/codeAction', { textDocument, range, context }), null);
  });

  it('come with the version, and with new files, where an editor can take them', async () => {
    const folder = new TestFolder({ 'value.nix': '1' });
    const other = await Editor.start({ initializationOptions: { trusted: false }, makesFiles: true });
    try {
      const document = folder.uri('a.nix');
      other.open(document, 'x: { a = f: [\n  x f\n]; }');
      const actions = await other.request<FileAction[]>('textDocument/codeAction', {
        textDocument: { uri: document },
        range: { start: { line: 0, character: 12 }, end: { line: 2, character: 1 } },
        context: { diagnostics: [], only: ['refactor.extract'] },
      });
      const action = actions.find(({ title }) => title.includes('file'));
      strictEqual(action!.title, "Extract to the file 'value-2.nix'");
      const start = { line: 0, character: 0 };
      deepStrictEqual(action!.edit.documentChanges, [
        { kind: 'create', uri: folder.uri('value-2.nix') },
        {
          textDocument: { uri: folder.uri('value-2.nix'), version: null },
          edits: [{ range: { start, end: start }, newText: '{ x, f }:\n\n[\n  x f\n]\n' }],
        },
        {
          textDocument: { uri: document, version: 1 },
          edits: [
            {
              range: { start: { line: 0, character: 12 }, end: { line: 2, character: 1 } },
              newText: 'import ./value-2.nix { inherit x f; }',
            },
          ],
        },
      ]);
    } finally {
      other.kill();
      folder.dispose();
    }
  });

  it('are fewer while the cursor moves than when a user asks', async () => {
    editor.type(uri, '{ a = 1; }');
    strictEqual(await actionsAt(0, 2), null);
    strictEqual((await actionsAt(0, 2, { diagnostics: [], triggerKind: 1 }))![0]!.title, "Quote 'a'");
  });

  it('of the whole file are offered when the editor asks for that kind alone', async () => {
    const titles = async (context: object) =>
      ((await actionsAt(0, 0, { ...moved, ...context })) ?? []).map(({ title }) => title);
    editor.type(uri, 'a: { x = (a); }');
    for (const only of [['source.fixAll'], ['source']])
      deepStrictEqual(await titles({ only }), ['Simplify the file']);
    deepStrictEqual(await titles({ only: ['source.organizeImports'] }), []);
    deepStrictEqual(await titles({}), []);
    editor.type(uri, 'a: { x = a; }');
    deepStrictEqual(await titles({ only: ['source.fixAll'] }), []);
  });
});
