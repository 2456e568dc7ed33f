/** Definition, completion, hints, lenses, links, references and signatures on the built server. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { Editor } from './editor';
import { TestFolder } from './folder';

interface Range {
  start: { line: number; character: number };
  end: { line: number; character: number };
}

interface Item {
  label: string;
  kind: number;
  detail?: string;
  documentation?: { value: string };
  textEdit: { range: Range; newText: string };
  data?: unknown;
}

const library = `{
  # Doubles.
  double = x: x * 2;
  greeting = "Grüße 😀";
}
`;

const source = `let
  lib = import ./lib;
  inherit (lib) double;
  seats = double 13; #=> seats + 1
  half = { whole, by ? 2 }: whole / by;
in
with lib;
{ inherit seats; "ü" = greeting; other = half { whole = 4; }; n = <nothing>; }
`;

describe('editor features', () => {
  let editor: Editor;
  let folder: TestFolder;
  let uri: string;
  const lines = source.split('\n');

  /** The position behind the first occurrence of a text in a line. */
  const behind = (line: number, text: string, from = lines): { line: number; character: number } => ({
    line,
    character: from[line]!.indexOf(text) + text.length,
  });
  const at = <T>(method: string, position: object, more: object = {}, document = uri): Promise<T> =>
    editor.request<T>(`textDocument/${method}`, { textDocument: { uri: document }, position, ...more });
  const definition = async (line: number, text: string): Promise<string | null> => {
    const found = await at<{ uri: string; range: Range } | null>('definition', behind(line, text));
    return (
      found &&
      `${found.uri.slice(folder.uri('x').length - 1)}:${found.range.start.line}:${found.range.start.character}`
    );
  };
  /** Opens a text with a cursor \`|\` and completes there. */
  const complete = async (marked: string): Promise<{ isIncomplete: boolean; items: Item[] } | null> => {
    const document = folder.uri('typing.nix');
    const before = marked.slice(0, marked.indexOf('|')).split('\n');
    editor.open(document, marked.replace('|', ''));
    const position = { line: before.length - 1, character: before.at(-1)!.length };
    return at('completion', position, {}, document);
  };

  before(async () => {
    folder = new TestFolder({ 'main.nix': source, 'lib/default.nix': library });
    uri = folder.uri('main.nix');
    const settings = { inlayHints: { values: true }, searchPath: [`here=${folder.path}`] };
    editor = await Editor.start({ folder: folder.path, settings });
    editor.open(uri, source);
  });
  after(() => {
    editor.kill();
    folder.dispose();
  });

  it('asks to be asked again where somebody types on before the names are known', async () => {
    const text = (word: string): string =>
      `let set = builtins.foldl' (a: n: a) { alpha = 1; } (builtins.genList (n: n) 3000000); in set.${word}`;
    const document = folder.uri('slow.nix');
    editor.open(document, text('a'));
    const first = at<{ isIncomplete: boolean; items: Item[] }>(
      'completion',
      { line: 0, character: text('a').length },
      {},
      document,
    );
    editor.edit(document, [{ text: text('al') }]);
    deepStrictEqual(await first, { isIncomplete: true, items: [] });
    const position = { line: 0, character: text('al').length };
    const second = await at<{ items: Item[] }>('completion', position, {}, document);
    deepStrictEqual(
      second.items.map(({ label }) => label),
      ['alpha'],
    );
  });

  it('goes to definitions in the file and in others', async () => {
    strictEqual(await definition(7, 'seats'), 'main.nix:3:2');
    strictEqual(await definition(3, 'double'), 'lib/default.nix:2:2');
    strictEqual(await definition(7, 'greet'), 'lib/default.nix:3:2');
    strictEqual(await definition(1, './li'), 'lib/default.nix:0:0');
    strictEqual(await definition(1, 'impo'), 'lib/default.nix:0:0');
    strictEqual(await definition(4, 'whole, by ? 2 }: whole'), 'main.nix:4:11');
    strictEqual(await definition(7, '<noth'), null);
    strictEqual(await at('definition', { line: 999, character: 0 }), null);
  });

  it('completes attributes, variables, formals and paths', async () => {
    const members = await complete('let lib = import ./lib; in lib.|');
    deepStrictEqual(
      members!.items.map(({ label }) => label),
      ['double', 'greeting'],
    );
    const resolved = await editor.request<Item>('completionItem/resolve', members!.items[1]);
    match(resolved.documentation!.value, /Grüße 😀/);
    const variables = await complete('let täglich = 1; abc = 2; in { x = "😀${ab|}"; }');
    deepStrictEqual(variables!.items[0]!.textEdit.range, {
      start: { line: 0, character: 40 },
      end: { line: 0, character: 42 },
    });
    strictEqual(variables!.items[0]!.label, 'abc');
    match(
      (await editor.request<Item>('completionItem/resolve', variables!.items[0])).documentation!.value,
      /2/,
    );
    editor.type(folder.uri('typing.nix'), 'let täglich = 1; abc = 2; in { x = "😀${abc}"; }');
    match(
      (await editor.request<Item>('completionItem/resolve', variables!.items[0])).documentation!.value,
      /2/,
    );
    editor.type(folder.uri('typing.nix'), '1 + 1');
    strictEqual(
      (await editor.request<Item>('completionItem/resolve', variables!.items[0])).documentation,
      undefined,
    );
    const formals = await complete('let f = { a, b ? 1 }: a; in f { | }');
    deepStrictEqual(
      formals!.items.map(({ label }) => label),
      ['a', 'b', 'inherit'],
    );
    deepStrictEqual(
      (await complete('import ./|'))!.items.map(({ label }) => label),
      ['lib', 'main.nix'],
    );
    deepStrictEqual(
      (await complete('import <here/lib/|>'))!.items.map(({ label, kind }) => [label, kind]),
      [['default.nix', 17]],
    );
    strictEqual((await complete('import <her|>'))!.items[0]!.label, 'here');
    ok(
      (await complete('builtins.|'))!.items.find(({ label }) => label === 'map')!.documentation !== undefined,
    );
    strictEqual(await complete('# builtins.|'), null);
  });

  it('gives part of many names, and the others while one goes on typing', async () => {
    const many =
      'let s = builtins.listToAttrs (builtins.genList (n: { name = "n${toString n}"; value = n; }) 15000); in s.';
    const first = await complete(`${many}|`);
    strictEqual(first!.isIncomplete, true);
    ok(first!.items.length <= 200);
    const next = await complete(`${many}n1499|`);
    strictEqual(next!.items[0]!.label, 'n1499');
    ok(next!.items.some(({ label }) => label === 'n14999'));
  });

  it('shows values beside bindings and comments', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints = await editor.request<{ position: { line: number }; label: string }[]>(
      'textDocument/inlayHint',
      {
        textDocument: { uri },
        range,
      },
    );
    const shown = hints.map(({ position, label }) => `${position.line} ${label}`);
    ok(shown.includes('3 27') && shown.includes('3 = 26'), shown.join('\n'));
  });

  it('shows the versions of packages in lists', async () => {
    const document = folder.uri('packages.nix');
    const text = `let pkgs = { hello = derivation { name = "hello-2.10"; system = "x"; builder = "/b"; }; };
in with pkgs; [ hello pkgs.hello pkgs ]`;
    editor.open(document, text);
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const hints = await editor.request<object[]>('textDocument/inlayHint', {
      textDocument: { uri: document },
      range,
    });
    deepStrictEqual(hints, [
      { position: { line: 1, character: 21 }, label: '2.10', paddingLeft: true },
      { position: { line: 1, character: 32 }, label: '2.10', paddingLeft: true },
    ]);
  });

  it('shows above a function which call its values are from', async () => {
    const lenses = await editor.request<{ range: Range }[]>('textDocument/codeLens', {
      textDocument: { uri },
    });
    deepStrictEqual(
      lenses.map(({ range }) => range.start.line),
      [4],
    );
    const resolved = await editor.request<{ command: { title: string } }>('codeLens/resolve', lenses[0]);
    match(resolved.command.title, /in the call at main\.nix:8:\d+, 1 of /);
  });

  it('shows the call that was chosen', async () => {
    const document = folder.uri('calls.nix');
    editor.open(document, 'let f = x: x + 1; in [ (f 1) (f 2) ]');
    const position = { line: 0, character: 11 };
    strictEqual(await editor.value(document, 0, 11), '1');
    const ask = <T>(method: string, more: object = {}): Promise<T> =>
      editor.request<T>(method, { textDocument: { uri: document }, position, ...more });
    const { calls } = await ask<{ calls: { text: string; location: object }[] }>('nixray/calls');
    const second = calls.find(({ text }) => text === 'f 2')!;
    strictEqual(await ask('nixray/chooseCall', { call: second.location }), true);
    strictEqual(await editor.value(document, 0, 11), '2');
    const none = { uri: document, range: { start: position, end: position } };
    strictEqual(await ask('nixray/chooseCall', { call: none }), false);
    const nowhere = { textDocument: { uri: document }, position: { line: 0, character: 34 } };
    strictEqual(await editor.request('nixray/calls', nowhere), null);
    editor.type(document, 'let f = x: x + 1; in [ (f 3) (f 4) ]');
    strictEqual(await editor.value(document, 0, 11), '3');
  });

  it('shows no value where a setting says so, and a way to the value where the client has one', async () => {
    const other = await Editor.start({
      folder: folder.path,
      initializationOptions: { commands: ['nixray.showValue'] },
      settings: { inlayHints: { values: false, comments: false } },
    });
    try {
      other.open(uri, source);
      const ask = <T>(method: string, more: object = {}): Promise<T> =>
        other.request<T>(`textDocument/${method}`, { textDocument: { uri }, ...more });
      const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
      deepStrictEqual(await ask('inlayHint', { range }), []);
      other.settings = { inlayHints: { comments: true }, codeLens: { enabled: true } };
      other.send('workspace/didChangeConfiguration', { settings: null });
      let hints: { label: string }[] = [];
      for (let tries = 0; hints.length === 0; tries++) {
        ok(tries < 200);
        hints = await ask('inlayHint', { range });
      }
      deepStrictEqual(
        hints.map(({ label }) => label),
        ['27'],
      );
      const [first] = await ask<{ range: Range; command?: { command: string } }[]>('codeLens');
      strictEqual(first!.command!.command, 'nixray.showValue');
      strictEqual(first!.range.start.line, 0);
    } finally {
      other.kill();
    }
  });

  it('keeps a chosen call while one types, and lets it go', async () => {
    const document = folder.uri('kept.nix');
    editor.open(document, 'let f = x: x + 1; in [ (f 1) (f 2) ]');
    const ask = <T>(method: string, more: object = {}): Promise<T> =>
      editor.request<T>(method, {
        textDocument: { uri: document },
        position: { line: 0, character: 11 },
        ...more,
      });
    const { calls } = await ask<{ calls: { text: string; location: object }[] }>('nixray/calls');
    await ask('nixray/chooseCall', { call: calls.find(({ text }) => text === 'f 2')!.location });
    editor.type(document, 'let f = x: x + 100; in [ (f 1) (f 2) ]');
    strictEqual(await editor.value(document, 0, 13), '102');
    strictEqual(await ask('nixray/chooseCall', { call: null }), true);
    strictEqual(await editor.value(document, 0, 13), '101');
  });

  it('names a function for the setting that pins its arguments', async () => {
    const document = folder.uri('pinned.nix');
    const text = '{ twice = f: x: f (f x); }';
    const ask = (other: Editor): Promise<{ arguments: Record<string, unknown>[] }> =>
      other.request('nixray/calls', {
        textDocument: { uri: document },
        position: { line: 0, character: 17 },
      });
    editor.open(document, text);
    const found = await ask(editor);
    deepStrictEqual(found.arguments, [
      { position: { line: 0, character: 10 }, parameter: 'f', setting: 'pinned.nix#twice:f' },
      { position: { line: 0, character: 13 }, parameter: 'x', setting: 'pinned.nix#twice:x' },
    ]);
    const pins = { 'pinned.nix#twice:f': 'n: n * 3', 'pinned.nix#twice:x': '5' };
    const other = await Editor.start({ folder: folder.path, settings: { arguments: pins } });
    try {
      other.open(document, text);
      strictEqual(await other.value(document, 0, 21), '5');
      strictEqual(await other.value(document, 0, 18), '15');
      deepStrictEqual((await ask(other)).arguments[1]!.pinned, {
        setting: 'pinned.nix#twice:x',
        expression: '5',
      });
      other.settings = { arguments: {} };
      other.send('workspace/didChangeConfiguration', { settings: null });
      await other.until('the argument to be unknown', () => other.published(document) !== undefined);
      for (let tries = 0; (await other.value(document, 0, 21)) === '5'; tries++) ok(tries < 100);
    } finally {
      other.kill();
    }
  });

  it('links paths', async () => {
    const links = await editor.request<{ range: Range }[]>('textDocument/documentLink', {
      textDocument: { uri },
    });
    deepStrictEqual(
      links.map(({ range }) => range.start.line),
      [1, 7],
    );
    const [first, second] = await Promise.all(
      links.map((link) => editor.request<{ target?: string }>('documentLink/resolve', link)),
    );
    strictEqual(first!.target, folder.uri('lib/default.nix'));
    strictEqual(second!.target, undefined);
  });

  it('links the inputs of a flake', async () => {
    folder.write('other/flake.nix', '{ outputs = _: { }; }');
    const flake = folder.uri('flake.nix');
    editor.open(
      flake,
      '{ inputs.a.url = "github:o/r/v1"; inputs.b.url = "./other"; inputs.c.url = "./none"; }',
    );
    const links = await editor.request<{ target?: string }[]>('textDocument/documentLink', {
      textDocument: { uri: flake },
    });
    const targets = links.map(
      async (link) => (await editor.request<{ target?: string }>('documentLink/resolve', link)).target,
    );
    deepStrictEqual(await Promise.all(targets), [
      'https://github.com/o/r/tree/v1',
      folder.uri('other/flake.nix'),
      undefined,
    ]);
    editor.close(flake);
  });

  it('finds and renames what means the same', async () => {
    const position = behind(3, 'seats');
    const places = await at<unknown[]>('references', position, { context: { includeDeclaration: true } });
    strictEqual(places.length, 2);
    strictEqual((await at<unknown[]>('documentHighlight', position)).length, 2);
    const prepared = await at<{ placeholder: string }>('prepareRename', position);
    strictEqual(prepared.placeholder, 'seats');
    const { changes } = await at<{ changes: Record<string, { newText: string }[]> }>('rename', position, {
      newName: 'places',
    });
    deepStrictEqual(
      changes[uri]!.map(({ newText }) => newText),
      ['places', 'seats = places;'],
    );
    await rejects(at('rename', position, { newName: 'double' }), /already has a meaning/);
    const attribute = await at<{ placeholder: string }>('prepareRename', behind(7, 'greeting'));
    strictEqual(attribute.placeholder, 'greeting');
  });

  it('says what a function takes', async () => {
    const help = await at<{ signatures: { label: string; documentation: { value: string } }[] }>(
      'signatureHelp',
      behind(3, 'double '),
    );
    strictEqual(help.signatures[0]!.label, 'double x');
    strictEqual(help.signatures[0]!.documentation.value, 'Doubles.');
    strictEqual(await at('signatureHelp', { line: 0, character: 0 }), null);
  });

  it('does what needs no evaluation in a workspace that is not trusted', async () => {
    const other = await Editor.start({
      folder: folder.path,
      initializationOptions: { trusted: false },
      settings: { inlayHints: { values: true } },
    });
    try {
      other.open(uri, source);
      const ask = <T>(method: string, more: object): Promise<T> =>
        other.request<T>(`textDocument/${method}`, { textDocument: { uri }, ...more });
      const found = await ask<{ uri: string }>('definition', { position: behind(1, './li') });
      strictEqual(found.uri, folder.uri('lib/default.nix'));
      strictEqual(await ask('definition', { position: behind(7, 'greet') }), null);
      const { items } = await ask<{ items: Item[] }>('completion', { position: behind(3, 'seats = ') });
      ok(items.some(({ label }) => label === 'double'));
      const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
      deepStrictEqual(await ask('inlayHint', { range }), []);
      await rejects(ask('prepareRename', { position: behind(7, 'greeting') }), /comes from a 'with'/);
      deepStrictEqual(await ask('codeLens', {}), []);
    } finally {
      other.kill();
    }
  });
});
