/**
 * Where lines start in a byte string, and the way between offsets and columns.
 *
 * Lines and columns count from 0 here. Columns are bytes, as in Nix's own
 * positions (which count from 1), or UTF-16 units, as editors count them.
 */
import type { Bytes } from './bytes';

/** A line and a column, both from 0. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

const newline = 10;
const carriageReturn = 13;

/** In longer lines, of which generated files have some, units are not counted from the start each time; in bytes. */
const longLine = 2048;

/** Characters of a long line about so many bytes apart, and the UTF-16 units before each. */
interface Milestones {
  readonly offsets: readonly number[];
  readonly units: readonly number[];
}

export class LineIndex {
  private starts: number[] | undefined;
  private readonly milestones = new Map<number, Milestones>();

  constructor(readonly text: Bytes) {}

  /** The index of the text in which the bytes from `start` to `end` became `inserted`; `text` is all of it. */
  edited(text: Bytes, start: number, end: number, inserted: Bytes): LineIndex {
    const index = new LineIndex(text);
    const { starts } = this;
    // A CR at the seam may have gained or lost the LF that belongs to it.
    const seam = this.text.slice(Math.max(0, start - 1), end + 1);
    if (starts === undefined || seam.includes('\r') || inserted.includes('\r')) return index;
    const first = this.position(start).line + 1;
    let last = first;
    while (last < starts.length && starts[last]! <= end) last++;
    const edited = starts.slice(0, first);
    for (let at = inserted.indexOf('\n'); at >= 0; at = inserted.indexOf('\n', at + 1))
      edited.push(start + at + 1);
    const delta = inserted.length - (end - start);
    for (let line = last; line < starts.length; line++) edited.push(starts[line]! + delta);
    index.starts = edited;
    return index;
  }

  get lineCount(): number {
    return this.lineStarts().length;
  }

  /** The offset of the first byte of a line; the end of the text for a line that is not there. */
  lineStart(line: number): number {
    const starts = this.lineStarts();
    if (line < 0) return 0;
    return line < starts.length ? starts[line]! : this.text.length;
  }

  /** The offset behind the last byte of a line, before its line end. */
  lineEnd(line: number): number {
    const starts = this.lineStarts();
    if (line + 1 >= starts.length) return this.text.length;
    let end = starts[line + 1]!;
    if (this.text.charCodeAt(end - 1) === newline) end--;
    if (end > starts[line]! && this.text.charCodeAt(end - 1) === carriageReturn) end--;
    return end;
  }

  /** The line and the byte column of an offset; offsets outside the text count as its start or end. */
  position(offset: number): LineColumn {
    const starts = this.lineStarts();
    const within = Math.max(0, Math.min(offset, this.text.length));
    const line = lastNotAbove(starts, within);
    return { line, column: within - starts[line]! };
  }

  /** The line and the UTF-16 column of an offset. */
  utf16Position(offset: number): LineColumn {
    const { line, column } = this.position(offset);
    const end = this.lineStart(line) + column;
    const near = this.milestoneBefore(line, ({ offsets }) => offsets, end);
    return { line, column: near.units + utf16Length(this.text, near.offset, end) };
  }

  /** The offset of a line and UTF-16 column. */
  utf16Offset(line: number, column: number): number {
    if (line < 0) return 0;
    if (line >= this.lineCount) return this.text.length;
    const end = this.lineEnd(line);
    let { offset: at, units } = this.milestoneBefore(line, (milestones) => milestones.units, column);
    while (at < end && units < column) {
      const size = sequenceLength(this.text, at);
      const taken = size === 4 ? 2 : 1;
      // A column between the two halves of a pair is the character's start.
      if (units + taken > column) break;
      units += taken;
      at += size;
    }
    return at;
  }

  /** A character of a line that is not behind `wanted`, an offset or a number of units, and not far from it. */
  private milestoneBefore(
    line: number,
    scale: (milestones: Milestones) => readonly number[],
    wanted: number,
  ): { offset: number; units: number } {
    const start = this.lineStart(line);
    if (this.lineEnd(line) - start < longLine) return { offset: start, units: 0 };
    let milestones = this.milestones.get(line);
    if (milestones === undefined)
      this.milestones.set(line, (milestones = milestonesOf(this.text, start, this.lineEnd(line))));
    const index = lastNotAbove(scale(milestones), wanted);
    return { offset: milestones.offsets[index]!, units: milestones.units[index]! };
  }

  /** A line ends at LF, CR LF, or a CR alone, as it does for editors. */
  private lineStarts(): number[] {
    if (this.starts !== undefined) return this.starts;
    const { text } = this;
    const starts = [0];
    const hasReturn = text.includes('\r');
    if (!hasReturn) {
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    } else {
      for (let at = 0; at < text.length; at++) {
        const c = text.charCodeAt(at);
        if (c === newline || (c === carriageReturn && text.charCodeAt(at + 1) !== newline))
          starts.push(at + 1);
      }
    }
    this.starts = starts;
    return starts;
  }
}

/** The index of the last number that is not above `limit`, of numbers that rise; 0 if all are. */
function lastNotAbove(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numbers[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

function milestonesOf(text: Bytes, start: number, end: number): Milestones {
  const offsets: number[] = [];
  const units: number[] = [];
  let counted = 0;
  for (let at = start, next = start; at < end;) {
    if (at >= next) {
      offsets.push(at);
      units.push(counted);
      next = at + longLine;
    }
    const size = sequenceLength(text, at);
    counted += size === 4 ? 2 : 1;
    at += size;
  }
  return { offsets, units };
}

/** How many UTF-16 units the bytes from `start` to `end` are. */
function utf16Length(text: Bytes, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end;) {
    const size = sequenceLength(text, at);
    units += size === 4 ? 2 : 1;
    at += size;
  }
  return units;
}

/**
 * The number of bytes that one decoded character takes at `at`. Bytes that are
 * not UTF-8 decode to U+FFFD as decoders do it: the longest start of a valid
 * sequence becomes one of them.
 */
function sequenceLength(text: Bytes, at: number): number {
  const first = text.charCodeAt(at);
  if (first < 0xc2 || first > 0xf4) return 1;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let i = 1; i < size; i++) {
    const next = text.charCodeAt(at + i);
    const [low, high] = i === 1 ? secondByteRange(first) : [0x80, 0xbf];
    // `charCodeAt` gives NaN behind the end, which is in no range.
    if (!(next >= low && next <= high)) return i;
  }
  return size;
}

/** Which second bytes go with a first byte: no overlong forms, no surrogates, nothing above U+10FFFF. */
function secondByteRange(first: number): readonly [number, number] {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf];
    case 0xed:
      return [0x80, 0x9f];
    case 0xf0:
      return [0x90, 0xbf];
    case 0xf4:
      return [0x80, 0x8f];
    default:
      return [0x80, 0xbf];
  }
}
