/**
 * After any edits a document answers as if it had just been opened: the same
 * diagnostics, the same values, the same byte code.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { Editor } from './editor';

const uri = 'file:///nixray-tests/edits.nix';
const source = `let
  prices = [ 420 690 380 ];
  sum = builtins.foldl' (a: b: a + b) 0;
  names = { tea = "Sencha"; other.kind = "green"; };
  twice = f: x: f (f x);
in
rec {
  inherit (names) tea;
  total = sum prices;
  label = "\${tea}: \${toString total}";
  four = twice (n: n * 2) 1;
}
`;
const pieces = [
  'x',
  '1',
  ' ',
  '\n',
  ';',
  '=',
  '{',
  '}',
  '[',
  ']',
  '"',
  "''",
  '${',
  'a.b = 2; ',
  'ü',
  '# c\n',
  'sum',
];

/** The same numbers in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

interface Change {
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
  text: string;
}

/** A text that is edited as an editor does it. */
class Typist {
  constructor(
    public text: string,
    private readonly random: (below: number) => number,
  ) {}

  change(): Change {
    const start = this.random(this.text.length + 1);
    const end = Math.min(this.text.length, start + (this.random(3) === 0 ? this.random(12) : 0));
    const text = this.random(4) === 0 ? '' : pieces[this.random(pieces.length)]!;
    const range = { start: this.position(start), end: this.position(end) };
    this.text = this.text.slice(0, start) + text + this.text.slice(end);
    return { range, text };
  }

  private position(offset: number): { line: number; character: number } {
    const before = this.text.slice(0, offset).split('\n');
    return { line: before.length - 1, character: before.at(-1)!.length };
  }
}

describe('edits', () => {
  let editor: Editor;
  afterEach(() => editor.kill());

  async function staticAnswers(version: number): Promise<unknown> {
    const published = await editor.until('the version', () => {
      const last = editor.published(uri);
      return last?.version === version && last;
    });
    const bytecode = await editor
      .request('nixray/bytecode', { textDocument: { uri } })
      .catch((error: Error) => error.message);
    const symbols = await editor.request('textDocument/documentSymbol', { textDocument: { uri } });
    return { diagnostics: published.diagnostics, bytecode, symbols };
  }

  it('leave diagnostics, byte code and outline as from the start', async () => {
    editor = await Editor.start({ initializationOptions: { trusted: false } });
    for (let seed = 1; seed <= 12; seed++) {
      const typist = new Typist(source, randomNumbers(seed));
      editor.open(uri, source);
      let version = 1;
      for (let i = 0; i < 12; i++) {
        version = editor.edit(uri, [typist.change(), typist.change()]);
        if (i % 3 === 0) await staticAnswers(version);
      }
      const edited = await staticAnswers(version);
      editor.close(uri);
      await editor.until('nothing', () => editor.published(uri)?.version === undefined);
      editor.open(uri, typist.text);
      deepStrictEqual(edited, await staticAnswers(1), `seed ${seed}: ${typist.text}`);
      editor.close(uri);
    }
  });

  it('leave values as from the start', async () => {
    editor = await Editor.start();
    const hovers = async (text: string): Promise<unknown[]> => {
      const found = [];
      for (const [line, content] of text.split('\n').entries()) {
        for (let character = 0; character < content.length; character += 5) {
          found.push(await editor.hover(uri, line, character));
        }
      }
      return found;
    };
    for (let seed = 100; seed <= 106; seed++) {
      const typist = new Typist(source, randomNumbers(seed));
      editor.open(uri, source);
      await hovers(source);
      for (let i = 0; i < 3; i++) {
        editor.edit(uri, [typist.change()]);
        await editor.hover(uri, 8, 4);
      }
      const edited = await hovers(typist.text);
      editor.close(uri);
      editor.open(uri, typist.text);
      deepStrictEqual(edited, await hovers(typist.text), `seed ${seed}: ${typist.text}`);
      editor.close(uri);
    }
  });
});
