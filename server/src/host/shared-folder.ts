/**
 * A folder of files that can be made again, which several processes share.
 *
 * A file is written under another name first and then renamed, so that nobody
 * sees a part of it; of two writers one wins. It begins with a digest of what
 * follows, so that one that was cut off or garbled is noticed. What cannot be
 * read or written is not there: a cache never fails.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

/** Files that nobody has written anew for so long are removed, in milliseconds. */
const longestLife = 30 * 24 * 60 * 60 * 1000;

/** How often the folder is looked through for old files, in milliseconds. */
const sweepInterval = 24 * 60 * 60 * 1000;

const sweepMark = 'swept';

export class SharedFolder {
  private created = false;

  constructor(private readonly path: string) {}

  /** What was written last, or undefined if that is nothing or no longer whole. */
  read(name: string): Buffer | undefined {
    let file: Buffer;
    try {
      file = fs.readFileSync(join(this.path, name));
    } catch {
      return undefined;
    }
    const content = file.subarray(digestSize);
    return digestOf(content).equals(file.subarray(0, digestSize)) ? content : undefined;
  }

  write(name: string, bytes: Uint8Array): void {
    const temporary = join(this.path, `${name}.${process.pid}`);
    try {
      this.create();
      fs.writeFileSync(temporary, Buffer.concat([digestOf(bytes), bytes]));
      fs.renameSync(temporary, join(this.path, name));
    } catch {
      remove(temporary);
    }
  }

  private create(): void {
    if (this.created) return;
    makeFolder(this.path);
    this.created = true;
    this.sweep();
  }

  /** Removes files that are old, at most once a day. */
  private sweep(): void {
    const mark = join(this.path, sweepMark);
    const now = Date.now();
    const last = fs.statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (now - last < sweepInterval) return;
    fs.writeFileSync(mark, '');
    for (const name of fs.readdirSync(this.path)) {
      const path = join(this.path, name);
      const stat = fs.statSync(path, { throwIfNoEntry: false });
      if (stat !== undefined && now - stat.mtimeMs > longestLife) remove(path);
    }
  }
}

/**
 * Makes a folder and those above it. Node's own recursion does not end where a
 * folder is there but nothing can be made in it, as in some of the system's.
 */
function makeFolder(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !fs.existsSync(parent)) makeFolder(parent);
  if (!fs.existsSync(path)) fs.mkdirSync(path);
}

/** In bytes. */
const digestSize = 20;

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha1').update(bytes).digest();
}

function remove(path: string): void {
  try {
    fs.rmSync(path, { force: true });
  } catch {
    // It is not there, or will be removed another day.
  }
}
