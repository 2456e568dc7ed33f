/**
 * The virtual store as part of the file system: what evaluation made can be read
 * back under its store path, everything else comes from the host below.
 */
import type { Bytes } from '../base/bytes';
import { DerivedHost } from '../host/derived-host';
import { HostError, type DirectoryEntry, type FileTree, type FileType, type Host } from '../host/host';
import { isInStore, splitStorePath } from './store-path';

/** What stands under a store path that evaluation made. */
export type StoreObject =
  /** A file of that text, with the store paths that it refers to. */
  | { readonly kind: 'text'; readonly text: Bytes; readonly references: readonly Bytes[] }
  /**
   * A copy of what stands at `source`; with a filter only of the paths that it `kept`. Where the
   * source stands in the virtual store itself, `within` is the object that it is part of: what
   * its store path names may become another copy later, even one of this copy.
   */
  | {
      readonly kind: 'copy';
      readonly source: Bytes;
      readonly within: StoreObject | undefined;
      readonly kept: ReadonlySet<Bytes> | undefined;
    }
  /** What a tree has that is no part of the file system, such as a commit of Git. */
  | { readonly kind: 'tree'; readonly tree: FileTree };

/** Where something really is: a tree, and the path in it. */
interface Place {
  readonly tree: FileTree;
  readonly path: Bytes;
}

/** Nix files that are part of the evaluator, by their paths: `<nix/fetchurl.nix>`. */
export type InternalFiles = ReadonlyMap<Bytes, Bytes>;

export class StoreHost extends DerivedHost {
  constructor(
    base: Host,
    private readonly objects: ReadonlyMap<Bytes, StoreObject>,
    private readonly internal: InternalFiles,
  ) {
    super(base);
  }

  /** What evaluation made under the store path that a path is in, if it did. */
  objectAt(path: Bytes): StoreObject | undefined {
    return isInStore(path) ? this.objects.get(splitStorePath(path).storePath) : undefined;
  }

  /** Where somebody finds a file: its own path, or that of which evaluation made a copy; undefined for what is in no folder. */
  placeOnDisk(path: Bytes): Bytes | undefined {
    const found = this.find(path);
    return found !== 'absent' && 'tree' in found && found.tree === this.inner ? found.path : undefined;
  }

  /** The text of a virtual file, the place that really holds it, or `absent` where a filter left it out. */
  private find(path: Bytes): { readonly text: Bytes } | Place | 'absent' {
    return this.findIn(this.objectAt(path), path);
  }

  /** @param object what stands under the store path that the path is in */
  private findIn(object: StoreObject | undefined, path: Bytes): { readonly text: Bytes } | Place | 'absent' {
    if (object === undefined) {
      const text = this.internal.get(path);
      return text === undefined ? { tree: this.inner, path } : { text };
    }
    const { rest } = splitStorePath(path);
    switch (object.kind) {
      case 'text':
        return rest === '' ? { text: object.text } : 'absent';
      case 'tree':
        return { tree: object.tree, path: rest === '' ? '/' : rest };
      case 'copy': {
        const source = object.source + rest;
        const isKept = object.kept === undefined || rest === '' || object.kept.has(source);
        return isKept ? this.findIn(object.within, source) : 'absent';
      }
    }
  }

  /** Runs `read` on the place that really holds a file; a virtual text is given to `readText`. */
  private reading<T>(path: Bytes, readText: (text: Bytes) => T, read: (place: Place) => T): T {
    const found = this.find(path);
    if (found === 'absent') throw new HostError('not-found', `path '${path}' does not exist`);
    return 'text' in found ? readText(found.text) : read(found);
  }

  readFile(path: Bytes): Bytes {
    return this.reading(
      path,
      (text) => text,
      ({ tree, path: real }) => tree.readFile(real),
    );
  }

  readDirectory(path: Bytes): readonly DirectoryEntry[] {
    return this.reading(
      path,
      () => {
        throw new HostError('not-a-directory', `'${path}' is not a directory`);
      },
      ({ tree, path: real }) => {
        const entries = tree.readDirectory(real);
        if (this.objectAt(path)?.kind !== 'copy') return entries;
        return entries.filter(({ name }) => this.find(`${path}/${name}`) !== 'absent');
      },
    );
  }

  fileType(path: Bytes): FileType | undefined {
    const found = this.find(path);
    if (found === 'absent') return undefined;
    return 'text' in found ? 'regular' : found.tree.fileType(found.path);
  }

  isExecutable(path: Bytes): boolean {
    return this.reading(
      path,
      () => false,
      ({ tree, path: real }) => tree.isExecutable(real),
    );
  }

  readLink(path: Bytes): Bytes {
    return this.reading(
      path,
      () => {
        throw new HostError('other', `file '${path}' is not a symlink`);
      },
      ({ tree, path: real }) => tree.readLink(real),
    );
  }

  streamFile(path: Bytes, begin: (size: number) => void, chunk: (bytes: Uint8Array) => void): void {
    this.reading(
      path,
      (text) => {
        begin(text.length);
        chunk(Buffer.from(text, 'latin1'));
      },
      ({ tree, path: real }) => tree.streamFile(real, begin, chunk),
    );
  }

  // Only files that the disk has are read in parts.
  fileSize(path: Bytes): number {
    return this.inner.fileSize(path);
  }

  modificationTime(path: Bytes): number {
    const found = this.find(path);
    return found !== 'absent' && 'tree' in found && found.tree === this.inner
      ? this.inner.modificationTime(found.path)
      : 0;
  }

  readRange(path: Bytes, offset: number, length: number): Uint8Array {
    return this.inner.readRange(path, offset, length);
  }
}
