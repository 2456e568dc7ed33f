/** What a repository's index says: the files that are tracked, and which folders are as in a tree. Git: gitformat-index. */
import type { Bytes } from '../base/bytes';

export interface IndexEntry {
  readonly name: Bytes;
  readonly mode: number;
  /** The object of its content, in hexadecimal. */
  readonly object: Bytes;
  /** Whether Git was told not to look whether the file has changed, or even that it is not on the disk. */
  readonly assumedUnchanged: boolean;
}

/** A folder of the index that equals a tree, as far as Git has noted it down. */
export interface NotedFolder {
  /** The tree's hash in hexadecimal; undefined since something in the folder changed. */
  readonly tree: Bytes | undefined;
  readonly folders: ReadonlyMap<Bytes, NotedFolder>;
}

export interface GitIndex {
  /** By name. */
  readonly entries: readonly IndexEntry[];
  readonly noted: NotedFolder | undefined;
}

/** An index of version 2, 3 or 4; what is damaged ends it. */
export function parseIndex(index: Bytes): GitIndex {
  const bytes = Buffer.from(index, 'latin1');
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC')
    return { entries: [], noted: undefined };
  const { entries, end } = parseEntries(bytes);
  return { entries, noted: parseExtensions(bytes, end) };
}

function parseEntries(bytes: Buffer): { entries: IndexEntry[]; end: number } {
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  const entries: IndexEntry[] = [];
  let at = 12;
  let previous = '';
  for (let i = 0; i < count && at + 62 <= bytes.length; i++) {
    const start = at;
    const flags = bytes.readUInt16BE(at + 60);
    const isExtended = (flags & 0x4000) !== 0;
    const moreFlags = isExtended && at + 64 <= bytes.length ? bytes.readUInt16BE(at + 62) : 0;
    at += isExtended ? 64 : 62;
    let kept = 0;
    if (version === 4) {
      const dropped = readOffset(bytes, at);
      at = dropped.next;
      kept = previous.length - dropped.value;
    }
    const end = bytes.indexOf(0, at);
    if (end < 0) break;
    const name = previous.slice(0, kept) + bytes.toString('latin1', at, end);
    // Entries of the older versions are padded to a multiple of eight bytes.
    at = version === 4 ? end + 1 : start + (Math.floor((end - start) / 8) + 1) * 8;
    previous = version === 4 ? name : '';
    entries.push({
      name,
      mode: bytes.readUInt32BE(start + 24),
      object: bytes.toString('hex', start + 40, start + 60),
      assumedUnchanged: (flags & 0x8000) !== 0 || (moreFlags & 0x4000) !== 0,
    });
  }
  return { entries, end: at };
}

/** Git's offset encoding: seven bits a byte, the highest first, each continuation adding one. */
function readOffset(bytes: Buffer, at: number): { value: number; next: number } {
  let byte = bytes[at++]!;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes[at++]!;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}

/** Bytes of the hash at the index's end. */
const trailer = 20;

function parseExtensions(bytes: Buffer, start: number): NotedFolder | undefined {
  for (let at = start; at + 8 <= bytes.length - trailer;) {
    const size = bytes.readUInt32BE(at + 4);
    const data = bytes.subarray(at + 8, at + 8 + size);
    if (bytes.toString('latin1', at, at + 4) === 'TREE') return parseNotedFolder(data, 0)?.folder;
    at += 8 + size;
  }
  return undefined;
}

/** `NAME\0COUNT FOLDERS\n`, the tree's hash unless the count is negative, and the folders in it. */
function parseNotedFolder(
  data: Buffer,
  at: number,
): { name: Bytes; folder: NotedFolder; next: number } | undefined {
  const zero = data.indexOf(0, at);
  const line = data.indexOf(0x0a, zero);
  if (zero < 0 || line < 0) return undefined;
  const [count, children] = data
    .toString('latin1', zero + 1, line)
    .split(' ')
    .map(Number);
  const valid = count! >= 0;
  let next = line + 1 + (valid ? 20 : 0);
  const folders = new Map<Bytes, NotedFolder>();
  for (let i = 0; i < children!; i++) {
    const child = parseNotedFolder(data, next);
    if (child === undefined) return undefined;
    folders.set(child.name, child.folder);
    ({ next } = child);
  }
  const tree = valid ? data.toString('hex', line + 1, line + 21) : undefined;
  return { name: data.toString('latin1', at, zero), folder: { tree, folders }, next };
}
