/** Byte code and counters on the built server. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { Editor } from './editor';

interface Bytecode {
  text: string;
  chunks: {
    name: string;
    kind: string;
    range: { start: { line: number; character: number } };
    byteLength: number;
    constants: string[];
    instructions: { offset: number; bytes: string; op: string; operands: string }[];
  }[];
}

interface Stats {
  documents: Record<
    string,
    {
      chunksCompiled: number;
      chunksReused: number;
      codeBytesEmitted: number;
      bytesReparsed: number;
      bytesTotal: number;
    }
  >;
}

const uri = 'file:///nixray-tests/bytecode.nix';
const source = 'let\n  add = a: b: a + b;\n  other = x: [ x x ];\nin\nadd 1 2\n';

describe('byte code', () => {
  let editor: Editor;
  beforeEach(async () => {
    editor = await Editor.start();
    editor.open(uri, source);
  });
  afterEach(() => editor.kill());

  const bytecode = (position?: object): Promise<Bytecode> =>
    editor.request('nixray/bytecode', { textDocument: { uri }, ...(position && { position }) });
  const replace = (line: number, from: number, to: number, text: string): void => {
    const range = { start: { line, character: from }, end: { line, character: to } };
    editor.edit(uri, [{ range, text }]);
  };

  it('lists every chunk, and those at a position first', async () => {
    const { chunks, text } = await bytecode();
    strictEqual(chunks[0]!.kind, 'toplevel');
    ok(chunks.some(({ kind }) => kind === 'lambda'));
    ok(chunks.every(({ instructions }) => instructions.at(-1)!.op === 'Return'));
    for (const { instructions, byteLength } of chunks) {
      const bytes = instructions.flatMap((instruction) => instruction.bytes.split(' '));
      strictEqual(bytes.length, byteLength);
    }
    match(text, /Add/);
    const inner = await bytecode({ line: 1, character: 14 });
    strictEqual(inner.chunks.length, chunks.length);
    ok(inner.chunks[0]!.instructions.some(({ op }) => op === 'Add'));
    strictEqual(inner.chunks[0]!.range.start.line, 1);
  });

  it('follows edits, and emits only what changed', async () => {
    const before = await bytecode();
    ok(before.chunks.some(({ instructions }) => instructions.some(({ op }) => op === 'Add')));
    replace(1, 16, 17, '*');
    const after = await bytecode();
    ok(after.chunks.some(({ instructions }) => instructions.some(({ op }) => op === 'Mul')));
    const { documents } = await editor.request<Stats>('nixray/stats', {});
    const stats = documents[uri]!;
    ok(stats.chunksReused > 0, 'the other function is kept');
    ok(stats.chunksCompiled < after.chunks.length);
    ok(stats.bytesReparsed < stats.bytesTotal);

    const incremental = JSON.stringify(after);
    editor.close(uri);
    editor.open(uri, source.replace('a + b', 'a * b'));
    strictEqual(JSON.stringify(await bytecode()), incremental);
  });

  it('lets others have their answers while it lists a huge document', async () => {
    const huge = 'file:///nixray-tests/huge.nix';
    const bindings = Array.from({ length: 15_000 }, (_, i) => `  name${i} = x: [ (x + ${i}) ];\n`);
    editor.open(huge, `{\n${bindings.join('')}}\n`);
    await editor.request('textDocument/documentSymbol', { textDocument: { uri: huge } });
    const ask = (): Promise<Bytecode> => editor.request('nixray/bytecode', { textDocument: { uri: huge } });
    const order: string[] = [];
    const listing = ask().then((answer) => {
      order.push('byte code');
      return answer;
    });
    await editor.request('textDocument/documentSymbol', { textDocument: { uri } });
    order.push('symbols');
    strictEqual((await listing).chunks.length, 20_000);
    deepStrictEqual(order, ['symbols', 'byte code']);

    // Its text is no longer the document's.
    const range = { start: { line: 9, character: 0 }, end: { line: 9, character: 0 } };
    editor.edit(huge, [{ range, text: '\n' }]);
    const late = rejects(ask(), { code: -32801 });
    editor.edit(huge, [{ range, text: '\n' }]);
    await late;
    strictEqual((await ask()).chunks.length, 20_000);
  });

  it('says why there is none while the text has syntax errors', async () => {
    replace(1, 14, 17, '');
    replace(1, 2, 2, '}');
    await rejects(bytecode(), /syntax errors/);
    editor.close(uri);
    strictEqual(await bytecode(), null);
  });

  it('gives the text to editors without the extension', async () => {
    const run = (...args: unknown[]): Promise<unknown> =>
      editor.request('workspace/executeCommand', { command: 'nixray.server.showBytecode', arguments: args });
    match(String(await run(uri)), /^toplevel/);
    match(String(await run(uri, { line: 1, character: 14 })), /^lambda/);
    strictEqual(await run('file:///not-open.nix'), null);
    await rejects(run(), { code: -32602 });
    await rejects(editor.request('workspace/executeCommand', { command: 'other', arguments: [] }), {
      code: -32803,
    });
  });
});
