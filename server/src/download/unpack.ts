/**
 * Unpacks an archive into an empty folder of ours. Nothing that an archive says
 * reaches outside of the folder: names are taken apart and checked, nothing is
 * written through a link, nothing is written twice, and links are made last.
 */
import * as fs from 'node:fs/promises';
import type { Bytes } from '../base/bytes';
import { nativePath, nixPathOf } from '../host/host-path';
import { DownloadError } from './failure';
import { readTar, type TarEntry } from './tar';

/** Far above any release of nixpkgs; it keeps a small archive from filling the disk. */
export interface UnpackLimits {
  readonly bytes: number;
  readonly entries: number;
}

const defaultLimits: UnpackLimits = { bytes: 2 ** 32, entries: 2_000_000 };

/** So many files are written at the same time. */
const concurrency = 32;

/** Larger files are written piece by piece. */
const wholeSize = 1 << 20;

export interface Unpacked {
  /** The canonical paths of the files that have to be executable, which not every system can say of a file. */
  readonly executables: ReadonlySet<Bytes>;
}

/** @param folder exists and is empty, and nobody else writes to it. @throws DownloadError, errors of the file system */
export async function unpackTar(
  input: AsyncIterable<Uint8Array>,
  folder: string,
  limits: UnpackLimits = defaultLimits,
): Promise<Unpacked> {
  const unpacking = new Unpacking(nixPathOf(folder), limits);
  try {
    for await (const entry of readTar(input)) await unpacking.add(entry);
    await unpacking.finish();
  } finally {
    // Whoever removes the folder must not meet somebody who still writes to it.
    await unpacking.settle();
  }
  return { executables: unpacking.executables };
}

class Unpacking {
  readonly executables = new Set<Bytes>();
  private readonly kinds = new Map<Bytes, TarEntry['kind']>();
  private readonly links: [path: Bytes, target: Bytes][] = [];
  private readonly writing = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;
  private bytes = 0;

  constructor(
    private readonly root: Bytes,
    private readonly limits: UnpackLimits,
  ) {}

  async add(entry: TarEntry): Promise<void> {
    this.bytes += entry.size;
    if (this.bytes > this.limits.bytes || this.kinds.size >= this.limits.entries) {
      throw new DownloadError('The archive unpacks to more than Nixray is willing to write.');
    }
    const path = pathOf(entry.name);
    if (path === '') return;
    await this.makeFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    switch (entry.kind) {
      case 'directory':
        return this.makeFolder(path);
      case 'file':
        this.claim(path, 'file');
        return this.writeFile(path, entry);
      case 'symlink':
        this.claim(path, 'symlink');
        this.links.push([path, entry.target]);
        return;
      case 'hard-link':
        return this.copyFile(path, pathOf(entry.target));
    }
  }

  /** Makes the links, when every file is in its place. */
  async finish(): Promise<void> {
    await this.settle();
    if (this.failure !== undefined) throw this.failure.error;
    for (const [path, target] of this.links) {
      await fs.symlink(nativePath(target), this.native(path));
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.writing);
  }

  private claim(path: Bytes, kind: TarEntry['kind']): void {
    if (this.kinds.has(path)) throw new DownloadError(`The archive has '${path}' twice.`);
    this.kinds.set(path, kind);
  }

  private async makeFolder(path: Bytes): Promise<void> {
    const kind = path === '' ? 'directory' : this.kinds.get(path);
    if (kind === 'directory') return;
    if (kind !== undefined) {
      throw new DownloadError(`The archive has something below '${path}', which is no folder.`);
    }
    await this.makeFolder(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    this.claim(path, 'directory');
    await fs.mkdir(this.native(path), { mode: 0o755 });
  }

  private async writeFile(path: Bytes, entry: TarEntry): Promise<void> {
    if (entry.executable) this.executables.add(`${this.root}/${path}`);
    const mode = entry.executable ? 0o755 : 0o644;
    if (entry.size > wholeSize) return this.writePieces(path, entry, mode);
    const pieces: Uint8Array[] = [];
    for await (const piece of entry.content()) pieces.push(piece);
    // A new file is never one that is there already, or one that a link leads to.
    return this.inParallel(fs.writeFile(this.native(path), Buffer.concat(pieces), { flag: 'wx', mode }));
  }

  private async writePieces(path: Bytes, entry: TarEntry, mode: number): Promise<void> {
    const file = await fs.open(this.native(path), 'wx', mode);
    try {
      for await (const piece of entry.content()) await file.writeFile(piece);
    } finally {
      await file.close();
    }
  }

  private async copyFile(path: Bytes, source: Bytes): Promise<void> {
    if (this.kinds.get(source) !== 'file') {
      throw new DownloadError(`The archive has a link '${path}' to '${source}', which is no file before it.`);
    }
    this.claim(path, 'file');
    await this.settle();
    if (this.executables.has(`${this.root}/${source}`)) this.executables.add(`${this.root}/${path}`);
    await fs.copyFile(this.native(source), this.native(path), fs.constants.COPYFILE_EXCL);
  }

  /** Lets some writes be under way; a failed one is told by the next. */
  private async inParallel(write: Promise<void>): Promise<void> {
    const entry = write
      .catch((error: unknown) => void (this.failure ??= { error }))
      .finally(() => this.writing.delete(entry));
    this.writing.add(entry);
    if (this.writing.size >= concurrency) await Promise.race(this.writing);
    if (this.failure !== undefined) throw this.failure.error;
  }

  private native(path: Bytes): string | Buffer {
    return nativePath(`${this.root}/${path}`);
  }
}

/** An entry's name as a path below the folder; empty for the folder itself. @throws DownloadError for one that leads elsewhere */
function pathOf(name: Bytes): Bytes {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const foreign = process.platform === 'win32' && /[\\:]/.test(name);
  if (name.startsWith('/') || parts.includes('..') || foreign) {
    throw new DownloadError(`The archive has the name '${name}', which leads out of its folder.`);
  }
  return parts.join('/');
}

/** The one folder that holds everything else, or the folder itself where there is no such one. */
export async function topFolder(folder: string): Promise<string> {
  const entries = await fs.readdir(folder, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only!.isDirectory() ? `${folder}/${only!.name}` : folder;
}
