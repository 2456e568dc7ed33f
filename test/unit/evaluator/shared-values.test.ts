// What documents have in common is evaluated once, and only where it means the same.
import assert from 'node:assert/strict';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { SharedValues } from '../../../server/src/evaluator/shared-values';
import { parse } from '../../../server/src/syntax/parse';
import { lazily, type Thunk } from '../../../server/src/values/thunk';
import type { Forced } from '../../../server/src/values/value';
import { TestEvaluator } from '../../kit/evaluate';
import { LiveTest, workspace } from '../../kit/live';

const { vm } = new TestEvaluator().evaluator;
const globals = new Set(['import', 'true', '__findFile', '__nixPath']);

/** Shares the thunks of two expressions, the first of which is evaluated, and tells whether the second has its value. */
function isShared(first: string, second: string, isGlobal = (name: string) => globals.has(name)): boolean {
  const shared = new SharedValues();
  const thunkOf = (text: string, value: Forced): Thunk => {
    const thunk = lazily(() => value);
    shared.share(thunk, parse(encodeUtf8(text)).root, text, isGlobal);
    return thunk;
  };
  vm.force(thunkOf(first, 1));
  return vm.force(thunkOf(second, 2)) === 1;
}

describe('shared values', () => {
  it('are those of imports that are applied', () => {
    assert.equal(isShared('import <nixpkgs> { }', 'import <nixpkgs> { }'), true);
    assert.equal(isShared('import <nixpkgs> { }', 'import  <nixpkgs>\n{}'), true);
    assert.equal(isShared('(import <nixpkgs> { } "a" 1)', '(import <nixpkgs> { } "a" 1)'), true);
    assert.equal(isShared('import <nixpkgs> { }', 'import <nixpkgs> { a = 1; }'), false);
    assert.equal(isShared('import <nixpkgs> { a = "x  y"; }', 'import <nixpkgs> { a = "x y"; }'), false);
    assert.equal(isShared('[ 1 2 ]', '[ 1 2 ]'), false);
  });

  it('mean the same wherever they stand', () => {
    assert.equal(isShared('import ./lib { }', 'import ./lib { }'), false);
    assert.equal(isShared('import <lib> { f = x: x; }', 'import <lib> { f = x: x; }'), false);
    assert.equal(isShared('import <lib> __curPos', 'import <lib> __curPos'), false);
    assert.equal(isShared('import <lib> { a = 1; }', 'import <lib> { a = 1; }'), false);
    assert.equal(isShared('import <lib> [ (1 + true) ]', 'import <lib> [ (1 + true) ]'), false);
    assert.equal(isShared('import <lib> { a = mine; }', 'import <lib> { a = mine; }'), false);
    assert.equal(
      isShared('import <lib> { }', 'import <lib> { }', () => false),
      false,
    );
  });

  it('are no errors, and nothing that nobody has evaluated', () => {
    const shared = new SharedValues();
    const text = 'import <lib> { }';
    const share = (thunk: Thunk) => shared.share(thunk, parse(text).root, text, (name) => globals.has(name));
    const failing = lazily(() => vm.force(vm.call(1, 2)));
    share(failing);
    assert.throws(() => vm.force(failing));
    const second = lazily(() => 2);
    share(second);
    const third = lazily(() => 3);
    share(third);
    assert.deepEqual([vm.force(third), vm.force(second)], [3, 2]);
  });

  it('are the same in two documents, until a name means something else', () => {
    const live = new LiveTest({ searchPath: [`lib=${workspace}/lib.nix`] });
    live.open('lib.nix', '{ n ? 1 }: { f = x: x + n; }');
    const files = {
      'a.nix': 'let p = import <lib> { }; in p.f 1 |+ 0',
      'b.nix': 'let q = import <lib> { }; in q.f 2 |+ 0',
      'c.nix': 'let import = x: y: { f = z: 40; }; q = import <lib> { }; in q.f 2 |+ 0',
      'd.nix': 'with { import = x: y: { f = z: 50; }; }; let q = import <lib> { }; in q.f 2 |+ 0',
    };
    const values = Object.entries(files).map(([name, marked]) => {
      live.open(name, marked);
      return live.hover(name)?.value;
    });
    assert.deepEqual(values, ['2', '3', '40', '3']);
    live.open('lib.nix', '{ n ? 10 }: { f = x: x + n; }');
    assert.deepEqual(
      Object.keys(files).map((name) => live.hover(name)?.value),
      ['11', '12', '40', '12'],
    );
  });
});
