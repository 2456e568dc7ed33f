/**
 * URIs as canonical paths, and back. A document without a file gets a path that
 * no file has, in the first folder of the workspace, so that its relative paths
 * lead somewhere.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { canonicalPath, isWithoutFile } from '../host/path';

const windowsDrive = /^\/([A-Za-z]):(?=\/|$)/;
const nixDrive = /^\/([a-z])(?=\/|$)/;
/** The bytes that stand for themselves in a path of a URI. */
const plainBytes = /[A-Za-z0-9\-._~!$&'()*+,;=@/]/;

/** The path of a `file:` URI; undefined for any other URI, and for text that is none. */
export function filePath(uri: string): Bytes | undefined {
  if (!/^file:/i.test(uri)) return undefined;
  const rest = uri.slice('file:'.length).replace(/[?#].*$/s, '');
  // `file:///x`, `file://host/x` and `file:/x`; a host is a share of Windows, which has no path of Nix.
  const path = rest.startsWith('//') ? rest.slice(2).replace(/^[^/]*/, '') : rest;
  if (!path.startsWith('/')) return undefined;
  const decoded = percentDecode(encodeUtf8(path));
  return canonicalPath(decoded.replace(windowsDrive, (_, letter: string) => `/${letter.toLowerCase()}`));
}

/** The path of a document: that of its file, or one in `folder` for whatever has no file. */
export function documentPath(uri: string, folder: Bytes): Bytes {
  const path = filePath(uri);
  if (path !== undefined) return path;
  const name = encodeUtf8(uri).replaceAll('/', '_');
  const plain = canonicalPath(`${folder}/${name}`);
  return isWithoutFile(plain) ? plain : canonicalPath(`${folder}/document:${name}`);
}

/** The `file:` URI of a path, in the spelling of VS Code. */
export function fileUri(path: Bytes, windows = process.platform === 'win32'): string {
  let encoded = '';
  for (const byte of path) {
    encoded += plainBytes.test(byte) ? byte : `%${hex(byte.charCodeAt(0))}`;
  }
  return `file://${windows ? encoded.replace(nixDrive, '/$1%3A') : encoded}`;
}

function percentDecode(bytes: Bytes): Bytes {
  return bytes.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
