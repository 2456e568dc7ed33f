/** What may follow in `<…>`: the names of the search path, and the files below them. */
import type { Bytes } from '../base/bytes';
import { HostError, type DirectoryEntry, type FileType, type Host } from '../host/host';
import { canonicalPath } from '../host/path';
import { resolveSymlinks } from '../host/symbolic-links';
import type { Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { behindPrefix, resolveEntry, searchEntries } from './find-file';
import { hostOf } from './path-arguments';

/**
 * The names behind what is written, which is empty or ends with `/`, in the order of the search
 * path, each once. A symbolic link has the type of what it leads to.
 * @throws EvalError where the search path is none
 */
export function namesInSearchPath(vm: Vm, searchPath: Value, written: Bytes): readonly DirectoryEntry[] {
  const host = hostOf(vm);
  const found = new Map<Bytes, FileType>();
  const add = (name: Bytes, type: FileType): void => {
    if (!found.has(name)) found.set(name, type);
  };
  for (const { prefix, path } of searchEntries(vm, searchPath)) {
    if (prefix !== '' && `${prefix}/`.startsWith(written) && prefix.length >= written.length) {
      const name = prefix.slice(written.length).split('/', 1)[0]!;
      add(name, typeOfPrefix(vm, host, prefix === written + name ? path : undefined));
    }
    const rest = behindPrefix(prefix, written.slice(0, -1));
    if (rest === undefined || (written === '' && prefix !== '')) continue;
    const folder = resolveEntry(vm, path);
    if (folder === undefined) continue;
    for (const { name, type } of entriesOf(host, `${folder}/${rest}`)) add(name, type);
  }
  return Array.from(found, ([name, type]) => ({ name, type }));
}

/** A name may stand for a single file; one that is only the first part of another is a folder. */
function typeOfPrefix(vm: Vm, host: Host, path: Bytes | undefined): FileType {
  const folder = path === undefined ? undefined : resolveEntry(vm, path);
  return folder === undefined ? 'directory' : (typeBehindLinks(host, folder) ?? 'directory');
}

function entriesOf(host: Host, path: Bytes): readonly DirectoryEntry[] {
  try {
    const folder = resolveSymlinks(host, canonicalPath(path));
    return host.readDirectory(folder).map((entry) => {
      const { name } = entry;
      if (entry.type !== 'symlink') return entry;
      return { name, type: typeBehindLinks(host, `${folder}/${name}`) ?? 'symlink' };
    });
  } catch (error) {
    // What is not there, or is no folder, has no entries.
    if (error instanceof HostError) return [];
    throw error;
  }
}

function typeBehindLinks(host: Host, path: Bytes): FileType | undefined {
  try {
    return host.fileType(resolveSymlinks(host, path));
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
