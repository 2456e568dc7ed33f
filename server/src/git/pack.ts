/**
 * A pack of Git's objects and its index, of which only the parts that are wanted are
 * read. Git: gitformat-pack.
 */
import { inflateSync } from 'node:zlib';
import type { Bytes } from '../base/bytes';
import type { Host } from '../host/host';
import { PagedFile } from '../host/paged-file';
import { longestObject } from './delta';
import { GitError } from './failure';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  readonly type: ObjectType;
  readonly data: Buffer;
}

/** What stands in the pack: an object, or the difference to another one. */
export type PackedObject =
  | { readonly kind: 'whole'; readonly object: GitObject }
  | { readonly kind: 'offset-delta'; readonly delta: Buffer; readonly base: number }
  /** The base is named by its hash, in hexadecimal. */
  | { readonly kind: 'reference-delta'; readonly delta: Buffer; readonly base: Bytes };

const idSize = 20;
const fanoutAt = 8;
const idsAt = fanoutAt + 256 * 4;

/** An index of version 2: where the objects of a pack are. */
class PackIndex {
  private readonly file: PagedFile;
  private readonly fanout: Buffer;
  readonly count: number;

  /** @throws HostError, GitError */
  constructor(host: Host, path: Bytes) {
    this.file = new PagedFile(host, path);
    const magic = this.file.exactly(0, fanoutAt);
    if (magic.readUInt32BE(0) !== 0xff744f63 || magic.readUInt32BE(4) !== 2) {
      throw new GitError(`the index '${path}' has a version that is not known`);
    }
    this.fanout = this.file.exactly(fanoutAt, 256 * 4);
    this.count = this.fanout.readUInt32BE(255 * 4);
  }

  /** Where an object starts in the pack; undefined if it is not there. @param id in hexadecimal */
  find(id: Bytes): number | undefined {
    const wanted = Buffer.from(id, 'hex');
    const first = wanted[0]!;
    let low = first === 0 ? 0 : this.fanout.readUInt32BE((first - 1) * 4);
    let high = this.fanout.readUInt32BE(first * 4);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = wanted.compare(this.file.exactly(idsAt + middle * idSize, idSize));
      if (order === 0) return this.offsetAt(middle);
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return undefined;
  }

  private offsetAt(index: number): number {
    // Behind the names stand checksums, then offsets, then those that need 64 bits.
    const offsetsAt = idsAt + this.count * (idSize + 4);
    const offset = this.file.exactly(offsetsAt + index * 4, 4).readUInt32BE(0);
    if (offset < 0x8000_0000) return offset;
    const largeAt = offsetsAt + this.count * 4 + (offset - 0x8000_0000) * 8;
    return Number(this.file.exactly(largeAt, 8).readBigUInt64BE(0));
  }
}

const types: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const offsetDelta = 6;
const referenceDelta = 7;

/** More than the head of any object: its size, and a base's name. */
const headSize = 48;

export class Pack {
  private file_: PagedFile | undefined;
  readonly index: PackIndex;

  /** @param path without its ending. @throws HostError, GitError */
  constructor(
    private readonly host: Host,
    readonly path: Bytes,
  ) {
    this.index = new PackIndex(host, `${path}.idx`);
  }

  private get file(): PagedFile {
    return (this.file_ ??= new PagedFile(this.host, `${this.path}.pack`));
  }

  /** What stands at an offset. @throws HostError, GitError */
  read(offset: number): PackedObject {
    const head = this.file.upTo(offset, headSize);
    let at = 0;
    let byte = head[at++] ?? 0;
    const type = (byte >> 4) & 7;
    let size = byte & 15;
    for (let factor = 16; (byte & 0x80) !== 0; factor *= 128) {
      byte = head[at++] ?? 0;
      size += (byte & 0x7f) * factor;
    }
    if (size > longestObject) throw new GitError('an object is too large');
    if (type === offsetDelta) {
      const distance = readDistance(head, at);
      const base = offset - distance.value;
      return { kind: 'offset-delta', delta: this.inflate(offset + distance.next, size), base };
    }
    if (type === referenceDelta) {
      const base = head.toString('hex', at, at + idSize);
      return { kind: 'reference-delta', delta: this.inflate(offset + at + idSize, size), base };
    }
    const name = types[type];
    if (name === undefined) throw new GitError(`the pack '${this.path}.pack' is damaged`);
    return { kind: 'whole', object: { type: name, data: this.inflate(offset + at, size) } };
  }

  /** @param size of what comes out; how much goes in is written nowhere, but it has a bound */
  private inflate(offset: number, size: number): Buffer {
    const bound = size + (size >> 9) + 256;
    return inflateExactly(this.file.upTo(offset, bound), size, `${this.path}.pack`);
  }
}

/** @throws GitError if it does not come to that size */
function inflateExactly(input: Uint8Array, size: number, where: Bytes): Buffer {
  let result: Buffer;
  try {
    // A bound that an object does not reach would be refused where it is 0.
    result = inflateSync(input, { maxOutputLength: Math.max(size, 1) });
  } catch {
    throw new GitError(`'${where}' is damaged`);
  }
  if (result.length !== size) throw new GitError(`'${where}' is damaged`);
  return result;
}

/** Seven bits a byte, the highest first, each continuation adding one. */
function readDistance(bytes: Buffer, at: number): { value: number; next: number } {
  let byte = bytes[at++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    byte = bytes[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}
