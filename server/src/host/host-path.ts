/**
 * Paths of the operating system as Nix's paths and back. On Windows a drive
 * `C:\src` is `/c/src`; elsewhere a path is the same bytes, valid UTF-8 or not.
 */
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import { canonicalPath } from './path';

const onlyAscii = /^[\x00-\x7f]*$/;
const driveOfNix = /^\/([A-Za-z])(?=\/|$)/;
const driveOfWindows = /^([A-Za-z]):/;

/** What `fs` takes for a path; bytes that are no ASCII go as a Buffer, so that no name is lost in decoding. */
export type NativePath = string | Buffer;

export function nativePath(path: Bytes, windows = process.platform === 'win32'): NativePath {
  if (windows) return windowsPath(path);
  return onlyAscii.test(path) ? path : Buffer.from(path, 'latin1');
}

/** `/c/src/a` as `C:\src\a`. A path without a drive stays as it is, and is not found. */
export function windowsPath(path: Bytes): string {
  const drive = driveOfNix.exec(path);
  const text = decodeUtf8(path);
  if (drive === null) return text;
  return `${drive[1]!.toUpperCase()}:\\${text.slice(3).replaceAll('/', '\\')}`;
}

/** An absolute path of the operating system, as text, in Nix's form. */
export function nixPathOf(native: string, windows = process.platform === 'win32'): Bytes {
  return nixPathFrom('/', encodeUtf8(native), windows);
}

/** A path as it is written on a command line, from a folder if it is relative, in Nix's form. */
export function nixPathFrom(folder: Bytes, written: Bytes, windows = process.platform === 'win32'): Bytes {
  const path = windows ? withSlashes(written) : written;
  return canonicalPath(path.startsWith('/') ? path : `${folder}/${path}`);
}

/** Both signs are ASCII, so no other character has a part of them in UTF-8. */
function withSlashes(path: Bytes): Bytes {
  return path
    .replaceAll('\\', '/')
    .replace(driveOfWindows, (_, letter: string) => `/${letter.toLowerCase()}`);
}
