/**
 * A Git repository on disk, as far as `fetchGit` of a folder needs it without
 * Git: which files are tracked, and what is checked out.
 *
 * It does not compare the index with the commit: a tree whose files are as the
 * index has them counts as the commit that is checked out.
 */
import { createHash } from 'node:crypto';
import type { Bytes } from '../base/bytes';
import type { Host } from '../host/host';
import { directoryOf } from '../host/path';
import { readIfThere } from './object-store';
import { Repository } from './repository';

export interface WorkTree {
  /** The folder with `.git`. */
  readonly root: Bytes;
  /** The absolute paths of the tracked files and of the folders above them. */
  readonly tracked: ReadonlySet<Bytes>;
  /** The commit that is checked out, in hexadecimal. */
  readonly revision: Bytes | undefined;
  /** Whether a tracked file differs from what Git knows of it. */
  readonly dirty: boolean;
  readonly repository: Repository;
}

interface TrackedFile {
  readonly name: Bytes;
  readonly mode: number;
  /** The object of its content, in hexadecimal. */
  readonly object: Bytes;
}

/** The work tree that begins at a folder, or undefined where there is none. @throws HostError */
export function readWorkTree(host: Host, root: Bytes): WorkTree | undefined {
  const repository = Repository.open(host, root);
  // A bare repository has no files but its own.
  if (repository === undefined || repository.git === root) return undefined;
  const index = readIfThere(host, `${repository.git}/index`);
  const files = index === undefined ? [] : trackedFiles(index);
  const tracked = new Set<Bytes>();
  for (const { name } of files) {
    for (let path = `${root}/${name}`; path !== root && !tracked.has(path); path = directoryOf(path)) {
      tracked.add(path);
    }
  }
  return {
    root,
    tracked,
    revision: repository.head(),
    dirty: files.some((file) => !isUnchanged(host, `${root}/${file.name}`, file)),
    repository,
  };
}

const fileKind = 0o170000;
const regularFile = 0o100000;
const symbolicLink = 0o120000;

/** Whether a file is what the index says; a submodule counts as such. */
function isUnchanged(host: Host, path: Bytes, { mode, object }: TrackedFile): boolean {
  const hash = createHash('sha1');
  switch (mode & fileKind) {
    case regularFile: {
      if (host.fileType(path) !== 'regular' || host.isExecutable(path) !== ((mode & 0o100) !== 0))
        return false;
      host.streamFile(
        path,
        (size) => hash.update(`blob ${size}\0`),
        (bytes) => hash.update(bytes),
      );
      break;
    }
    case symbolicLink: {
      if (host.fileType(path) !== 'symlink') return false;
      const target = host.readLink(path);
      hash.update(`blob ${target.length}\0${target}`, 'latin1');
      break;
    }
    default:
      return true;
  }
  return hash.digest('hex') === object;
}

/** The files in an index of version 2, 3 or 4. Git: gitformat-index. */
function trackedFiles(index: Bytes): TrackedFile[] {
  const bytes = Buffer.from(index, 'latin1');
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return [];
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  const files: TrackedFile[] = [];
  let at = 12;
  let previous = '';
  for (let i = 0; i < count && at + 62 <= bytes.length; i++) {
    const start = at;
    const flags = bytes.readUInt16BE(at + 60);
    at += (flags & 0x4000) !== 0 ? 64 : 62;
    let kept = 0;
    if (version === 4) {
      const dropped = readOffset(bytes, at);
      at = dropped.next;
      kept = previous.length - dropped.value;
    }
    const end = bytes.indexOf(0, at);
    if (end < 0) break;
    const name = previous.slice(0, kept) + bytes.toString('latin1', at, end);
    // Entries of the older versions are padded to a multiple of eight bytes.
    at = version === 4 ? end + 1 : start + (Math.floor((end - start) / 8) + 1) * 8;
    previous = version === 4 ? name : '';
    files.push({
      name,
      mode: bytes.readUInt32BE(start + 24),
      object: bytes.toString('hex', start + 40, start + 60),
    });
  }
  return files;
}

/** Git's offset encoding: seven bits a byte, the highest first, each continuation adding one. */
function readOffset(bytes: Buffer, at: number): { value: number; next: number } {
  let byte = bytes[at++]!;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes[at++]!;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}
