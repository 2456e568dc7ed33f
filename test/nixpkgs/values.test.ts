/**
 * Hover and `nixray/evaluate` on files of nixpkgs, through the built server,
 * against the values that C++ Nix gives for the same expressions.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Editor, uriOf } from '../e2e/editor';
import { checkout, needsCheckout, referenceJson } from './checkout';

/** A file of `lib/`, and expressions that are evaluated in the scope of its set. */
interface Scope {
  readonly file: string;
  /** Text whose start is the place in the file. */
  readonly at: string;
  /** The scope for C++ Nix. */
  readonly reference: string;
  readonly expressions: readonly string[];
}

const inLib = (file: string): string => `with import ./lib/${file} { lib = import ./lib; };`;

const scopes: readonly Scope[] = [
  {
    file: 'lists.nix',
    at: 'singleton = x',
    reference: inLib('lists.nix'),
    expressions: [
      'foldr (a: b: a - b) 0 [ 1 2 3 4 ]',
      'foldl (a: b: a - b) 0 [ 1 2 3 4 ]',
      'concatMap (x: [ x (x * 2) ]) [ 1 2 3 ]',
      'flatten [ 1 [ 2 [ 3 ] 4 ] 5 ]',
      'findFirst (x: x > 3) 7 [ 1 6 4 ]',
      'count (x: x == 3) [ 3 2 3 4 6 ]',
      'range 2 9',
      'zipLists [ 1 2 ] [ "a" "b" "c" ]',
      'reverseList [ "b" "o" "j" ]',
      'take 2 [ "a" "b" "c" "d" ] ++ drop 2 [ "a" "b" "c" "d" ]',
      'init [ 1 2 3 ] ++ [ (last [ 1 2 3 ]) ]',
      'unique [ 3 2 3 4 2 ]',
      'toposort (a: b: a < b) [ 3 2 1 ]',
      'crossLists (x: y: "${toString x}${toString y}") [ [ 1 2 ] [ 3 4 ] ]',
    ],
  },
  {
    file: 'strings.nix',
    at: 'concatStrings =',
    reference: inLib('strings.nix'),
    expressions: [
      'concatStrings [ "foo" "bar" ]',
      'concatMapStrings (x: "a" + x) [ "foo" "bar" ]',
      'intersperse "/" [ "usr" "local" "bin" ]',
      'hasSuffix "foo" "barfoo"',
      'stringToCharacters "foo"',
      'escapeShellArg "esc\'ape\\nme"',
      'escapeNixString "hello\\${}\\n"',
      'lowerChars ++ upperChars',
      'toUpper "Home" + toLower "HOME"',
      'splitString "/" "/usr/local/bin"',
      'removeSuffix "front" "homefront"',
      'versionOlder "1.1" "1.2"',
      'getVersion "youtube-dl-2016.01.01"',
      'nameFromURL "https://nixos.org/releases/nix/nix-1.7/nix-1.7-x86_64-linux.tar.bz2" "-"',
      'fixedWidthNumber 5 15',
    ],
  },
  {
    file: 'attrsets.nix',
    at: 'attrByPath =',
    reference: inLib('attrsets.nix'),
    expressions: [
      'attrByPath [ "a" "b" ] 6 { a.b = 3; }',
      'setAttrByPath [ "a" "b" ] 3',
      'filterAttrs (n: v: n == "foo") { foo = 1; bar = 2; }',
      'collect builtins.isList { a = { b = [ "b" ]; }; c = [ 1 ]; }',
      'mapAttrs\' (name: value: nameValuePair ("foo_" + name) ("bar-" + value)) { x = "a"; y = "b"; }',
      'recursiveUpdate { a.b = 1; a.c = 2; } { a.c = 3; d = 4; }',
      'genAttrs [ "foo" "bar" ] (name: "x_" + name)',
    ],
  },
  {
    file: 'trivial.nix',
    at: 'id = x',
    reference: inLib('trivial.nix'),
    expressions: [
      'mod 11 10',
      'compare 1 2',
      'boolToString (and true false)',
      'nixpkgsVersion',
      'min 3 5 + max 3 5',
    ],
  },
  {
    file: 'versions.nix',
    at: 'major = v',
    reference: inLib('versions.nix'),
    expressions: ['major "1.2.3" + minor "1.2.3" + patch "1.2.3"'],
  },
];

