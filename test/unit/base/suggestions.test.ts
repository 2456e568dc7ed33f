// Names for "Did you mean …?", as C++ Nix chooses them.
import assert from 'node:assert/strict';
import { bestMatches } from '../../../server/src/base/suggestions';

describe('suggestions', () => {
  it('are the five nearest names, and at the same distance by bytes', () => {
    const names = ['n4099', 'n3999', 'n2999', 'n1999', 'n4999', 'n0999', 'other'];
    assert.deepEqual(bestMatches(names, 'n4999a'), ['n4999', 'n0999', 'n1999', 'n2999', 'n3999']);
  });

  it('are no names that are more than two edits away', () => {
    assert.deepEqual(bestMatches(['abcd', 'abc', 'ab', 'a', 'xyz'], 'abcd'), ['abcd', 'abc', 'ab']);
    assert.deepEqual(bestMatches([], 'a'), []);
  });
});
