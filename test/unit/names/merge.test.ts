// Bindings as they are meant: nested attribute paths merged, duplicates found.
import assert from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { BindingGroup, mergeBindings } from '../../../server/src/names/merge';
import { parse } from '../../../server/src/syntax/parse';
import { Kind, staticString } from '../../../server/src/syntax/tree';

/** A group in a form that shows what became of it. */
function described(group: BindingGroup, text: string): string {
  const source = (at: number, width: number) => decodeUtf8(text.slice(at, at + width));
  const entries = [...group.entries.values()].map((entry) => {
    switch (entry.kind) {
      case 'value':
        return `${entry.name} = ${source(entry.at, entry.value.width)}`;
      case 'inherit':
        return `inherit ${entry.name}`;
      case 'inherit-from':
        return `inherit (${entry.source}) ${entry.name}`;
      case 'group':
        return `${entry.name} = ${described(entry.group, text)}`;
    }
  });
  const sources = group.sources.map(({ node, at }, i) => `(${i}): ${source(at, node.width)}`);
  const dynamic = group.dynamic.map(({ name, value }) => {
    const shown = value instanceof BindingGroup ? described(value, text) : source(value.at, value.node.width);
    const { node } = name;
    assert.ok(node.kind === Kind.DynamicName || staticString(node) === undefined);
    return `${source(name.at, node.width)} = ${shown}`;
  });
  return `${group.recursive ? 'rec ' : ''}{ ${[...sources, ...entries, ...dynamic].join('; ')} }`;
}

function merged(marked: string): { group: BindingGroup; text: string } {
  const text = encodeUtf8(marked);
  const { root, rootAt, errors } = parse(text);
  assert.deepEqual(errors, []);
  assert.equal(rootAt, 0);
  assert.ok(root.kind === Kind.AttributeSet || root.kind === Kind.Let || root.kind === Kind.LegacyLet);
  return { group: mergeBindings(root), text };
}

const table: readonly (readonly [string, string])[] = [
  ['{ a = 1; b = 2; }', '{ a = 1; b = 2 }'],
  ['{ b = 1; a = 2; }', '{ b = 1; a = 2 }'],
  ['rec { a = 1; }', 'rec { a = 1 }'],
  ['let a = 1; in a', 'rec { a = 1 }'],
  ['{ a.b = 1; }', '{ a = { b = 1 } }'],
  ['{ a.b.c = 1; a.b.d = 2; a.e = 3; }', '{ a = { b = { c = 1; d = 2 }; e = 3 } }'],
  ['{ a = { x = 1; }; a.y = 2; }', '{ a = { x = 1; y = 2 } }'],
  ['{ a.y = 2; a = { x = 1; }; }', '{ a = { y = 2; x = 1 } }'],
  ['{ a = { x = 1; }; a = { y = 2; }; }', '{ a = { x = 1; y = 2 } }'],
  ['{ a = { b.c = 1; }; a.b.d = 2; }', '{ a = { b = { c = 1; d = 2 } } }'],
  ['{ a.b = { c = 1; }; a = { b.d = 2; }; }', '{ a = { b = { c = 1; d = 2 } } }'],
  // The first definition decides whether the set is recursive.
  ['{ a = rec { x = y; y = 1; }; a.z = 2; }', '{ a = rec { x = y; y = 1; z = 2 } }'],
  ['{ a.z = 2; a = rec { x = 1; }; }', '{ a = { z = 2; x = 1 } }'],
  ['{ a = { }; a = rec { x = 1; }; }', '{ a = { x = 1 } }'],
  ['{ "a".b = 1; a."c" = 2; }', '{ a = { b = 1; c = 2 } }'],
  ['{ "a b" = 1; }', '{ a b = 1 }'],
  ['{ ${"a"} = 1; }', '{ a = 1 }'],
  ['{ ${"a"}.b = 1; a.c = 2; }', '{ a = { b = 1; c = 2 } }'],
  // Computed names are never merged.
  ['{ ${n} = 1; ${n} = 2; }', '{ ${n} = 1; ${n} = 2 }'],
  ['{ ${n}.b = 1; ${n}.c = 2; }', '{ ${n} = { b = 1 }; ${n} = { c = 2 } }'],
  ['{ a.${n} = 1; a.b = 2; }', '{ a = { b = 2; ${n} = 1 } }'],
  ['{ a = { ${n} = 1; }; a.b = 2; }', '{ a = { b = 2; ${n} = 1 } }'],
  ['{ "x${n}" = 1; }', '{ "x${n}" = 1 }'],
  ['{ inherit a "b"; }', '{ inherit a; inherit b }'],
  [
    '{ inherit (s) a; inherit (t.u) b c; }',
    '{ (0): s; (1): t.u; inherit (0) a; inherit (1) b; inherit (1) c }',
  ],
  [
    '{ a = { inherit (s) x; }; a = { inherit (t) y; }; }',
    '{ a = { (0): s; (1): t; inherit (0) x; inherit (1) y } }',
  ],
  ['let { a.b = 1; body = a; }', 'rec { a = { b = 1 }; body = a }'],
];

describe('merging', () => {
  for (const [text, expected] of table) {
    it(text, () => {
      const { group } = merged(text);
      assert.equal(described(group, text), expected);
      assert.equal(group.faulty, text.startsWith('let') && group.dynamic.length > 0);
    });
  }

  it('gives each attribute the place of its path', () => {
    const text = '{ a.b.c = 1; a.b.d = 2; e = 3; inherit f; }';
    const { group } = merged(text);
    const a = group.entries.get('a')!;
    assert.ok(a.kind === 'group');
    const b = a.group.entries.get('b')!;
    assert.ok(b.kind === 'group');
    // Nix gives every attribute of a path the place where the path starts.
    const places = [a, b, ...b.group.entries.values(), group.entries.get('e')!, group.entries.get('f')!];
    assert.deepEqual(
      places.map(({ name, nameAt }) => `${name} ${text.slice(nameAt).split(' ')[0]}`),
      ['a a.b.c', 'b a.b.c', 'c a.b.c', 'd a.b.d', 'e e', 'f f;'],
    );
  });
});
