/** Edits of a document's text, in bytes. */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';

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
