/**
 * The reader of tar archives (POSIX ustar and pax, and GNU's long names), entry by
 * entry from a stream. It is own code and no library, since a library that unpacks
 * would have to be kept from following what an archive says, and reading is short.
 *
 * Reference: POSIX.1, pax, "ustar Interchange Format" and "pax Header Block";
 * GNU tar manual, "Basic Tar Format".
 */
import type { Bytes } from '../base/bytes';
import { DownloadError } from './failure';

export interface TarEntry {
  readonly kind: 'file' | 'directory' | 'symlink' | 'hard-link';
  /** As it is written in the archive; nothing is known of it but that it has no zero byte. */
  readonly name: Bytes;
  readonly executable: boolean;
  /** What a link refers to; empty otherwise. */
  readonly target: Bytes;
  /** Bytes of content; 0 for all but files. */
  readonly size: number;
  /** The content in pieces. What is not read of it is skipped. */
  content(): AsyncIterable<Uint8Array>;
}

const blockSize = 512;

/** How many bytes of a header are for the name. */
const nameLength = 100;

/** Where a header has the size; mode and owner stand between the name and that. */
const sizeAt = 124;

/** Names and headers are small; more than that is no sensible archive. */
const maxHeaderSize = 1 << 20;

/** Reads exact counts of bytes from a stream of pieces. */
class ByteReader {
  private readonly source: AsyncIterator<Uint8Array>;
  private piece: Uint8Array = new Uint8Array(0);

  constructor(input: AsyncIterable<Uint8Array>) {
    this.source = input[Symbol.asyncIterator]();
  }

  /** At most `limit` bytes, and at least one; undefined at the end. */
  async some(limit: number): Promise<Uint8Array | undefined> {
    while (this.piece.length === 0) {
      const next = await this.source.next();
      if (next.done === true) return undefined;
      this.piece = next.value;
    }
    const taken = this.piece.subarray(0, limit);
    this.piece = this.piece.subarray(taken.length);
    return taken;
  }

  /** That many bytes, or what is left of them. */
  async upTo(count: number): Promise<Buffer> {
    const result = Buffer.alloc(count);
    let filled = 0;
    while (filled < count) {
      const part = await this.some(count - filled);
      if (part === undefined) break;
      result.set(part, filled);
      filled += part.length;
    }
    return result.subarray(0, filled);
  }

  /** Exactly that many bytes, or undefined where nothing is left at all. */
  async exactly(count: number): Promise<Buffer | undefined> {
    const result = await this.upTo(count);
    if (result.length === 0) return undefined;
    if (result.length < count) throw cutOff();
    return result;
  }

  async *pieces(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      const part = await this.some(left);
      if (part === undefined) throw cutOff();
      left -= part.length;
      yield part;
    }
  }

  /** Reads to the end, so that whatever checks the whole of the input has seen it. */
  async drain(): Promise<void> {
    while ((await this.some(Infinity)) !== undefined);
  }
}

function cutOff(): DownloadError {
  return new DownloadError('The archive is cut off.');
}

/** What extended headers say of the entry behind them. */
interface Extension {
  name?: Bytes;
  target?: Bytes;
  size?: number;
}

/** The entries of an archive, in order; one is over when the next is asked for. @throws DownloadError */
export async function* readTar(input: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(input);
  let extension: Extension = {};
  let header: Buffer | undefined = await firstHeader(reader);
  for (; ; header = await reader.exactly(blockSize)) {
    if (header === undefined) throw cutOff();
    if (header.every((byte) => byte === 0)) return reader.drain();
    if (!hasRightSum(header)) throw damaged();
    const type = String.fromCharCode(header[156]!);
    const size = extension.size ?? readNumber(header, sizeAt, 12);
    if (isExtension(type)) {
      extension = { ...extension, ...(await readExtension(reader, type, size)) };
      continue;
    }
    const entry = entryOf(header, type, size, extension);
    extension = {};
    const pieces = reader.pieces(entry.size);
    yield { ...entry, content: () => pieces };
    for await (const _ of pieces);
    await skipPadding(reader, entry.size);
  }
}

function entryOf(
  header: Buffer,
  type: string,
  size: number,
  extension: Extension,
): Omit<TarEntry, 'content'> {
  const name = extension.name ?? nameOf(header);
  const target = extension.target ?? readText(header, 157, 100);
  if (name.includes('\0') || target.includes('\0'))
    throw new DownloadError('The archive has a name with a zero byte.');
  // Archives of old have no type of their own for folders.
  const kind = type !== '5' && name.endsWith('/') && '0\0'.includes(type) ? 'directory' : kinds[type];
  if (kind === undefined) {
    throw new DownloadError(`The archive has an entry of a kind that no source has (type '${type}').`);
  }
  const executable = (readNumber(header, 100, 8) & 0o100) !== 0;
  return { kind, name, executable, target, size: kind === 'file' ? size : 0 };
}

