/** The world of a command that somebody typed: the disk, the standard streams. */
import * as fs from 'node:fs';
import { encodeUtf8, type Bytes } from '../base/bytes';
import { prepareLargeRun } from '../base/v8-flags';
import type { CodeStorage } from '../evaluator/code-cache';
import { DiskHost } from '../host/disk-host';
import { HostError, type Host } from '../host/host';
import { SegmentFolder } from '../host/segment-folder';
import { codeFolder } from './code-folder';
import type { Attempted } from './attempt';
import type { HostSettings, World } from './world';

/** Written before the end once so much has gathered. */
const flushAt = 1 << 20;

interface ProcessWorldOptions {
  /** What an attempt of the same run has left. */
  readonly earlier?: Attempted | undefined;
  readonly heapLimit?: number;
}

export class ProcessWorld implements World {
  /** Bytes of heap after which the run is to be made again where there is more. */
  readonly heapLimit: number;
  readonly started: number;
  private readonly output: Output;
  private readonly errors: Output;
  private input: Bytes | undefined;
  private pending: Bytes[] = [];
  private pendingLength = 0;
  private readonly work: (() => void)[] = [];
  /** Whether something was kept that was not there before. */
  learnt = false;
  readonly codeStorage = codeFolder && this.openStorage(new SegmentFolder(codeFolder));

  constructor({ earlier, heapLimit = Infinity }: ProcessWorldOptions = {}) {
    this.heapLimit = heapLimit;
    this.started = earlier?.started ?? Date.now();
    this.output = new Output(1, earlier?.written ?? 0);
    this.errors = new Output(2, earlier?.errorsWritten ?? 0);
    this.input = earlier?.input;
  }

  private openStorage(folder: SegmentFolder): CodeStorage {
    return {
      read: (name) => folder.read(name),
      write: (name, bytes) => {
        this.learnt = true;
        folder.write(name, bytes);
      },
      flush: () => folder.flush(),
    };
  }

  /** What the thread that makes this run again has to know. */
  attempted(): Attempted {
    const { output, errors, input, started } = this;
    return { written: output.length, errorsWritten: errors.length, input, started };
  }

  get canStartAgain(): boolean {
    return this.heapLimit !== Infinity;
  }

  createHost({ features, system }: HostSettings): Host {
    return new DiskHost({ environment: 'all', system, features, keepsTypes: true });
  }

  readInput(): Bytes {
    return (this.input ??= fs.readFileSync(0, 'latin1'));
  }

  write(text: Bytes): void {
    this.pending.push(text);
    this.pendingLength += text.length;
    if (this.pendingLength >= flushAt) this.flush();
  }

  flush(): void {
    const text = this.pending.join('');
    this.pending = [];
    this.pendingLength = 0;
    this.output.write(text);
  }

  writeFile(name: string, content: Bytes): void {
    try {
      fs.writeFileSync(name, content, 'latin1');
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).message;
      throw new HostError('other', encodeUtf8(`cannot write '${name}': ${reason}`));
    }
  }

  writeError(text: Bytes): void {
    this.errors.write(text);
  }

  becomesLarge(): void {
    prepareLargeRun();
  }

  afterwards(work: () => void): void {
    this.work.push(work);
  }

  /** Writes what is left and does what was to be done then. */
  end(): void {
    this.flush();
    for (const work of this.work) work();
  }
}

/** A standard stream, of whose text an earlier attempt has written the first bytes. */
class Output {
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
  for (let at = 0; at < bytes.length;) {
    try {
      at += fs.writeSync(descriptor, bytes, at);
    } catch (error) {
      // A pipe that is full and does not block: wait for its reader.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') wait(5);
      else return false;
    }
  }
  return true;
}

function wait(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
