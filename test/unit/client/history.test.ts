// The expressions that somebody evaluated last.
import assert from 'node:assert/strict';
import { historyLength, readHistory, remember } from '../../../client/src/history';

describe('the history of expressions', () => {
  it('has the latest first, each once, and no more than it keeps', () => {
    assert.deepEqual(remember(['a', 'b'], ' c '), ['c', 'a', 'b']);
    assert.deepEqual(remember(['a', 'b'], 'b'), ['b', 'a']);
    assert.deepEqual(remember(['a'], '  '), ['a']);
    const full = Array.from({ length: historyLength }, (_, i) => String(i));
    assert.deepEqual(remember(full, 'x'), ['x', ...full.slice(0, -1)]);
  });

  it('takes nothing from what is none', () => {
    assert.deepEqual(readHistory(undefined), []);
    assert.deepEqual(readHistory({ 0: 'a' }), []);
    assert.deepEqual(readHistory(['a', 1, null, 'b']), ['a', 'b']);
  });
});