const kinds: Readonly<Record<string, TarEntry['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hard-link',
  '2': 'symlink',
  '5': 'directory',
};

function nameOf(header: Buffer): Bytes {
  const name = readText(header, 0, nameLength);
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? readText(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** x and g are POSIX's, L and K are GNU's. */
function isExtension(type: string): boolean {
  return 'xgLK'.includes(type);
}

async function readExtension(reader: ByteReader, type: string, size: number): Promise<Extension> {
  if (size > maxHeaderSize) throw new DownloadError('The archive has a header that is too long.');
  const content = size === 0 ? Buffer.alloc(0) : await reader.exactly(size);
  if (content === undefined) throw cutOff();
  await skipPadding(reader, size);
  switch (type) {
    case 'L':
      return { name: upToZero(content.toString('latin1')) };
    case 'K':
      return { target: upToZero(content.toString('latin1')) };
    case 'x':
      return readRecords(content);
    default:
      // What holds for the whole archive is no name, target or size.
      return {};
  }
}

/** Records `LENGTH KEY=VALUE\n`, whose length counts all of the record. */
function readRecords(content: Buffer): Extension {
  const extension: Extension = {};
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = space < 0 ? NaN : Number(content.toString('latin1', at, space));
    if (!Number.isInteger(length) || length < 5 || at + length > content.length) throw damaged();
    const record = content.toString('latin1', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    const value = record.slice(equals + 1);
    switch (record.slice(0, equals)) {
      case 'path':
        extension.name = value;
        break;
      case 'linkpath':
        extension.target = value;
        break;
      case 'size':
        extension.size = checkedSize(Number(value));
    }
    at += length;
  }
  return extension;
}

async function skipPadding(reader: ByteReader, size: number): Promise<void> {
  const rest = size % blockSize;
  if (rest > 0 && (await reader.exactly(blockSize - rest)) === undefined) throw cutOff();
}

/** The first block, which tells whether this is an archive at all. */
async function firstHeader(reader: ByteReader): Promise<Buffer> {
  const header = await reader.upTo(blockSize);
  if (header.length === 0) throw new DownloadError('What was downloaded is empty.');
  const isWhole = header.length === blockSize;
  if (isWhole && (header.every((byte) => byte === 0) || hasRightSum(header))) return header;
  if (!looksLikeHeader(header)) throw noArchive();
  throw isWhole ? damaged() : cutOff();
}

/** Whether a block, or the beginning of one, has a name with zeros behind it, and octal digits after that. */
function looksLikeHeader(header: Buffer): boolean {
  const name = header.toString('latin1', 0, nameLength);
  const numbers = header.toString('latin1', nameLength, sizeAt);
  const hasEnd = numbers !== '' || name.endsWith('\0');
  return hasEnd && /^[^\0]+\0*$/.test(name) && /^[0-7 \0]*$/.test(numbers);
}

/** Whether a header has the sum of its bytes, with spaces in the place of the sum itself. */
function hasRightSum(header: Buffer): boolean {
  let sum = 8 * 0x20;
  for (let i = 0; i < blockSize; i++) if (i < 148 || i >= 156) sum += header[i]!;
  const digits = readText(header, 148, 8).trim();
  return /^[0-7]+$/.test(digits) && sum === Number.parseInt(digits, 8);
}

function noArchive(): DownloadError {
  return new DownloadError('What was downloaded is no archive; Nixray unpacks .tar.gz and .tar.');
}

function damaged(): DownloadError {
  return new DownloadError('The archive is damaged.');
}

function readText(header: Buffer, at: number, length: number): Bytes {
  return upToZero(header.toString('latin1', at, at + length));
}

function upToZero(text: Bytes): Bytes {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** Octal digits, or GNU's binary form for what is too large for them. */
function readNumber(header: Buffer, at: number, length: number): number {
  if ((header[at]! & 0x80) !== 0) {
    let value = header[at]! & 0x7f;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + header[i]!;
    return checkedSize(value);
  }
  const digits = readText(header, at, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw damaged();
  return checkedSize(digits === '' ? 0 : Number.parseInt(digits, 8));
}

function checkedSize(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw damaged();
  return value;
}
