/** What calls what, across files, on the built server. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
} from 'vscode-languageserver-protocol';
import { Editor } from './editor';
import { TestFolder } from './folder';

const files = {
  'lib.nix': '{\n  twice = f: x: f (f x);\n  get = x: x;\n  own = twice: twice 1;\n}\n',
  'main.nix':
    'let\n  lib = import ./lib.nix;\n  add = n: n + 1;\n  other = { get = x: x; };\nin\n{\n' +
    '  six = lib.twice add 4;\n  wrong = other.get 1;\n  both = x: lib.get (lib.twice add (add x));\n' +
    '  part = import ./part.nix { inherit add; };\n}\n',
  'part.nix': '{ add }:\nadd 1\n',
};

describe('call hierarchy', () => {
  let editor: Editor;
  let folder: TestFolder;
  afterEach(() => {
    editor.kill();
    folder.dispose();
  });
  const start = async (trusted = true): Promise<void> => {
    folder = new TestFolder(files);
    editor = await Editor.start({ folder: folder.path, initializationOptions: { trusted } });
    editor.open(folder.uri('main.nix'), files['main.nix']);
    editor.open(folder.uri('lib.nix'), files['lib.nix']);
  };

  const prepare = async (
    file: keyof typeof files,
    text: string,
    inside = 0,
  ): Promise<CallHierarchyItem[]> => {
    const before = files[file].slice(0, files[file].indexOf(text) + inside).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)!.length };
    const textDocument = { uri: folder.uri(file) };
    const items = await editor.request<CallHierarchyItem[] | null>('textDocument/prepareCallHierarchy', {
      textDocument,
      position,
    });
    return items ?? [];
  };
  /** Each caller with the places of its calls, as line and column. */
  const incoming = async (item: CallHierarchyItem | undefined): Promise<string[]> => {
    const calls = await editor.request<CallHierarchyIncomingCall[]>('callHierarchy/incomingCalls', { item });
    return calls.map(({ from, fromRanges }) => shown(from, fromRanges)).sort();
  };
  const outgoing = async (item: CallHierarchyItem | undefined): Promise<string[]> => {
    const calls = await editor.request<CallHierarchyOutgoingCall[]>('callHierarchy/outgoingCalls', { item });
    return calls.map(({ to, fromRanges }) => shown(to, fromRanges)).sort();
  };
  const shown = (item: CallHierarchyItem, ranges: CallHierarchyIncomingCall['fromRanges']): string => {
    const places = ranges.map(({ start }) => `${start.line}:${start.character}`);
    return `${item.uri.replace(/.*\//, '')} ${item.name} ${places.join(' ')}`;
  };

  it('finds the calls of an attribute in other files, and of no other one of the name', async () => {
    await start();
    const [twice] = await prepare('lib.nix', 'twice');
    strictEqual(twice!.name, 'twice');
    deepStrictEqual(await incoming(twice), ['main.nix both 8:25', 'main.nix six 6:12']);
    deepStrictEqual(await incoming((await prepare('lib.nix', 'get'))[0]), ['main.nix both 8:16']);
  });

  it('begins at a call, too', async () => {
    await start();
    deepStrictEqual(await prepare('main.nix', 'twice add', 2), await prepare('lib.nix', 'twice'));
    deepStrictEqual(await prepare('main.nix', 'six'), []);
  });

  it('finds the calls of a local function, and those that pass it on', async () => {
    await start();
    deepStrictEqual(await incoming((await prepare('main.nix', 'add ='))[0]), [
      'main.nix both 8:31 8:36',
      'main.nix six 6:18',
    ]);
  });

  it('finds the calls of the function that a file is', async () => {
    await start();
    editor.open(folder.uri('part.nix'), files['part.nix']);
    const [part] = await prepare('part.nix', '{ add }');
    strictEqual(part!.name, 'part.nix');
    deepStrictEqual(await incoming(part), ['main.nix part 9:9']);
    deepStrictEqual(await outgoing(part), ['main.nix add 1:0']);
  });

  it('finds what a function calls', async () => {
    await start();
    deepStrictEqual(await outgoing((await prepare('main.nix', 'both'))[0]), [
      'lib.nix get 8:16',
      'lib.nix twice 8:25',
      'main.nix add 8:36',
    ]);
  });

  it('finds without evaluation what the text shows', async () => {
    await start(false);
    deepStrictEqual(await incoming((await prepare('main.nix', 'add ='))[0]), [
      'main.nix both 8:31 8:36',
      'main.nix six 6:18',
    ]);
    deepStrictEqual(await outgoing((await prepare('main.nix', 'both'))[0]), ['main.nix add 8:36']);
  });

  it('answers null for what is no function any more', async () => {
    await start();
    const [item] = await prepare('lib.nix', 'twice');
    editor.type(folder.uri('lib.nix'), '');
    strictEqual(await editor.request('callHierarchy/incomingCalls', { item }), null);
  });
});