/** Places that are hovered: what the value is for C++ Nix, as JSON. */
const hovers = [
  { file: 'lib/strings.nix', at: 'lowerChars =', reference: `${inLib('strings.nix')} lowerChars` },
  { file: 'lib/strings.nix', at: '"ABCDEFGHIJKLMNOPQRSTUVWXYZ"', reference: '"ABCDEFGHIJKLMNOPQRSTUVWXYZ"' },
  { file: 'lib/trivial.nix', at: 'inNixShell =', reference: `${inLib('trivial.nix')} inNixShell` },
  {
    file: 'lib/trivial.nix',
    at: 'nixpkgsVersion =',
    reference: `${inLib('trivial.nix')} nixpkgsVersion`,
  },
  {
    file: 'lib/systems/parse.nix',
    at: 'significantBytes = setTypes',
    reference: '(import ./lib).systems.parse.significantBytes',
  },
  { file: 'lib/systems/parse.nix', at: '[ 8 16 32 64 128 ]', reference: '[ 8 16 32 64 128 ]' },
  { file: 'lib/systems/parse.nix', at: 'description = "Endianness"', reference: '"Endianness"' },
];

describe('values in nixpkgs', function () {
  this.timeout(120_000);
  let editor: Editor;

  needsCheckout();

  before(async () => {
    // All these files are functions of `{ lib }`.
    editor = await Editor.start({
      folder: checkout!,
      settings: {
        searchPath: [`nixpkgs=${checkout}`],
        arguments: { 'lib/**': '{ lib = import <nixpkgs/lib>; }' },
      },
    });
  });

  after(async () => {
    if (editor !== undefined) await editor.stop();
  });

  /** Opens a file and gives the place where some text starts. */
  function place(path: string, text: string): { uri: string; position: { line: number; character: number } } {
    const uri = uriOf(join(checkout!, path));
    const content = readFileSync(join(checkout!, path), 'utf8');
    editor.open(uri, content);
    const offset = content.indexOf(text);
    assert.ok(offset >= 0, `${path} has no ${text}`);
    const lines = content.slice(0, offset).split('\n');
    return { uri, position: { line: lines.length - 1, character: lines.at(-1)!.length } };
  }

  async function evaluate(
    uri: string,
    position: object,
    expression: string,
  ): Promise<{ value?: string; error?: { message: string } }> {
    return editor.request('nixray/evaluate', { textDocument: { uri }, position, expression, depth: 20 });
  }

  for (const { file, at, reference, expressions } of scopes) {
    it(`evaluates ${expressions.length} expressions in the scope of lib/${file} as C++ Nix does`, async () => {
      const wanted = referenceJson(expressions.map((expression) => `${reference} ${expression}`));
      const { uri, position } = place(`lib/${file}`, at);
      for (const [i, expression] of expressions.entries()) {
        const { value, error } = await evaluate(uri, position, `builtins.toJSON (${expression})`);
        assert.equal(error, undefined, `${expression}: ${error?.message}`);
        assert.equal(value, nixString(wanted[i]!), expression);
      }
    });
  }

  it(`shows ${hovers.length} values on hover that C++ Nix gives`, async () => {
    const wanted = referenceJson(hovers.map((hover) => hover.reference));
    for (const [i, { file, at }] of hovers.entries()) {
      const { uri, position } = place(file, at);
      // A hover prints what it can force in 20 ms; what it began is done the next time.
      let shown: string | undefined;
      for (let tries = 0; tries < 10 && (shown === undefined || shown.includes('«thunk»')); tries++) {
        shown = await editor.value(uri, position.line, position.character);
      }
      assert.ok(shown !== undefined, `${file}: ${at}`);
      const { value } = await evaluate(uri, position, `builtins.toJSON (${shown})`);
      assert.equal(value, nixString(wanted[i]!), `${file}: ${at} shows ${shown}`);
    }
  });
});

/** A string as Nix prints it. */
function nixString(text: string): string {
  const escaped = text
    .replace(/["\\]|\$(?=\{)/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t');
  return `"${escaped}"`;
}
