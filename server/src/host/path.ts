/** Paths as Nix has them: absolute, `/`-separated byte strings without `.`, `..`, doubled or trailing slashes. */
import type { Bytes } from '../base/bytes';

/** The canonical form of an absolute path; `..` at the root stays at the root. Symbolic links are not looked at. */
export function canonicalPath(path: Bytes): Bytes {
  if (isCanonical(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

const dots = /\/\.\.?(\/|$)/;

/** Most paths are, so this is told without the regular expression where no part begins with a dot. */
function isCanonical(path: Bytes): boolean {
  if (path === '/') return true;
  if (!path.startsWith('/') || path.endsWith('/') || path.includes('//')) return false;
  return !path.includes('/.') || !dots.test(path);
}

/**
 * The path of the text that a path literal begins with, made absolute: its canonical form, but that a
 * slash at the end stays, which separates the interpolation that follows.
 */
export function literalPath(text: Bytes): Bytes {
  const path = canonicalPath(text);
  return text.endsWith('/') && path !== '/' ? `${path}/` : path;
}

/** The folder of a canonical path; `/` for the root. */
export function directoryOf(path: Bytes): Bytes {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** What follows the last slash. */
export function baseNameOf(path: Bytes): Bytes {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a file is a flake. */
export function isFlake(path: Bytes): boolean {
  return baseNameOf(path) === 'flake.nix';
}

/** Whether a path is a folder or stands in it. */
export function isBelow(path: Bytes, folder: Bytes): boolean {
  return path === folder || pathWithin(path, folder) !== undefined;
}

/** The rest of a path that stands in a folder, without a slash before it; undefined for any other path. */
export function pathWithin(path: Bytes, folder: Bytes): Bytes | undefined {
  const prefix = folder === '/' ? '/' : `${folder}/`;
  return path !== folder && path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/**
 * Whether a path is that of a document which is no file, by the colon in its name; files
 * on disk seldom have one, and are found there.
 */
export function isWithoutFile(path: Bytes): boolean {
  return baseNameOf(path).includes(':');
}
