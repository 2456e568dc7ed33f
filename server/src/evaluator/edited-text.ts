/**
 * The text of a document over its edits. Values that an edit does not touch live
 * on, so their positions belong to earlier versions of the text; here they find
 * their place in the present one.
 */
import type { Bytes } from '../base/bytes';
import type { Edit } from '../syntax/reparse';
import type { Position, Source, Version } from '../values/position';

/** After so many edits everything is evaluated anew, so that old positions need not be moved over ever more of them. */
const maxEdits = 2000;

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

export class EditedText {
  private readonly edits: Replacement[] = [];
  /** The present version. */
  source: Source;

  constructor(
    readonly path: Bytes,
    private text: Bytes,
    /** Called when somebody wants to know a place in the present text. */
    private readonly onRead: () => void,
  ) {
    this.source = this.sourceOfVersion(0);
  }

  /** False if it has been edited too often. */
  edit({ start, end, text: inserted }: Edit, text: Bytes): boolean {
    if (this.edits.length >= maxEdits) return false;
    this.edits.push({ start, end, length: inserted.length });
    this.text = text;
    this.source = this.sourceOfVersion(this.edits.length);
    return true;
  }

  /** Old versions know the present text only: that is where their positions are looked up. */
  private sourceOfVersion(number: number): Source {
    const present = (): Bytes => this.text;
    const version: Version = { present: (position) => this.present(position, number) };
    return {
      kind: 'file',
      path: this.path,
      get text() {
        return present();
      },
      version,
    };
  }

  private present(position: Position, number: number): Position {
    this.onRead();
    if (number === this.edits.length) return position;
    let { offset, end } = position;
    for (let i = number; i < this.edits.length; i++) {
      offset = moved(offset, this.edits[i]!);
      if (end !== undefined) end = movedEnd(end, this.edits[i]!);
    }
    return { source: this.source, offset, ...(end !== undefined && { end }) };
  }
}

/** Where the start of something is after an edit; what is inserted right there comes before it. */
function moved(offset: number, { start, end, length }: Replacement): number {
  if (offset >= end) return offset + length - (end - start);
  return Math.min(offset, start);
}

/** Where the end of something is after an edit; what is inserted right there comes behind it. */
function movedEnd(offset: number, { start, end, length }: Replacement): number {
  if (offset <= start) return offset;
  return offset >= end ? offset + length - (end - start) : start;
}
