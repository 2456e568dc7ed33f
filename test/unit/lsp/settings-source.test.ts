import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import type { Editor } from '../../../server/src/lsp/editor';
import { SettingsSource } from '../../../server/src/lsp/settings-source';

/** As much of an editor as settings need. */
class FakeEditor {
  readonly logs: string[] = [];
  answer: unknown = undefined;
  constructor(readonly canBeAsked: boolean) {}
  get capabilities() {
    return { workspace: { configuration: this.canBeAsked } };
  }
  settings = (): Promise<unknown> => Promise.resolve(this.answer);
  log = (message: string): void => void this.logs.push(message);
}

function sourceOf(editor: FakeEditor): SettingsSource {
  return new SettingsSource(editor as unknown as Editor);
}

describe('settings', () => {
  it('start with the defaults, and with the initialization options above them', () => {
    const source = sourceOf(new FakeEditor(false));
    strictEqual(source.current['hover.depth'], 3);
    source.initialize({ trusted: true, hover: { depth: 5 }, 'evaluation.timeout': 100 });
    strictEqual(source.current['hover.depth'], 5);
    strictEqual(source.current['evaluation.timeout'], 100);
    source.initialize({ nixray: { hover: { depth: 7 } } });
    strictEqual(source.current['hover.depth'], 7);
  });

  it('are what the editor answers, and tell whether anything changed', async () => {
    const editor = new FakeEditor(true);
    const source = sourceOf(editor);
    source.initialize({ hover: { depth: 5 }, evaluation: { memory: 100 } });
    editor.answer = { hover: { depth: 6 } };
    strictEqual(await source.pull(), true);
    strictEqual(await source.pull(), false);
    deepStrictEqual([source.current['hover.depth'], source.current['evaluation.memory']], [6, 100]);
    editor.answer = null;
    strictEqual(await source.pushed({ nixray: { hover: { depth: 9 } } }), false);
    strictEqual(source.current['hover.depth'], 6);
  });

  it('are what is pushed where the editor cannot be asked', async () => {
    const source = sourceOf(new FakeEditor(false));
    strictEqual(await source.pushed({ nixray: { searchPath: ['a=b'] } }), true);
    deepStrictEqual(source.current.searchPath, ['a=b']);
    strictEqual(await source.pushed(null), false);
    strictEqual(await source.pushed('nonsense'), false);
  });

  it('are the defaults where they are wrong, which is said once', async () => {
    const editor = new FakeEditor(false);
    const source = sourceOf(editor);
    await source.pushed({ nixray: { hover: { depth: 'deep' } } });
    await source.pushed({ nixray: { hover: { depth: 'deep' }, searchPath: ['x'] } });
    strictEqual(source.current['hover.depth'], 3);
    strictEqual(editor.logs.length, 1);
    match(editor.logs[0]!, /nixray\.hover\.depth must be an integer/);
  });
});
