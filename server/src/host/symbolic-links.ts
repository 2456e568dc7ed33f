/**
 * Following symbolic links on Nix's paths, as C++ Nix does it: one part after
 * the other, with `..` of a link's target leaving the folder that the link led to.
 */
import type { Bytes } from '../base/bytes';
import { HostError, type Host } from './host';

/** `ancestors` leaves the last part as it is, even if it is a link. */
export type Resolution = 'full' | 'ancestors';

const maxLinks = 1024;

/**
 * Folders that were found to have no link on the way, by host. A look-up of a
 * thousand files in one folder then asks once for the folders above.
 */
const plainFolders = new WeakMap<Host, Set<Bytes>>();

/** Forgets what is known of the folders of a host; for its change notice. */
export function forgetFolders(host: Host): void {
  plainFolders.delete(host);
}

/** The path with its symbolic links followed. What does not exist is no link. @throws HostError */
export function resolveSymlinks(host: Host, path: Bytes, resolution: Resolution = 'full'): Bytes {
  let plain = plainFolders.get(host);
  if (plain === undefined) plainFolders.set(host, (plain = new Set(['/'])));
  const slash = path.lastIndexOf('/');
  const folder = slash <= 0 ? '/' : path.slice(0, slash);
  if (plain.has(folder) && (resolution === 'ancestors' || host.fileType(path) !== 'symlink')) return path;
  return walk(host, path, resolution, plain);
}

function walk(host: Host, path: Bytes, resolution: Resolution, plain: Set<Bytes>): Bytes {
  let result = '';
  let links = 0;
  const todo = partsOf(path).reverse();
  while (todo.length > 0) {
    const part = todo.pop()!;
    if (part === '..') {
      result = parentOf(result);
      continue;
    }
    const next = `${result}/${part}`;
    const last = todo.length === 0;
    if ((last && resolution === 'ancestors') || plain.has(next)) {
      result = next;
      continue;
    }
    const type = host.fileType(next);
    if (type !== 'symlink') {
      if (type === 'directory') plain.add(next);
      result = next;
      continue;
    }
    if (++links > maxLinks) throw new HostError('other', `infinite symlink recursion in path '${path}'`);
    const target = host.readLink(next);
    if (target.startsWith('/')) result = '';
    todo.push(...partsOf(target).reverse());
  }
  return result === '' ? '/' : result;
}

function partsOf(path: Bytes): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function parentOf(path: Bytes): Bytes {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
