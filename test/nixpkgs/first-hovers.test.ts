/**
 * The first hover in package files of nixpkgs, each opened alone in a server of
 * its own that knows nothing but the workspace folder: `stdenv`, `version` and
 * `src` have the values that C++ Nix gives, and the hover names the call.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Editor, uriOf } from '../e2e/editor';
import { checkout, needsCheckout, referenceJson, withoutNixPath } from './checkout';
import { packageFiles } from './package-files';

/** What C++ Nix knows of a package; null where the package has no such attribute. */
interface Reference {
  readonly stdenv: string | null;
  readonly version: string | null;
  readonly src: string | null;
}

/** Where a hover is asked for: the first match outside of comments. */
const places: readonly (readonly [keyof Reference, RegExp])[] = [
  ['stdenv', /\bstdenv\b/],
  ['version', /^\s*version(?=\s*=)/m],
  ['src', /^\s*src(?=\s*=)/m],
];

const referenceOf = (attribute: string, stdenv = `${attribute}.stdenv`): string => `
  let pkgs = import ./. { }; p = pkgs.${attribute}; in {
    stdenv = pkgs.${stdenv}.drvPath or null;
    version = p.version or null;
    src = p.src.drvPath or null;
  }`;

describe('the first hover in a package file', function () {
  this.timeout(600_000);
  const times: number[] = [];
  const references = new Map<string, Reference>();

  needsCheckout();
  withoutNixPath();

  before(() => {
    const answers = referenceJson(
      packageFiles.map(([, attribute, stdenv]) => referenceOf(attribute, stdenv)),
    );
    packageFiles.forEach(([file], i) => references.set(file, JSON.parse(answers[i]!) as Reference));
  });

  after(() => {
    if (times.length === 0) return;
    times.sort((a, b) => a - b);
    const at = (share: number): string => `${times[Math.floor((times.length - 1) * share)]!.toFixed(0)} ms`;
    console.log(
      `    ${times.length} of ${packageFiles.length} right; first hover: median ${at(0.5)}, longest ${at(1)}`,
    );
  });

  for (const [file] of packageFiles) {
    it(file, async () => {
      const editor = await Editor.start({ folder: checkout!, settings: {} });
      try {
        times.push(await checkHovers(editor, file, references.get(file)!));
      } finally {
        await editor.stop();
      }
    });
  }
});

/** Checks the hovers of a file, and gives the milliseconds of the first one. */
async function checkHovers(editor: Editor, file: string, reference: Reference): Promise<number> {
  const path = join(checkout!, file);
  const text = readFileSync(path, 'utf8');
  editor.open(uriOf(path), text);
  let first: number | undefined;
  for (const [name, place] of places) {
    const match = place.exec(withoutComments(text));
    if (match === null) continue;
    const start = performance.now();
    const shown = await hover(editor, uriOf(path), text, match.index + match[0].length - 1);
    first ??= performance.now() - start;
    assert.match(
      shown,
      /\n\n(in the call at [^\n]*|as callPackage of <nixpkgs> calls it)$/,
      `${name} names the call`,
    );
    const wanted = reference[name];
    if (wanted !== null)
      assert.ok(
        shown.includes(name === 'version' ? `"${wanted}"` : wanted),
        `${name}: ${shown} has ${wanted}`,
      );
    else assert.doesNotMatch(shown, /error:|«unknown»/, name);
  }
  assert.ok(first !== undefined, 'the file has something to hover');
  return first;
}

async function hover(editor: Editor, uri: string, text: string, offset: number): Promise<string> {
  const lines = text.slice(0, offset).split('\n');
  const answer = await editor.hover(uri, lines.length - 1, lines.at(-1)!.length);
  return (answer?.contents as { value: string } | undefined)?.value.replaceAll('\\', '') ?? '';
}

/** The text with its comments blanked out. */
function withoutComments(text: string): string {
  return text.replace(/(?<=^|\s)#.*$|\/\*[^]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, ' '));
}
