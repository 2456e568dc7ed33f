/**
 * A folder of files that can be made again, which several processes share.
 *
 * A file is written under another name first and then renamed, so that nobody
 * sees a part of it; of two writers one wins. It begins with a digest of its name
 * and of what follows, so that one that was cut off, garbled or renamed is noticed.
 * What cannot be read or written is not there: a cache never fails.
 *
 * The time of the folder itself says when it was last used, to within a day:
 * writing changes it, and so does reading. One that nobody has used for long may be
 * removed by whoever uses a folder of the same kind beside it; who comes back to it
 * after that makes it anew.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

const day = 24 * 60 * 60 * 1000;

/** Files that nobody has written anew for so long are removed, and folders that nobody has used; in milliseconds. */
export const longestLife = 30 * day;

/** How often old files and folders are looked for, in milliseconds. */
const sweepInterval = day;

const sweepMark = 'swept';

/** So that reading does not wait for a writer where a pipe has the name of a file; Windows knows no such pipes. */
const atOnce = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

export class SharedFolder {
  private created = false;
  /** When its use was last noted, in milliseconds since 1970. */
  private noted = 0;

  /**
   * @param path need not exist
   * @param kind the names of folders of the same kind beside it, of which unused ones are removed
   */
  constructor(
    private readonly path: string,
    private readonly kind?: RegExp,
  ) {}

  /** What was written last, or undefined if that is nothing or no longer whole. */
  read(name: string): Buffer | undefined {
    this.noteUse();
    let file: Buffer;
    try {
      file = this.readAtOnce(name);
    } catch {
      return undefined;
    }
    const content = file.subarray(digestSize);
    return digestOf(name, content).equals(file.subarray(0, digestSize)) ? content : undefined;
  }

  write(name: string, bytes: Uint8Array): void {
    const digest = digestOf(name, bytes);
    this.replace(name, (descriptor) => fs.writeFileSync(descriptor, Buffer.concat([digest, bytes])));
  }

  /** The bytes of a file. @throws what the operating system says */
  private readAtOnce(name: string): Buffer {
    const descriptor = this.open(name);
    try {
      return fs.readFileSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  }

  // --- Files that say themselves whether they are whole -----------------------------

  /** The names of all files in the folder. */
  names(): string[] {
    this.noteUse();
    try {
      return fs.readdirSync(this.path);
    } catch {
      return [];
    }
  }

  /** The descriptor of a file, for reading; it may be no regular file. @throws what the operating system says */
  open(name: string): number {
    return fs.openSync(join(this.path, name), atOnce);
  }

  /**
   * Writes a file.
   * @param fill writes all its bytes; where it throws, nothing is there but what was before
   * @returns whether the file could be written
   */
  replace(name: string, fill: (descriptor: number) => void): boolean {
    if (this.tryReplace(name, fill)) return true;
    if (!this.created || fs.existsSync(this.path)) return false;
    // Somebody has removed the folder since it was made.
    this.created = false;
    return this.tryReplace(name, fill);
  }

  /** Removes a file, if that is possible. */
  remove(name: string): void {
    remove(join(this.path, name));
  }

  private tryReplace(name: string, fill: (descriptor: number) => void): boolean {
    const temporary = join(this.path, `${name}.${process.pid}`);
    try {
      this.create();
      writeWith(temporary, fill);
      fs.renameSync(temporary, join(this.path, name));
      return true;
    } catch {
      remove(temporary);
      return false;
    }
  }

  private create(): void {
    if (this.created) return;
    makeFolder(this.path);
    this.created = true;
    try {
      this.sweep();
    } catch {
      // What is old can be removed another day.
    }
  }

  private noteUse(): void {
    const now = Date.now();
    if (now - this.noted < day) return;
    this.noted = now;
    try {
      const stat = fs.statSync(this.path, { throwIfNoEntry: false });
      if (stat !== undefined && now - stat.mtimeMs > day) fs.utimesSync(this.path, now / 1000, now / 1000);
    } catch {
      // Who cannot note it uses it all the same.
    }
  }

  /** Removes what is old, at most once a day. */
  private sweep(): void {
    const mark = join(this.path, sweepMark);
    const now = Date.now();
    const last = fs.statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (now - last < sweepInterval) return;
    fs.writeFileSync(mark, '');
    for (const name of fs.readdirSync(this.path)) removeOld(join(this.path, name), now);
    if (this.kind === undefined) return;
    const parent = dirname(this.path);
    for (const { name } of fs
      .readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())) {
      const path = join(parent, name);
      if (this.kind.test(name) && path !== this.path) removeOld(path, now);
    }
  }
}

function writeWith(path: string, fill: (descriptor: number) => void): void {
  const descriptor = fs.openSync(path, 'w');
  try {
    fill(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Makes a folder and those above it. Node's own recursion does not end where a
 * folder is there but nothing can be made in it, as in some of the system's.
 */
function makeFolder(path: string): void {
  const parent = dirname(path);
  if (parent !== path && !fs.existsSync(parent)) makeFolder(parent);
  if (fs.existsSync(path)) return;
  try {
    fs.mkdirSync(path);
  } catch (error) {
    // Another process may just have made it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** In bytes. */
const digestSize = 20;

function digestOf(name: string, bytes: Uint8Array): Buffer {
  return createHash('sha1').update(`${name}\0`).update(bytes).digest();
}

/** Removes a file or a folder that is too old. */
function removeOld(path: string, now: number): void {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && now - stat.mtimeMs > longestLife) remove(path);
}

function remove(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch {
    // It is not there, or will be removed another day.
  }
}
