import assert from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { documentationBefore, documentationOf } from '../../../server/src/syntax/comments';
import { parse } from '../../../server/src/syntax/parse';

/** The documentation before the cursor `|`. */
function before(marked: string): string | undefined {
  const bytes = encodeUtf8(marked);
  const text = documentationBefore(parse(bytes.replace('|', '')), bytes.indexOf('|'))?.text;
  return text && decodeUtf8(text);
}

describe('documentationBefore', () => {
  for (const [what, marked, expected] of [
    ['a doc comment', '{ /** Says a. */ |a = 1; }', 'Says a.'],
    [
      'a doc comment of several lines',
      '{\n  /**\n    One.\n\n      Two.\n  */\n  |a = 1; }',
      'One.\n\n  Two.',
    ],
    [
      'asterisks at the start of each line',
      '{\n  /**\n   * One.\n   * Two.\n   */\n  |a = 1; }',
      'One.\nTwo.',
    ],
    ['a doc comment with others behind it', '{ /** Doc. */\n # note\n |a = 1; }', 'Doc.'],
    ['lines', '{\n  # One.\n  # Two.\n  |a = 1; }', 'One.\nTwo.'],
    ['letters whose last byte looks like a space', '{\n  # città\n  # è là\n  |a = 1; }', 'città\nè là'],
    ['such letters in a block', '{\n  /* città\n     là */\n  |a = 1; }', 'città\nlà'],
    ['a block', '/* One. */ |{ }', 'One.'],
    ['only what is next to it', '{\n  # Far.\n\n  # Near.\n  |a = 1; }', 'Near.'],
    ['not what an empty line parts from it', '{\n  # Far.\n\n  |a = 1; }', undefined],
    ['not what belongs to the line before', '{ b = 1; # b\n  |a = 1; }', undefined],
    ['not another binding', '{ /** B. */ b = 1; |a = 1; }', undefined],
    ['no comment', '{ |a = 1; }', undefined],
    ['no empty comment', '{ /**/ |a = 1; }', undefined],
    ['the last of several', '{ /** One. */ /** Two. */ |a = 1; }', 'Two.'],
    ['inside a file that begins with it', '# Header.\n|{ }: 1', 'Header.'],
  ] as const) {
    it(what, () => assert.equal(before(marked), expected));
  }
});

describe('documentationOf', () => {
  it('finds what is said of the binding whose value a function is', () => {
    const text = '{ /** Says f. */ f = x: y: x; }';
    const file = parse(text);
    assert.equal(documentationOf(file, text.indexOf('x: y'))?.text, 'Says f.');
    assert.equal(documentationOf(file, text.indexOf('y:'))?.text, 'Says f.');
  });

  it('prefers what is said of the function itself', () => {
    const text = '{ /** Outer. */ f = /** Inner. */ x: x; }';
    const found = documentationOf(parse(text), text.indexOf('x:'));
    assert.deepEqual([found?.text, found?.isDoc], ['Inner.', true]);
  });
});
