/** What a command reads and can read only once: standard input, pipes, devices. */
import * as fs from 'node:fs';
import type { Bytes } from '../base/bytes';
import { reserveStack } from '../base/stack';
import { reasonOf } from '../host/disk-host';
import { HostError } from '../host/host';
import { nativePath } from '../host/host-path';
import { wait, whenReady } from './when-ready';

const chunkSize = 1 << 16;

/**
 * Keeps each text, for the run that is made again after an attempt: that one reads the same
 * things in the same order.
 */
export class ReadOnce {
  private next = 0;
  readonly texts: Bytes[];

  /** @param earlier what an attempt has read */
  constructor(earlier: readonly Bytes[] = []) {
    this.texts = [...earlier];
  }

  read(read: () => Bytes): Bytes {
    if (this.next === this.texts.length) {
      // What was read in part before the stack was full could not be read again.
      reserveStack();
      this.texts.push(read());
    }
    return this.texts[this.next++]!;
  }
}

/** All of standard input. @throws HostError, in the words of C++ Nix */
export function readStandardInput(): Bytes {
  let text: Bytes;
  try {
    text = readAll(0);
  } catch (error) {
    throw new HostError('other', `reading from file: ${reasonOf(error)}`);
  }
  if (text === '' && isPlaceholder(0)) {
    throw new HostError('other', 'cannot read standard input: there is none');
  }
  return text;
}

/** Whether this is what Node opens in the place of a standard stream that was closed: the null device, for reading and writing. */
function isPlaceholder(descriptor: number): boolean {
  try {
    const device = fs.statSync('/dev/null').rdev;
    return fs.fstatSync(descriptor).rdev === device && fs.writeSync(descriptor, '') === 0;
  } catch {
    return false;
  }
}

/**
 * The text that somebody writes to a pipe with a name. What the shell opens for a command,
 * as in `check <(…)`, has none; there the writer is known to be there, or to have been.
 * @param patience milliseconds to wait for a writer
 * @throws HostError if there is none in that time, or none that writes anything
 */
export function readPipe(path: Bytes, patience: number): Bytes {
  const end = performance.now() + patience;
  const pipe = fs.openSync(nativePath(path), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  try {
    for (; ; wait(5)) {
      const text = readAll(pipe);
      if (text !== '') return text;
      if (performance.now() >= end) break;
    }
  } finally {
    fs.closeSync(pipe);
  }
  throw new HostError('other', `nobody wrote to the pipe '${path}' within ${patience / 1000} s`);
}

/** Whether a path is a pipe's own name, or leads to one. */
export function isNamedPipe(path: Bytes): boolean {
  try {
    return fs.lstatSync(fs.realpathSync.native(nativePath(path))).isFIFO();
  } catch {
    return false;
  }
}

/** Reads a stream to its end, however slowly it is written. */
function readAll(descriptor: number): Bytes {
  const chunks: Bytes[] = [];
  const buffer = Buffer.allocUnsafe(chunkSize);
  for (;;) {
    const count = whenReady(() => fs.readSync(descriptor, buffer));
    if (count === 0) return chunks.join('');
    chunks.push(buffer.toString('latin1', 0, count));
  }
}
