import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits, lineEdit } from '../../../server/src/features/text-edit';
import { seeded } from '../../kit/seed';

describe('the edit of the lines that differ', () => {
  it('leaves other lines out', () => {
    deepStrictEqual(lineEdit('a\nb\nc\n', 'a\nB\nc\n'), { range: { start: 2, end: 4 }, text: 'B\n' });
    deepStrictEqual(lineEdit('ab', 'ac'), { range: { start: 0, end: 2 }, text: 'ac' });
    deepStrictEqual(lineEdit('a\n\n\nb', 'a\n\nb'), { range: { start: 3, end: 5 }, text: 'b' });
  });

  it('makes one text of the other, by whole lines', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '\n')).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const edit = lineEdit(before, after);
        strictEqual(applyEdits(before, [edit]), after);
        const { start, end } = edit.range;
        strictEqual(start === 0 || before[start - 1] === '\n', true);
        strictEqual(end === before.length || before[end - 1] === '\n', true);
      }),
      seeded(2000),
    );
  });
});
