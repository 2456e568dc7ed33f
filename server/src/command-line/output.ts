/** What a command writes to its standard streams. */
import { writeSync } from 'node:fs';
import type { Bytes } from '../base/bytes';
import { codeOf, reasonOf } from '../host/disk-host';
import { whenReady } from './when-ready';

/** A standard stream, of whose text an earlier attempt has written the first bytes. */
export class Output {
  /** Bytes of all that was to be written. */
  length = 0;
  /** Nothing more can be written. */
  private closed = false;
  /** Why a part is lost; undefined if all was written, or nobody reads it any more, e.g. `| head` has seen enough. */
  problem: Bytes | undefined = undefined;

  constructor(
    private readonly descriptor: number,
    private readonly alreadyThere: number,
  ) {}

  write(text: Bytes): void {
    const left = text.slice(Math.max(0, this.alreadyThere - this.length));
    this.length += text.length;
    if (left === '' || this.closed) return;
    try {
      writeAll(this.descriptor, left);
    } catch (error) {
      this.closed = true;
      if (codeOf(error) !== 'EPIPE') this.problem = reasonOf(error);
    }
  }
}

/** Writes all of a text, however slowly it is read. */
function writeAll(descriptor: number, text: Bytes): void {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length;) at += whenReady(() => writeSync(descriptor, bytes, at));
}
