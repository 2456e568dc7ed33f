/** Attributes are renamed in all files of the workspace, on the built server. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AnnotatedTextEdit,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { Editor, type EditorOptions } from './editor';
import { TestFolder } from './folder';

type Files = Readonly<Record<string, string>>;

describe('the rename of an attribute', () => {
  let editor: Editor;
  let folder: TestFolder;
  let files: Record<string, string>;
  const start = async (texts: Files, options: EditorOptions = {}): Promise<void> => {
    files = { ...texts };
    folder = new TestFolder(texts);
    editor = await Editor.start({ folder: folder.path, ...options });
  };
  afterEach(() => {
    editor.kill();
    folder.dispose();
  });

  /** Asks where `|` stands in a part of a file's text. */
  const asked = async <T>(method: string, name: string, marked: string, more: object = {}): Promise<T> => {
    const text = files[name]!;
    const offset = text.indexOf(marked.replace('|', '')) + marked.indexOf('|');
    const before = text.slice(0, offset).split('\n');
    const uri = folder.uri(name);
    editor.open(uri, text);
    return editor.request<T>(`textDocument/${method}`, {
      textDocument: { uri },
      position: { line: before.length - 1, character: before.at(-1)!.length },
      ...more,
    });
  };

  const applied = (text: string, edits: readonly TextEdit[]): string => {
    const lines = text.split('\n');
    const starts = lines.map((_, i) => lines.slice(0, i).join('\n').length + (i === 0 ? 0 : 1));
    const offset = ({ line, character }: { line: number; character: number }): number =>
      starts[line]! + character;
    const sorted = edits.toSorted((a, b) => offset(b.range.start) - offset(a.range.start));
    return sorted.reduce(
      (result, { range, newText }) =>
        result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end)),
      text,
    );
  };

  /** The new texts of the files that change; what needs a confirmation is left out. */
  const renamed = async (name: string, marked: string, newName: string): Promise<Files> => {
    const edit = await asked<WorkspaceEdit>('rename', name, marked, { newName });
    const changes = new Map<string, readonly TextEdit[]>(Object.entries(edit.changes ?? {}));
    for (const { textDocument, edits } of (edit.documentChanges ?? []) as TextDocumentEdit[])
      changes.set(textDocument.uri, edits.filter((each) => !('annotationId' in each)) as TextEdit[]);
    const result: Record<string, string> = {};
    for (const each of Object.keys(files)) {
      const found = changes.get(folder.uri(each));
      if (found !== undefined && found.length > 0) result[each] = applied(files[each]!, found);
    }
    return result;
  };

  const library: Files = {
    'lib.nix': '{\n  double = x: x * 2;\n  deep.er = 1;\n  deep.est = 2;\n}\n',
    'main.nix':
      'let\n  lib = import ./lib.nix;\n  inherit (lib) double;\nin\n{\n  a = double 2;\n  b = lib.double 3;\n  c = with lib; double 4;\n  d = lib.deep.est;\n  e.double = 1;\n}\n',
    'other.nix': '(import ./lib.nix).double (import ./main.nix).e.double\n',
  };
  const doubled: Files = {
    'lib.nix': '{\n  twice = x: x * 2;\n  deep.er = 1;\n  deep.est = 2;\n}\n',
    'main.nix':
      'let\n  lib = import ./lib.nix;\n  double = lib.twice;\nin\n{\n  a = double 2;\n  b = lib.twice 3;\n  c = with lib; double 4;\n  d = lib.deep.est;\n  e.double = 1;\n}\n',
    'other.nix': '(import ./lib.nix).twice (import ./main.nix).e.double\n',
  };

  it('changes the places that mean it, wherever it is asked for', async () => {
    await start(library);
    deepStrictEqual(await renamed('lib.nix', 'dou|ble', 'twice'), doubled);
    deepStrictEqual(await renamed('main.nix', 'lib.dou|ble', 'twice'), doubled);
    deepStrictEqual(await renamed('other.nix', '.double| (', 'twice'), doubled);
  });

  it('changes all parts of a set that is written in parts', async () => {
    await start(library);
    const { 'lib.nix': lib, 'main.nix': main } = await renamed('main.nix', 'lib.de|ep', 'low');
    strictEqual(lib, library['lib.nix']!.replaceAll('deep.', 'low.'));
    strictEqual(main, library['main.nix']!.replace('lib.deep', 'lib.low'));
    const last = await renamed('main.nix', 'deep.est|', 'most');
    strictEqual(last['lib.nix'], library['lib.nix']!.replace('est', 'most'));
  });

  it('changes what is named by a with, and the variables of a recursive set', async () => {
    await start({
      'set.nix': 'rec { one = 1; two = one + one; }\n',
      'use.nix': 'with import ./set.nix; [ one two { inherit one; } ]\n',
    });
    deepStrictEqual(await renamed('use.nix', '[ on|e', 'unit'), {
      'set.nix': 'rec { unit = 1; two = unit + unit; }\n',
      'use.nix': 'with import ./set.nix; [ unit two { one = unit; } ]\n',
    });
  });

  it('changes the argument of the functions that it is passed to', async () => {
    await start({
      'packages.nix':
        'let\n  call = path: import path (builtins.intersectAttrs (builtins.functionArgs (import path)) set);\n  set = {\n    tool = 1;\n    user = call ./user.nix;\n  };\nin\nset\n',
      'user.nix': '{ tool, ... }: [ tool { inherit tool; } ]\n',
      'main.nix': '(import ./packages.nix).user\n',
    });
    const changed = await renamed('packages.nix', 'to|ol', 'device');
    strictEqual(changed['user.nix'], '{ device, ... }: [ device { tool = device; } ]\n');
    match(changed['packages.nix']!, /\n {4}device = 1;/);
    deepStrictEqual(Object.keys(changed), ['packages.nix', 'user.nix']);
  });

  it('of an argument changes what all calls of the function pass, wherever it is asked for', async () => {
    const texts: Files = {
      'lib.nix':
        'let\n  pad = { char ? " ", width }: char + toString width;\nin\n{\n  inherit pad;\n  a = pad { width = 8; };\n  b = pad { char = "0"; width = 4; };\n}\n',
      'use.nix': 'let lib = import ./lib.nix; width = 5; in lib.pad { inherit width; }\n',
    };
    const changed: Files = {
      'lib.nix': texts['lib.nix']!.replaceAll('width', 'size'),
      'use.nix': 'let lib = import ./lib.nix; width = 5; in lib.pad { size = width; }\n',
    };
    await start(texts);
    deepStrictEqual(await renamed('lib.nix', ', wid|th }', 'size'), changed);
    deepStrictEqual(await renamed('lib.nix', 'toString wid|th', 'size'), changed);
    deepStrictEqual(await renamed('lib.nix', 'wid|th = 4', 'size'), changed);
    const { 'use.nix': use } = await renamed('lib.nix', '{ cha|r', 'fill');
    strictEqual(use, undefined);
  });

  it('of an argument of a file changes what its importers pass, also in sets within', async () => {
    const texts: Files = {
      'file.nix': '{ lib, n }: lib.x + n\n',
      'one.nix': 'import ./file.nix { lib = { x = 1; }; n = 2; }\n',
      'two.nix': 'import ./file.nix { lib.x = 1; n = 3; }\n',
    };
    const all = (from: RegExp, to: string): Files =>
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.replaceAll(from, to)]));
    await start(texts);
    deepStrictEqual(await renamed('file.nix', '{ li|b', 'inner'), all(/\blib\b/g, 'inner'));
    deepStrictEqual(await renamed('two.nix', 'li|b.x', 'inner'), all(/\blib\b/g, 'inner'));
    deepStrictEqual(await renamed('file.nix', 'lib.x|', 'y'), all(/\bx\b/g, 'y'));
  });

  it('is refused where not all that is passed is known', async () => {
    await start({
      'file.nix': '{ lib, n }: lib.x + n\n',
      'one.nix': 'import ./file.nix { lib = { x = 1; }; n = 2; }\n',
      'two.nix': 'let all = { lib.x = 1; n = 3; }; in import ./file.nix all\n',
      'made.nix':
        '[ (derivation { name = "a"; system = "b"; builder = "c"; extra = 1; }) { __functor = self: x: x; } (f: { used = f { other = 1; }; }) ]\n',
    });
    const refused = (name: string, marked: string, reason: RegExp): Promise<void> =>
      rejects(asked('rename', name, marked, { newName: 'z' }), reason);
    await refused('file.nix', '{ li|b', /the call in \S+two\.nix:1 does not show what it passes/);
    await refused('one.nix', 'li|b =', /the call in \S+two\.nix:1 does not show what it passes/);
    const reads = /nothing in the workspace shows what reads it there: see \S+made\.nix:1/;
    await refused('made.nix', 'ext|ra', reads);
    await refused('made.nix', 'oth|er', reads);
    await refused('made.nix', '__func|tor', /'__functor' is a name that Nix gives a meaning of its own/);
  });

  it('of an option changes what modules define and read', async () => {
    const texts: Files = {
      'system.nix': `let
  mkOption = option: option // { _type = "option"; loc = [ "web" "enable" ]; declarations = [ (toString ./declare.nix) ]; };
  inherit (import ./declare.nix { inherit mkOption; }) options;
  config.web = builtins.mapAttrs (_: value: value) { enable = true; };
in
map (module: import module { inherit config options; }) [ ./one.nix ./two.nix ]
`,
      'declare.nix': '{ mkOption }: { options.web.enable = mkOption { }; }\n',
      'one.nix': '{ config, ... }: { web.enable = true; other.enable = true; }\n',
      'two.nix':
        '{ config, ... }: let cfg = config.web; in { x = cfg.enable; y = config.web.enable; z = map (web: web.enable) [ cfg ]; }\n',
    };
    const changed: Files = {
      'declare.nix': texts['declare.nix']!.replace('enable', 'on'),
      'one.nix': texts['one.nix']!.replace('web.enable', 'web.on'),
      'two.nix': texts['two.nix']!.replaceAll('enable', 'on'),
    };
    await start(texts);
    deepStrictEqual(await renamed('declare.nix', 'ena|ble', 'on'), changed);
    deepStrictEqual(await renamed('one.nix', 'web.ena|ble', 'on'), changed);
    deepStrictEqual(await renamed('two.nix', 'cfg.ena|ble', 'on'), changed);
  });

  it('asks about places that nothing is known of', async () => {
    const texts: Files = {
      'set.nix': '{ one = 1; }\n',
      'use.nix': 'x: [ x.one (import ./set.nix).one ]\n',
    };
    await start(texts, { asksAboutEdits: true });
    const edit = await asked<WorkspaceEdit>('rename', 'set.nix', 'on|e', { newName: 'unit' });
    const shown = (edit.documentChanges as TextDocumentEdit[]).flatMap(({ edits }) =>
      (edits as AnnotatedTextEdit[]).map(({ range, annotationId }) => [range.start.character, annotationId]),
    );
    deepStrictEqual(shown, [
      [2, undefined],
      [30, undefined],
      [7, 'doubt'],
    ]);
    strictEqual(edit.changeAnnotations!['doubt']!.needsConfirmation, true);
  });

  it('names such places where the editor does not ask', async () => {
    await start({ 'set.nix': '{ one = 1; }\n', 'use.nix': 'x: [ x.one (import ./set.nix).one ]\n' });
    deepStrictEqual(await renamed('set.nix', 'on|e', 'unit'), {
      'set.nix': '{ unit = 1; }\n',
      'use.nix': 'x: [ x.one (import ./set.nix).unit ]\n',
    });
    await editor.until('the message', () => editor.messages.length > 0);
    match(
      editor.messages[0]!,
      /No evaluation has told what 'one' means in \S+use\.nix:1; it was not renamed/,
    );
  });

  it('is refused where the new name would mean something else', async () => {
    await start({
      'set.nix': '{ one = 1; two = 2; }\n',
      'both.nix': '{ three = 3; } // import ./set.nix\n',
      'use.nix': '[ (import ./both.nix).one (let four = 4; in with import ./set.nix; one) ]\n',
    });
    const refused = (newName: string, reason: RegExp): Promise<void> =>
      rejects(asked('rename', 'set.nix', '{ on|e', { newName }), reason);
    await refused('two', /The set that has 'one' has 'two', too|already has a meaning/);
    await refused('three', /'three' already has a meaning where 'one' is used in \S+use\.nix:1/);
    await refused('four', /'four' already has a meaning where 'one' is used/);
    await refused('if', /'if' is not a name/);
  });

  it('is refused where no text of the workspace binds it', async () => {
    await start({
      'use.nix': '[ (builtins.listToAttrs [ { name = "one"; value = 1; } ]).one (x: x.two) ]\n',
    });
    await rejects(
      asked('rename', 'use.nix', '.on|e', { newName: 'a' }),
      /It is not known where 'one' is bound/,
    );
    await rejects(
      asked('rename', 'use.nix', '.tw|o', { newName: 'a' }),
      /It is not known where 'two' is bound/,
    );
    const { placeholder } = await asked<{ placeholder: string }>('prepareRename', 'use.nix', '.on|e');
    strictEqual(placeholder, 'one');
    ok(readFileSync(join(folder.path, 'use.nix'), 'utf8').includes('"one"'));
  });
});
