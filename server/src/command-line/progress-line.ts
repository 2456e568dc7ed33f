/** A line of a terminal that tells how far something is. */
import type { Bytes } from '../base/bytes';

/** Milliseconds for which a line stays at least. */
const stays = 100;
/** What is longer than a terminal is wide would not be cleared as a whole; hardly one has fewer columns. */
const maxLength = 79;
/** Also a file's name may have them. */
const controls = /[\x00-\x1f\x7f]/g;
const clearLine = '\r\x1b[K';

export class ProgressLine {
  private shown = false;
  private next: number;

  constructor(
    private readonly write: (text: Bytes) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.next = now() + stays;
  }

  /** Shows a line in the place of the last one, unless that came just before. */
  show(line: Bytes): void {
    if (this.now() < this.next) return;
    this.next = this.now() + stays;
    this.shown = true;
    this.write(clearLine + line.slice(0, maxLength).replace(controls, '?'));
  }

  /** Has to be called before anything else is written. */
  clear(): void {
    if (!this.shown) return;
    this.shown = false;
    this.write(clearLine);
  }
}
