/**
 * A segment: many entries in one file, which is written in one go and never changed.
 *
 * ```
 * head
 *   magic    "NXRS"
 *   size     bytes of the head
 *   count    of the entries
 *   records  one for each entry, as {@link Record} says
 *   names    of the entries in the same order, with a line break between two
 *   digest   of the head before it
 * bodies     one behind the other, in the same order
 * ```
 *
 * Numbers have four bytes, little-endian. The head is checked when it is read, a body
 * when somebody asks for it: the head holds its digest, so that neither is there
 * unless it is as it was written.
 */
import { createHash, hash as hashOnce } from 'node:crypto';
import * as fs from 'node:fs';

const magic = 0x5352584e;

const enum Field {
  Magic = 0,
  Size = 4,
  Count = 8,
  Records = 12,
}

/** The parts of a record by their offsets. */
const enum Record {
  /** Bytes of the body. */
  Length = 0,
  /** When the body was written, in seconds since 1970. */
  Written = 4,
  Digest = 8,
  Size = 28,
}

/** In bytes. */
const digestSize = 20;

/** What the head says of an entry. */
export interface EntryHead {
  /** Without line breaks, in ASCII. */
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

/** The head of a segment with these entries. */
export function encodeHead(entries: readonly EntryHead[]): Buffer {
  const names = entries.map(({ name }) => name).join('\n');
  const namesAt = Field.Records + entries.length * Record.Size;
  const digestAt = namesAt + names.length;
  const head = Buffer.allocUnsafe(digestAt + digestSize);
  head.writeUInt32LE(magic, Field.Magic);
  head.writeUInt32LE(head.length, Field.Size);
  head.writeUInt32LE(entries.length, Field.Count);
  let at = Field.Records as number;
  for (const { length, written, digest } of entries) {
    head.writeUInt32LE(length, at + Record.Length);
    head.writeUInt32LE(written, at + Record.Written);
    head.set(digest, at + Record.Digest);
    at += Record.Size;
  }
  head.write(names, namesAt, 'latin1');
  head.set(digestOf(head.subarray(0, digestAt)), digestAt);
  return head;
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

/** A segment that is open for reading. */
export class Segment {
  readonly names: readonly string[];
  /** Where each body starts in the file. */
  private readonly starts: readonly number[];
  /** Bytes of all bodies. */
  readonly size: number;
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
    const count = head.readUInt32LE(Field.Count);
    const namesAt = Field.Records + count * Record.Size;
    const starts = new Array<number>(count);
    let at = head.length;
    for (let i = 0; i < count; i++) {
      starts[i] = at;
      at += head.readUInt32LE(recordAt(i) + Record.Length);
    }
    this.starts = starts;
    this.size = at - head.length;
    this.windowAt = head.length;
    this.names = count === 0 ? [] : head.toString('latin1', namesAt, head.length - digestSize).split('\n');
  }

  entry(index: number): EntryHead {
    const { head, names } = this;
    const at = recordAt(index);
    return {
      name: names[index]!,
      length: this.lengthOf(index),
      written: head.readUInt32LE(at + Record.Written),
      digest: head.subarray(at + Record.Digest, at + Record.Size),
    };
  }

  /** Bytes of a body. */
  lengthOf(index: number): number {
    return this.head.readUInt32LE(recordAt(index) + Record.Length);
  }

  /** A body, or undefined if it is no longer whole. @throws what the operating system says */
  body(index: number): Buffer | undefined {
    const bytes = this.copy(index);
    const at = recordAt(index) + Record.Digest;
    return digestOf(bytes).compare(this.head, at, at + digestSize) === 0 ? bytes : undefined;
  }

  /** A body as it is in the file. @throws what the operating system says; if the file has become shorter */
  copy(index: number): Buffer {
    const length = this.lengthOf(index);
    const at = this.starts[index]!;
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

function recordAt(index: number): number {
  return Field.Records + index * Record.Size;
}

/** The head that a file starts with, or undefined if it is not whole. */
function readHead(descriptor: number, fileSize: number): Buffer | undefined {
  const first = Buffer.allocUnsafe(Math.min(fileSize, firstRead));
  if (first.length < Field.Records + digestSize) return undefined;
  readFully(descriptor, first, 0, 0);
  const size = first.readUInt32LE(Field.Size);
  if (first.readUInt32LE(Field.Magic) !== magic || size > fileSize) return undefined;
  if (size < Field.Records + digestSize) return undefined;
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
