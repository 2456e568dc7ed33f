/**
 * A Git repository on disk, as far as `fetchGit` of a folder needs it without
 * Git: which files are tracked, and what is checked out.
 *
 * It does not compare the index with the commit: a tree whose files are as the
 * index has them counts as the commit that is checked out. Packs are not read.
 */
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import type { Bytes } from '../base/bytes';
import { HostError, type Host } from '../host/host';
import { canonicalPath, directoryOf } from '../host/path';

export interface WorkTree {
  /** The folder with `.git`. */
  readonly root: Bytes;
  /** The absolute paths of the tracked files and of the folders above them. */
  readonly tracked: ReadonlySet<Bytes>;
  /** The commit that is checked out, in hexadecimal. */
  readonly revision: Bytes | undefined;
  /** Seconds since 1970 of that commit. */
  readonly commitTime: number | undefined;
  /** Whether a tracked file differs from what Git knows of it. */
  readonly dirty: boolean;
  /** How many commits lead to that one, itself included; undefined where some are in packs. */
  countCommits(): number | undefined;
}

interface TrackedFile {
  readonly name: Bytes;
  readonly mode: number;
  /** The object of its content, in hexadecimal. */
  readonly object: Bytes;
}

/** The work tree that begins at a folder, or undefined where there is no repository. @throws HostError */
export function readWorkTree(host: Host, root: Bytes): WorkTree | undefined {
  const git = gitFolder(host, root);
  if (git === undefined) return undefined;
  const common = commonFolder(host, git);
  const index = readIfThere(host, `${git}/index`);
  const files = index === undefined ? [] : trackedFiles(index);
  const tracked = new Set<Bytes>();
  for (const { name } of files) {
    for (let path = `${root}/${name}`; path !== root && !tracked.has(path); path = directoryOf(path)) {
      tracked.add(path);
    }
  }
  const revision = headRevision(host, git, common);
  const commitTime = revision === undefined ? undefined : timeOf(host, git, common, revision);
  return {
    root,
    tracked,
    revision,
    commitTime,
    dirty: files.some((file) => !isUnchanged(host, `${root}/${file.name}`, file)),
    countCommits: () => (revision === undefined ? 0 : countLooseCommits(host, common, revision)),
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

/** The text of a commit, or undefined where it is part of a pack. */
function looseCommit(host: Host, common: Bytes, revision: Bytes): Bytes | undefined {
  const object = readIfThere(host, `${common}/objects/${revision.slice(0, 2)}/${revision.slice(2)}`);
  return object === undefined ? undefined : inflateSync(Buffer.from(object, 'latin1')).toString('latin1');
}

function countLooseCommits(host: Host, common: Bytes, revision: Bytes): number | undefined {
  const seen = new Set([revision]);
  // A set hears of what is added to it while it is walked.
  for (const next of seen) {
    const text = looseCommit(host, common, next);
    if (text === undefined) return undefined;
    for (const parent of text.matchAll(/^parent ([0-9a-f]{40})$/gm)) seen.add(parent[1]!);
  }
  return seen.size;
}

function readIfThere(host: Host, path: Bytes): Bytes | undefined {
  try {
    return host.readFile(path);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

/** Where the repository keeps its files: `.git`, or what a file of that name says. */
function gitFolder(host: Host, root: Bytes): Bytes | undefined {
  const path = `${root}/.git`;
  switch (host.fileType(path)) {
    case 'directory':
      return path;
    case 'regular': {
      const target = /^gitdir: (.*)$/m.exec(host.readFile(path))?.[1];
      return target && canonicalPath(target.startsWith('/') ? target : `${root}/${target}`);
    }
    default:
      return undefined;
  }
}

/** Additional work trees share objects and references with the first one. */
function commonFolder(host: Host, git: Bytes): Bytes {
  const target = readIfThere(host, `${git}/commondir`)?.trim();
  if (target === undefined) return git;
  return canonicalPath(target.startsWith('/') ? target : `${git}/${target}`);
}

const commit = /^[0-9a-f]{40}$/;

function headRevision(host: Host, git: Bytes, common: Bytes): Bytes | undefined {
  const head = readIfThere(host, `${git}/HEAD`)?.trim() ?? '';
  if (commit.test(head)) return head;
  const ref = /^ref: (.*)$/.exec(head)?.[1];
  if (ref === undefined) return undefined;
  const loose = (readIfThere(host, `${git}/${ref}`) ?? readIfThere(host, `${common}/${ref}`))?.trim();
  if (loose !== undefined && commit.test(loose)) return loose;
  const packed = readIfThere(host, `${common}/packed-refs`) ?? '';
  const line = packed.split('\n').find((candidate) => candidate.endsWith(` ${ref}`));
  return line?.slice(0, 40);
}

/** From the commit itself while it is no part of a pack, else from the log of what was checked out. */
function timeOf(host: Host, git: Bytes, common: Bytes, revision: Bytes): number | undefined {
  const text = looseCommit(host, common, revision) ?? '';
  const time = /^committer .*> (\d+) [+-]\d+$/m.exec(text)?.[1];
  if (time !== undefined) return Number(time);
  const log = (readIfThere(host, `${git}/logs/HEAD`) ?? '').trimEnd().split('\n').pop() ?? '';
  const logged = new RegExp(`^[0-9a-f]{40} ${revision} .*> (\\d+) [+-]\\d+\t`).exec(log)?.[1];
  return logged === undefined ? undefined : Number(logged);
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
