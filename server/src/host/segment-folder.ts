/**
 * Entries that are kept in a few segments of a shared folder instead of a file each:
 * what one run has to write becomes one segment.
 *
 * Where two segments have an entry of one name, that of the newer one counts; a number in
 * its file's name says which is newer. Who writes merges all segments into one when
 * they are many, or when most of what they hold no longer counts, and removes those it has
 * merged. No process waits for another: of two that do this at once each leaves a segment
 * that holds all, and a segment that vanishes is a loss of time. Segments stay open from
 * the first look-up to {@link SegmentFolder.flush}, so what was found can be read.
 */
import * as fs from 'node:fs';
import { hashName } from '../base/hash-name';
import { digestOf, encodeHead, fingerprint, Segment, type EntryHead } from './segment';
import { longestLife, type SharedFolder } from './shared-folder';

/** More segments than so many are merged: each costs every run that reads an opening and a head. */
const maxSegments = 12;

/** Bytes that are written at once. */
const batchSize = 1 << 18;

/** The names of segments; the number says how new one is, the rest tells apart those of several writers. */
const segmentName = /^segment-([0-9]{8})-[0-9a-f]{12}$/;

/** An entry on its way to a segment. */
interface Entry extends EntryHead {
  /** The body. @throws if it cannot be read */
  bytes(): Uint8Array;
}

export class SegmentFolder {
  private index: SegmentIndex | undefined;
  /** What was written and is not in a segment yet. */
  private pending = new Map<string, Uint8Array>();

  constructor(private readonly folder: SharedFolder) {}

  /** What was written last, or undefined if that is nothing or no longer whole. */
  read(name: string): Buffer | undefined {
    const bytes = this.pending.get(name);
    if (bytes !== undefined) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.index ??= new SegmentIndex(this.folder);
    return this.index.read(name);
  }

  /**
   * Has an entry kept by {@link flush}.
   * @param name in ASCII
   * @param bytes are not changed any more
   */
  write(name: string, bytes: Uint8Array): void {
    this.pending.set(name, bytes);
  }

  /** Writes what is to be kept, and closes all files: the next look-up sees what is there then. */
  flush(): void {
    const { pending } = this;
    this.pending = new Map();
    this.close();
    if (pending.size === 0) return;
    const index = new SegmentIndex(this.folder);
    this.add(index, freshEntries(pending));
    index.close();
  }

  private close(): void {
    this.index?.close();
    this.index = undefined;
  }

  /** Adds a segment of these entries, or one of all there are in the place of the others. */
  private add(index: SegmentIndex, fresh: readonly Entry[]): void {
    for (const name of index.broken) this.folder.remove(name);
    const superseded = new Set(fresh.map(({ name }) => name));
    if (index.isWorthMerging(fresh)) {
      const all = [...index.entries().filter(({ name }) => !superseded.has(name)), ...fresh];
      if (this.tryWrite(all, index.nextNumber)) {
        index.close();
        for (const name of index.files) this.folder.remove(name);
        return;
      }
      // Another process may have removed what it has merged itself.
    }
    this.tryWrite(fresh, index.nextNumber);
  }

  private tryWrite(entries: readonly Entry[], number: number): boolean {
    const head = encodeHead(entries);
    const name = `segment-${String(number).padStart(8, '0')}-${fingerprint(head)}`;
    return this.folder.replace(name, (descriptor) => writeSegment(descriptor, head, entries));
  }
}

/** The segments that a folder has at some time, open for reading. */
class SegmentIndex {
  /** The names of the segments' files, the newest first. */
  readonly files: string[] = [];
  /** The names of files that should be segments and are none. */
  readonly broken: string[] = [];
  /** Greater than the number of any segment. */
  readonly nextNumber: number;
  private readonly segments: Segment[] = [];

  constructor(private readonly folder: SharedFolder) {
    const files = folder.names().filter((name) => segmentName.test(name));
    files.sort().reverse();
    this.nextNumber = 1 + Number(segmentName.exec(files[0] ?? '')?.[1] ?? 0);
    for (const file of files) this.open(file);
  }

  private open(file: string): void {
    let segment: Segment | undefined;
    try {
      segment = Segment.open(this.folder.open(file));
    } catch {
      // It may be there and whole for others.
      return;
    }
    if (segment === undefined) {
      this.broken.push(file);
      return;
    }
    this.files.push(file);
    this.segments.push(segment);
  }

  read(name: string): Buffer | undefined {
    const hash = hashName(name);
    for (const segment of this.segments) {
      const index = segment.find(name, hash);
      if (index >= 0) return bodyOf(segment, index);
    }
    return undefined;
  }

  /** Where each entry is that counts. Looks at all of them, so only who writes asks. */
  private places(): Map<string, Place> {
    const places = new Map<string, Place>();
    for (const segment of this.segments) {
      for (let index = 0; index < segment.count; index++) {
        const name = segment.nameOf(index);
        if (!places.has(name)) places.set(name, { segment, index });
      }
    }
    return places;
  }

  /** Whether there are too many segments, or too much in them does not count, once there is one more. */
  isWorthMerging(fresh: readonly Entry[]): boolean {
    if (this.segments.length >= maxSegments) return true;
    const sizes = new Map<string, number>();
    for (const [name, { segment, index }] of this.places()) sizes.set(name, segment.lengthOf(index));
    for (const { name, length } of fresh) sizes.set(name, length);
    const used = sum(sizes.values());
    const all = sum(this.segments.map(({ size }) => size)) + sum(fresh.map(({ length }) => length));
    return 2 * used < all;
  }

  /** All entries that count and are not too old. */
  entries(): Entry[] {
    const oldest = (Date.now() - longestLife) / 1000;
    return [...this.places().values()]
      .map(({ segment, index }) => ({ ...segment.entry(index), bytes: () => segment.copy(index) }))
      .filter(({ written }) => written >= oldest);
  }

  close(): void {
    for (const segment of this.segments.splice(0)) segment.close();
  }
}

/** A body, or undefined if it is no longer whole or cannot be read. */
function bodyOf(segment: Segment, index: number): Buffer | undefined {
  try {
    return segment.body(index);
  } catch {
    return undefined;
  }
}

function sum(numbers: Iterable<number>): number {
  let result = 0;
  for (const number of numbers) result += number;
  return result;
}

/** Where an entry is. */
interface Place {
  readonly segment: Segment;
  readonly index: number;
}

function freshEntries(pending: ReadonlyMap<string, Uint8Array>): Entry[] {
  const written = Math.floor(Date.now() / 1000);
  return Array.from(pending, ([name, bytes]) => ({
    name,
    length: bytes.length,
    written,
    digest: digestOf(bytes),
    bytes: () => bytes,
  }));
}

function writeSegment(descriptor: number, head: Buffer, entries: readonly Entry[]): void {
  let batch: Uint8Array[] = [head];
  let size = head.length;
  for (const entry of entries) {
    batch.push(entry.bytes());
    size += entry.length;
    if (size < batchSize) continue;
    fs.writeFileSync(descriptor, Buffer.concat(batch, size));
    batch = [];
    size = 0;
  }
  fs.writeFileSync(descriptor, Buffer.concat(batch, size));
}
