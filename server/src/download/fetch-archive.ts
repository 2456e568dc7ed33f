/**
 * Fetches a source that is named by a URL and the hash of its tree, and keeps it in
 * a folder of the cache. It happens only when a user asks for it.
 *
 * Invariant: what stands in the cache under its name has been unpacked as a whole and
 * had the right hash. It comes there by one renaming, so that neither a crash nor
 * another process that does the same leaves anything half done.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { encodeUtf8, type Bytes } from '../base/bytes';
import { DiskHost } from '../host/disk-host';
import { nixPathOf } from '../host/host-path';
import { parseHash, type Hash } from '../store/hash';
import { hashNar } from '../store/nar';
import { EvalError } from '../values/error';
import { DownloadError, reasonOf } from './failure';
import { openDownload } from './open';
import { topFolder, unpackTar } from './unpack';

export interface FetchRequest {
  /** What the folder's name begins with, e.g. `25.11`. */
  readonly name: string;
  readonly url: string;
  /** The SHA-256 of the tree as `fetchTarball` takes it, in any of Nix's forms. */
  readonly sha256: string;
  /** The folder that keeps sources, as the operating system writes it. */
  readonly folder: string;
}

export type FetchProgress =
  | { readonly phase: 'downloading'; readonly received: number; readonly size: number | undefined }
  | { readonly phase: 'checking' };

export interface FetchOptions {
  readonly signal: AbortSignal;
  readonly progress?: (progress: FetchProgress) => void;
  /** Milliseconds without a byte after which a server counts as gone. */
  readonly patience?: number;
}

export interface Fetched {
  /** The folder of the tree, as the operating system writes it. */
  readonly path: string;
  /** False if it was there already. */
  readonly downloaded: boolean;
}

/** Folders in which somebody unpacks begin with this. */
const unfinished = '.unfinished-';

/** Milliseconds after which an unfinished folder is nobody's any more. */
const abandonedAfter = 24 * 3600_000;

/** @throws DownloadError; the reason of the signal */
export async function fetchArchive(request: FetchRequest, options: FetchOptions): Promise<Fetched> {
  const expected = parseExpected(request.sha256);
  const path = join(request.folder, `${safeName(request.name)}-${expected.print('nix32')}`);
  try {
    if (await isIntact(path, expected, options)) return { path, downloaded: false };
    await fs.mkdir(request.folder, { recursive: true });
    await removeAbandoned(request.folder);
    return await download(request, expected, path, options);
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    if (error instanceof DownloadError) throw error;
    throw new DownloadError(
      `'${request.url}' could not be unpacked into ${request.folder}: ${reasonOf(error)}.`,
    );
  }
}

function parseExpected(text: string): Hash {
  try {
    return parseHash(encodeUtf8(text.trim()), 'sha256', new Set());
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    throw new DownloadError(`'${text}' is no SHA-256 hash as Nix writes it: ${error.message}.`);
  }
}

/** A name that is one on every file system. */
function safeName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '') || 'source';
}

/** Whether the tree is there as it should be; one that was tampered with, or half cleaned away, is removed. */
async function isIntact(path: string, expected: Hash, options: FetchOptions): Promise<boolean> {
  try {
    await fs.access(path);
  } catch {
    return false;
  }
  // Windows does not remember which files are executable, so the hash says nothing there.
  if (process.platform === 'win32') return true;
  options.progress?.({ phase: 'checking' });
  if (hashTree(nixPathOf(path)).hex === expected.hex) return true;
  await fs.rm(path, { recursive: true, force: true });
  return false;
}

async function download(
  request: FetchRequest,
  expected: Hash,
  path: string,
  options: FetchOptions,
): Promise<Fetched> {
  const folder = join(request.folder, `${unfinished}${process.pid}-${randomBytes(6).toString('hex')}`);
  await fs.mkdir(folder, { mode: 0o700 });
  try {
    const content = join(folder, 'content');
    await fs.mkdir(content, { mode: 0o755 });
    const input = await openDownload(request.url, options);
    const { executables } = await unpackTar(
      decompressed(counted(input.chunks, input.size, options)),
      content,
    );
    options.signal.throwIfAborted();
    options.progress?.({ phase: 'checking' });
    const top = await topFolder(content);
    checkHash(request, expected, hashTree(nixPathOf(top), executables));
    options.signal.throwIfAborted();
    return { path, downloaded: await moveTo(top, path) };
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** False if another process was faster, whose tree is as good. */
async function moveTo(from: string, to: string): Promise<boolean> {
  try {
    await fs.rename(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['EEXIST', 'ENOTEMPTY', 'EPERM'].includes(code) && (await isFolder(to))) return false;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return fs.stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder)) {
    if (!name.startsWith(unfinished)) continue;
    const path = join(folder, name);
    // Another process may be removing it, too.
    const stats = await fs.stat(path).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > abandonedAfter)
      await fs.rm(path, { recursive: true, force: true });
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  size: number | undefined,
  { signal, progress }: FetchOptions,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  progress?.({ phase: 'downloading', received, size });
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    received += chunk.length;
    progress?.({ phase: 'downloading', received, size });
    yield chunk;
  }
}

/** The content of a compressed stream; what is not compressed stays as it is. */
async function* decompressed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < magicLength) {
    const next = await source.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  const all = prepended(start, source);
  if (start[0] === 0x1f && start[1] === 0x8b) return yield* gunzipped(all);
  for (const [name, magic] of otherFormats) {
    if (start.subarray(0, magic.length).equals(magic)) {
      throw new DownloadError(`The archive is compressed by ${name}; Nixray unpacks .tar.gz and .tar.`);
    }
  }
  yield* all;
}

const magicLength = 6;

const otherFormats: readonly (readonly [string, Buffer])[] = [
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ['bzip2', Buffer.from('BZh')],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['zip', Buffer.from('PK\x03\x04')],
];

async function* prepended(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks, { objectMode: false });
  const gunzip = createGunzip();
  source.on('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array;
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (code === 'Z_BUF_ERROR') throw new DownloadError('The archive is cut off.');
    if (code.startsWith('Z_')) throw new DownloadError(`The archive is damaged: ${reasonOf(error)}.`);
    throw error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

function hashTree(path: Bytes, executables?: ReadonlySet<Bytes>): Hash {
  return hashNar(new UnpackedHost(executables), path);
}

/** A disk that does not remember which files are executable has it from the archive. */
class UnpackedHost extends DiskHost {
  constructor(private readonly executables: ReadonlySet<Bytes> | undefined) {
    super();
  }

  override isExecutable(path: Bytes): boolean {
    return process.platform === 'win32' && this.executables !== undefined
      ? this.executables.has(path)
      : super.isExecutable(path);
  }
}

function checkHash({ url }: FetchRequest, expected: Hash, found: Hash): void {
  if (expected.hex === found.hex) return;
  throw new DownloadError(
    `What '${url}' has is not what was wanted, and was thrown away: its hash is ${found.print('sri')}, and it should be ${expected.print('sri')}.`,
  );
}
