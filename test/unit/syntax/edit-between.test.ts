/** The edit between two texts. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editBetween } from '../../../server/src/syntax/reparse';

describe('editBetween', () => {
  const table: [string, string, { start: number; end: number; text: string }][] = [
    ['', '', { start: 0, end: 0, text: '' }],
    ['abc', 'abc', { start: 3, end: 3, text: '' }],
    ['abc', 'axc', { start: 1, end: 2, text: 'x' }],
    ['aaa', 'aa', { start: 2, end: 3, text: '' }],
    ['aa', 'aaa', { start: 2, end: 2, text: 'a' }],
    ['', 'x', { start: 0, end: 0, text: 'x' }],
  ];
  for (const [before, after, edit] of table) {
    it(`from ${JSON.stringify(before)} to ${JSON.stringify(after)}`, () => {
      assert.deepEqual(editBetween(before, after), edit);
    });
  }

  it('gives the second text when it is applied to the first', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { start, end, text: inserted } = editBetween(before, after);
        assert.equal(before.slice(0, start) + inserted + before.slice(end), after);
      }),
    );
  });
});
