// Shapes: names apart from values, and how two of them merge.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareBytes } from '../../../server/src/values/attrs';
import { emptyShape, selectShape, Shape } from '../../../server/src/values/shape';
import { seeded } from '../../kit/seed';

const names = fc
  .uniqueArray(fc.string({ maxLength: 4 }), { maxLength: 30 })
  .map((all) => [...all].sort(compareBytes));

describe('shapes', () => {
  it('know the index of each name, few or many', () => {
    fc.assert(
      fc.property(names, fc.string(), (own, other) => {
        const shape = new Shape(own);
        own.forEach((name, i) => assert.equal(shape.indexOf(name), i));
        assert.equal(shape.indexOf(other), own.indexOf(other));
      }),
      seeded(200),
    );
  });

  it('know the index of each of very many names', () => {
    const own = Array.from({ length: 3000 }, (_, i) => `n${i}`).sort(compareBytes);
    const shape = new Shape(own);
    for (let round = 0; round < 2; round++) {
      own.forEach((name, i) => assert.equal(shape.indexOf(name), i));
      assert.equal(shape.indexOf('n'), -1);
      assert.equal(shape.indexOf('n3000'), -1);
    }
  });

  it('merge to the union, and say where each value stands', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const left = new Shape(a);
        const right = new Shape(b);
        const { shape, sources } = left.mergeWith(right);
        assert.deepEqual(shape.names, [...new Set([...a, ...b])].sort(compareBytes));
        assert.equal(sources.length, shape.names.length);
        shape.names.forEach((name, i) => {
          const source = sources[i]!;
          assert.equal(source >= 0 ? a[source] : b[~source], name);
          assert.equal(source < 0, b.includes(name), 'the right one wins');
        });
      }),
      seeded(200),
    );
  });

  it('remember how they merged, but not without end', () => {
    const shape = new Shape(['a']);
    const other = new Shape(['b']);
    assert.equal(shape.mergeWith(other), shape.mergeWith(other));
    for (let i = 0; i < 1000; i++) shape.mergeWith(new Shape([`n${i}`]));
    assert.deepEqual(shape.mergeWith(other).shape.names, ['a', 'b']);
  });

  it('without their origin are one and the same', () => {
    const origin = { positionOf: () => undefined };
    const shape = new Shape(['a', 'b'], origin);
    const anonymous = shape.withoutOrigin();
    assert.equal(anonymous.origin, undefined);
    assert.deepEqual(anonymous.names, shape.names);
    assert.equal(shape.withoutOrigin(), anonymous);
    assert.equal(anonymous.withoutOrigin(), anonymous);
  });

  it('select names by ascending indices', () => {
    const shape = new Shape(['a', 'b', 'c']);
    assert.equal(selectShape(shape, [0, 1, 2]), shape);
    assert.equal(selectShape(shape, []), emptyShape);
    assert.deepEqual(selectShape(shape, [0, 2]).names, ['a', 'c']);
  });
});
