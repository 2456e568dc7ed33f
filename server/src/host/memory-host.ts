/**
 * Documents in memory over another host: the unsaved text of an editor comes
 * before the disk, and a test can have files that no disk has. A document that was
 * never meant to be a file, such as a new one without a name, is in no folder: it
 * would change what a folder with it is, and every store path made of that.
 */
import type { Bytes } from '../base/bytes';
import { DerivedHost } from './derived-host';
import { HostError, type DirectoryEntry, type FileType } from './host';
import { baseNameOf, directoryOf, isWithoutFile } from './path';

export class MemoryHost extends DerivedHost {
  private readonly documents = new Map<Bytes, Bytes>();
  /** For each folder of a document, how many documents are below, so that it exists for them. */
  private readonly folders = new Map<Bytes, number>();

  /** The text that counts for a path from now on. */
  set(path: Bytes, text: Bytes): void {
    if (!this.documents.has(path)) this.countFolders(path, 1);
    this.documents.set(path, text);
  }

  /** Lets the host below answer again for that path. */
  delete(path: Bytes): void {
    if (this.documents.delete(path)) this.countFolders(path, -1);
  }

  private countFolders(path: Bytes, change: number): void {
    let folder = path;
    do {
      folder = directoryOf(folder);
      const count = (this.folders.get(folder) ?? 0) + change;
      if (count === 0) this.folders.delete(folder);
      else this.folders.set(folder, count);
    } while (folder !== '/');
  }

  readFile(path: Bytes): Bytes {
    const text = this.documents.get(path);
    return text === undefined ? this.inner.readFile(path) : text;
  }

  readDirectory(path: Bytes): readonly DirectoryEntry[] {
    if (!this.folders.has(path)) return this.inner.readDirectory(path);
    const entries = new Map<Bytes, FileType>();
    for (const entry of this.innerEntries(path)) entries.set(entry.name, entry.type);
    for (const document of this.documents.keys()) {
      const name = isWithoutFile(document) ? undefined : childOf(path, document);
      // A link stays one, whether it leads to the document or to a folder above it.
      if (name === undefined || entries.get(name) === 'symlink') continue;
      entries.set(name, this.isDocument(path, name) ? 'regular' : 'directory');
    }
    return [...entries].map(([name, type]) => ({ name, type }));
  }

  private innerEntries(path: Bytes): readonly DirectoryEntry[] {
    try {
      return this.inner.readDirectory(path);
    } catch (error) {
      // A folder that only documents make has no entries of its own.
      if (error instanceof HostError && error.code === 'not-found') return [];
      throw error;
    }
  }

  private isDocument(folder: Bytes, name: Bytes): boolean {
    return this.documents.has(folder === '/' ? `/${name}` : `${folder}/${name}`);
  }

  fileType(path: Bytes): FileType | undefined {
    if (this.documents.has(path)) return this.inner.fileType(path) === 'symlink' ? 'symlink' : 'regular';
    return this.inner.fileType(path) ?? (this.folders.has(path) ? 'directory' : undefined);
  }

  isExecutable(path: Bytes): boolean {
    return this.inner.isExecutable(path);
  }

  readLink(path: Bytes): Bytes {
    return this.inner.readLink(path);
  }

  streamFile(path: Bytes, begin: (size: number) => void, chunk: (bytes: Uint8Array) => void): void {
    const text = this.documents.get(path);
    if (text === undefined) return this.inner.streamFile(path, begin, chunk);
    begin(text.length);
    chunk(Buffer.from(text, 'latin1'));
  }

  fileSize(path: Bytes): number {
    return this.documents.get(path)?.length ?? this.inner.fileSize(path);
  }

  modificationTime(path: Bytes): number {
    return this.inner.modificationTime(path);
  }

  readRange(path: Bytes, offset: number, length: number): Uint8Array {
    const text = this.documents.get(path);
    if (text === undefined) return this.inner.readRange(path, offset, length);
    return Buffer.from(text.slice(offset, offset + length), 'latin1');
  }
}

/** The first part of `path` below `folder`, if it is below. */
function childOf(folder: Bytes, path: Bytes): Bytes | undefined {
  const prefix = folder === '/' ? '/' : `${folder}/`;
  if (!path.startsWith(prefix)) return undefined;
  const rest = path.slice(prefix.length);
  const slash = rest.indexOf('/');
  return slash < 0 ? baseNameOf(rest) : rest.slice(0, slash);
}
