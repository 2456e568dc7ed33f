// The extension's manifest against the table of settings and the files it names.
import assert from 'node:assert/strict';
import * as protocol from '../../../shared/src/protocol';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  configuration,
  restrictedSettings,
  settingsDocumentation,
  withSettings,
} from '../../../scripts/manifest';

const root = join(__dirname, '..', '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;

function parse(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

describe('the manifest', () => {
  it('has the settings of the table (else run: npx tsx scripts/manifest.ts)', () => {
    assert.deepEqual(contributes.configuration, configuration());
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.deepEqual(restrictedConfigurations, restrictedSettings());
  });

  it('agrees with the list of settings in the README (else run: npx tsx scripts/manifest.ts)', function () {
    const file = join(root, 'README.md');
    if (!existsSync(file)) this.skip();
    const readme = readFileSync(file, 'utf8');
    assert.equal(readme, withSettings(readme));
  });

  it('sets what VS Code does otherwise: words of the text as suggestions, which keep it from asking the server again, none in strings, and indentation of four', () => {
    assert.deepEqual(contributes.configurationDefaults, {
      '[nix]': {
        'editor.insertSpaces': true,
        'editor.quickSuggestions': { strings: 'on' },
        'editor.tabSize': 2,
        'editor.wordBasedSuggestions': 'off',
      },
    });
  });

  it('puts the list of settings between its marks, and nowhere else', () => {
    const readme = withSettings('before <!-- settings -->\nold\n<!-- /settings --> behind');
    assert.equal(
      readme,
      `before <!-- settings -->\n\n${settingsDocumentation()}\n\n<!-- /settings --> behind`,
    );
    assert.equal(withSettings('no marks'), 'no marks');
    assert.equal(withSettings(readme), readme);
  });

  it('names files that exist, and every JSON file among them can be read', () => {
    const languages = contributes.languages as { configuration?: string; icon?: Record<string, string> }[];
    const json = [
      ...languages.flatMap(({ configuration }) => configuration ?? []),
      ...grammars().map(({ path }) => path),
    ];
    for (const path of json) assert.ok(parse(path));
    const shown = [...Object.values(contributes.views), ...Object.values(contributes.viewsContainers)].flat();
    const icons = [
      manifest.icon,
      ...languages.flatMap((language) => Object.values(language.icon ?? {})),
      ...(shown as { icon: string }[]).map(({ icon }) => icon),
    ];
    for (const path of icons) assert.ok(existsSync(join(root, path)), path);
  });

  it('gives each grammar the scope that its file states', () => {
    for (const { path, scopeName } of grammars()) {
      assert.equal((parse(path) as { scopeName: string }).scopeName, scopeName);
    }
  });

  it('declares every command that the extension registers, and no other', () => {
    const source = readFileSync(join(root, 'client', 'src', 'extension.ts'), 'utf8');
    const registered = [...source.matchAll(/registerCommand\((?:'([^']+)'|(\w+))/g)].map(
      ([, written, constant]) => written ?? (protocol as Record<string, unknown>)[constant!],
    );
    const declared = contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual(registered.sort(), declared.sort());
  });

  it('uses no command in a menu or a welcome that it does not declare', () => {
    const declared = new Set(contributes.commands.map(({ command }: { command: string }) => command));
    const menus = Object.values(contributes.menus).flat() as { command: string }[];
    for (const { command } of menus) assert.ok(declared.has(command), command);
    const views = Object.values(contributes.views).flat() as { id: string }[];
    for (const { view, contents } of contributes.viewsWelcome) {
      assert.ok(
        views.some(({ id }) => id === view),
        view,
      );
      for (const [, command] of contents.matchAll(/\(command:(nixray\.\w+)\)/g))
        assert.ok(declared.has(command));
    }
  });

  it('has an end for the documents of byte code by which they get their language', () => {
    const language = contributes.languages.find(({ id }: { id: string }) => id === 'nixray-bytecode');
    assert.deepEqual(language.extensions, ['.nix.bytecode']);
  });
});

function grammars(): { path: string; scopeName: string }[] {
  return contributes.grammars;
}
