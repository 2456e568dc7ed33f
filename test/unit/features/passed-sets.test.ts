// From a formal to what calls pass for it, and back.
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import {
  formalOf,
  formalOwner,
  isPassed,
  passedArgument,
  pathStartIn,
  receiverOf,
} from '../../../server/src/features/passed-sets';
import { parse } from '../../../server/src/syntax/parse';
import { Kind } from '../../../server/src/syntax/tree';
import { nodesAt, type PlacedNode } from '../../../server/src/syntax/walk';

describe('a formal', () => {
  it('is of one of the parameters of a function', () => {
    const text = '{ f = a: { b }: c: { d, e ? 1 }@args: d; }';
    const parsed = parse(text);
    deepStrictEqual(formalOwner(parsed, text.indexOf('b }')), { at: 6, index: 1 });
    deepStrictEqual(formalOwner(parsed, text.indexOf('e ?')), { at: 6, index: 3 });
    strictEqual(formalOwner(parsed, 6), undefined);
    strictEqual(formalOf(parsed, 2, 3, 'e'), text.indexOf('e ?'));
    strictEqual(formalOf(parsed, 2, 1, 'e'), undefined);
    strictEqual(formalOf(parsed, 2, 0, 'a'), undefined);
    strictEqual(formalOf(parsed, 2, 7, 'b'), undefined);
  });
});

describe('what a call passes', () => {
  const passed = (text: string, name: string, index: number): string | undefined => {
    const parsed = parse(text);
    const start = text.indexOf(name);
    const call = nodesAt(parsed, start).find(({ node }) => node.kind === Kind.Call)!;
    const range = { start, end: start + name.length };
    const found = passedArgument(parsed, call.at, range, index);
    return found && text.slice(found.at, found.at + found.node.width);
  };

  it('to a name stands behind it', () => {
    strictEqual(passed('lib.pad 1 ({ a = 2; })', 'pad', 1), '{ a = 2; }');
    strictEqual(passed('pad (let a = 1; in { inherit a; })', 'pad', 0), '{ inherit a; }');
    strictEqual(passed('pad x', 'pad', 0), 'x');
    strictEqual(passed('pad x', 'pad', 1), undefined);
  });

  it('to a file stands behind its path', () => {
    strictEqual(passed('import ./a.nix { b = 1; } 2', './a.nix', 0), '{ b = 1; }');
    strictEqual(passed('import ./a.nix { b = 1; } 2', './a.nix', 1), '2');
    strictEqual(passed('pkgs.callPackage ./a.nix { b = 1; }', './a.nix', 0), '{ b = 1; }');
    strictEqual(passed('callPackage f { b = 1; }', 'f', 0), '{ b = 1; }');
    strictEqual(passed('map f [ { } ]', 'f', 0), undefined);
    strictEqual(passed('other ./a.nix { b = 1; }', './a.nix', 0), undefined);
  });

  it('has a path of names', () => {
    const start = (text: string, ...path: string[]): number | undefined => {
      const { root, rootAt } = parse(text);
      return root.kind === Kind.AttributeSet ? pathStartIn(root, rootAt, path) : undefined;
    };
    strictEqual(start('{ a = 1; b = 2; }', 'b'), 9);
    strictEqual(start('{ a.b.c = 1; }', 'a', 'b'), 4);
    strictEqual(start('{ a = { x = 1; b.c = 1; }; }', 'a', 'b', 'c'), 17);
    strictEqual(start('{ inherit (x) a b; }', 'b'), 16);
    strictEqual(start('{ inherit a; }', 'a', 'b'), undefined);
    strictEqual(start('{ a = x; }', 'a', 'b'), undefined);
    strictEqual(start('{ ${a} = 1; }', 'a'), undefined);
  });
});

describe('a set', () => {
  const pathTo = (text: string): readonly PlacedNode[] => {
    const nodes = nodesAt(parse(text), text.indexOf('{ a')).reverse();
    return nodes.slice(0, nodes.findLastIndex(({ node }) => node.kind === Kind.AttributeSet) + 1);
  };

  it('is passed for a parameter of what is called', () => {
    const received = (text: string): unknown => {
      const found = receiverOf(pathTo(text));
      return found && [found.index, ...found.names.map(({ start, end }) => text.slice(start, end))];
    };
    deepStrictEqual(received('lib.f 1 { a = 1; }'), [1, 'f']);
    deepStrictEqual(received('f (let b = 1; in ({ a = 1; }))'), [0, 'f']);
    deepStrictEqual(received('import ./f.nix { a = 1; }'), [0, './f.nix']);
    deepStrictEqual(received('callPackage ./f.nix { a = 1; }'), [0, './f.nix']);
    deepStrictEqual(received('(x: x) { a = 1; }'), [0]);
    strictEqual(received('f [ { a = 1; } ]'), undefined);
    strictEqual(received('f (x: { a = 1; })'), undefined);
    strictEqual(received('{ a = 1; }'), undefined);
  });

  it('may be read by what it is passed to, also as a part', () => {
    for (const text of [
      'f { a = 1; }',
      'f [ { a = 1; } ]',
      'f (x: { a = 1; })',
      'f ({ } // { b = { a = 1; }; })',
    ])
      strictEqual(isPassed(pathTo(text)), true, text);
    for (const text of [
      '{ a = 1; }',
      'let x = { a = 1; }; in f x',
      'x: { a = 1; }',
      '{ a = f 1; }',
      '({ a = 1; }).a',
    ])
      strictEqual(isPassed(pathTo(text)), false, text);
  });
});
