/** The world of a command that somebody typed: the disk, the standard streams. */
import * as fs from 'node:fs';
import { encodeUtf8, type Bytes } from '../base/bytes';
import { prepareLargeRun } from '../base/v8-flags';
import type { CodeStorage } from '../evaluator/code-cache';
import { DiskHost } from '../host/disk-host';
import { HostError, type Host } from '../host/host';
import { codeFolder } from './code-folder';
import type { HostSettings, World } from './world';

/** Written before the end once so much has gathered. */
const flushAt = 1 << 20;

export class ProcessWorld implements World {
  private pending: Bytes[] = [];
  private pendingLength = 0;
  /** Nobody reads what is written any more, e.g. `| head` has seen enough. */
  private closed = false;
  private readonly work: (() => void)[] = [];
  /** Whether something was kept that was not there before. */
  learnt = false;
  readonly codeStorage: CodeStorage | undefined = codeFolder && {
    read: (name) => codeFolder!.read(name),
    write: (name, bytes) => {
      this.learnt = true;
      codeFolder!.write(name, bytes);
    },
  };

  createHost({ features, system }: HostSettings): Host {
    return new DiskHost({ environment: 'all', system, features });
  }

  readInput(): Bytes {
    return fs.readFileSync(0, 'latin1');
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
    if (!this.closed) this.closed = !writeAll(1, text);
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
    writeAll(2, text);
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
