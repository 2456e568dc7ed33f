/** The files and folders that may follow in a path literal. */
import { decodeUtf8, type Bytes } from '../../base/bytes';
import { HostError, type DirectoryEntry, type Host } from '../../host/host';
import { canonicalPath, directoryOf } from '../../host/path';
import type { CompletionItem } from './items';

/** An entry of a folder, with its type as `builtins.readFileType` has it. */
interface FileEntry {
  readonly name: Bytes;
  readonly type?: string;
}

/** The characters of path literals; other names can only be written as strings. */
const writable = /^[A-Za-z0-9._+-]+$/;

/**
 * The entries of the folder that a literal has named so far, such as `../lib/`.
 * Names that begin with a dot are for those who have written one. What may be
 * Nix, and folders, come first.
 */
export function pathItems(host: Host, documentPath: Bytes, folder: Bytes, prefix: Bytes): CompletionItem[] {
  return entryItems(entriesOf(host, folderPath(host, documentPath, folder)), prefix);
}

/** The same of entries that are known. */
export function entryItems(entries: readonly FileEntry[], prefix: Bytes): CompletionItem[] {
  return entries
    .filter(({ name }) => writable.test(name) && name.startsWith('.') === prefix.startsWith('.'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type }) => {
      const isFolder = type === 'directory';
      const rank = isFolder || name.endsWith('.nix') ? 0 : 1;
      return { label: decodeUtf8(name), kind: isFolder ? 'folder' : 'file', rank };
    });
}

function folderPath(host: Host, documentPath: Bytes, folder: Bytes): Bytes {
  if (folder.startsWith('/')) return canonicalPath(folder);
  if (folder.startsWith('~/')) return canonicalPath(`${host.home}/${folder.slice(2)}`);
  return canonicalPath(`${directoryOf(documentPath)}/${folder}`);
}

function entriesOf(host: Host, path: Bytes): readonly DirectoryEntry[] {
  try {
    return host.readDirectory(path);
  } catch (error) {
    // A folder that is not there has no entries.
    if (error instanceof HostError) return [];
    throw error;
  }
}
