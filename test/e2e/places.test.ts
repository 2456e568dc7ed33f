/** Where values are written and names come from, on the built server. */
import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import type { Location } from 'vscode-languageserver-protocol';
import { Editor } from './editor';
import { TestFolder } from './folder';

const main =
  'let\n  set = { f = import ./f.nix; g = set.f; d = derivation // { meta.position = "x:1"; }; };\n' +
  '  inherit (set) g;\nin\nwith set;\n[ g f set.g 1 ./f.nix ]\n';
const selections = 'let t = { f = x: x; }; in {\n  h = t.f;\n  inherit (t) f;\n}\n';

describe('places of values', () => {
  let editor: Editor;
  let folder: TestFolder;
  afterEach(() => {
    editor.kill();
    folder.dispose();
  });
  const start = async (trusted: boolean): Promise<void> => {
    folder = new TestFolder({ 'main.nix': main, 'f.nix': '# c\n\nx: x\n', 'selections.nix': selections });
    editor = await Editor.start({ folder: folder.path, initializationOptions: { trusted } });
    editor.open(folder.uri('main.nix'), main);
    editor.open(folder.uri('selections.nix'), selections);
  };
  /** Where a request leads from a line, the last one of `main.nix` by default, as `file:line:column`. */
  const from = async (
    method: string,
    character: number,
    line = 5,
    file = 'main.nix',
  ): Promise<string | null> => {
    const textDocument = { uri: folder.uri(file) };
    const position = { line, character };
    const found = await editor.request<Location | null>(`textDocument/${method}`, { textDocument, position });
    if (found === null) return null;
    const { uri, range } = found;
    return `${uri.replace(/.*\//, '')}:${range.start.line}:${range.start.character}`;
  };

  it('are the functions themselves, and files', async () => {
    await start(true);
    strictEqual(await from('implementation', 2), 'f.nix:2:0');
    strictEqual(await from('implementation', 4), 'f.nix:2:0');
    strictEqual(await from('implementation', 10), 'f.nix:2:0');
    strictEqual(await from('implementation', 12), null);
    strictEqual(await from('implementation', 16), 'f.nix:0:0');
  });

  it('are found from selections and bindings', async () => {
    await start(true);
    strictEqual(await from('implementation', 2, 1, 'selections.nix'), 'selections.nix:0:14');
    strictEqual(await from('implementation', 8, 1, 'selections.nix'), 'selections.nix:0:14');
    strictEqual(await from('implementation', 14, 2, 'selections.nix'), 'selections.nix:0:14');
  });

  it('are found through what inherits them, in other files too', async () => {
    const outer = 'let\n  all = import ./all.nix;\n  inherit (all) f;\nin\n[ all.f all.own f ]\n';
    const all = 'let\n  own = 1;\nin\n{ inherit (import ./more.nix) f; inherit own; }\n';
    await start(true);
    folder.write('outer.nix', outer);
    folder.write('all.nix', all);
    folder.write('more.nix', '{\n  f = x: x;\n}\n');
    editor.open(folder.uri('outer.nix'), outer);
    strictEqual(await from('definition', 6, 4, 'outer.nix'), 'more.nix:1:2');
    strictEqual(await from('definition', 12, 4, 'outer.nix'), 'all.nix:1:2');
    strictEqual(await from('definition', 16, 4, 'outer.nix'), 'more.nix:1:2');
    strictEqual(await from('definition', 16, 2, 'outer.nix'), 'more.nix:1:2');
    strictEqual(await from('declaration', 6, 4, 'outer.nix'), 'all.nix:3:30');
  });

  it('of an option are all that set it', async () => {
    const own = '{ config, lib, ... }:\n{\n  port = 1;\n  other = config.port;\n}\n';
    const files = 'files = [ (toString ./m.nix) (toString ./n.nix) ];';
    const caller = `import ./m.nix { lib = { }; config.port = 1; options.port = { _type = "option"; ${files} }; }`;
    await start(true);
    folder.write('m.nix', own);
    folder.write('n.nix', '{\n  config = { port = 2; };\n}\n');
    folder.write('caller.nix', caller);
    editor.open(folder.uri('caller.nix'), caller);
    editor.open(folder.uri('m.nix'), own);
    const request = async (line: number, character: number): Promise<readonly string[]> => {
      const textDocument = { uri: folder.uri('m.nix') };
      const position = { line, character };
      const found = await editor.request<Location[]>('textDocument/implementation', {
        textDocument,
        position,
      });
      return found.map(
        ({ uri, range }) => `${uri.replace(/.*\//, '')}:${range.start.line}:${range.start.character}`,
      );
    };
    deepStrictEqual(await request(2, 3), ['m.nix:2:2', 'n.nix:1:13']);
    deepStrictEqual(await request(3, 18), ['m.nix:2:2', 'n.nix:1:13']);
    const hover = await editor.hover(folder.uri('m.nix'), 3, 18);
    match((hover!.contents as { value: string }).value, /set at \[m\.nix:3\].*, \[n\.nix:2\]/);
  });

  it('of attributes are declared where they are bound', async () => {
    await start(true);
    strictEqual(await from('declaration', 10), 'main.nix:1:30');
    strictEqual(await from('declaration', 8, 1, 'selections.nix'), 'selections.nix:0:10');
  });

  it('are declared where the file has the name from, which takes no evaluation', async () => {
    await start(false);
    strictEqual(await from('declaration', 2), 'main.nix:2:16');
    strictEqual(await from('declaration', 4), 'main.nix:4:5');
    strictEqual(await from('declaration', 10), null);
    strictEqual(await from('implementation', 2), null);
  });
});
