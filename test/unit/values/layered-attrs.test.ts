// Sets that grow by one `//` after the other: what they have, and that they are not copied each time.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Attrs, attrsFromEntries, compareBytes, emptyAttrs } from '../../../server/src/values/attrs';
import { LayeredAttrs, updateAttrs } from '../../../server/src/values/layered-attrs';
import type { Position, Source } from '../../../server/src/values/position';
import { Shape, type Origin } from '../../../server/src/values/shape';
import type { Value } from '../../../server/src/values/value';
import { seeded } from '../../kit/seed';

const source: Source = { kind: 'file', path: '/x.nix', text: '' };

/** The set of names that all have one value, which is their position, too. */
function tagged(names: readonly string[], tag: number): Attrs {
  const sorted = [...new Set(names)].sort(compareBytes);
  const origin: Origin = { positionOf: (): Position => ({ source, offset: tag }) };
  return new Attrs(
    new Shape(sorted, origin),
    sorted.map(() => tag),
  );
}

/** A set that has grown by so many merges that it is known to grow. */
function grown(): Attrs {
  let set = tagged(
    Array.from({ length: 260 }, (_, i) => `n${i}`),
    0,
  );
  for (let i = 0; i < 45; i++) set = updateAttrs(set, tagged([`n${i}`], 0));
  return set;
}

const entries = (set: Attrs): [string, Value][] => set.shape.names.map((name, i) => [name, set.values[i]!]);

const name = fc.oneof(
  fc.nat(270).map((n) => `n${n}`),
  fc.constantFrom('', '__proto__', 'z', 'a'),
);
const addition = fc.array(name, { minLength: 1, maxLength: 5 });
/** Of the sets until now, counted from the last one, which one is updated; and with what. */
const step = fc.record({
  back: fc.oneof({ arbitrary: fc.constant(0), weight: 6 }, { arbitrary: fc.nat(8), weight: 1 }),
  addition,
  look: fc.boolean(),
});

describe('values/layered-attrs', () => {
  it('has what a map has to which the same was added, at each of its steps', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(name), (steps, asked) => {
        const start = grown();
        const history = [{ set: start, map: new Map(entries(start)) }];
        steps.forEach(({ back, addition: names, look }, i) => {
          const { set, map } = history[Math.max(0, history.length - 1 - back)]!;
          const next = updateAttrs(set, tagged(names, i + 1));
          history.push({ set: next, map: new Map([...map, ...names.map((each) => [each, i + 1] as const)]) });
          if (look) assert.equal(next.shape.names.length, next.size);
        });
        for (const { set, map } of history) {
          assert.ok(set instanceof Attrs);
          // First what tells without merging, then names and values, then again.
          for (let i = 0; i < 2; i++) {
            assert.equal(set.size, map.size);
            for (const each of [...asked, ...map.keys()]) {
              assert.equal(set.get(each), map.get(each));
              assert.equal(set.has(each), map.has(each));
              const known = set.positionOf(each);
              if (known !== undefined) assert.equal(known.offset, map.get(each));
            }
            assert.deepEqual(
              entries(set),
              [...map].sort(([a], [b]) => compareBytes(a, b)),
            );
          }
        }
      }),
      seeded(100),
    );
  });

  it('is what a set becomes that grows, and knows where its names were defined', () => {
    let set = grown();
    for (let i = 0; i < 3000; i++) {
      set = updateAttrs(set, tagged([`m${i}`], i + 1));
      assert.ok(set instanceof LayeredAttrs);
    }
    assert.equal(set.size, 3260);
    for (const i of [0, 1, 1500, 2999]) assert.equal(set.positionOf(`m${i}`)?.offset, i + 1);
    const { shape } = set;
    for (const i of [0, 1, 1500, 2999]) {
      assert.equal(shape.origin?.positionOf(shape.indexOf(`m${i}`))?.offset, i + 1);
    }
  });

  it('is nothing that a single update makes, or one by many names', () => {
    const large = attrsFromEntries(Array.from({ length: 1000 }, (_, i) => [`n${i}`, i] as const));
    assert.ok(!(updateAttrs(large, tagged(['x'], 1)) instanceof LayeredAttrs));
    const set = grown();
    assert.ok(!(updateAttrs(set, tagged(['v', 'w', 'x', 'y', 'z'], 1)) instanceof LayeredAttrs));
    assert.equal(updateAttrs(set, emptyAttrs), set);
    const layered = updateAttrs(set, tagged(['x'], 1));
    assert.equal(updateAttrs(layered, emptyAttrs), layered);
    assert.equal(updateAttrs(emptyAttrs, layered), layered);
  });

  it('selects some of its names', () => {
    const set = updateAttrs(grown(), tagged(['x'], 1));
    const part = set.select([0, set.size - 1]);
    assert.deepEqual(entries(part), [
      ['n0', 0],
      ['x', 1],
    ]);
  });
});
