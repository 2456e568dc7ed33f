/**
 * A segment: many entries in one file, which is written in one go and never changed.
 *
 * ```
 * head
 *   magic    "NXRS"
 *   size     bytes of the head
 *   count    of the entries
 *   slots    of the table, a power of two
 *   table    for each slot the number of an entry, counted from one, or zero
 *   records  one for each entry, as {@link Record} says
 *   names    of the entries in the same order, one behind the other
 *   digest   of the head before it
 * bodies     one behind the other, in the same order
 * ```
 *
 * Numbers have four bytes, little-endian. An entry is in the table at the first slot that was
 * free from the hash of its name on, so a name is found without a look at the others. The head
 * is checked when it is read, a body when somebody asks for it: the head holds its digest, so
 * that neither is there unless it is as it was written.
 */
import { createHash, hash as hashOnce } from 'node:crypto';
import * as fs from 'node:fs';
import { hashName, slotsFor } from '../base/hash-name';

const magic = 0x5352584e;

const enum Field {
  Magic = 0,
  Size = 4,
  Count = 8,
  Slots = 12,
  Table = 16,
}

/** In bytes. */
const slotSize = 4;

/** The parts of a record by their offsets. */
const enum Record {
  /** Where the body starts, in bytes from the end of the head. */
  Start = 0,
  /** Bytes of the body. */
  Length = 4,
  /** When the body was written, in seconds since 1970. */
  Written = 8,
  /** Where the name ends, in bytes from the start of the names. */
  NameEnd = 12,
  Digest = 16,
  Size = 36,
}

/** In bytes. */
const digestSize = 20;

/** What the head says of an entry. */
export interface EntryHead {
  /** In ASCII. */
  readonly name: string;
  /** Bytes of the body. */
  readonly length: number;
  /** In seconds since 1970. */
  readonly written: number;
  /** Of the body. */
  readonly digest: Uint8Array;
}

/** Node has the digest of some bytes in one call since 20.12. */
const oneCall: typeof hashOnce | undefined = hashOnce;

export function digestOf(bytes: Uint8Array): Buffer {
  return oneCall === undefined ? createHash('sha1').update(bytes).digest() : oneCall('sha1', bytes, 'buffer');
}

/** The head of a segment with these entries, whose names differ. */
export function encodeHead(entries: readonly EntryHead[]): Buffer {
  const names = entries.map(({ name }) => name).join('');
  const slots = slotsFor(entries.length);
  const recordsAt = Field.Table + slots * slotSize;
  const namesAt = recordsAt + entries.length * Record.Size;
  const digestAt = namesAt + names.length;
  const head = Buffer.alloc(digestAt + digestSize);
  head.writeUInt32LE(magic, Field.Magic);
  head.writeUInt32LE(head.length, Field.Size);
  head.writeUInt32LE(entries.length, Field.Count);
  head.writeUInt32LE(slots, Field.Slots);
  let start = 0;
  let nameEnd = 0;
  entries.forEach(({ name, length, written, digest }, i) => {
    const at = recordsAt + i * Record.Size;
    head.writeUInt32LE(start, at + Record.Start);
    head.writeUInt32LE(length, at + Record.Length);
    head.writeUInt32LE(written, at + Record.Written);
    head.writeUInt32LE((nameEnd += name.length), at + Record.NameEnd);
    head.set(digest, at + Record.Digest);
    head.writeUInt32LE(i + 1, freeSlot(head, slots, name));
    start += length;
  });
  head.write(names, namesAt, 'latin1');
  head.set(digestOf(head.subarray(0, digestAt)), digestAt);
  return head;
}

function freeSlot(head: Buffer, slots: number, name: string): number {
  let slot = hashName(name) & (slots - 1);
  while (head.readUInt32LE(Field.Table + slot * slotSize) !== 0) slot = (slot + 1) & (slots - 1);
  return Field.Table + slot * slotSize;
}

/** What tells apart two segments with these heads, in hexadecimal. */
export function fingerprint(head: Buffer): string {
  return head.toString('hex', head.length - digestSize, head.length - digestSize + 6);
}

/** So much is read first: most heads are not longer. */
const firstRead = 1 << 16;

/** The least and the most bytes that are read at once where more is likely to be wanted. */
const shortestAhead = 1 << 13;
const longestAhead = 1 << 17;

/** A segment that is open for reading. Entries are numbered from zero. */
export class Segment {
  /** How many entries there are. */
  readonly count: number;
  /** Bytes of all bodies. */
  readonly size: number;
  private readonly slots: number;
  private readonly recordsAt: number;
  private readonly namesAt: number;
  /** What was read last, and from where in the file. */
  private window = Buffer.alloc(0);
  private windowAt: number;
  /** How many bytes were read at once for the sake of those that follow. */
  private ahead = 0;

