/** Diagnostics on the built server: where they come from, and when they go. */
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { Editor, uriOf } from './editor';
import { TestFolder } from './folder';

const library = `{
  parse = text:
    if text == "" then 0 else throw "cannot parse \${text}";
}
`;
const failing =
  'let\n  lib = import ./lib.nix;\n  seconds = lib.parse "ninety";\nin\nassert seconds >= 0;\n{ inherit seconds; }\n';

describe('diagnostics', () => {
  let editor: Editor;
  let folder: TestFolder;
  beforeEach(() => {
    folder = new TestFolder({ 'lib.nix': library, 'main.nix': failing });
  });
  afterEach(() => {
    editor.kill();
    folder.dispose();
  });

  const failed = (diagnostics: { code?: unknown }[]): boolean =>
    diagnostics.some(({ code }) => code === 'throw');

  it('reports an error of evaluation with related places in the other file, until it is fixed', async () => {
    editor = await Editor.start({ folder: folder.path });
    const uri = folder.uri('main.nix');
    editor.open(uri, failing);
    const [diagnostic] = await editor.diagnostics(uri, 'the error', failed);
    strictEqual(diagnostic!.source, 'nixray');
    strictEqual(diagnostic!.severity, 1);
    match(diagnostic!.message, /cannot parse ninety/);
    strictEqual(diagnostic!.range.start.line, 2);
    const related = diagnostic!.relatedInformation!.map(({ location }) => location);
    const inLibrary = related.find((location) => location.uri === folder.uri('lib.nix'));
    strictEqual(inLibrary!.range.start.line, 2);

    const version = editor.type(uri, failing.replace('"ninety"', '""'));
    await editor.diagnostics(uri, 'no error', (found, { version: v }) => v === version && found.length === 0);
  });

  it('keeps what was found while a document that is read is being written', async () => {
    editor = await Editor.start({ folder: folder.path });
    const [uri, libraryUri] = [folder.uri('main.nix'), folder.uri('lib.nix')];
    editor.open(uri, failing);
    editor.open(libraryUri, library);
    await editor.diagnostics(uri, 'the error', failed);

    editor.type(libraryUri, '{ parse = text: ; }');
    const isBroken = (found: { code?: unknown }[]): boolean =>
      found.some(({ code }) => code === 'parse-error');
    const both = await editor.diagnostics(uri, "the other document's syntax error", isBroken);
    deepStrictEqual(both.map(({ code }) => code).sort(), ['parse-error', 'throw']);

    // What was found in a text is not known of another.
    const version = editor.type(uri, failing.replace('"ninety"', '""'));
    const isOfThis = (found: { code?: unknown }[], { version: v }: { version?: number }): boolean =>
      v === version && isBroken(found) && !failed(found);
    await editor.diagnostics(uri, 'the syntax error alone', isOfThis);
  });

  it("folds the frames of libraries, behind those of the user's own files", async () => {
    const checks = `rec {
  check = value: refine (value + 1);
  refine = value: reject (value + 1);
  reject = value: throw "cannot take \${toString value}";
}`;
    folder.write('nixpkgs/pkgs/top-level/default.nix', '{ }');
    folder.write('nixpkgs/lib/checks.nix', checks);
    folder.write('work/part.nix', 'value: (import ../nixpkgs/lib/checks.nix).check value');
    const text = 'let\n  part = import ./part.nix;\nin\npart (1 + 1) + 1\n';
    const uri = folder.write('work/main.nix', text);
    editor = await Editor.start({ folder: `${folder.path}/work` });
    editor.open(uri, text);
    const [diagnostic] = await editor.diagnostics(uri, 'the error', failed);
    match(diagnostic!.message, /cannot take 4/);
    const related = diagnostic!.relatedInformation!;
    const files = related.map(({ location }) => location.uri);
    const last = related.at(-1)!;
    match(last.message, /^… [3-9] frames in nixpkgs\/lib\/checks\.nix …$/);
    strictEqual(last.location.uri, folder.uri('nixpkgs/lib/checks.nix'));
    strictEqual(last.location.range.start.line, 3);
    strictEqual(files[0], folder.uri('work/part.nix'));
    strictEqual(files.filter((file) => file === last.location.uri).length, 1);

    const hover = await editor.hover(uri, 3, 'part (1 + 1) '.length);
    const { value } = hover!.contents as { value: string };
    match(value, /– \[part\.nix:1\]\(file:[^)]*\/work\/part\.nix#L1,\d+\)\n/);
    match(
      value,
      /\n- … [3-9] frames in nixpkgs\/lib\/checks\.nix … – \[checks\.nix:4\]\(file:[^)]*#L4,\d+\)$/,
    );
  });

  it('moves errors with the edit until the next result, and clears them on close', async () => {
    editor = await Editor.start({ folder: folder.path });
    const uri = folder.uri('main.nix');
    editor.open(uri, failing);
    await editor.diagnostics(uri, 'the error', failed);
    const start = { line: 0, character: 0 };
    const version = editor.edit(uri, [{ range: { start, end: start }, text: '# One line more.\n\n' }]);
    await editor.until('a publication', () => editor.published(uri)?.version === version);
    const first = editor.publications.find((p) => p.uri === uri && p.version === version)!;
    strictEqual(first.diagnostics[0]?.range.start.line, 4);
    editor.close(uri);
    await editor.diagnostics(uri, 'nothing', (found) => found.length === 0);
  });

  it('renews them when a file changes on disk or in another editor', async () => {
    editor = await Editor.start({ folder: folder.path });
    const uri = folder.uri('main.nix');
    editor.open(uri, failing);
    await editor.diagnostics(uri, 'the error', failed);
    const fixed = library.replace('throw "cannot parse ${text}"', '90');
    folder.write('lib.nix', fixed);
    editor.send('workspace/didChangeWatchedFiles', { changes: [{ uri: folder.uri('lib.nix'), type: 2 }] });
    await editor.diagnostics(uri, 'no error', (found) => found.length === 0);

    editor.open(folder.uri('lib.nix'), fixed);
    editor.type(folder.uri('lib.nix'), library);
    await editor.diagnostics(uri, 'the error of the unsaved text', failed);
    editor.close(folder.uri('lib.nix'));
    await editor.diagnostics(uri, 'no error, as on disk', (found) => found.length === 0);
  });

  it('notices a missing file that appears', async () => {
    editor = await Editor.start({ folder: folder.path });
    const uri = folder.write('late.nix', 'import ./missing.nix');
    editor.open(uri, 'import ./missing.nix');
    await editor.diagnostics(uri, 'an error', (found) => found.length === 1);
    folder.write('missing.nix', '1');
    editor.send('workspace/didChangeWatchedFiles', {
      changes: [{ uri: folder.uri('missing.nix'), type: 1 }],
    });
    await editor.diagnostics(uri, 'no error', (found) => found.length === 0);
  });

  it('knows all folders of the workspace, and those that are added', async () => {
    const other = new TestFolder({ 'lib.nix': library });
    try {
      editor = await Editor.start({ folders: [folder.path] });
      const event = { added: [{ uri: uriOf(other.path), name: 'other' }], removed: [] };
      editor.send('workspace/didChangeWorkspaceFolders', { event });
      const text = failing.replace('./lib.nix', `${other.path}/lib.nix`);
      const uri = folder.write('main.nix', text);
      editor.open(uri, text);
      await editor.diagnostics(uri, 'the error', failed);
      other.write('lib.nix', library.replace('throw "cannot parse ${text}"', '90'));
      editor.send('workspace/didChangeWatchedFiles', { changes: [{ uri: other.uri('lib.nix'), type: 2 }] });
      await editor.diagnostics(uri, 'no error', (found) => found.length === 0);
    } finally {
      other.dispose();
    }
  });

  it('asks to be told about files', async () => {
    editor = await Editor.start({ folder: folder.path });
    const registration = await editor.until('a registration', () =>
      editor.registrations.find(({ method }) => method === 'workspace/didChangeWatchedFiles'),
    );
    match(JSON.stringify(registration.registerOptions), /\*\*\/\*\.nix/);
  });

  it('renews them when a data file changes that evaluation has read', async () => {
    editor = await Editor.start({ folder: folder.path });
    const text = 'assert builtins.readFile ./data.txt == "good"; 1';
    const uri = folder.write('reader.nix', text);
    const data = folder.write('data.txt', 'bad');
    editor.open(uri, text);
    await editor.diagnostics(uri, 'the failed assertion', (found) => found.length === 1);
    await editor.until('a registration of the data file', () =>
      editor.registrations.some(({ registerOptions }) =>
        JSON.stringify(registerOptions).includes('data.txt'),
      ),
    );
    folder.write('data.txt', 'good');
    editor.send('workspace/didChangeWatchedFiles', { changes: [{ uri: data, type: 2 }] });
    await editor.diagnostics(uri, 'no error', (found) => found.length === 0);
  });

  it('renews them when a file comes into a folder that evaluation has listed', async () => {
    editor = await Editor.start({ folder: folder.path });
    const text = 'assert builtins.readDir ./parts ? "new.txt"; 1';
    const uri = folder.write('lister.nix', text);
    folder.write('parts/old.txt', '');
    editor.open(uri, text);
    await editor.diagnostics(uri, 'the failed assertion', (found) => found.length === 1);
    await editor.until('a registration of what the folder holds', () =>
      editor.registrations.some(({ registerOptions }) =>
        JSON.stringify(registerOptions).includes('"{parts,parts/*}"'),
      ),
    );
    const added = folder.write('parts/new.txt', '');
    editor.send('workspace/didChangeWatchedFiles', { changes: [{ uri: added, type: 1 }] });
    await editor.diagnostics(uri, 'no error', (found) => found.length === 0);
  });

  it('reports syntax errors and unknown names without evaluation', async () => {
    editor = await Editor.start({ folder: folder.path, initializationOptions: { trusted: false } });
    const uri = folder.uri('main.nix');
    editor.open(uri, 'let a = 1 +; b = 2; in [ nothing a b ]');
    const found = await editor.diagnostics(uri, 'errors', (diagnostics) => diagnostics.length > 1);
    ok(
      found.some(({ code }) => code === 'undefined-variable'),
      JSON.stringify(found),
    );
    deepStrictEqual(
      found.filter(({ severity }) => severity === 1).map(({ range }) => range.start.line),
      found.filter(({ severity }) => severity === 1).map(() => 0),
    );
  });

  it('ignores the codes that the user ignores', async () => {
    editor = await Editor.start({
      folder: folder.path,
      settings: { diagnostics: { ignored: ['throw'] } },
    });
    const uri = folder.uri('main.nix');
    editor.open(uri, failing);
    await editor.value(uri, 1, 3);
    editor.settings = {};
    editor.send('workspace/didChangeConfiguration', { settings: null });
    await editor.diagnostics(uri, 'the error', failed);
    editor.settings = { 'diagnostics.ignored': ['throw'] };
    editor.send('workspace/didChangeConfiguration', { settings: null });
    await editor.diagnostics(uri, 'no error', (found) => found.length === 0);
  });

  it('evaluates nothing without trust, and everything once there is trust', async () => {
    editor = await Editor.start({ folder: folder.path, initializationOptions: { trusted: false } });
    const uri = folder.uri('main.nix');
    editor.open(uri, failing);
    strictEqual(await editor.hover(uri, 2, 12), null);
    const result = await editor.request<{ error: { message: string } }>('nixray/evaluate', {
      textDocument: { uri },
      position: { line: 0, character: 0 },
    });
    match(result.error.message, /not trusted/);
    await editor.until('the status', () => editor.statuses.at(-1)?.state === 'disabled');
    strictEqual(editor.published(uri)!.diagnostics.length, 0);
    editor.send('nixray/didChangeTrust', { trusted: true });
    await editor.diagnostics(uri, 'the error', failed);
    editor.send('nixray/didChangeTrust', { trusted: false });
    await editor.diagnostics(uri, 'no error', (found) => found.length === 0);
  });

  it('shows progress where an evaluation takes time', async () => {
    editor = await Editor.start({
      folder: folder.path,
      progress: true,
      settings: { evaluation: { timeout: 1500 } },
    });
    const uri = folder.uri('slow.nix');
    editor.open(
      uri,
      'let f = n: if n == 0 then 0 else f (n - 1); in builtins.all (n: f 5000 == 0) (builtins.genList (n: n) 1000000)',
    );
    await editor.until('progress', () => editor.progress.at(-1)?.kind === 'end');
    strictEqual(editor.progress[0]!.kind, 'begin');
    ok(editor.statuses.some(({ state }) => state === 'evaluating'));
    await editor.diagnostics(uri, 'the time-out', (found) => found[0]?.code === 'timeout');
  });
});
