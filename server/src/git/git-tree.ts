/** The files of a commit, as a tree that is read from Git's objects. */
import type { Bytes } from '../base/bytes';
import { HostError, type DirectoryEntry, type FileTree, type FileType } from '../host/host';
import type { Exclusion } from './export-ignore';
import { GitError } from './failure';
import type { ObjectStore } from './object-store';
import type { ObjectType } from './pack';

export interface TreeEntry {
  /** As in the index: the kind of file and whether it can be executed. */
  readonly mode: number;
  readonly id: Bytes;
}

export type Entries = ReadonlyMap<Bytes, TreeEntry>;

export const kindMask = 0o170000;
export const folderKind = 0o040000;
const linkKind = 0o120000;
/** The commit of a submodule, whose files are elsewhere: an empty folder. */
const submoduleKind = 0o160000;

export class GitTree implements FileTree {
  private readonly folders = new Map<Bytes, Entries>();

  /** @param id of the tree, in hexadecimal */
  constructor(
    private readonly objects: ObjectStore,
    private readonly id: Bytes,
    private readonly isExcluded: Exclusion = () => false,
  ) {}

  readFile(path: Bytes): Bytes {
    return this.content(path).toString('latin1');
  }

  streamFile(path: Bytes, begin: (size: number) => void, chunk: (bytes: Uint8Array) => void): void {
    const content = this.content(path);
    begin(content.length);
    if (content.length > 0) chunk(content);
  }

  private content(path: Bytes): Buffer {
    const entry = this.require(path);
    if (typeOf(entry) !== 'regular') {
      throw new HostError('is-a-directory', `file '${path}' is not a regular file`);
    }
    return this.object(entry.id, 'blob');
  }

  readDirectory(path: Bytes): readonly DirectoryEntry[] {
    const entry = this.require(path);
    if (typeOf(entry) !== 'directory') throw new HostError('not-a-directory', `'${path}' is not a directory`);
    const below = path === '/' ? '/' : `${path}/`;
    return [...this.entriesOf(entry)]
      .filter(([name, child]) => !this.isExcluded(below + name, typeOf(child) === 'directory'))
      .map(([name, child]) => ({ name, type: typeOf(child) }));
  }

  fileType(path: Bytes): FileType | undefined {
    const entry = this.find(path);
    return entry && typeOf(entry);
  }

  isExecutable(path: Bytes): boolean {
    const entry = this.find(path);
    return entry !== undefined && typeOf(entry) === 'regular' && (entry.mode & 0o100) !== 0;
  }

  readLink(path: Bytes): Bytes {
    const entry = this.require(path);
    if (typeOf(entry) !== 'symlink') throw new HostError('other', `file '${path}' is not a symlink`);
    return this.object(entry.id, 'blob').toString('latin1');
  }

  private require(path: Bytes): TreeEntry {
    const entry = this.find(path);
    if (entry === undefined) throw new HostError('not-found', `path '${path}' does not exist`);
    return entry;
  }

  /** What stands at a canonical path. */
  private find(path: Bytes): TreeEntry | undefined {
    let entry: TreeEntry = { mode: folderKind, id: this.id };
    let at = '';
    for (const name of path.split('/')) {
      if (name === '') continue;
      at += `/${name}`;
      const child: TreeEntry | undefined =
        typeOf(entry) === 'directory' ? this.entriesOf(entry).get(name) : undefined;
      if (child === undefined || this.isExcluded(at, typeOf(child) === 'directory')) return undefined;
      entry = child;
    }
    return entry;
  }

  private entriesOf({ mode, id }: TreeEntry): Entries {
    if ((mode & kindMask) === submoduleKind) return new Map();
    let entries = this.folders.get(id);
    if (entries === undefined) this.folders.set(id, (entries = parseTree(this.object(id, 'tree'))));
    return entries;
  }

  private object(id: Bytes, type: ObjectType): Buffer {
    try {
      const object = this.objects.read(id);
      if (object?.type === type) return object.data;
      throw new GitError(`the ${type} ${id} is not there`);
    } catch (error) {
      if (error instanceof GitError) throw new HostError('other', `cannot read from Git: ${error.message}`);
      throw error;
    }
  }
}

function typeOf({ mode }: TreeEntry): FileType {
  switch (mode & kindMask) {
    case folderKind:
    case submoduleKind:
      return 'directory';
    case linkKind:
      return 'symlink';
    default:
      return 'regular';
  }
}

/** Entries `MODE NAME\0ID`. */
export function parseTree(data: Buffer): Entries {
  const entries = new Map<Bytes, TreeEntry>();
  for (let at = 0; at < data.length;) {
    const space = data.indexOf(0x20, at);
    const end = data.indexOf(0, space);
    if (space < 0 || end < 0 || end + 21 > data.length) throw new GitError('a tree is damaged');
    entries.set(data.toString('latin1', space + 1, end), {
      mode: Number.parseInt(data.toString('latin1', at, space), 8),
      id: data.toString('hex', end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}