  /**
   * The segment in an open file, which is its own from then on; undefined, and the file is
   * closed, if it is no whole one.
   * @throws what the operating system says
   */
  static open(descriptor: number): Segment | undefined {
    let segment: Segment | undefined;
    try {
      const stat = fs.fstatSync(descriptor);
      const head = stat.isFile() ? readHead(descriptor, stat.size) : undefined;
      const opened = head && new Segment(descriptor, head);
      // A file that was cut off can have a whole head.
      if (opened && head.length + opened.size === stat.size) segment = opened;
    } finally {
      if (segment === undefined) fs.closeSync(descriptor);
    }
    return segment;
  }

  private constructor(
    private readonly descriptor: number,
    private readonly head: Buffer,
  ) {
    this.count = head.readUInt32LE(Field.Count);
    this.slots = head.readUInt32LE(Field.Slots);
    this.recordsAt = Field.Table + this.slots * slotSize;
    this.namesAt = this.recordsAt + this.count * Record.Size;
    this.size = this.count === 0 ? 0 : this.startOf(this.count - 1) + this.lengthOf(this.count - 1);
    this.windowAt = head.length;
  }

  /** The number of the entry with a name, or -1. @param hash of the name: see {@link hashName} */
  find(name: string, hash: number): number {
    const last = this.slots - 1;
    for (let slot = hash & last; ; slot = (slot + 1) & last) {
      const index = this.head.readUInt32LE(Field.Table + slot * slotSize) - 1;
      if (index < 0 || this.nameOf(index) === name) return index;
    }
  }

  nameOf(index: number): string {
    const { head, namesAt } = this;
    const start = index === 0 ? 0 : this.number(index - 1, Record.NameEnd);
    return head.toString('latin1', namesAt + start, namesAt + this.number(index, Record.NameEnd));
  }

  entry(index: number): EntryHead {
    const at = this.recordAt(index);
    return {
      name: this.nameOf(index),
      length: this.lengthOf(index),
      written: this.number(index, Record.Written),
      digest: this.head.subarray(at + Record.Digest, at + Record.Size),
    };
  }

  /** Bytes of a body. */
  lengthOf(index: number): number {
    return this.number(index, Record.Length);
  }

  private startOf(index: number): number {
    return this.number(index, Record.Start);
  }

  private recordAt(index: number): number {
    return this.recordsAt + index * Record.Size;
  }

  private number(index: number, part: Record): number {
    return this.head.readUInt32LE(this.recordAt(index) + part);
  }

  /** A body, or undefined if it is no longer whole. @throws what the operating system says */
  body(index: number): Buffer | undefined {
    const bytes = this.copy(index);
    const at = this.recordAt(index) + Record.Digest;
    return digestOf(bytes).compare(this.head, at, at + digestSize) === 0 ? bytes : undefined;
  }

  /** A body as it is in the file. @throws what the operating system says; if the file has become shorter */
  copy(index: number): Buffer {
    const length = this.lengthOf(index);
    const at = this.head.length + this.startOf(index);
    if (at < this.windowAt || at + length > this.windowAt + this.window.length) this.readAhead(at, length);
    const from = at - this.windowAt;
    return this.window.subarray(from, from + length);
  }

  /**
   * Reads bytes and some that follow. Most runs ask for the bodies in the order in which
   * the run that wrote them did; while that is so, ever more is read at once.
   */
  private readAhead(at: number, length: number): void {
    const follows = at >= this.windowAt && at <= this.windowAt + this.window.length;
    this.ahead = follows ? Math.min(Math.max(2 * this.ahead, shortestAhead), longestAhead) : 0;
    const end = this.head.length + this.size;
    const bytes = Buffer.allocUnsafeSlow(Math.min(Math.max(length, this.ahead), end - at));
    readFully(this.descriptor, bytes, 0, at);
    this.window = bytes;
    this.windowAt = at;
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}

/** The head that a file starts with, or undefined if it is not whole. */
function readHead(descriptor: number, fileSize: number): Buffer | undefined {
  const first = Buffer.allocUnsafe(Math.min(fileSize, firstRead));
  if (first.length < Field.Table + digestSize) return undefined;
  readFully(descriptor, first, 0, 0);
  const size = first.readUInt32LE(Field.Size);
  if (first.readUInt32LE(Field.Magic) !== magic || size > fileSize) return undefined;
  if (size < Field.Table + digestSize) return undefined;
  const head = size <= first.length ? first.subarray(0, size) : Buffer.allocUnsafe(size);
  if (size > first.length) {
    first.copy(head);
    readFully(descriptor, head, first.length, first.length);
  }
  const digestAt = size - digestSize;
  const isWhole = digestOf(head.subarray(0, digestAt)).compare(head, digestAt) === 0;
  return isWhole ? head : undefined;
}

/** Reads into a buffer from an index to its end. @throws if the file ends before */
function readFully(descriptor: number, bytes: Buffer, from: number, position: number): void {
  for (let at = from; at < bytes.length;) {
    const count = fs.readSync(descriptor, bytes, at, bytes.length - at, position + at - from);
    if (count === 0) throw new Error('the file ends too early');
    at += count;
  }
}
