/**
 * Which files of the workspace refer to a file by a path literal: the edges of
 * the import graph, found in the text alone.
 *
 * The whole workspace is read once; a file that changes is read again.
 */
import type { Bytes } from '../base/bytes';
import { HostError, type Host } from '../host/host';
import { canonicalPath, directoryOf } from '../host/path';

export interface PathReference {
  /** The file that refers. */
  readonly path: Bytes;
  /** Where the path literal starts in it. */
  readonly offset: number;
}

/** Folders that hold no source of the user's. */
const skippedFolders = new Set(['.git', '.hg', '.svn', 'node_modules', '.direnv']);

const maxFiles = 50_000;

/** What may be a relative path literal. A match in a comment or a string does no harm: the tree decides later. */
const pathLiteral =
  /(?<![\w.+\-/])\.{1,2}(?:\/[\w.+\-]+)*\/?(?=$|[^\w.+\-])|(?<![\w.+\-/~>])[\w.+\-]+(?:\/[\w.+\-]+)+/g;

/** The order must not tell which file was read last. */
function compareReferences(a: PathReference, b: PathReference): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.offset - b.offset;
}

export class PathReferences {
  private readonly references = new Map<Bytes, PathReference[]>();
  /** The folders that were not read yet. An interruption leaves the rest for the next time. */
  private readonly waiting: Bytes[];
  private files = 0;
  private readonly targetsOf = new Map<Bytes, readonly Bytes[]>();

  constructor(
    private readonly host: Host,
    private readonly folders: readonly Bytes[],
    /** Called now and then while the workspace is read; may throw to stop it. */
    private readonly checkpoint: () => void,
    /** Hears of every look-up: by the file that is referred to. */
    private readonly onLookUp: (target: Bytes) => void = () => {},
  ) {
    this.waiting = [...folders];
  }

  /** Reads the workspace, unless that was done before. */
  prepare(): void {
    this.index();
  }

  /** The places that may refer to a file, or to the folder whose `default.nix` it is; the file before its folder, by path. */
  to(path: Bytes): readonly PathReference[] {
    const folder = path.endsWith('/default.nix') ? this.toTarget(directoryOf(path)) : [];
    return [...this.toTarget(path).sort(compareReferences), ...folder.sort(compareReferences)];
  }

  private toTarget(target: Bytes): PathReference[] {
    this.onLookUp(target);
    return [...(this.index().get(target) ?? [])];
  }

  /** The places that name exactly a path, which may be a folder's. */
  exactlyTo(path: Bytes): readonly PathReference[] {
    return this.toTarget(path).sort(compareReferences);
  }

  /** How a path is shown: from the folder of the workspace that it is in, else whole. */
  shown(path: Bytes): Bytes {
    const folder = this.folders.find((candidate) => path.startsWith(`${candidate}/`));
    return folder === undefined ? path : path.slice(folder.length + 1);
  }

  /** Reads some files again, or forgets them if they are gone. Gives what they refer to now and did not before, or the other way round. */
  changed(paths: Iterable<Bytes>): Set<Bytes> {
    const different = new Set<Bytes>();
    for (const path of paths) {
      const before = new Set(this.targetsOf.get(path));
      this.forget(path);
      if (path.endsWith('.nix')) this.readFile(path);
      const after = new Set(this.targetsOf.get(path));
      for (const target of before) if (!after.has(target)) different.add(target);
      for (const target of after) if (!before.has(target)) different.add(target);
    }
    return different;
  }

  private index(): ReadonlyMap<Bytes, readonly PathReference[]> {
    for (let folder = this.waiting.at(-1); folder !== undefined; folder = this.waiting.at(-1)) {
      this.checkpoint();
      this.waiting.pop();
      this.readFolder(folder);
    }
    return this.references;
  }

  private readFolder(folder: Bytes): void {
    for (const { name, type } of this.entries(folder)) {
      const path = `${folder === '/' ? '' : folder}/${name}`;
      if (type === 'directory' && !skippedFolders.has(name)) this.waiting.push(path);
      else if (type === 'regular' && name.endsWith('.nix') && this.files++ < maxFiles) this.readFile(path);
    }
  }

  private entries(folder: Bytes): ReturnType<Host['readDirectory']> {
    try {
      return this.host.readDirectory(folder);
    } catch (error) {
      if (error instanceof HostError) return [];
      throw error;
    }
  }

  private readFile(path: Bytes): void {
    if (this.targetsOf.has(path)) return;
    let text: Bytes;
    try {
      text = this.host.readFile(path);
    } catch (error) {
      if (error instanceof HostError) return;
      throw error;
    }
    const directory = directoryOf(path);
    const targets: Bytes[] = [];
    for (const match of text.matchAll(pathLiteral)) {
      const target = canonicalPath(`${directory}/${match[0]}`);
      targets.push(target);
      const known = this.references.get(target);
      const reference = { path, offset: match.index };
      if (known === undefined) this.references.set(target, [reference]);
      else known.push(reference);
    }
    this.targetsOf.set(path, targets);
  }

  private forget(path: Bytes): void {
    for (const target of this.targetsOf.get(path) ?? []) {
      const left = this.references.get(target)?.filter((reference) => reference.path !== path) ?? [];
      this.references.set(target, left);
    }
    this.targetsOf.delete(path);
  }
}
