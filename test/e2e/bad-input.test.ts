/**
 * Input that is bad for a server: each gives the right result or a clear
 * diagnostic, and the next request is answered. `bench/bad-input.mjs` measures
 * how soon.
 */
import { match, ok, strictEqual } from 'node:assert/strict';
import { Editor, type Diagnostic } from './editor';
import { TestFolder } from './folder';

describe('bad input', () => {
  let editor: Editor;
  let folder: TestFolder;
  const other = 'let answer = 42; in answer';

  beforeEach(async () => {
    folder = new TestFolder({ 'other.nix': other });
    editor = await Editor.start({
      folder: folder.path,
      settings: { evaluation: { timeout: 4000, memory: 256 } },
    });
    editor.open(folder.uri('other.nix'), other);
    strictEqual(await editor.value(folder.uri('other.nix'), 0, 21), '42');
  });
  afterEach(() => {
    editor.kill();
    folder.dispose();
  });

  /** Opens a text, and holds the server to its word while it deals with it. */
  async function open(text: string): Promise<string> {
    const uri = folder.write('bad.nix', text);
    editor.open(uri, text);
    await answers();
    return uri;
  }

  async function answers(): Promise<void> {
    strictEqual(await editor.value(folder.uri('other.nix'), 0, 21), '42');
  }

  const some = (found: Diagnostic[]): boolean => found.length > 0;
  const withCode =
    (...codes: string[]) =>
    (found: Diagnostic[]): boolean =>
      found.some(({ code }) => codes.includes(String(code)));

  it('an empty file', async () => {
    const uri = await open('');
    const [diagnostic] = await editor.diagnostics(uri, 'a syntax error', some);
    match(diagnostic!.message, /unexpected end of file/);
    strictEqual(await editor.hover(uri, 0, 0), null);
  });

  it('random bytes', async () => {
    let seed = 7;
    const bytes = Buffer.alloc(20_000);
    for (let i = 0; i < bytes.length; i++) bytes[i] = (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16;
    const uri = await open(bytes.toString('utf8'));
    await editor.diagnostics(uri, 'a syntax error', some);
    await editor.hover(uri, 3, 3);
    const binary = await open(bytes.toString('latin1'));
    await editor.diagnostics(binary, 'a syntax error', some);
    await answers();
  });

  it('a file of 5 MB', async () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, i) => `  name${i} = { value = ${i}; other = "text ${i}"; };`,
    );
    const text = `{\n${lines.join('\n')}\n}\n`;
    ok(text.length > 5e6 * 0.9);
    const uri = folder.write('big.nix', text);
    editor.open(uri, text);
    await answers();
    match((await editor.value(uri, 501, 15))!, /500/);
    const start = { line: 501, character: 0 };
    const version = editor.edit(uri, [{ range: { start, end: start }, text: '  more = 1;\n' }]);
    await answers();
    await editor.until('the version', () => editor.published(uri)?.version === version);
  });

  for (const [what, text] of [
    ['an unclosed string', '{ a = "never closed; b = 2; }\n\n{ }'],
    ['an unclosed indented string', "{ a = ''never closed; b = 2; }"],
    ['an unclosed comment', '{ a = 1; } /* never closed'],
    ['unclosed brackets', '{ a = [ 1 2 { b = ( 1 + 2; }'],
    ['brackets closed in vain', '} ] ) { a = 1; }'],
    ['an unclosed interpolation', '"${ "${ "${ "'],
  ] as const) {
    it(what, async () => {
      const uri = await open(text);
      await editor.diagnostics(uri, 'a syntax error', some);
    });
  }

  it('10,000 nested lists', async () => {
    const depth = 10_000;
    const uri = await open('['.repeat(depth) + ']'.repeat(depth));
    await editor.hover(uri, 0, depth);
    await answers();
    const unclosed = await open('['.repeat(depth * 5));
    await editor.diagnostics(unclosed, 'a syntax error', some);
    const parenthesised = await open('('.repeat(depth) + '1' + ')'.repeat(depth));
    await editor.hover(parenthesised, 0, depth);
    await editor.request('nixray/bytecode', { textDocument: { uri: parenthesised } }).catch(() => null);
    await answers();
  });

  it('40,000 operands, which are a value or nest too deeply', async () => {
    const chain = (operator: string, operand: string): string =>
      Array<string>(40_000).fill(operand).join(` ${operator} `);
    for (const [operator, operand, value] of [
      ['+', '1', '40000'],
      ['&&', 'true', 'true'],
    ] as const) {
      const text = `let sum = ${chain(operator, operand)}; in sum`;
      const uri = await open(text);
      strictEqual(await editor.value(uri, 0, text.length - 1), value);
      const end = { line: 0, character: text.indexOf(';') };
      const version = editor.edit(uri, [{ range: { start: end, end }, text: ` ${operator} nowhere` }]);
      await editor.diagnostics(
        uri,
        'an undefined variable',
        (found, publication) => publication.version === version && withCode('undefined-variable')(found),
      );
      await answers();
    }
    for (const [operator, operand] of [
      ['//', '{ }'],
      ['->', 'true'],
    ] as const) {
      const uri = await open(chain(operator, operand));
      await editor.diagnostics(uri, 'that it nests too deeply', withCode('nesting-too-deep'));
      const start = { line: 0, character: 0 };
      editor.edit(uri, [{ range: { start, end: start }, text: '# A comment.\n' }]);
      await answers();
      await editor.diagnostics(
        uri,
        'that it still does',
        (found) => withCode('nesting-too-deep')(found) && found.some(({ range }) => range.start.line === 1),
      );
    }
  });

  it('a file deleted while open', async () => {
    const uri = await open('let x = 1; in x + 1');
    folder.remove('bad.nix');
    editor.send('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 3 }] });
    strictEqual(await editor.value(uri, 0, 14), '1');
    editor.type(uri, 'let x = 2; in x + 1');
    strictEqual(await editor.value(uri, 0, 16), '3');
    editor.close(uri);
    await answers();
  });

  it('let x = x; in x', async () => {
    const uri = await open('let x = x; in x');
    await editor.diagnostics(uri, 'infinite recursion', withCode('infinite-recursion'));
    match((await editor.value(uri, 0, 14))!, /^error: infinite recursion/);
  });

  it('let f = n: f (n + 1); in f 0', async () => {
    const uri = await open('let f = n: f (n + 1); in f 0');
    await editor.diagnostics(uri, 'an overflow', withCode('stack-overflow', 'timeout'));
    match((await editor.value(uri, 0, 25))!, /./);
    await answers();
  });

  it('an endless genericClosure', async () => {
    const uri = await open(
      'builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }',
    );
    await answers();
    await editor.diagnostics(uri, 'a limit', withCode('timeout', 'memory'));
    await answers();
  });

  it('let l = [ l ] ++ l; in l', async () => {
    const uri = await open('let l = [ l ] ++ l; in l');
    await editor.diagnostics(uri, 'infinite recursion', withCode('infinite-recursion'));
    await answers();
  });

  it('a list that outgrows the heap', async () => {
    const uri = await open(
      'let grow = list: n: if n == 0 then list else grow (list ++ list) (n - 1); all = grow [ 1 2 3 ] 40; in builtins.length all',
    );
    await answers();
    const [diagnostic] = await editor.diagnostics(
      uri,
      'a limit',
      withCode('memory', 'timeout', 'evaluation-error'),
    );
    ok(diagnostic!.message.length > 0);
    await answers();
    const hover = editor.value(uri, 0, 74);
    await answers();
    match((await hover) ?? '', /^error/);
  });

  it('many small values that outgrow the heap', async () => {
    const uri = await open(
      "let all = builtins.genList (n: { key = n; name = toString n; more = [ n n n ]; }) 100000000; in builtins.foldl' (a: b: a + b.key) 0 (map (x: builtins.deepSeq x x) all)",
    );
    await answers();
    await editor.diagnostics(uri, 'a limit', withCode('memory', 'timeout'));
    await answers();
    ok(editor.messages.length <= 1, `the user is told once: ${editor.messages.join(' | ')}`);
  });
});
