/**
 * Indentation: what stands before the text of a line, and moving lines to the left or right.
 *
 * Lines inside of strings are their values. Those of an indented string move with the code
 * around where that leaves its value as it is; all others stay where they are.
 */
import type { Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import type { ParsedFile } from '../../syntax/parse';
import { Kind, StringStyle, type Node, type StringNode } from '../../syntax/tree';
import { walk, type PlacedNode } from '../../syntax/walk';
import { applyEdits, replacement, type TextEdit } from '../text-edit';

/** The blanks at the start of the line that holds an offset. */
export function indentationAt(text: Bytes, offset: number): Bytes {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

/** Whether nothing but blanks stands before an offset on its line. */
export function startsLine(text: Bytes, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*$/.test(text.slice(start, offset));
}

/** What one level more is indented by: a tab where the line before has tabs. */
export function oneLevel(indentation: Bytes): Bytes {
  return indentation.includes('\t') ? '\t' : '  ';
}

/** The end of a line in the text. */
export function lineEndOf(text: Bytes): Bytes {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/**
 * Edits that give the lines which start in a range another indentation: `from` becomes
 * `to`. A line that does not start with `from` stays as it is, and so does an empty one.
 *
 * @param within the nodes that have all strings of the range
 */
export function reindentation(
  parsed: ParsedFile,
  within: readonly PlacedNode[],
  { start, end }: Range,
  from: Bytes,
  to: Bytes,
): TextEdit[] {
  if (from === to) return [];
  const fixed = fixedRanges(parsed.text, within, from, to);
  const edits: TextEdit[] = [];
  let next = 0;
  for (let at = parsed.text.indexOf('\n', start) + 1; at > 0 && at < end;) {
    while (next < fixed.length && fixed[next]!.end < at) next++;
    const isFixed = next < fixed.length && fixed[next]!.start < at;
    const isEmpty = /[\r\n]/.test(parsed.text[at] ?? '\n');
    if (!isFixed && !isEmpty && parsed.text.startsWith(from, at))
      edits.push(replacement(at, at + from.length, to));
    at = parsed.text.indexOf('\n', at) + 1;
  }
  return edits;
}

/** The pieces of text in strings below some nodes whose lines must not move, in source order. */
function fixedRanges(text: Bytes, within: readonly PlacedNode[], from: Bytes, to: Bytes): Range[] {
  const fixed: Range[] = [];
  const visit = (node: Node, at: number): void => {
    if (node.kind !== Kind.String || !text.slice(at, at + node.width).includes('\n')) return;
    if (!mayMove(text, node, at, from, to)) fixed.push(...textPieces(node, at));
  };
  for (const { node, at } of within) walk(node, at, visit);
  return fixed.sort((a, b) => a.start - b.start);
}

/** What is in quotes, without the interpolations. */
export function textPieces(node: StringNode, at: number): Range[] {
  const quote = node.style === StringStyle.Indented ? 2 : node.style === StringStyle.Quoted ? 1 : 0;
  const pieces: Range[] = [];
  let start = at + quote;
  node.parts.forEach((part, i) => {
    if (part.kind !== Kind.Interpolation) return;
    const partAt = at + node.partsAt[i]!;
    pieces.push({ start, end: partAt });
    start = partAt + part.width;
  });
  pieces.push({ start, end: at + node.width - quote });
  return pieces;
}

/**
 * Whether all lines of an indented string can move, so that what Nix strips is more or less
 * by as much. Its first line must be empty, since that one does not move.
 */
function mayMove(text: Bytes, node: StringNode, at: number, from: Bytes, to: Bytes): boolean {
  const written = text.slice(at, at + node.width);
  if (node.style !== StringStyle.Indented || /[\t\r]/.test(from + to + written)) return false;
  if (!/^'' *\n/.test(written)) return false;
  // Where an interpolation ends, no line starts, however many lines it has.
  const pieces = textPieces(node, at);
  return pieces.every(({ start, end }, i) => {
    const isLast = i === pieces.length - 1;
    const lines = text.slice(start, end).split('\n').slice(1);
    return lines.every((line, j) => {
      const isBlank = /^ *$/.test(line);
      const isEnd = j === lines.length - 1;
      // Blanks before the closing quotes are stripped in any case, those on an empty line as far as others are.
      if (isBlank && isLast && isEnd) return true;
      if (isBlank && !isEnd && (line === '' || from.length <= to.length)) return true;
      return line.startsWith(from);
    });
  });
}

/** The text of a node whose lines are indented by `to` instead of `from`. */
export function movedText(parsed: ParsedFile, placed: PlacedNode, from: Bytes, to: Bytes): Bytes {
  const { node, at } = placed;
  const edits = reindentation(parsed, [placed], { start: at, end: at + node.width }, from, to);
  const local = edits.map(({ range, text }) => replacement(range.start - at, range.end - at, text));
  return applyEdits(parsed.text.slice(at, at + node.width), local);
}
