/**
 * The virtual store as part of the file system: what evaluation made can be read
 * back under its store path, everything else comes from the host below.
 */
import type { Bytes } from '../base/bytes';
import { HostError, type DirectoryEntry, type FileType, type Host } from '../host/host';
import type { NixFolders } from '../host/nix-folders';
import { isInStore, splitStorePath } from './store-path';

/** What stands under a store path that evaluation made. */
export type StoreObject =
  /** A file of that text, with the store paths that it refers to. */
  | { readonly kind: 'text'; readonly text: Bytes; readonly references: readonly Bytes[] }
  /** A copy of what stands at `source`; with a filter only of the paths that it `kept`. */
  | { readonly kind: 'copy'; readonly source: Bytes; readonly kept: ReadonlySet<Bytes> | undefined };

/** Nix files that are part of the evaluator, by their paths: `<nix/fetchurl.nix>`. */
export type InternalFiles = ReadonlyMap<Bytes, Bytes>;

export class StoreHost implements Host {
  constructor(
    private readonly base: Host,
    private readonly objects: ReadonlyMap<Bytes, StoreObject>,
    private readonly internal: InternalFiles,
  ) {}

  get features(): ReadonlySet<string> {
    return this.base.features;
  }
  get workingDirectory(): Bytes {
    return this.base.workingDirectory;
  }
  get home(): Bytes {
    return this.base.home;
  }
  get nixFolders(): NixFolders {
    return this.base.nixFolders;
  }
  get system(): Bytes {
    return this.base.system;
  }
  get currentTime(): number {
    return this.base.currentTime;
  }

  /** The text of a virtual file, the path that really holds it, or `absent` where a filter left it out. */
  private find(path: Bytes): { readonly text: Bytes } | { readonly path: Bytes } | 'absent' {
    if (!isInStore(path)) {
      const text = this.internal.get(path);
      return text === undefined ? { path } : { text };
    }
    const { storePath, rest } = splitStorePath(path);
    const object = this.objects.get(storePath);
    if (object === undefined) return { path };
    if (object.kind === 'text') return rest === '' ? { text: object.text } : 'absent';
    const source = object.source + rest;
    return object.kept === undefined || rest === '' || object.kept.has(source) ? { path: source } : 'absent';
  }

  /** Runs `read` on the path that really holds a file; a virtual text is given to `readText`. */
  private reading<T>(path: Bytes, readText: (text: Bytes) => T, read: (path: Bytes) => T): T {
    const found = this.find(path);
    if (found === 'absent') throw new HostError('not-found', `path '${path}' does not exist`);
    return 'text' in found ? readText(found.text) : read(found.path);
  }

  readFile(path: Bytes): Bytes {
    return this.reading(
      path,
      (text) => text,
      (real) => this.base.readFile(real),
    );
  }

  readDirectory(path: Bytes): readonly DirectoryEntry[] {
    return this.reading(
      path,
      () => {
        throw new HostError('not-a-directory', `'${path}' is not a directory`);
      },
      (real) => {
        const entries = this.base.readDirectory(real);
        const kept = this.keptIn(path);
        return kept === undefined ? entries : entries.filter(({ name }) => kept.has(`${real}/${name}`));
      },
    );
  }

  private keptIn(path: Bytes): ReadonlySet<Bytes> | undefined {
    if (!isInStore(path)) return undefined;
    const object = this.objects.get(splitStorePath(path).storePath);
    return object?.kind === 'copy' ? object.kept : undefined;
  }

  fileType(path: Bytes): FileType | undefined {
    const found = this.find(path);
    if (found === 'absent') return undefined;
    return 'text' in found ? 'regular' : this.base.fileType(found.path);
  }

  isExecutable(path: Bytes): boolean {
    return this.reading(
      path,
      () => false,
      (real) => this.base.isExecutable(real),
    );
  }

  readLink(path: Bytes): Bytes {
    return this.reading(
      path,
      () => {
        throw new HostError('other', `file '${path}' is not a symlink`);
      },
      (real) => this.base.readLink(real),
    );
  }

  streamFile(path: Bytes, begin: (size: number) => void, chunk: (bytes: Uint8Array) => void): void {
    this.reading(
      path,
      (text) => {
        begin(text.length);
        chunk(Buffer.from(text, 'latin1'));
      },
      (real) => this.base.streamFile(real, begin, chunk),
    );
  }

  getEnvironment(name: Bytes): Bytes | undefined {
    return this.base.getEnvironment(name);
  }
}
