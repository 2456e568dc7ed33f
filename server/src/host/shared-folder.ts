/**
 * A folder of files that can be made again, which several processes share.
 *
 * A file is written under another name first and then renamed, so that nobody
 * sees a part of it; of two writers one wins. What cannot be read or written is
 * not there: a cache never fails.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';

/** Files that nobody has written anew for so long are removed, in milliseconds. */
const longestLife = 30 * 24 * 60 * 60 * 1000;

/** How often the folder is looked through for old files, in milliseconds. */
const sweepInterval = 24 * 60 * 60 * 1000;

const sweepMark = 'swept';

export class SharedFolder {
  private created = false;

  constructor(private readonly path: string) {}

  read(name: string): Buffer | undefined {
    try {
      return fs.readFileSync(join(this.path, name));
    } catch {
      return undefined;
    }
  }

  write(name: string, bytes: Uint8Array): void {
    const temporary = join(this.path, `${name}.${process.pid}`);
    try {
      this.create();
      fs.writeFileSync(temporary, bytes);
      fs.renameSync(temporary, join(this.path, name));
    } catch {
      remove(temporary);
    }
  }

  private create(): void {
    if (this.created) return;
    fs.mkdirSync(this.path, { recursive: true });
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

function remove(path: string): void {
  try {
    fs.rmSync(path, { force: true });
  } catch {
    // It is not there, or will be removed another day.
  }
}
