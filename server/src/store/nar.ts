/**
 * The Nix archive, a file tree as one sequence of bytes, made only to be hashed:
 * it is streamed, so that no tree is ever whole in memory.
 * Nix manual: protocols/nix-archive.
 */
import type { Bytes } from '../base/bytes';
import { HostError, type FileTree, type FileType } from '../host/host';
import { EvalError } from '../values/error';
import { compareBytes } from '../values/attrs';
import { createHasher, Hash, type HashAlgorithm, type Hasher } from './hash';

/** Whether an entry of a folder belongs to the archive. */
export type PathFilter = (path: Bytes, type: FileType) => boolean;

/** C++ Nix goes no deeper either. */
const maxDepth = 64;
const bufferSize = 1 << 16;

/** Buffers that no archive is being written in; a filter may have another archive hashed meanwhile. */
const spareBuffers: Buffer[] = [];

/** Writes NAR's strings, each with its length before it and zeros up to a multiple of eight bytes. */
class NarWriter {
  private readonly buffer = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(bufferSize);
  private used = 0;

  constructor(private readonly hasher: Hasher) {}

  string(text: Bytes): void {
    this.length(text.length);
    if (text.length > bufferSize - this.used) this.flush();
    if (text.length > bufferSize) this.hasher.update(Buffer.from(text, 'latin1'));
    else this.used += this.buffer.write(text, this.used, 'latin1');
    this.pad(text.length);
  }

  length(size: number): void {
    if (bufferSize - this.used < 8) this.flush();
    this.buffer.writeUInt32LE(size % 0x1_0000_0000, this.used);
    this.buffer.writeUInt32LE(Math.floor(size / 0x1_0000_0000), this.used + 4);
    this.used += 8;
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length > bufferSize - this.used) this.flush();
    if (bytes.length > bufferSize) this.hasher.update(bytes);
    else {
      this.buffer.set(bytes, this.used);
      this.used += bytes.length;
    }
  }

  pad(size: number): void {
    const count = (8 - (size % 8)) % 8;
    if (bufferSize - this.used < count) this.flush();
    this.buffer.fill(0, this.used, this.used + count);
    this.used += count;
  }

  flush(): void {
    if (this.used > 0) this.hasher.update(this.buffer.subarray(0, this.used));
    this.used = 0;
  }

  /** Ends the archive. */
  end(): void {
    this.flush();
    spareBuffers.push(this.buffer);
  }
}

/** The hash of the archive of what stands at `path`. @throws HostError, EvalError */
export function hashNar(
  host: FileTree,
  path: Bytes,
  filter?: PathFilter,
  algorithm: HashAlgorithm = 'sha256',
): Hash {
  const hasher = createHasher(algorithm);
  const writer = new NarWriter(hasher);
  writer.string('nix-archive-1');
  const type = host.fileType(path);
  if (type === undefined) throw new HostError('not-found', `path '${path}' does not exist`);
  writeNode(writer, host, path, type, filter, 0);
  writer.end();
  return new Hash(algorithm, hasher.digest());
}

/** The hash of the content of one file. @throws HostError */
export function hashFile(host: FileTree, path: Bytes, algorithm: HashAlgorithm = 'sha256'): Hash {
  const hasher = createHasher(algorithm);
  host.streamFile(
    path,
    () => {},
    (bytes) => hasher.update(bytes),
  );
  return new Hash(algorithm, hasher.digest());
}

function writeNode(
  writer: NarWriter,
  host: FileTree,
  path: Bytes,
  type: FileType,
  filter: PathFilter | undefined,
  depth: number,
): void {
  if (depth >= maxDepth) {
    throw new EvalError('file-error', `path '${path}' exceeds maximum NAR directory depth of ${maxDepth}`);
  }
  writer.string('(');
  writer.string('type');
  switch (type) {
    case 'regular':
      writeRegular(writer, host, path);
      break;
    case 'directory':
      writer.string('directory');
      writeEntries(writer, host, path, filter, depth);
      break;
    case 'symlink':
      writer.string('symlink');
      writer.string('target');
      writer.string(host.readLink(path));
      break;
    default:
      throw new EvalError('file-error', `file '${path}' has an unsupported type`);
  }
  writer.string(')');
}

function writeRegular(writer: NarWriter, host: FileTree, path: Bytes): void {
  writer.string('regular');
  if (host.isExecutable(path)) {
    writer.string('executable');
    writer.string('');
  }
  writer.string('contents');
  let total = 0;
  host.streamFile(
    path,
    (size) => writer.length((total = size)),
    (bytes) => writer.bytes(bytes),
  );
  writer.pad(total);
}

function writeEntries(
  writer: NarWriter,
  host: FileTree,
  folder: Bytes,
  filter: PathFilter | undefined,
  depth: number,
): void {
  const entries = [...host.readDirectory(folder)].sort((a, b) => compareBytes(a.name, b.name));
  for (const { name, type } of entries) {
    const path = folder === '/' ? `/${name}` : `${folder}/${name}`;
    if (filter !== undefined && !filter(path, type)) continue;
    writer.string('entry');
    writer.string('(');
    writer.string('name');
    writer.string(name);
    writer.string('node');
    writeNode(writer, host, path, type, filter, depth + 1);
    writer.string(')');
  }
}
