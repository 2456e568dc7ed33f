import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from '../../../server/src/syntax/parse';
import { Token } from '../../../server/src/syntax/tokens';
import { Kind } from '../../../server/src/syntax/tree';
import { classifyAt, nodesAt, resultPath, walk } from '../../../server/src/syntax/walk';
import { anyText, seeded } from './random-texts';

/** The text with its cursor `|` taken out, and where it was. */
function cursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('|');
  return { text: marked.slice(0, offset) + marked.slice(offset + 1), offset };
}

describe('nodesAt', () => {
  /** The texts of the nodes at the cursor, the innermost first. */
  function textsAt(marked: string): string[] {
    const { text, offset } = cursor(marked);
    return nodesAt(parse(text), offset).map(({ node, at }) => text.slice(at, at + node.width));
  }

  for (const [marked, expected] of [
    ['{ a = f |x; }', ['x', 'f x', 'a = f x;', '{ a = f x; }']],
    ['{ a = f x|; }', ['x', 'f x', 'a = f x;', '{ a = f x; }']],
    ['{ |a = 1; }', ['a', 'a', 'a = 1;', '{ a = 1; }']],
    ['[ a|(b) ]', ['(b)', '[ a(b) ]']],
    ['"a${|b}"', ['b', '${b}', '"a${b}"']],
    [' | a', []],
  ] as const) {
    it(marked, () => assert.deepEqual(textsAt(marked), expected));
  }
});

describe('resultPath', () => {
  for (const [text, expected] of [
    ['1', ['1']],
    ['a: b', ['a: b', 'b']],
    ['let a = 1; in (a)', ['let a = 1; in (a)', '(a)', 'a']],
    ['with a; assert b; c', ['with a; assert b; c', 'assert b; c', 'c']],
    [' if a then (b) else c', ['if a then (b) else c']],
    ['let { body = 1; }', ['let { body = 1; }']],
  ] as const) {
    it(text, () => {
      const { root, rootAt } = parse(text);
      const path = resultPath({ node: root, at: rootAt });
      assert.deepEqual(
        path.map(({ node, at }) => text.slice(at, at + node.width)),
        expected,
      );
    });
  }
});

describe('walk', () => {
  it('visits parents before children, in source order', () => {
    const text = '{ a = [ b c ]; d = x: y; }';
    const { root, rootAt } = parse(text);
    const seen: string[] = [];
    walk(root, rootAt, (node, at) => {
      if (node.kind === Kind.Identifier || node.kind === Kind.List)
        seen.push(text.slice(at, at + node.width));
    });
    assert.deepEqual(seen, ['a', '[ b c ]', 'b', 'c', 'd', 'x', 'y']);
  });
});

describe('classifyAt', () => {
  for (const [marked, kind, around] of [
    ['a |+ b', 'token', '+'],
    ['a| + b', 'white-space', ' '],
    ['a /* |c */ b', 'comment', '/* c */'],
    ['# |c\na', 'comment', '# c'],
    ['a # |c', 'comment', '# c'],
    ['"a|b"', 'string-text', 'ab'],
    ['|"ab"', 'token', '"'],
    ['"ab|"', 'token', '"'],
    ['"a|${b}"', 'token', '${'],
    ['"a${b|}"', 'token', '}'],
    ["''|  a''", 'string-text', '  a'],
    ['./a|b', 'path-text', './ab'],
    ['{ a |= 1; }', 'token', '='],
    ['{ a = 1;| }', 'white-space', ' '],
    ['|  a', 'white-space', '  '],
    ['a  |', 'token', ''],
    ["''''|\n # c", 'white-space', '\n '],
    ["[ ''b''| \n ]", 'white-space', ' \n '],
    ["''b''|/* c */", 'comment', '/* c */'],
  ] as const) {
    it(marked, () => {
      const { text, offset } = cursor(marked);
      const found = classifyAt(parse(text), offset);
      assert.equal(found.class, kind);
      assert.equal(text.slice(found.start, found.end), around);
    });
  }

  it('names the token', () => {
    assert.equal(classifyAt(parse('if a then b else c'), 5).token, Token.Then);
  });

  it('ends behind a comment without an end', () => {
    const text = 'x.y = )== or /*/*&$.}';
    for (let offset = 0; offset < text.length; offset++) {
      const { start, end } = classifyAt(parse(text), offset);
      assert.ok(start <= offset && offset < end, String(offset));
    }
    assert.equal(classifyAt(parse(text), text.length - 1).class, 'comment');
  });

  it('covers every byte of any text', () => {
    fc.assert(
      fc.property(anyText, fc.double({ min: 0, max: 0.999, noNaN: true }), (text, place) => {
        const offset = Math.floor(place * text.length);
        const { start, end } = classifyAt(parse(text), offset);
        assert.ok(
          start <= offset &&
            (offset < end || text.length === 0 || text.includes('\0') || text.includes('/*')),
        );
      }),
      seeded(1000),
    );
  });
});
