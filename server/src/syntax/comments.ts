/**
 * Documentation in comments: the doc comment of RFC 145 before a binding or a
 * function, or else the ordinary comment that stands right above it.
 *
 * Comments are not in the tree, so they are read from the text before a node.
 * What they say is left as it is, Markdown by convention.
 */
import { trimmedEnd, trimmedStart, type Bytes } from '../base/bytes';
import { Lexer } from './lexer';
import type { ParsedFile } from './parse';
import { Kind } from './tree';
import { forEachChild, nodesAt } from './walk';

export interface Comment {
  readonly start: number;
  readonly end: number;
  readonly style: 'line' | 'block' | 'doc';
}

export interface Documentation {
  /** What the comment says, without its marks and its indentation; a byte string. */
  readonly text: Bytes;
  /** Whether it is a doc comment, one that begins with two asterisks. */
  readonly isDoc: boolean;
  readonly start: number;
  readonly end: number;
}

/** The documentation before the node that starts at `at`, which must be the start of a token. */
export function documentationBefore(file: ParsedFile, at: number): Documentation | undefined {
  const from = previousTokenEnd(file, at);
  const comments = commentsBetween(file.text, from, at);
  const doc = comments.findLast(({ style }) => style === 'doc');
  if (doc !== undefined) {
    return { text: blockText(file.text, doc), isDoc: true, start: doc.start, end: doc.end };
  }
  return plainDocumentation(file.text, from, at, comments);
}

/** The comments from `from` to `to`, between which there must be nothing else than white space. */
export function commentsBetween(text: Bytes, from: number, to: number): Comment[] {
  const comments: Comment[] = [];
  const blank = /[ \t\r\n]*/y;
  for (let at = from; at < to;) {
    blank.lastIndex = at;
    blank.test(text);
    const start = blank.lastIndex;
    if (start >= to) break;
    const end = commentEnd(text, start);
    if (end === undefined || end > to) break;
    comments.push({ start, end, style: styleOf(text, start, end) });
    at = end;
  }
  return comments;
}

function commentEnd(text: Bytes, start: number): number | undefined {
  if (text[start] === '#') {
    const lineEnd = /[\r\n]|$/g;
    lineEnd.lastIndex = start;
    return lineEnd.exec(text)!.index;
  }
  if (!text.startsWith('/*', start)) return undefined;
  const close = text.indexOf('*/', start + 2);
  return close < 0 ? undefined : close + 2;
}

/** A doc comment starts with exactly two asterisks, and has something in it. */
function styleOf(text: Bytes, start: number, end: number): Comment['style'] {
  if (text[start] === '#') return 'line';
  const third = text[start + 2];
  const fourth = text[start + 3];
  return third === '*' && fourth !== '*' && fourth !== '/' && end - start > 5 ? 'doc' : 'block';
}

/** Where the last token before `at` ends; 0 if there is none. */
function previousTokenEnd(file: ParsedFile, at: number): number {
  // The innermost node that has begun before: its children, and tokens of its own, come before `at`.
  const holder = nodesAt(file, at).find((placed) => placed.at < at && at < placed.at + placed.node.width);
  if (holder === undefined) return 0;
  let from = holder.at;
  forEachChild(holder.node, holder.at, (child, childAt) => {
    if (childAt + child.width <= at) from = Math.max(from, childAt + child.width);
  });
  const lexer = new Lexer(file.text, true, { lexicalError() {} });
  lexer.seek(from);
  for (;;) {
    lexer.next();
    if (lexer.start >= at) return lexer.previousEnd;
  }
}

/** The last block comment, or the last run of line comments, with no empty line between it and `at`. */
function plainDocumentation(
  text: Bytes,
  from: number,
  at: number,
  comments: readonly Comment[],
): Documentation | undefined {
  let first = comments.length;
  let below = at;
  while (first > 0) {
    const comment = comments[first - 1]!;
    if (lineEnds(text, comment.end, below) > 1 || isBehindToken(text, from, comment)) break;
    if (first < comments.length && comment.style !== comments[first]!.style) break;
    first--;
    below = comment.start;
    if (comment.style === 'block') break;
  }
  if (first === comments.length) return undefined;
  const run = comments.slice(first);
  const said = run[0]!.style === 'block' ? blockText(text, run[0]!) : lineText(text, run);
  return said === ''
    ? undefined
    : { text: said, isDoc: false, start: run[0]!.start, end: run[run.length - 1]!.end };
}

/** Whether the comment belongs to what stands before it on its line. */
function isBehindToken(text: Bytes, from: number, comment: Comment): boolean {
  return comment.style === 'line' && from > 0 && lineEnds(text, from, comment.start) === 0;
}

function lineEnds(text: Bytes, from: number, to: number): number {
  return text.slice(from, to).match(/\r\n|\r|\n/g)?.length ?? 0;
}

function lineText(text: Bytes, comments: readonly Comment[]): Bytes {
  const lines = comments.map(({ start, end }) => trimmedEnd(text.slice(start, end).replace(/^#+ ?/, '')));
  return withoutEmptyEnds(lines).join('\n');
}

/** What a block comment says: marks cut off, and the indentation that all lines but the first share. */
function blockText(text: Bytes, comment: Comment): Bytes {
  const inner = text
    .slice(comment.start, comment.end)
    .replace(/^\/\*+/, '')
    .replace(/\**\/$/, '');
  const [first, ...rest] = inner.split(/\r\n|\r|\n/);
  const starred = rest.length > 0 && rest.every((line) => /^[ \t]*(\*|$)/.test(line));
  const plain = starred ? rest.map((line) => line.replace(/^[ \t]*\*/, '')) : rest;
  const indentations = plain.filter((line) => trimmedEnd(line) !== '').map((line) => line.search(/[^ \t]/));
  const least = Math.min(...indentations);
  const lines = [trimmedStart(first!), ...plain.map((line) => line.slice(least))].map(trimmedEnd);
  return withoutEmptyEnds(lines).join('\n');
}

function withoutEmptyEnds(lines: readonly Bytes[]): Bytes[] {
  const first = lines.findIndex((line) => line !== '');
  const last = lines.findLastIndex((line) => line !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}

/**
 * The documentation of the binding or function at `at`: its own, or that of the
 * binding whose value it is (through the functions around it).
 */
export function documentationOf(file: ParsedFile, at: number): Documentation | undefined {
  const own = documentationBefore(file, at);
  if (own !== undefined) return own;
  for (const { node, at: start } of nodesAt(file, at)) {
    if (start >= at) continue;
    if (node.kind === Kind.Lambda || node.kind === Kind.Parenthesised) {
      const around = documentationBefore(file, start);
      if (around !== undefined) return around;
    } else return node.kind === Kind.Binding ? documentationBefore(file, start) : undefined;
  }
  return undefined;
}
