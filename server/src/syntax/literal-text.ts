/**
 * What the text inside quotes means: escapes, line ends, and the indentation
 * of `''…''` strings. All of it works on bytes and makes strings that share no
 * memory with the source.
 */
import type { Bytes } from '../base/bytes';
import { TextPart, type InterpolationNode } from './tree';

const tab = 9;
const newline = 10;
const carriageReturn = 13;
const space = 32;
const dollar = 36;
const apostrophe = 39;
const backslash = 92;

/** Where results are put together; it grows to the largest of them. */
let scratch = Buffer.allocUnsafe(1 << 12);

function reserve(size: number): Buffer {
  if (scratch.length < size) scratch = Buffer.allocUnsafe(size * 2);
  return scratch;
}

/** The bytes from `start` to `end` as a string of its own. */
export function cutText(bytes: Buffer, start: number, end: number): Bytes {
  return bytes.toString('latin1', start, end);
}

/** What a backslash and `c` stand for. */
function escapeValue(c: number): number {
  if (c === 110) return newline;
  if (c === 114) return carriageReturn;
  return c === 116 ? tab : c;
}

/** Resolves the escapes of `"…"`, and reads CR and CR LF as line ends. */
export function unescapeQuoted(bytes: Buffer, start: number, end: number): Bytes {
  const out = reserve(end - start);
  let length = 0;
  for (let at = start; at < end;) {
    const c = bytes[at++]!;
    if (c === backslash && at < end) out[length++] = escapeValue(bytes[at++]!);
    else if (c === carriageReturn) {
      out[length++] = newline;
      if (at < end && bytes[at] === newline) at++;
    } else out[length++] = c;
  }
  return out.toString('latin1', 0, length);
}

/** A piece between the quotes of an indented string: an interpolation, or undefined for text. */
export type IndentedPiece = InterpolationNode | undefined;

/**
 * Whether the piece of text is an escape, or a lone `$` or `'`. Such text ends
 * the white space at the start of a line, whatever it stands for.
 */
function isEscape(bytes: Buffer, start: number, end: number): boolean {
  const c = bytes[start];
  if (c === dollar) return end === start + 1;
  return c === apostrophe && (end === start + 1 || bytes[start + 1] === apostrophe);
}

/**
 * The least indentation of the lines that have something on them. The last
 * line does not count while it is only blanks before the closing quotes.
 */
function leastIndentation(
  bytes: Buffer,
  pieces: readonly IndentedPiece[],
  starts: readonly number[],
  from: number,
  to: number,
  closing: number,
): number {
  let least = 1000000;
  let current = 0;
  let atLineStart = true;
  for (let i = from; i < to; i++) {
    const start = starts[i]!;
    const end = i + 1 < to ? starts[i + 1]! : closing;
    if (pieces[i] !== undefined || isEscape(bytes, start, end)) {
      if (atLineStart && current < least) least = current;
      atLineStart = false;
      continue;
    }
    for (let at = start; at < end; at++) {
      const c = bytes[at];
      if (c === newline) {
        atLineStart = true;
        current = 0;
      } else if (atLineStart) {
        if (c === space) current++;
        else {
          atLineStart = false;
          if (current < least) least = current;
        }
      }
    }
  }
  return least;
}

/** Copies what an escape stands for to `out` at `length`; gives the new length. */
function resolveEscape(bytes: Buffer, start: number, end: number, out: Buffer, length: number): number {
  if (bytes[start] === dollar) out[length++] = dollar;
  else if (end === start + 1) out[length++] = apostrophe;
  else if (bytes[start + 2] === apostrophe) {
    out[length++] = apostrophe;
    out[length++] = apostrophe;
  } else if (bytes[start + 2] === dollar) out[length++] = dollar;
  else {
    // Behind `''\` a CR is a line end like the others, since no backslash is left before it.
    out[length++] = bytes[start + 2] === backslash ? escapeValue(bytes[start + 3]!) : bytes[start + 2]!;
  }
  return length;
}

/**
 * Strips the indentation off the pieces `from`–`to` of an indented string and
 * puts text parts in the place of text; `starts` are absolute offsets, piece
 * by piece, and `closing` that of the quotes at the end. Text that becomes
 * empty is dropped: what is left stands at `from`–the returned index.
 */
export function stripIndentation(
  bytes: Buffer,
  pieces: (IndentedPiece | TextPart)[],
  starts: number[],
  from: number,
  to: number,
  closing: number,
): number {
  const least = leastIndentation(bytes, pieces as IndentedPiece[], starts, from, to, closing);
  let kept = from;
  let atLineStart = true;
  let dropped = 0;
  for (let i = from; i < to; i++) {
    const start = starts[i]!;
    const piece = pieces[i];
    if (piece !== undefined) {
      atLineStart = false;
      dropped = 0;
      pieces[kept] = piece;
      starts[kept++] = start;
      continue;
    }
    const end = i + 1 < to ? starts[i + 1]! : closing;
    const out = reserve(end - start);
    let length = 0;
    // What an escape stands for is stripped like other text, so it is put where text can be read from.
    let source: Buffer = bytes;
    let at = start;
    let until = end;
    if (isEscape(bytes, start, end)) {
      until = resolveEscape(bytes, start, end, escapeBuffer, 0);
      source = escapeBuffer;
      at = 0;
    }
    for (; at < until; at++) {
      const c = source[at]!;
      if (atLineStart && c === space) {
        if (dropped++ < least) continue;
      } else if (c === newline) {
        atLineStart = true;
        dropped = 0;
      } else {
        atLineStart = false;
        dropped = 0;
      }
      out[length++] = c;
    }
    if (i === to - 1) length = withoutLastBlankLine(out, length);
    if (length === 0) continue;
    pieces[kept] = new TextPart(end - start, out.toString('latin1', 0, length));
    starts[kept++] = start;
  }
  return kept;
}

const escapeBuffer = Buffer.allocUnsafe(2);

/** Cuts the blanks behind the last line end, where nothing but blanks is there. */
function withoutLastBlankLine(out: Buffer, length: number): number {
  let at = length;
  while (at > 0 && out[at - 1] === space) at--;
  return at > 0 && out[at - 1] === newline ? at : length;
}
