/**
 * The rows of a table in an SQLite file, which another program may be writing to: what
 * Nix remembers of its downloads. It only reads, takes no lock, and counts what the
 * write-ahead log has committed.
 *
 * Reference: SQLite documentation, "Database File Format".
 */
import type { Bytes } from '../base/bytes';
import type { Host } from '../host/host';
import { PagedFile } from '../host/paged-file';

/** The file is none of SQLite's, is damaged, or was changed while it was read. */
export class SqliteError {
  constructor(readonly message: string) {}
}

export type SqliteValue = null | number | bigint | Bytes;
export type SqliteRow = readonly SqliteValue[];

/** The rows of a table with row ids, in their order; none if there is no such table. @throws HostError, SqliteError */
export function* readTable(host: Host, path: Bytes, name: Bytes): Generator<SqliteRow> {
  const database = new Database(host, path);
  for (const [type, table, , root] of database.rows(1)) {
    if (type === 'table' && table === name && typeof root === 'number') yield* database.rows(root);
  }
}

const headerSize = 100;
const interiorPage = 0x05;
const leafPage = 0x0d;

class Database {
  private readonly file: PagedFile;
  private readonly pageSize: number;
  /** Bytes of a page that hold something. */
  private readonly usable: number;
  private readonly log: ReadonlyMap<number, Buffer>;

  constructor(host: Host, path: Bytes) {
    this.file = new PagedFile(host, path);
    const header = this.file.upTo(0, headerSize);
    if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
      throw new SqliteError(`'${path}' is no database`);
    const size = header.readUInt16BE(16);
    this.pageSize = size === 1 ? 0x10000 : size;
    this.usable = this.pageSize - header[20]!;
    if (this.pageSize < 512 || this.usable < 480) throw new SqliteError(`'${path}' is damaged`);
    this.log = readLog(host, `${path}-wal`, this.pageSize);
  }

  /** @param seen the pages that were read before: no page belongs to a tree twice */
  *rows(root: number, seen = new Set<number>()): Generator<SqliteRow> {
    if (seen.has(root)) throw damaged();
    seen.add(root);
    const page = this.page(root);
    const at = root === 1 ? headerSize : 0;
    const kind = page[at];
    const count = page.readUInt16BE(at + 3);
    if (kind !== interiorPage && kind !== leafPage) throw damaged();
    const cells = at + (kind === interiorPage ? 12 : 8);
    for (let i = 0; i < count; i++) {
      const cell = page.readUInt16BE(cells + 2 * i);
      if (kind === leafPage) yield this.row(page, cell);
      else yield* this.rows(page.readUInt32BE(cell), seen);
    }
    if (kind === interiorPage) yield* this.rows(page.readUInt32BE(at + 8), seen);
  }

  private page(number: number): Buffer {
    return this.log.get(number) ?? this.file.exactly((number - 1) * this.pageSize, this.pageSize);
  }

  private row(page: Buffer, at: number): SqliteRow {
    const size = readVarint(page, at);
    const id = readVarint(page, size.next);
    return parseRecord(this.payload(page, id.next, size.value));
  }

  /** What of a long row does not fit its page goes on in a chain of others. */
  private payload(page: Buffer, at: number, size: number): Buffer {
    const most = this.usable - 35;
    if (size <= most) return page.subarray(at, at + size);
    // A damaged chain may lead in a circle, and would be followed as far as the row claims to go.
    if (size > this.file.size + this.log.size * this.pageSize) throw damaged();
    const least = Math.floor(((this.usable - 12) * 32) / 255) - 23;
    const fitting = least + ((size - least) % (this.usable - 4));
    const local = fitting <= most ? fitting : least;
    const parts = [page.subarray(at, at + local)];
    let next = page.readUInt32BE(at + local);
    for (let left = size - local; left > 0;) {
      const overflow = this.page(next);
      const part = overflow.subarray(4, 4 + Math.min(left, this.usable - 4));
      parts.push(part);
      left -= part.length;
      next = overflow.readUInt32BE(0);
    }
    return Buffer.concat(parts);
  }
}

