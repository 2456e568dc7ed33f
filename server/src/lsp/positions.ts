/**
 * Positions of the protocol, which count lines and UTF-16 units, as offsets in
 * bytes, and back. Nothing but this folder converts them.
 */
import type { Bytes } from '../base/bytes';
import { LineIndex } from '../base/line-index';
import type { Range as ByteRange } from '../base/range';

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface PositionRange {
  readonly start: Position;
  readonly end: Position;
}

export class Positions {
  private readonly lines: LineIndex;

  constructor(text: Bytes | LineIndex) {
    this.lines = typeof text === 'string' ? new LineIndex(text) : text;
  }

  /** The positions of the text after an edit, of which `text` is the whole. */
  edited(text: Bytes, start: number, end: number, inserted: Bytes): Positions {
    return new Positions(this.lines.edited(text, start, end, inserted));
  }

  /** The offset of a position that is in the text and not inside of a character; undefined for others. */
  exactOffsetAt(position: Position): number | undefined {
    const offset = this.offsetAt(position);
    if (offset === undefined) return undefined;
    const { line, character } = this.positionAt(offset);
    return line === position.line && character === position.character ? offset : undefined;
  }

  /** Undefined if there is no such line. A character behind the end of the line means its end. */
  offsetAt({ line, character }: Position): number | undefined {
    return line < this.lines.lineCount ? this.lines.utf16Offset(line, character) : undefined;
  }

  /** As {@link offsetAt}, but a line behind the last one means the end of the text. */
  clampedOffsetAt({ line, character }: Position): number {
    return this.lines.utf16Offset(line, character);
  }

  /** The position of an offset; one outside the text is moved to its start or end. */
  positionAt(offset: number): { line: number; character: number } {
    const { line, column } = this.lines.utf16Position(offset);
    return { line, character: column };
  }

  rangeOf({ start, end }: ByteRange): {
    start: { line: number; character: number };
    end: { line: number; character: number };
  } {
    return { start: this.positionAt(start), end: this.positionAt(end) };
  }

  /** The part of a range that is on its first line. */
  firstLineOf({ start, end }: ByteRange): ByteRange {
    const { line } = this.lines.position(start);
    return { start, end: Math.max(start, Math.min(end, this.lines.lineEnd(line))) };
  }
}
