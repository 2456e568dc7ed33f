/** The value of a document as a tree, on the built server. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import type {
  EvaluateResult,
  Location,
  ValuePart,
  ValueStep,
  ValueTreeResult,
} from '../../shared/src/protocol';
import { Editor } from './editor';
import { TestFolder } from './folder';

const source = `let lib = import ./lib.nix; in
{
  "grün 😀" = lib.double 21;
  broken = lib.fail "no";
  squares = builtins.genList (n: n * n) 250;
  inherit (lib) nested;
}
`;

const library = `{
  double = x: x * 2;
  fail = text: throw text;
  nested = { a.b = 1; };
}
`;

describe('the tree of a value', () => {
  let editor: Editor;
  let folder: TestFolder;
  let uri: string;

  const ask = <T>(method: string, path: ValueStep[], more: object = {}, document = uri): Promise<T> =>
    editor.request<T>(`nixray/${method}`, { textDocument: { uri: document }, path, ...more });
  const level = (path: ValueStep[] = [], more: object = {}, document = uri): Promise<ValueTreeResult> =>
    ask('valueTree', path, more, document);
  const line = ({ label, kind, text }: ValuePart): string => `${label} ${kind} ${text}`;

  before(async () => {
    folder = new TestFolder({ 'main.nix': source, 'lib.nix': library });
    uri = folder.uri('main.nix');
    editor = await Editor.start({ folder: folder.path, initializationOptions: { followsValues: true } });
    editor.open(uri, source);
  });
  after(() => {
    editor.kill();
    folder.dispose();
  });

  it('opens level by level', async () => {
    const top = await level();
    strictEqual(top.value.kind, 'set');
    deepStrictEqual(top.parts.map(line), [
      'broken error no',
      '"grün 😀" number 42',
      'nested set { a = {…}; }',
      'squares list [ 0 1 4 9 16 25 36 49 … ]',
    ]);
    const [, green, nested, squares] = top.parts;
    deepStrictEqual(green!.step, { attribute: 'grün 😀' });
    deepStrictEqual((await level([nested!.step])).parts.map(line), ['a set { b = 1; }']);
    const page = await level([squares!.step], { start: 200 });
    strictEqual(page.total, 250);
    strictEqual(page.parts.length, 50);
    strictEqual((await level([squares!.step])).parts.length, 100);
  });

  it('tells values in full, errors with their trace, and where all of it was defined', async () => {
    const green = await ask<EvaluateResult>('describeValue', [{ attribute: 'grün 😀' }]);
    deepStrictEqual({ value: green.value, type: green.type }, { value: '42', type: 'int' });
    const broken = await ask<EvaluateResult>('describeValue', [{ attribute: 'broken' }]);
    strictEqual(broken.error!.message, 'no');
    ok(broken.error!.trace.some(({ location }) => location?.uri === folder.uri('lib.nix')));
    const deep = await ask<EvaluateResult>('describeValue', [], { deep: true });
    match(deep.value, /62001/);
    const place = await ask<Location>('locateValue', [{ attribute: 'nested' }]);
    deepStrictEqual([place.uri, place.range.start], [uri, { line: 5, character: 16 }]);
    const inner = await ask<Location>('locateValue', [{ attribute: 'nested' }, { attribute: 'a' }]);
    deepStrictEqual([inner.uri, inner.range.start], [folder.uri('lib.nix'), { line: 3, character: 13 }]);
  });

  it('says when values have changed with another document, and then gives the new ones', async () => {
    let told = 0;
    editor.connection.onNotification('nixray/valuesChanged', () => {
      told++;
    });
    editor.open(folder.uri('lib.nix'), library);
    editor.type(folder.uri('lib.nix'), library.replace('* 2', '* 3'));
    strictEqual(line((await level()).parts[1]!), '"grün 😀" number 63');
    for (let waited = 0; told === 0 && waited < 5000; waited += 50) await pause(50);
    strictEqual(told, 1);
    editor.send('textDocument/didClose', { textDocument: { uri: folder.uri('lib.nix') } });
    strictEqual(line((await level()).parts[1]!), '"grün 😀" number 42');
  });

  it('never answers for a text that is gone', async () => {
    const document = folder.uri('typing.nix');
    // It takes long enough for the edit to come before the answer.
    editor.open(document, 'let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in { a = fib 40; }');
    const asked = level([], {}, document);
    editor.type(document, '{ a = 2; }');
    await rejects(asked, /changed meanwhile/);
    strictEqual(line((await level([], {}, document)).parts[0]!), 'a number 2');
  });

  it('answers bad questions as the protocol has it', async () => {
    await rejects(level([{ attribute: 1 } as never]), /path\[0\]\.attribute must be a string/);
    await rejects(level([{ item: -1 }]), /path\[0\]\.item must be an integer from 0 on/);
    await rejects(ask('valueTree', 'x' as never), /path must be a list/);
    strictEqual(await level([], {}, folder.uri('closed.nix')), null);
    strictEqual((await level([{ attribute: 'gone' }])).value.kind, 'error');
  });

  it('says why nothing is evaluated', async () => {
    const other = await Editor.start({ folder: folder.path, initializationOptions: { trusted: false } });
    try {
      other.open(uri, source);
      const { value } = await other.request<ValueTreeResult>('nixray/valueTree', {
        textDocument: { uri },
        path: [],
      });
      deepStrictEqual(value, {
        kind: 'error',
        text: 'Nothing is evaluated, since the workspace is not trusted.',
        opens: false,
      });
    } finally {
      other.kill();
    }
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
