// Edits between tokens: they are told from all others, and the nodes after them have the origins of those before.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Lexer } from '../../../server/src/syntax/lexer';
import { parse, type ParsedFile } from '../../../server/src/syntax/parse';
import { editBetween, reparse, type Edit } from '../../../server/src/syntax/reparse';
import { keepsCode, originOf } from '../../../server/src/syntax/same-code';
import { Token } from '../../../server/src/syntax/tokens';
import type { Node } from '../../../server/src/syntax/tree';
import { walk } from '../../../server/src/syntax/walk';
import { anyEdit, anyText, placed, seeded } from './random-texts';

function nodesOf({ root, rootAt }: ParsedFile): Node[] {
  const nodes: Node[] = [];
  walk(root, rootAt, (node) => void nodes.push(node));
  return nodes;
}

/** A part of a text in which many places are in a comment or not by what is before them. */
const commentPiece = fc.constantFrom('/*', '*/', '/*/', '#', '#*/', '\n', '\n', ' 1\n', ' 1\n', ' ');

interface Piece {
  readonly at: number;
  readonly text: string;
}

/** The same pieces where an edit that is between them has them. */
function moved(pieces: readonly Piece[], { start, end, text }: Edit): Piece[] {
  return pieces.map((piece) =>
    piece.at < end ? piece : { ...piece, at: piece.at + start + text.length - end },
  );
}

/** The tokens of a text and, of strings and paths, all that stands in them: what is left without white space and comments. */
function codeOf({ text, root, rootAt }: ParsedFile): Piece[] {
  const pieces: Piece[] = [];
  const texts: { at: number; end: number }[] = [];
  walk(root, rootAt, (node, at) => {
    const start = text[at];
    if (start === '"' || text.startsWith("''", at)) texts.push({ at, end: at + node.width });
  });
  const lexer = new Lexer(text, true, { lexicalError() {} });
  lexer.seek(0);
  for (;;) {
    lexer.next();
    if (lexer.kind === Token.End) return pieces;
    const string = texts.find(({ at }) => at === lexer.start);
    pieces.push({ at: lexer.start, text: text.slice(lexer.start, string?.end ?? lexer.end) });
    if (string !== undefined) lexer.seek(string.end);
  }
}

/** Edits a text from the part between two marks on, and says whether that kept its code. */
function edited(marked: string, inserted: string): boolean {
  const start = marked.indexOf('|');
  const end = marked.indexOf('|', start + 1) - 1;
  const before = parse(marked.replaceAll('|', ''));
  const edit = { start, end, text: inserted };
  return keepsCode(before, edit, reparse(before, edit).parsed);
}

