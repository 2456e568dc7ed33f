// Indices of many names, beside a Map.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NameIndex } from '../../../server/src/values/name-index';
import { seeded } from '../../kit/seed';

describe('an index of names', () => {
  it('knows where each stands, and no other', () => {
    // Short names of few characters, so that many have one slot.
    const name = fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'b', '\xe9', '0') });
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 60 }), fc.array(name), (names, others) => {
        const index = new NameIndex(names);
        const expected = new Map(names.map((each, i) => [each, i]));
        for (const each of [...names, ...others]) assert.equal(index.get(each), expected.get(each) ?? -1);
      }),
      seeded(300),
    );
  });

  it('takes as many as there are', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `name${i}`);
    const index = new NameIndex(names);
    names.forEach((name, i) => assert.equal(index.get(name), i));
    assert.equal(index.get('name100000'), -1);
    assert.equal(index.get(''), -1);
  });
});
