/** Whether an index has something that the commit which is checked out has not, or lacks something of it. */
import type { Bytes } from '../base/bytes';
import type { GitIndex, IndexEntry, NotedFolder } from './git-index';
import { folderKind, kindMask, parseTree, type TreeEntry } from './git-tree';
import type { ObjectStore } from './object-store';

/**
 * Reads only the trees of folders in which something changed since Git noted down their hashes.
 * A tree that is not here, as in a partial clone, counts as the index.
 * @param tree of the commit, in hexadecimal
 * @throws HostError, GitError
 */
export function differsFromTree({ entries, noted }: GitIndex, objects: ObjectStore, tree: Bytes): boolean {
  return folderDiffers({ entries, prefix: 0, noted }, objects, tree);
}

interface IndexedFolder {
  readonly entries: readonly IndexEntry[];
  /** Bytes of the folder's own path in the names of its entries. */
  readonly prefix: number;
  readonly noted: NotedFolder | undefined;
}

function folderDiffers(folder: IndexedFolder, objects: ObjectStore, tree: Bytes): boolean {
  if (folder.noted?.tree !== undefined) return folder.noted.tree !== tree;
  const object = objects.read(tree);
  if (object === undefined) return false;
  const committed = parseTree(object.data);
  const { files, folders } = partsOf(folder);
  return (
    files.length + folders.size !== committed.size ||
    files.some((file) => !isCommitted(file, committed.get(file.name.slice(folder.prefix)))) ||
    [...folders].some(([name, child]) => {
      const entry = committed.get(name);
      return !entry || !isFolder(entry) || folderDiffers(child, objects, entry.id);
    })
  );
}

/** Entries are sorted by name, so those of a folder are neighbours. */
function partsOf({ entries, prefix, noted }: IndexedFolder): {
  files: IndexEntry[];
  folders: Map<Bytes, IndexedFolder>;
} {
  const files: IndexEntry[] = [];
  const folders = new Map<Bytes, IndexedFolder>();
  for (let i = 0; i < entries.length;) {
    const { name } = entries[i]!;
    const slash = name.indexOf('/', prefix);
    if (slash < 0) {
      files.push(entries[i++]!);
      continue;
    }
    const path = name.slice(0, slash + 1);
    let end = i + 1;
    while (end < entries.length && entries[end]!.name.startsWith(path)) end++;
    const own = name.slice(prefix, slash);
    folders.set(own, {
      entries: entries.slice(i, end),
      prefix: slash + 1,
      noted: noted?.folders.get(own),
    });
    i = end;
  }
  return { files, folders };
}

function isCommitted({ mode, object }: IndexEntry, entry: TreeEntry | undefined): boolean {
  return entry?.mode === mode && entry.id === object;
}

function isFolder({ mode }: TreeEntry): boolean {
  return (mode & kindMask) === folderKind;
}
