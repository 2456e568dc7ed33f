// Arguments that are pinned by the setting `nixray.arguments`, and the names of functions in it.
import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { functionKey } from '../../../server/src/evaluator/function-keys';
import { parse } from '../../../server/src/syntax/parse';
import { Kind } from '../../../server/src/syntax/tree';
import { walk } from '../../../server/src/syntax/walk';
import { LiveTest, shown } from '../../kit/live';

function keys(text: string): (string | undefined)[] {
  const parsed = parse(text);
  const found: { at: number; key: string | undefined }[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (node.kind === Kind.Lambda) found.push({ at, key: functionKey(parsed, node) });
  });
  return found.sort((a, b) => a.at - b.at).map(({ key }) => key);
}

/** The hover at the cursor of `file.nix` with arguments pinned. */
function hover(marked: string, pinned: Record<string, string>) {
  const test = new LiveTest({ arguments: pinned });
  test.open('file.nix', marked);
  return test.hover('file.nix');
}

describe('the key of a function', () => {
  it('is made of names and parameters', () => {
    deepStrictEqual(keys('{ lib }: let twice = f: x: f x; in { a.b = { c }@d: y: 1; "e f" = { g }: g; }'), [
      '{}',
      'twice:f',
      'twice:x',
      'a.b:d',
      'a.b:y',
      'e f:{}',
    ]);
  });

  it('is numbered where the names are the same, and needs no name', () => {
    deepStrictEqual(keys('map (x: x) (map (x: x) [ ]) (y: { ${"a" + "b"} = x: x; })'), [
      'x',
      'x:2',
      'y',
      'x:3',
    ]);
  });

  it('outlives edits of all else', () => {
    const before = keys('{ f = a: b: a + b; }');
    deepStrictEqual(keys('# A comment.\n{ g = 1;\n  f = a: b: [ a b ]; }'), before);
    deepStrictEqual(keys('{ "#" = x: x; }'), ['_:x']);
  });
});

describe('a pinned argument', () => {
  it('is for the file’s function by a glob, and says so', () => {
    const report = hover('{ a, b ? 1 }: |a + b', { '*.nix': '{ a = 41; }' });
    strictEqual(shown(report), '41');
    strictEqual(report!.source, 'with the argument `{ a = 41; }` pinned in the setting nixray.arguments');
    strictEqual(shown(hover('{ a }: x: |a', { '/nixray-test-workspace/file.nix': '{ a = 2; }' })), '2');
    const root = new LiveTest({ folders: ['/'], arguments: { 'nixray-*/file.nix': '{ a = 3; }' } });
    root.open('file.nix', '{ a }: |a');
    strictEqual(shown(root.hover('file.nix')), '3', 'in a workspace that is the root of the disk');
    match(hover('{ a }: |a', { 'other.nix': '{ a = 2; }' })!.unknown!, /no call of it is known/);
  });

  it('is for a function in a file by its key, and sees the scope around it', () => {
    const text = 'let n = 20; f = a: b: |a + b; in f 1 2';
    strictEqual(shown(hover(text, {})), '1');
    strictEqual(shown(hover(text, { 'file.nix#f:a': 'n + 1' })), '21');
    strictEqual(
      shown(hover(text.replace('|a +', 'a |+'), { 'file.nix#f:a': 'n', 'file.nix#f:b': 'a * 2' })),
      '60',
    );
    strictEqual(shown(hover(text, { 'file.nix#g:a': 'n' })), '1');
  });

  it('counts inside of functions whose own argument comes from a call', () => {
    const text = 'let f = a: b: a |+ b; in f 1 2';
    strictEqual(shown(hover(text, { '**#f:a': '40' })), '42');
  });

  it('counts by its name rather than by a pattern of many', () => {
    strictEqual(shown(hover('a: |a', { '**': '1', 'file.nix': '2' })), '2');
  });

  it('shows its own error', () => {
    const report = hover('{ a }: |a', { 'file.nix': '{ a = ' });
    strictEqual(report!.error!.code, 'parse-error');
    strictEqual(hover('{ a }: |a', { 'file.nix': 'nope' })!.error!.code, 'undefined-variable');
  });

  it('is told with the calls of the function, under the name that the setting has for it', () => {
    const test = new LiveTest({ arguments: { '*.nix#f:{}': '{ }' } });
    const { cursor } = test.open('a+b.nix', '{ f = { x, y ? 1 }@all:\n  (z: |x); }');
    deepStrictEqual(test.service.calls(test.path('a+b.nix'), cursor)!.arguments, [
      { offset: 6, parameter: '{ x, y ? 1 }@all', required: ['x'], setting: 'a[+]b.nix#f:all' },
      { offset: 27, parameter: 'z', required: undefined, setting: 'a[+]b.nix#f:z' },
    ]);
    test.open('c.nix', '{ x }: x');
    const [own] = test.service.calls(test.path('c.nix'), 0)!.arguments;
    strictEqual(own!.setting, 'c.nix');
    const outside = test.open('/else/where.nix', 'x: |x');
    strictEqual(
      test.service.calls('/else/where.nix', outside.cursor)!.arguments[0]!.setting,
      '/else/where.nix',
    );
  });

  it('is found again under the name that it was given', () => {
    for (const name of ['plain.nix', 'a+b (c) [d]!.nix', 'a#b.nix', '{x,y}.nix', 'sub/über.nix']) {
      const test = new LiveTest();
      const { cursor } = test.open(name, '{ f = x: |x; }');
      const [argument] = test.service.calls(test.path(name), cursor)!.arguments;
      test.configure({ arguments: { [argument!.setting]: '7' } });
      strictEqual(shown(test.hover(name)), '7', name);
      const pinned = test.service.calls(test.path(name), cursor)!.arguments[0]!.pinned;
      deepStrictEqual(pinned, { setting: argument!.setting, expression: '7' });
    }
  });
});
