/** What a fix of a lint is, and how text is taken away. */
import type { Bytes } from '../../../base/bytes';
import type { PlacedFinding } from '../../../diagnostics/lints/lint';
import type { ParsedFile } from '../../../syntax/parse';
import { replacement, type TextEdit } from '../../text-edit';

/** A change that mends what a lint has found. */
export interface Fix {
  /** In the imperative. */
  readonly title: string;
  /** Sorted, not overlapping. */
  readonly edits: readonly TextEdit[];
  /** Whether a caller of a function, say, may notice; then it is never made together with others. */
  readonly needsCare?: true;
}

/** A finding, and the file that it is in. */
export interface FixPlace<N = PlacedFinding['node']> extends Omit<PlacedFinding, 'node'> {
  readonly parsed: ParsedFile;
  readonly node: N;
}

const wordByte = /[A-Za-z0-9_'.~/+:<>$-]|[\x80-\xff]/;

/** Takes text away; a space takes its place where what is left would become one word. */
export function removal(text: Bytes, start: number, end: number): TextEdit {
  const touches =
    start > 0 && end < text.length && wordByte.test(text[start - 1]!) && wordByte.test(text[end]!);
  return replacement(start, end, touches ? ' ' : '');
}

/** Takes a binding away, and its line where nothing else is on it. */
export function lineRemoval(text: Bytes, start: number, end: number): TextEdit {
  const before = /[ \t]*$/.exec(text.slice(text.lastIndexOf('\n', start - 1) + 1, start))!;
  const [after] = /^[ \t]*/.exec(text.slice(end, lineEnd(text, end)))!;
  const isFirst = before.index === 0;
  const isLast = end + after.length === lineEnd(text, end);
  if (isFirst && isLast)
    return removal(text, start - before[0].length, Math.min(text.length, lineEnd(text, end) + 1));
  return isLast ? removal(text, start - before[0].length, end) : removal(text, start, end + after.length);
}

/** Where the line of an offset ends, before its line break. */
function lineEnd(text: Bytes, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
