// Formatting what is selected.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { applyEdits } from '../../../server/src/features/text-edit';
import { formatPart } from '../../../server/src/formatter/part';
import { codeOf, commentWords, disturbed, parsed } from '../../kit/code-of';
import { fixture } from '../../kit/fixture';
import { randomProgram } from '../../kit/random-programs';
import { seeded } from '../../kit/seed';

/** The text after formatting what stands between two cursors. */
function formatted(marked: string): string {
  const { text, cursors } = fixture(marked);
  const result = formatPart(parsed(text), { start: cursors[0]!, end: cursors[1]! });
  return 'problem' in result ? result.problem : decodeUtf8(applyEdits(text, [result]));
}

describe('formatting a selection', () => {
  const table: readonly (readonly [string, string, string])[] = [
    ['changes a binding', '{\n  |a=1;|\n  b=2;\n}', '{\n  a = 1;\n  b=2;\n}'],
    ['changes an expression', '{\n  a=|1+2|;\n  b=2;\n}', '{\n  a=1 + 2;\n  b=2;\n}'],
    ['changes what holds it', '{\n  a=[|1 2|];\n  b=2;\n}', '{\n  a=[\n    1\n    2\n  ];\n  b=2;\n}'],
    ['changes bindings', '{\n  |a=1;\n  b|=2;\n  c=3;\n}', '{\n  a = 1;\n  b = 2;\n  c=3;\n}'],
    ['changes items', '[\n  (1+2)\n  |(3+4)  # c\n  5   6|\n]', '[\n  (1+2)\n  (3 + 4) # c\n  5\n  6\n]'],
    ['changes bindings of a let', 'let\n  |a=1;|\n  b=2; in\na', 'let\n  a = 1;\n  b=2; in\na'],
    ['changes all with its brackets', '|{\n  a=1;\n  b=2;}|', '{\n  a = 1;\n  b = 2;\n}'],
    [
      'is none of comments',
      '{\n  a=1;\n|  # c\n  /* d */\n|  b=2;\n}',
      '{\n  a=1;\n  # c\n  /* d */\n  b=2;\n}',
    ],
    ['is none behind the program', '{\n  a=1;}\n|# c\n|', '{\n  a=1;}\n# c\n'],
    ['is none of nothing', '{\n  a=1;\n| |  b=2;}', '{\n  a=1;\n   b=2;}'],
    ['leaves out the blanks around', '{\n|  a=1;\n  |b=2;\n}', '{\n  a = 1;\n  b=2;\n}'],
    ['in a string changes the interpolation', 'a+ "${|b+c|}"', 'a+ "${b + c}"'],
    ['of a name in a path changes what has the path', '[ a .|b|.c ]', '[ a.b.c ]'],
    ['is none with syntax errors', '{ |a| = }', 'its text has syntax errors'],
  ];
  for (const [what, marked, expected] of table) {
    it(what, () => {
      assert.equal(formatted(marked), expected);
    });
  }

  it('keeps the code and the comments, whatever is selected', () => {
    const choices = fc.array(fc.nat(100), { maxLength: 40 });
    fc.assert(
      fc.property(randomProgram, choices, fc.nat(), fc.nat(), (program, disturbances, a, b) => {
        const before = parsed(disturbed(encodeUtf8(program), disturbances));
        const ends = [a % before.text.length, b % before.text.length].sort((x, y) => x - y);
        const result = formatPart(before, { start: ends[0]!, end: ends[1]! });
        assert.ok('range' in result);
        const after = parsed(applyEdits(before.text, [result]));
        assert.deepEqual(after.errors, []);
        assert.equal(codeOf(after), codeOf(before));
        assert.deepEqual(commentWords(after), commentWords(before));
      }),
      seeded(400),
    );
  });
});
