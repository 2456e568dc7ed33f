/** What stands between two tokens: the comment that ends the line of the first one, and what comes before the second one. */
import type { Bytes } from '../base/bytes';
import { trimmed, trimmedEnd, trimmedStart } from './blanks';
import type { Trivium } from './elements';
import { utf8Width } from './width';

/** As it is written. */
export type Found =
  | { readonly kind: 'lines'; readonly count: number }
  | { readonly kind: 'line-comment'; readonly text: Bytes; readonly column: number }
  | { readonly kind: 'block-comment'; readonly isDoc: boolean; readonly lines: readonly Bytes[] }
  | { readonly kind: 'language'; readonly text: Bytes }
  /** `/*nixfmt:disable` or `enable`, with nothing behind it on its line; its end is that of the line. */
  | { readonly kind: 'directive'; readonly disables: boolean; readonly start: number; readonly end: number };

export interface Trivia {
  readonly found: readonly Found[];
  /** Where the next token starts. */
  readonly end: number;
}

const blanks = /[ \t\v\f\r]*/y;
const lineBreaks = /(?:\n[ \t\v\f\r]*)+/y;
const lineComment = /#[^\n]*/y;
const directive = /\/\*nixfmt:(disable|enable)\*\/[ \t\v\f\r]*(?=\n|$)/y;
const stringBehind = /[ \t\v\f\r]*\n?[ \t\v\f\r]*(?:"|'')/y;
const languageName = /^[A-Za-z0-9\-+._]{1,30}$/;

/** All that is no token, from an offset on. */
export function readTrivia(text: Bytes, offset: number): Trivia {
  const found: Found[] = [];
  let at = endOf(blanks, text, offset) ?? offset;
  for (;;) {
    const start = at;
    const lines = endOf(lineBreaks, text, at);
    const comment = lines === undefined ? endOf(lineComment, text, at) : undefined;
    const end = endOf(directive, text, at);
    if (lines !== undefined) {
      found.push({ kind: 'lines', count: text.slice(at, lines).split('\n').length - 1 });
      at = lines;
    } else if (comment !== undefined) {
      const content = trimmedEnd(text.slice(at + 1, comment));
      found.push({ kind: 'line-comment', text: content, column: columnOf(text, at) });
      at = comment;
    } else if (end !== undefined) {
      found.push({ kind: 'directive', disables: text.startsWith('/*nixfmt:d', at), start, end });
      at = end;
    } else if (text.startsWith('/*', at)) {
      at = text.indexOf('*/', at + 2) + 2;
      found.push(blockComment(text, start, at));
      at = endOf(blanks, text, at) ?? at;
    } else return { found, end: at };
  }
}

function endOf(pattern: RegExp, text: Bytes, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** From 0 on, in characters, where a tab leads to the next multiple of eight. */
export function columnOf(text: Bytes, offset: number): number {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (!line.includes('\t')) return utf8Width(line);
  let column = 0;
  for (const part of line.split(/(\t)/))
    column = part === '\t' ? (column + 8) & ~7 : column + utf8Width(part);
  return column;
}

function blockComment(text: Bytes, start: number, end: number): Found {
  const isDoc = text.startsWith('/**', start) && end - start > 4;
  const content = text.slice(start + (isDoc ? 3 : 2), end - 2);
  // Where a comment starts counts for its further lines only.
  const lines = commentLines(content, content.includes('\n') ? columnOf(text, start) : 0);
  const [only = ''] = lines;
  const name = trimmed(only);
  const isLanguage = !isDoc && lines.length === 1 && languageName.test(name);
  return isLanguage && endOf(stringBehind, text, end) !== undefined
    ? { kind: 'language', text: name }
    : { kind: 'block-comment', isDoc, lines };
}

/** @param column where the comment starts */
function commentLines(content: Bytes, column: number): Bytes[] {
  const written = withoutEmptyEnd(content.split('\n').map(trimmedEnd));
  const lines = withoutEmptyEnd(withoutStars(written, column).map(trimmedEnd));
  const indented = withoutIndentation(lines, column);
  const start = indented.findIndex((line) => line !== '');
  return start < 0 ? [] : indented.slice(start);
}

function withoutEmptyEnd(lines: readonly Bytes[]): Bytes[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

/** Where all lines but the first begin with a star below that of the comment's start, these are blanks. */
function withoutStars(lines: readonly Bytes[], column: number): readonly Bytes[] {
  const start = `${' '.repeat(column)} *`;
  const [head, ...others] = lines;
  if (head === undefined || !others.every((line) => line.startsWith(start))) return lines;
  return [head, ...others.map((line) => ' '.repeat(column) + line.slice(start.length))];
}

/** Without the indentation that the lines have in common, as far as that is not to set them off from the first one. */
function withoutIndentation(lines: readonly Bytes[], column: number): readonly Bytes[] {
  const [head, ...others] = lines;
  if (head === undefined) return lines;
  let common = head.startsWith(' ') ? column + 3 : column + 2;
  for (const line of others)
    if (/[^ ]/.test(line)) common = Math.min(common, line.length - line.replace(/^ +/, '').length);
  const prefix = ' '.repeat(common);
  return [
    trimmed(head),
    ...others.map((line) => (line.startsWith(prefix) ? line.slice(common) : trimmedStart(line))),
  ];
}

/** @param text that of the file */
export function splitTrivia(
  { found, end }: Trivia,
  text: Bytes,
): { readonly behind: Bytes | undefined; readonly before: readonly Found[] } {
  let count = found.findIndex((each) => !mayEndLine(each));
  if (count < 0) count = found.length;
  if (belongsToNext(found, count, () => columnOf(text, end))) return { behind: undefined, before: found };
  const texts = found.slice(0, count).map(endingText);
  const behind = texts.filter((text) => text !== '').join(' ');
  return { behind: behind === '' ? undefined : behind, before: found.slice(count) };
}

function mayEndLine(found: Found): boolean {
  if (found.kind === 'block-comment') return !found.isDoc && found.lines.length <= 1;
  return found.kind === 'line-comment' || found.kind === 'directive';
}

function endingText(found: Found): Bytes {
  if (found.kind === 'line-comment') return trimmed(found.text);
  if (found.kind === 'directive') return directiveText(found.disables);
  return found.kind === 'block-comment' ? trimmed(found.lines[0] ?? '') : '';
}

/** Whether a comment behind a token stands right above another one, or above the next token, and so is of one block with it. */
function belongsToNext(found: readonly Found[], count: number, nextColumn: () => number): boolean {
  const [comment, lines, next] = found;
  if (count !== 1 || comment?.kind !== 'line-comment') return false;
  if (lines?.kind !== 'lines' || lines.count !== 1) return false;
  if (next === undefined) return comment.column === nextColumn();
  return next.kind === 'line-comment' && next.column === comment.column;
}

/** As it stands in a comment. */
export function directiveText(disables: boolean): Bytes {
  return disables ? 'nixfmt:disable' : 'nixfmt:enable';
}

/** What comes before a token, of anything but directives. */
export function triviumOf(found: Exclude<Found, { kind: 'directive' }>): Trivium | undefined {
  switch (found.kind) {
    case 'lines':
      return found.count > 1 ? { kind: 'empty-line' } : undefined;
    case 'line-comment':
      return { kind: 'line', text: found.text };
    case 'language':
      return found;
    case 'block-comment': {
      const { isDoc, lines } = found;
      if (lines.length === 0) return undefined;
      if (lines.length === 1 && !isDoc) return { kind: 'line', text: ` ${trimmed(lines[0]!)}` };
      return { kind: 'block', isDoc, lines };
    }
  }
}