function damaged(): SqliteError {
  return new SqliteError('the database is damaged');
}

/** The sizes of the types of integers, by their numbers. */
const integerSizes = [0, 1, 2, 3, 4, 6, 8];

function parseRecord(record: Buffer): SqliteRow {
  const head = readVarint(record, 0);
  const values: SqliteValue[] = [];
  let at = head.value;
  for (let next = head.next; next < head.value;) {
    const type = readVarint(record, next);
    next = type.next;
    const size = sizeOf(type.value);
    if (at + size > record.length) throw damaged();
    values.push(valueOf(record, at, type.value, size));
    at += size;
  }
  return values;
}

function sizeOf(type: number): number {
  if (type >= 12) return (type - (type % 2) - 12) / 2;
  if (type === 7) return 8;
  return integerSizes[type] ?? 0;
}

function valueOf(record: Buffer, at: number, type: number, size: number): SqliteValue {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return record.readDoubleBE(at);
  if (type >= 12) return record.toString('latin1', at, at + size);
  if (type > 6) throw damaged();
  if (size < 8) return record.readIntBE(at, size);
  const large = record.readBigInt64BE(at);
  return BigInt.asIntN(53, large) === large ? Number(large) : large;
}

/** Seven bits a byte, the highest first, and eight of a ninth byte. */
function readVarint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw damaged();
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  return { value: value * 256 + (bytes[at + 8] ?? 0), next: at + 9 };
}

// --- The write-ahead log ------------------------------------------------------------------

const logHeaderSize = 32;
const frameHeaderSize = 24;

/** The pages that the log has, as the last commit left them. */
function readLog(host: Host, path: Bytes, pageSize: number): ReadonlyMap<number, Buffer> {
  const pages = new Map<number, Buffer>();
  if (host.fileType(path) !== 'regular') return pages;
  const bytes = Buffer.from(host.readFile(path), 'latin1');
  if (bytes.length < logHeaderSize) return pages;
  const magic = bytes.readUInt32BE(0);
  if ((magic & ~1) !== 0x377f0682 || bytes.readUInt32BE(8) !== pageSize) return pages;
  const sum = new LogSum((magic & 1) === 0);
  sum.add(bytes.subarray(0, 24));
  if (!sum.equals(bytes, 24)) return pages;
  const salts = bytes.toString('latin1', 16, 24);
  let uncommitted: [number, Buffer][] = [];
  for (
    let at = logHeaderSize;
    at + frameHeaderSize + pageSize <= bytes.length;
    at += frameHeaderSize + pageSize
  ) {
    const page = bytes.subarray(at + frameHeaderSize, at + frameHeaderSize + pageSize);
    // Frames of an older use of the file have other salts.
    if (bytes.toString('latin1', at + 8, at + 16) !== salts) break;
    sum.add(bytes.subarray(at, at + 8));
    sum.add(page);
    if (!sum.equals(bytes, at + 16)) break;
    uncommitted.push([bytes.readUInt32BE(at), page]);
    const isCommit = bytes.readUInt32BE(at + 4) !== 0;
    if (!isCommit) continue;
    for (const [number, content] of uncommitted) pages.set(number, content);
    uncommitted = [];
  }
  return pages;
}

/** The log's checksum: each one goes on from the one before. */
class LogSum {
  private a = 0;
  private b = 0;

  constructor(private readonly littleEndian: boolean) {}

  add(bytes: Buffer): void {
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      this.a = (this.a + this.word(bytes, at) + this.b) >>> 0;
      this.b = (this.b + this.word(bytes, at + 4) + this.a) >>> 0;
    }
  }

  /** Whether the sum stands at an offset. */
  equals(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.a && bytes.readUInt32BE(at + 4) === this.b;
  }

  private word(bytes: Buffer, at: number): number {
    return this.littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }
}