describe('an edit keeps the code', () => {
  const between: readonly (readonly [string, string])[] = [
    ['{ a = 1;|| b = 2; }', '\n  # two\n '],
    ['{ # o||\n }', 'ne'],
    ['{ a = 1; # |one|\n b = 2; }', 'two ¦ words'],
    ['|# a|\n1', ''],
    ['1|\n\n|', ' /* c */'],
    ['f|  |x', ' '],
    ['f|  |(x)', ''],
    ['rec| |{ }', ''],
    ['x:|| y', ' /* the argument */'],
    ['{ a ? 1|| }: [ a ]', '\n'],
    ["'' a ${ b|| } ''", ' # c\n'],
  ];
  for (const [marked, inserted] of between) {
    it(`where ${JSON.stringify(inserted)} comes into ${marked}`, () => assert.ok(edited(marked, inserted)));
  }

  const others: readonly (readonly [string, string])[] = [
    ['{ a = 1||; }', '2'],
    ['{ a = "x|| y"; }', ' '],
    ["'' a|| ''", '\n'],
    ['[ 1 2 ||]', '3'],
    ['f| |x', ''],
    ['[ a| |-1 ]', ''],
    ['# a|\n|1 # b\n2', ''],
    ['1 ||+ 2', '# '],
    ['{ inherit (a) b; }|| ', ';'],
    ['{ inherit |(a)| b; }', 'a'],
    ['|rec| { }', ''],
    ['{ a, ||... }: a', 'b, '],
    ['{ a|, ...| }: a', ''],
    ['|/**/ a|', 'a /**/'],
  ];
  for (const [marked, inserted] of others) {
    it(`but not where ${JSON.stringify(inserted)} comes into ${marked}`, () =>
      assert.ok(!edited(marked, inserted)));
  }

  it('of a text with errors never', () => {
    assert.ok(!edited('{ a = ; || }', ' '));
    assert.ok(!edited('1 ||', '/*'));
  });

  const keepsOnlyCode = (text: string, edit: Edit): void => {
    const before = parse(text);
    const after = reparse(before, edit).parsed;
    if (keepsCode(before, edit, after)) assert.deepEqual(codeOf(after), moved(codeOf(before), edit));
  };

  it('only where the tokens are the same, each where the edit moves it', () => {
    fc.assert(
      fc.property(anyText, anyEdit, (text, any) => keepsOnlyCode(text, placed(any, text))),
      seeded(3000),
    );
  });

  it('also where edits change what is in a comment', () => {
    fc.assert(
      fc.property(fc.array(commentPiece, { maxLength: 16 }), fc.nat(), commentPiece, (pieces, any, piece) => {
        const at = any % (pieces.length + 1);
        const text = `[${pieces.join('')}\n]`;
        keepsOnlyCode(text, editBetween(text, `[${pieces.toSpliced(at, 0, piece).join('')}\n]`));
        keepsOnlyCode(text, editBetween(text, `[${pieces.toSpliced(at, 1).join('')}\n]`));
      }),
      seeded(20_000),
    );
  });

  it('not where a comment takes one of two equal pieces, and leaves the other', () => {
    const toggle = (mark: string): string => `{\n  ${mark}\n  a = 1;\n  /*/\n  a = 1;\n  #*/\n}`;
    const before = parse(toggle('/*'));
    const edit = editBetween(before.text, toggle('#/*'));
    assert.ok(!keepsCode(before, edit, reparse(before, edit).parsed));
    assert.ok(!edited('[ |#| 1\n 1 # 1\n ]', ''));
    assert.ok(!edited('[ 1 /* |1 /*| */ ]', '*/ 1 /* '));
  });

  it('no slower the more comments come in or go: each is looked at once', () => {
    const comments = '  # one more line that says nothing at all\n'.repeat(40_000);
    assert.ok(edited(`{\n|${comments}|}`, ''));
    assert.ok(edited('{\n||}', comments));
    assert.ok(!edited(`{\n|${comments}|}`, comments.replaceAll('# one', 'a =').replaceAll('all', 'all;')));
  });
});

describe('after edits between tokens', () => {
  it('every node has the origin that the node at its place had', () => {
    const trivia = fc.constantFrom(' ', '\n', ' # c\n', ' /* c */', '\n\n  /** doc */\n');
    const place = fc.nat();
    const program = anyText
      .map((text) => parse(text))
      .filter(({ text, errors }) => errors.length === 0 && !text.includes('\0'));
    fc.assert(
      fc.property(program, fc.array(fc.tuple(place, trivia), { maxLength: 8 }), (first, insertions) => {
        let parsed = first;
        for (const [at, text] of insertions) {
          const gaps = gapsOf(parsed);
          const start = gaps[at % gaps.length]!;
          const next = `${parsed.text.slice(0, start)}${text}${parsed.text.slice(start)}`;
          const edit = editBetween(parsed.text, next);
          const after = reparse(parsed, edit).parsed;
          assert.ok(keepsCode(parsed, edit, after), JSON.stringify([parsed.text, next]));
          parsed = after;
        }
        assert.deepEqual(nodesOf(parsed).map(originOf), nodesOf(first));
      }),
      seeded(500),
    );
  });

  it('a node that another edit makes is an origin itself', () => {
    const before = parse('{ a = 1; }');
    const edit = { start: 6, end: 7, text: '2' };
    const after = reparse(before, edit).parsed;
    assert.ok(!keepsCode(before, edit, after));
    assert.equal(originOf(after.root), after.root);
  });
});

/** Where white space stands between tokens. */
function gapsOf({ text, root, rootAt }: ParsedFile): number[] {
  const inText = new Set<number>();
  walk(root, rootAt, (node, at) => {
    if (text[at] !== '"' && !text.startsWith("''", at)) return undefined;
    for (let i = at; i < at + node.width; i++) inText.add(i);
    return 'skip';
  });
  const gaps = [text.length];
  const lexer = new Lexer(text, true, { lexicalError() {} });
  lexer.seek(0);
  for (let end = 0; ; end = lexer.end) {
    lexer.next();
    if (lexer.start > end && !inText.has(lexer.start) && !inText.has(end)) gaps.push(lexer.start);
    if (lexer.kind === Token.End) return gaps;
  }
}
