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

/** Whether a byte can be one token with a word before or behind it. */
export function isWordByte(byte: Bytes | undefined): boolean {
  return byte !== undefined && wordByte.test(byte);
}

/** Whether a word `or` follows, which behind a selection would begin its default. */
export function isBeforeOr(text: Bytes, end: number): boolean {
  return /^\s+or(?![\w'-])/.test(text.slice(end, end + 100));
}

/** Text for the place of what is from `start` to `end`, with a space where it would touch another word. */
export function apart(text: Bytes, start: number, end: number, inserted: Bytes): Bytes {
  // A dot is a part of numbers and paths, but not of names.
  const isName = /^[A-Za-z_][\w'.-]*$/.test(inserted);
  const touches = (own: Bytes | undefined, other: Bytes | undefined): boolean =>
    isWordByte(own) && isWordByte(other) && !(isName && other === '.');
  const before = touches(inserted[0], text[start - 1]) ? ' ' : '';
  const after = touches(inserted.at(-1), text[end]) ? ' ' : '';
  return before + inserted + after;
}

/** The end of a binding with the comment that stands behind it on its line. */
export function endWithComment(text: Bytes, end: number): number {
  const lineEnd = /\r?\n|$/g;
  lineEnd.lastIndex = end;
  return commentsBetween(text, end, lineEnd.exec(text)!.index)[0]?.end ?? end;
}
