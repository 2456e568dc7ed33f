/** References in other files, on the built server. */
import { deepStrictEqual } from 'node:assert/strict';
import type { Location } from 'vscode-languageserver-protocol';
import { Editor } from './editor';
import { TestFolder } from './folder';

const files = {
  'lib/default.nix': '{\n  twice = x: x + x;\n  again = 1;\n}\n',
  'main.nix':
    'let\n  lib = import ./lib;\n  other = { twice = 1; };\nin\n{\n  a = lib.twice 1;\n  b = other.twice;\n' +
    '  c = with lib; twice 2;\n  inherit (lib) twice again;\n  d = import ./part.nix { inherit lib; };\n}\n',
  'part.nix': '{ lib }:\n# ./part.nix\n[ (lib.twice 3) (lib ? twice) "./part.nix" ]\n',
  'lib/below.nix': 'import ./. // import ../lib/default.nix // import ./below.nix\n',
};

const modules = {
  'system.nix': `let
  mkOption = option: option // { _type = "option"; loc = [ "web" "enable" ]; declarations = [ (toString ./declare.nix) ]; };
  inherit (import ./declare.nix { inherit mkOption; }) options;
  config = { web.enable = true; };
in
map (module: import module { inherit config options; }) [ ./one.nix ./two.nix ]
`,
  'declare.nix': '{ mkOption }: { options.web.enable = mkOption { }; }\n',
  'one.nix': '{ config, ... }: { web.enable = true; }\n',
  'two.nix': '{ config, options, ... }: { web = { other.enable = 1; }; used = config.web.enable; }\n',
};

const packages = {
  'default.nix': `let
  callPackage = path: let made = import path; in made (builtins.intersectAttrs (builtins.functionArgs made) packages);
  packages = {
    lzo = "lzo";
    tool = callPackage ./tool.nix;
  };
in
packages
`,
  'tool.nix': '{ lzo }: "tool ${lzo}"\n',
};

describe('references across files', () => {
  let editor: Editor;
  let folder: TestFolder;
  afterEach(() => {
    editor.kill();
    folder.dispose();
  });
  let texts: Readonly<Record<string, string>>;
  const start = async (trusted = true, opened: typeof texts = files): Promise<void> => {
    texts = opened;
    folder = new TestFolder(opened);
    editor = await Editor.start({ folder: folder.path, initializationOptions: { trusted } });
    for (const [file, text] of Object.entries(opened))
      if (file !== 'lib/below.nix') editor.open(folder.uri(file), text);
  };
  /** The places that are found from a text in a file, as `file:line:column`. */
  const from = async (file: string, text: string, includeDeclaration = true): Promise<string[]> => {
    const before = texts[file]!.slice(0, texts[file]!.indexOf(text)).split('\n');
    const found = await editor.request<Location[]>('textDocument/references', {
      textDocument: { uri: folder.uri(file) },
      position: { line: before.length - 1, character: before.at(-1)!.length },
      context: { includeDeclaration },
    });
    return found
      .map(
        ({ uri, range: { start } }) =>
          `${uri.slice(folder.uri('').length + 1)}:${start.line}:${start.character}`,
      )
      .sort();
  };

  const uses = ['main.nix:5:10', 'main.nix:7:16', 'main.nix:8:16', 'part.nix:2:7', 'part.nix:2:23'];

  it('are the uses of an attribute, and of no other one of the name', async () => {
    await start();
    const sorted = ['lib/default.nix:1:2', ...uses].sort();
    deepStrictEqual(await from('lib/default.nix', 'twice'), sorted);
    deepStrictEqual(await from('lib/default.nix', 'twice', false), [...uses].sort());
    deepStrictEqual(await from('main.nix', 'twice 2'), sorted);
    deepStrictEqual(await from('part.nix', 'twice 3'), sorted);
    deepStrictEqual(await from('main.nix', 'twice = 1'), ['main.nix:2:12', 'main.nix:6:12']);
  });

  it('are those of a scope in its file alone', async () => {
    await start();
    deepStrictEqual(await from('part.nix', 'lib }'), ['part.nix:0:2', 'part.nix:2:17', 'part.nix:2:3']);
  });

  it('are the paths that name a file, which takes no evaluation', async () => {
    await start(false);
    deepStrictEqual(await from('part.nix', '{ lib'), ['main.nix:9:13']);
    deepStrictEqual(await from('main.nix', './lib'), [
      'lib/below.nix:0:21',
      'lib/below.nix:0:7',
      'main.nix:1:15',
    ]);
    deepStrictEqual(await from('lib/default.nix', 'twice'), ['lib/default.nix:1:2']);
  });

  it('of an option are where modules set it and read it', async () => {
    await start(true, modules);
    const found = ['declare.nix:0:16', 'one.nix:0:23', 'two.nix:0:75'];
    deepStrictEqual(await from('declare.nix', 'enable'), found);
    deepStrictEqual(await from('one.nix', 'enable'), found);
    deepStrictEqual(await from('two.nix', 'enable; }', false), found.slice(1));
  });

  it('of a package are also the parameters that receive it', async () => {
    await start(true, packages);
    deepStrictEqual(await from('default.nix', 'lzo ='), ['default.nix:3:4', 'tool.nix:0:2']);
  });
});
