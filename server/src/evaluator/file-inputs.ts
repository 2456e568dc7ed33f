/**
 * Files as inputs of values: which reads are followed one by one, and what
 * becomes stale when a path changes.
 *
 * A key is a letter for the kind of the read, and a path.
 */
import type { Bytes } from '../base/bytes';
import { directoryOf, isBelow } from '../host/path';
import type { Access } from '../host/recording-host';
import type { Dependences } from '../values/dependence';

/**
 * The white space and the comments of a document; or the content of a file; or whether it exists; or
 * whatever there is at the path and below.
 */
export type PathChange = 'layout' | 'content' | 'existence' | 'tree';

/** What is read of a file; of a document, its code alone. */
export type Read = Access | 'code';

const letters: Readonly<Record<Read, string>> = {
  read: 'r',
  code: 'e',
  listed: 'l',
  probed: 'p',
  missed: 'm',
};

/** The key of the places that refer to a path. */
export function referencesKey(target: Bytes): string {
  return `c${target}`;
}

export function pathOfKey(key: string): Bytes {
  return key.slice(1);
}

export class FileInputs {
  /** The keys of the reads that nobody follows one by one. */
  private readonly untracked = new Set<string>();
  /** The paths of all reads, and those that nobody has taken yet. */
  private readonly paths = new Set<Bytes>();
  private untaken: Bytes[] = [];

  constructor(readonly isTracked: (path: Bytes) => boolean) {}

  record(dependences: Dependences | undefined, path: Bytes, access: Read): void {
    const key = letters[access] + path;
    if (dependences !== undefined && this.isTracked(path)) dependences.read(key);
    else this.untracked.add(key);
    if (this.paths.has(path)) return;
    this.paths.add(path);
    this.untaken.push(path);
  }

  /** The paths that were read since the last time, each once ever. */
  takePaths(): readonly Bytes[] {
    const taken = this.untaken;
    this.untaken = [];
    return taken;
  }

  /** Whether something may have changed that is not followed. */
  affectsUntracked(path: Bytes, change: PathChange): boolean {
    const { untracked } = this;
    return (
      keysOfChange(path, change).some((key) => untracked.has(key)) ||
      (change === 'tree' && [...untracked].some((key) => isBelow(pathOfKey(key), path)))
    );
  }

  /** The inputs that have changed with a path. */
  changedKeys(dependences: Dependences, path: Bytes, change: PathChange): string[] {
    const keys = keysOfChange(path, change);
    if (change === 'tree') {
      for (const key of dependences.keys()) if (isBelow(pathOfKey(key), path)) keys.push(key);
    }
    return keys;
  }
}

function keysOfChange(path: Bytes, change: PathChange): string[] {
  if (change === 'layout') return [letters.read + path];
  const keys = [letters.read + path, letters.code + path];
  if (change === 'content') return keys;
  keys.push(letters.listed + path, letters.probed + path, letters.missed + path);
  // A file that comes may bring its folders with it.
  for (let folder = path; folder !== '/';) {
    folder = directoryOf(folder);
    keys.push(letters.listed + folder, letters.missed + folder);
  }
  return keys;
}
