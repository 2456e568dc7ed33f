import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import type { Editor, Watcher } from '../../../server/src/lsp/editor';
import { WatchedFiles } from '../../../server/src/lsp/watched-files';

/** As much of an editor as watching needs. */
class FakeEditor {
  /** What is registered, by id. */
  readonly registered = new Map<string, Watcher[]>();
  private count = 0;
  constructor(
    private readonly options: { readonly relative?: boolean; readonly refusesAll?: boolean } = {},
  ) {}
  get capabilities() {
    const { relative = true } = this.options;
    return { workspace: { didChangeWatchedFiles: { relativePatternSupport: relative } } };
  }
  watchFiles = (watchers: Watcher[]): Promise<string | undefined> => {
    if (this.options.refusesAll === true && watchers.some(({ globPattern }) => globPattern === '**/*'))
      return Promise.resolve(undefined);
    const id = String(++this.count);
    this.registered.set(id, watchers);
    return Promise.resolve(id);
  };
  unwatchFiles = (id: string): Promise<void> => {
    ok(this.registered.delete(id), `nothing is registered as ${id}`);
    return Promise.resolve();
  };
  get globs(): Watcher['globPattern'][] {
    return [...this.registered.values()].flat().map(({ globPattern }) => globPattern);
  }
}

function filesOf(editor: FakeEditor): WatchedFiles {
  const files = new WatchedFiles(editor as unknown as Editor, 5);
  files.start();
  return files;
}

/** Until what is waiting is registered. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

const manyPaths = Array.from({ length: 501 }, (_, i) => `/w/data/${i}`);

describe('watched files', () => {
  it('are watched one by one, each once, and Nix files wherever they are', async () => {
    const editor = new FakeEditor();
    const files = filesOf(editor);
    files.add(['/w/a.txt', '/w/b.nix', '/w/flake.lock', '/w/a.txt']);
    await settled();
    files.add(['/w/a.txt']);
    await settled();
    const one = { baseUri: 'file:///w', pattern: '{a.txt,a.txt/*}' };
    deepStrictEqual(editor.globs, ['**/*.nix', '**/flake.lock', one]);
    // What the editor was asked for is heard without another look.
    ok(files.concerns('/w/unknown'));
  });

  it('are all watched by one where they are many, and others are not listened to', async () => {
    const editor = new FakeEditor();
    const files = filesOf(editor);
    files.add(manyPaths.slice(0, 500));
    await settled();
    strictEqual(editor.globs.length, 502);
    files.add([manyPaths[500]!, '/w/folder/listed']);
    await settled();
    deepStrictEqual(editor.globs, ['**/*']);
    files.add(['/w/late/file']);
    await settled();
    deepStrictEqual(editor.globs, ['**/*']);
    for (const path of ['/w/data/0', '/w/data/500', '/w/late/file', '/w/folder/listed/new', '/w/other.nix'])
      ok(files.concerns(path), path);
    for (const folder of ['/w/data', '/w/late', '/w']) ok(files.concerns(folder), folder);
    for (const path of ['/w/data/501', '/w/build/out', '/w/folder', '/v'])
      strictEqual(files.concerns(path), path === '/w/folder', path);
  });

  it('stay watched where the one for all is refused', async () => {
    const editor = new FakeEditor({ refusesAll: true });
    const files = filesOf(editor);
    files.add(['/w/a']);
    await settled();
    files.add(manyPaths);
    await settled();
    strictEqual(editor.globs.length, 3);
  });

  it('are all watched by an editor that knows no folders in patterns', async () => {
    const editor = new FakeEditor({ relative: false });
    const files = filesOf(editor);
    files.add(['/w/b.nix']);
    await settled();
    deepStrictEqual(editor.globs, ['**/*.nix', '**/flake.lock']);
    files.add(['/w/a']);
    await settled();
    deepStrictEqual(editor.globs, ['**/*']);
  });

  it('with a name like a glob are watched by their folder', async () => {
    const editor = new FakeEditor();
    const files = filesOf(editor);
    files.add(['/w/a*[1]']);
    await settled();
    deepStrictEqual(editor.globs.at(-1), { baseUri: 'file:///w', pattern: '{*,*/*}' });
    ok(files.concerns('/w/a*[1]') && files.concerns('/w/a*[1]/b'));
    ok(!files.concerns('/w/b'));
  });
});
