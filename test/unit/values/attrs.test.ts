// Attribute sets: order, look-up, `//`, and where attributes were defined.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  Attrs,
  attrsFromEntries,
  compareBytes,
  emptyAttrs,
  mergeAttrs,
} from '../../../server/src/values/attrs';
import type { Position, Source } from '../../../server/src/values/position';
import { Shape, type Origin } from '../../../server/src/values/shape';
import type { Value } from '../../../server/src/values/value';
import { attrsFromObject } from '../../kit/attrs-from-object';
import { seeded } from '../../kit/seed';

const source: Source = { kind: 'file', path: '/x.nix', text: '' };

/** Positions that tell the set and the name: the offset is 1000 times the set's number plus the index. */
class Numbered implements Origin {
  constructor(private readonly number: number) {}
  positionOf(index: number): Position {
    return { source, offset: this.number * 1000 + index };
  }
}

const attrs = (number: number, names: readonly string[]): Attrs => {
  const sorted = [...new Set(names)].sort(compareBytes);
  return new Attrs(
    new Shape(sorted, new Numbered(number)),
    sorted.map((name) => `${number}:${name}`),
  );
};

const entries = (set: Attrs): [string, Value][] =>
  set.shape.names.map((name, i) => [name, set.values[i]!] as [string, Value]);

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'B', '_', '', 'a b', '\xe9'),
  fc.string({ maxLength: 3 }),
  fc.nat(40).map((n) => `n${n}`),
);
const names = fc.array(name, { maxLength: 40 });

describe('attribute sets', () => {
  it('are in the order of bytes, the last of equal names wins', () => {
    const set = attrsFromEntries([
      ['b', 1],
      ['a', 2],
      ['B', 3],
      ['\xe9', 4],
      ['b', 5],
      ['', 6],
    ]);
    assert.deepEqual(entries(set), [
      ['', 6],
      ['B', 3],
      ['a', 2],
      ['b', 5],
      ['\xe9', 4],
    ]);
  });

  it('find what they have, and nothing else', () => {
    fc.assert(
      fc.property(names, fc.array(name), (own, asked) => {
        const set = attrs(1, own);
        for (const each of [...own, ...asked]) {
          const has = own.includes(each);
          assert.equal(set.has(each), has);
          assert.equal(set.get(each), has ? `1:${each}` : undefined);
          const offset = has ? 1000 + set.shape.names.indexOf(each) : undefined;
          assert.equal(set.positionOf(each)?.offset, offset);
        }
        assert.equal(set.size, new Set(own).size);
      }),
      seeded(200),
    );
  });

  it('have no names that JavaScript objects have by themselves', () => {
    const set = attrsFromObject({ a: 1 });
    for (const each of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      assert.equal(set.get(each), undefined);
    }
    const many = attrs(1, ['__proto__', 'constructor', ...'abcdefghijkl']);
    assert.equal(many.get('__proto__'), '1:__proto__');
    assert.equal(many.get('toString'), undefined);
  });

  it('update as a map does, and keep where each attribute was defined', () => {
    fc.assert(
      fc.property(names, names, names, (a, b, c) => {
        const left = attrs(1, a);
        const right = attrs(2, b);
        const before = [entries(left), entries(right)];
        const expected = new Map([...entries(left), ...entries(right)]);
        // Twice, since shapes remember how they merge.
        for (let i = 0; i < 2; i++) {
          const merged = mergeAttrs(left, right);
          const sorted = [...expected].sort((x, y) => compareBytes(x[0], y[0]));
          assert.deepEqual(entries(merged), sorted);
          for (const each of merged.shape.names) {
            const from = right.has(each) ? right : left;
            assert.deepEqual(merged.positionOf(each), from.positionOf(each));
          }
        }
        assert.deepEqual([entries(left), entries(right)], before, 'the operands stay as they were');
        const third = attrs(3, c);
        assert.deepEqual(
          entries(mergeAttrs(mergeAttrs(left, right), third)),
          entries(mergeAttrs(left, mergeAttrs(right, third))),
          '// is associative',
        );
      }),
      seeded(200),
    );
  });

  it('keep where each attribute was defined when a few come into many', () => {
    const many = Array.from({ length: 300 }, (_, i) => `n${i}`);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (few) => {
        const [left, right] = [attrs(1, many), attrs(2, few)];
        const merged = mergeAttrs(left, right);
        const expected = new Map([...entries(left), ...entries(right)]);
        assert.deepEqual(
          entries(merged),
          [...expected].sort((x, y) => compareBytes(x[0], y[0])),
        );
        for (const each of merged.shape.names) {
          assert.deepEqual(merged.positionOf(each), (right.has(each) ? right : left).positionOf(each));
        }
      }),
      seeded(200),
    );
  });

  it('share what an update does not change', () => {
    const set = attrs(1, ['a', 'b']);
    assert.equal(mergeAttrs(set, emptyAttrs), set);
    assert.equal(mergeAttrs(emptyAttrs, set), set);
    const other = new Attrs(set.shape, ['x', 'y']);
    assert.equal(mergeAttrs(set, other), other);
    // The result of the same two shapes has the same shape, so that sites remember it.
    const right = attrs(2, ['b', 'c']);
    assert.equal(mergeAttrs(set, right).shape, mergeAttrs(other, right).shape);
  });

  it('select some of their names', () => {
    fc.assert(
      fc.property(names, fc.func(fc.boolean()), (own, keep) => {
        const set = attrs(1, own);
        const kept = set.shape.names.flatMap((each, i) => (keep(each) ? [i] : []));
        const part = set.select(kept);
        assert.deepEqual(
          entries(part),
          entries(set).filter((_, i) => kept.includes(i)),
        );
        for (const each of part.shape.names) assert.deepEqual(part.positionOf(each), set.positionOf(each));
        if (kept.length === 0 && set.size > 0) assert.equal(part, emptyAttrs);
        if (kept.length === set.size) assert.equal(part, set);
      }),
      seeded(200),
    );
  });
});
