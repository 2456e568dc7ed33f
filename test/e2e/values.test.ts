/** Hovers and `nixray/evaluate` on the built server. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { Editor, type EditorOptions } from './editor';
import { TestFolder } from './folder';

interface Evaluated {
  value: string;
  type: string;
  source?: string;
  call?: { text: string; location: { uri: string; range: { start: object } } };
  error?: { message: string; code: string; trace: { message: string; location?: { uri: string } }[] };
}

const source = `let
  # Numbers.
  seats = 4 * 6 + 2;
  name = "Grüße 😀";
  house = rec { a = 1; b = a + 1; };
  later = throw "nobody needs this";
  twice = f: x: f (f x);
  nested = { a = { b = { c = { d = { e = 1; }; }; }; }; };
in
{ inherit seats; sixteen = twice (n: n * 4) 1; size = builtins.stringLength name; }
`;

describe('values', () => {
  let editor: Editor;
  let folder: TestFolder;
  let uri: string;
  const lines = source.split('\n');
  /** Hovers the first occurrence of a text in a line. */
  const at = (line: number, text: string): Promise<string | undefined> =>
    editor.value(uri, line, lines[line]!.indexOf(text));

  before(async () => {
    folder = new TestFolder({ 'main.nix': source });
    uri = folder.uri('main.nix');
    editor = await Editor.start({ folder: folder.path });
    editor.open(uri, source);
  });
  after(() => {
    editor.kill();
    folder.dispose();
  });

  it('shows values of names, operators, literals and selections', async () => {
    strictEqual(await at(2, 'seats'), '26');
    strictEqual(await at(2, '*'), '24');
    strictEqual(await at(2, '+'), '26');
    strictEqual(await at(2, '6'), '6');
    strictEqual(await at(3, 'name'), '"Grüße 😀"');
    strictEqual(await at(4, 'b = '), '2');
    match((await at(4, 'house'))!, /a = 1;/);
    strictEqual(await at(9, 'sixteen'), '16');
    strictEqual(await at(9, 'size'), '12');
    match((await at(9, 'stringLength'))!, /stringLength/);
  });

  it('shows an error where there is one, and nothing on comments and white space', async () => {
    strictEqual(await at(5, 'throw'), '«primop throw»');
    match((await at(5, 'later'))!, /^error: nobody needs this/);
    strictEqual(await editor.hover(uri, 1, 5), null);
    strictEqual(await editor.hover(uri, 0, 3), null);
  });

  it('names the call that gives the arguments of a function', async () => {
    const hover = await editor.hover(uri, 6, lines[6]!.indexOf('f x)'));
    const { value } = hover!.contents as { value: string };
    match(value, /^```nix\n«lambda @ .*main\.nix:10:35»\n```/);
    const place = `[main.nix:10:28](${uri}#L10,28)`;
    ok(value.endsWith(`\n\nin the call at ${place}, 1 of 1`), value);
    const position = { line: 6, character: lines[6]!.indexOf('f x)') };
    const evaluated = await editor.request<Evaluated>('nixray/evaluate', { textDocument: { uri }, position });
    strictEqual(evaluated.source, 'in the call at main.nix:10:28, 1 of 1');
    strictEqual(evaluated.call!.text, 'main.nix:10:28');
    deepStrictEqual(
      [evaluated.call!.location.uri, evaluated.call!.location.range.start],
      [uri, { line: 9, character: 27 }],
    );
  });

  it('links the call in other editors as they can show it', async () => {
    const hoverIn = async (options: EditorOptions): Promise<string> => {
      const other = await Editor.start({ folder: folder.path, ...options });
      try {
        other.open(uri, source);
        const hover = await other.hover(uri, 6, lines[6]!.indexOf('f x)'));
        return (hover!.contents as { value: string }).value;
      } finally {
        other.kill();
      }
    };
    const plain = await hoverIn({ hoverFormats: ['plaintext'] });
    ok(plain.endsWith('\n\nin the call at main.nix:10:28, 1 of 1'), plain);
    const commands = ['nixray.chooseCall'];
    ok(!(await hoverIn({ initializationOptions: { commands } })).includes('Choose Call'));
    const linked = await hoverIn({ initializationOptions: { commands, followsCommandLinks: true } });
    const [, target] = / – \[Choose Call\]\(command:nixray\.chooseCall\?(\S+)\)$/.exec(linked)!;
    // Where `f: x: …` or a function in it starts.
    const given = JSON.parse(decodeURIComponent(target!)) as [string, { line: number; character: number }];
    deepStrictEqual(given, [uri, { line: 6, character: lines[6]!.indexOf('x:') }]);
  });

  it('says that an argument is not known where there is no call', async () => {
    const lonely = folder.write('lonely.nix', 'argument: argument + 1\n');
    editor.open(lonely, 'argument: argument + 1\n');
    const hover = await editor.hover(lonely, 0, 12);
    match((hover!.contents as { value: string }).value, /not known/);
  });

  it('gives the range of the expression in UTF-16', async () => {
    const hover = await editor.hover(uri, 3, 12);
    deepStrictEqual(hover!.range, { start: { line: 3, character: 9 }, end: { line: 3, character: 19 } });
  });

  it('evaluates ranges, positions and expressions', async () => {
    const evaluate = (params: object): Promise<Evaluated | null> =>
      editor.request('nixray/evaluate', { textDocument: { uri }, ...params });
    const start = { line: 2, character: lines[2]!.indexOf('4') };
    const end = { line: 2, character: lines[2]!.indexOf(';') };
    const range = await evaluate({ range: { start, end } });
    deepStrictEqual([range!.value, range!.type], ['26', 'int']);
    const inScope = await evaluate({ position: start, expression: 'seats * 2' });
    strictEqual(inScope!.value, '52');
    const deep = await evaluate({ position: { line: 7, character: 3 }, depth: 10 });
    match(deep!.value, /e = 1/);
    const failing = await evaluate({ position: start, expression: 'seats.x' });
    strictEqual(failing!.type, 'error');
    strictEqual(failing!.error!.code, 'type-error');
    const wrong = await evaluate({ position: start, expression: 'seats +' });
    strictEqual(wrong!.type, 'error');
    strictEqual(await evaluate({ position: { line: 999, character: 0 } }), null);
  });

  it('answers from the text that is shown after an edit', async () => {
    const other = folder.uri('edited.nix');
    editor.open(other, 'let x = 1; in x');
    strictEqual(await editor.value(other, 0, 14), '1');
    editor.edit(other, [
      { range: { start: { line: 0, character: 8 }, end: { line: 0, character: 9 } }, text: '22' },
    ]);
    strictEqual(await editor.value(other, 0, 15), '22');
  });

  it('cancels', async () => {
    const endless = folder.uri('endless.nix');
    editor.open(
      endless,
      'let f = n: if n == 0 then 0 else f (n - 1); in builtins.all (n: f 5000 == 0) (builtins.genList (n: n) 1000000)',
    );
    const hover = editor.cancellable('textDocument/hover', {
      textDocument: { uri: endless },
      position: { line: 0, character: 44 },
    });
    setTimeout(() => hover.cancel(), 200);
    await rejects(hover.answer, { code: -32800 });
    editor.close(endless);
    strictEqual(await at(2, 'seats'), '26');
  });

  it('end what runs when the text is edited, and are those of the new text', async () => {
    const slow = folder.uri('slow.nix');
    const text = (quick: number): string =>
      `let f = n: if n == 0 then 0 else f (n - 1); quick = ${quick}; in [ quick (builtins.all (n: f 5000 == 0) (builtins.genList (n: n) 1000000)) ]`;
    const ofQuick = { line: 0, character: text(10).indexOf('[ quick') + 3 };
    const ofAll = { line: 0, character: text(10).indexOf('(builtins.all') };
    editor.open(slow, text(10));
    for (let quick = 11; quick < 14; quick++) {
      const running = editor.request('textDocument/hover', {
        textDocument: { uri: slow },
        position: ofAll,
      });
      await Promise.all([
        rejects(running, { code: -32801 }),
        (async () => {
          await new Promise((resolve) => setTimeout(resolve, 200));
          editor.edit(slow, [{ text: text(quick) }]);
          strictEqual(await editor.value(slow, ofQuick.line, ofQuick.character), String(quick));
        })(),
      ]);
    }
    editor.close(slow);
  });

  it('gives statistics', async () => {
    const stats = await editor.request<{
      documents: Record<string, { version: number; bytesTotal: number }>;
      evaluator: { heapUsed: number };
    }>('nixray/stats', {});
    strictEqual(stats.documents[uri]!.version, 1);
    strictEqual(stats.documents[uri]!.bytesTotal, Buffer.byteLength(source));
    ok(stats.evaluator.heapUsed > 0);
  });
});
