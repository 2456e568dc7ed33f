/** What stands between the nodes of a tree: tokens, white space and comments. */
import type { Bytes } from '../../base/bytes';
import { commentsBetween } from '../../syntax/comments';
import { Lexer } from '../../syntax/lexer';
import type { ParsedFile } from '../../syntax/parse';
import { Token } from '../../syntax/tokens';

/** A token between two nodes. */
export interface GapToken {
  readonly kind: Token;
  readonly start: number;
  readonly end: number;
}

/** The tokens from `from` to `to`, which must be no part of a string or a path. */
export function tokensBetween({ text }: ParsedFile, from: number, to: number): GapToken[] {
  const lexer = new Lexer(text.slice(from, to), true, { lexicalError() {} });
  const tokens: GapToken[] = [];
  for (lexer.next(); lexer.kind !== Token.End; lexer.next())
    tokens.push({ kind: lexer.kind, start: from + lexer.start, end: from + lexer.end });
  return tokens;
}

/** Whether a comment stands among the tokens from `from` to `to`. */
export function hasComments(parsed: ParsedFile, from: number, to: number): boolean {
  let end = from;
  for (const token of [...tokensBetween(parsed, from, to), { start: to, end: to }]) {
    if (commentsBetween(parsed.text, end, token.start).length > 0) return true;
    end = token.end;
  }
  return false;
}

const wordByte = /[A-Za-z0-9_'.~/+:<>-]|[\x80-\xff]/;

/** Text in the place of what is from `start` to `end`, with a space where it would touch another word. */
export function apart(text: Bytes, start: number, end: number, inserted: Bytes): Bytes {
  const touches = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && wordByte.test(a) && wordByte.test(b);
  const before = touches(text[start - 1], inserted[0]) ? ' ' : '';
  const after = touches(inserted.at(-1), text[end]) ? ' ' : '';
  return before + inserted + after;
}
