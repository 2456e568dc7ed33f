/** Edits of a document's text, in bytes. */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { editBetween } from '../syntax/reparse';

/** Puts `text` in the place of a range; both count bytes. */
export interface TextEdit {
  readonly range: Range;
  readonly text: Bytes;
}

/** The text after edits that do not overlap; of several at one place, the earlier one in the list comes first. */
export function applyEdits(text: Bytes, edits: readonly TextEdit[]): Bytes {
  let result = '';
  let read = 0;
  for (const { range, text: inserted } of edits.toSorted((a, b) => a.range.start - b.range.start)) {
    result += text.slice(read, range.start) + inserted;
    read = range.end;
  }
  return result + text.slice(read);
}

/** An edit that puts text in the place of what is from `start` to `end`. */
export function replacement(start: number, end: number, text: Bytes): TextEdit {
  return { range: { start, end }, text };
}

/** An edit that puts text before what stands at an offset. */
export function insertion(at: number, text: Bytes): TextEdit {
  return replacement(at, at, text);
}

/** The edit of the lines in which two texts differ. */
export function lineEdit(before: Bytes, after: Bytes): TextEdit {
  const edit = editBetween(before, after);
  const start = edit.start === 0 ? 0 : before.lastIndexOf('\n', edit.start - 1) + 1;
  const lineEnd = before.indexOf('\n', edit.end);
  const end = lineEnd < 0 ? before.length : lineEnd + 1;
  return replacement(start, end, after.slice(start, after.length - (before.length - end)));
}
