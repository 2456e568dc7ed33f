/** What a command writes to its standard streams. */
import { writeSync } from 'node:fs';
import type { Bytes } from '../base/bytes';
import { whenReady } from './when-ready';

/** A standard stream, of whose text an earlier attempt has written the first bytes. */
export class Output {
  /** Bytes of all that was to be written. */
  length = 0;
  /** Nobody reads what is written any more, e.g. `| head` has seen enough. */
  private closed = false;

  constructor(
    private readonly descriptor: number,
    private readonly alreadyThere: number,
  ) {}

  write(text: Bytes): void {
    const left = text.slice(Math.max(0, this.alreadyThere - this.length));
    this.length += text.length;
    if (left !== '' && !this.closed) this.closed = !writeAll(this.descriptor, left);
  }
}

/** Writes all of a text, however slowly it is read; false if nobody reads it. */
function writeAll(descriptor: number, text: Bytes): boolean {
  const bytes = Buffer.from(text, 'latin1');
  try {
    for (let at = 0; at < bytes.length;) at += whenReady(() => writeSync(descriptor, bytes, at));
    return true;
  } catch {
    return false;
  }
}
