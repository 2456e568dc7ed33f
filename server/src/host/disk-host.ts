/**
 * The real file system and the environment of the process. Nothing is cached here
 * unless somebody asks for it: whoever keeps what was read must hear of changes.
 */
import * as fs from 'node:fs';
import { homedir } from 'node:os';
import { encodeUtf8, decodeUtf8, type Bytes } from '../base/bytes';
import { isStackOverflow } from '../base/stack';
import { currentFolder } from './current-folder';
import { nativePath, nixPathOf } from './host-path';
import { nixFolders, type NixFolders } from './nix-folders';
import { HostError, type DirectoryEntry, type FileType, type Host } from './host';

export interface DiskHostOptions {
  /** The variables that `getEnv` may read; `all` for the command line. */
  readonly environment?: readonly string[] | 'all';
  /** Nix's name of the system; this machine's when empty. */
  readonly system?: string;
  readonly features?: Iterable<string>;
  readonly currentTime?: number;
  /** Reads what is neither a regular file nor a folder, e.g. a pipe or a device; by default it is read as a file is. */
  readonly readIrregular?: IrregularReader;
  /** Whether nothing is asked twice what it is, as in C++ Nix; for a process that evaluates once. */
  readonly keepsTypes?: boolean;
}

/** What Nix's commands for flakes have on; everything else has to be asked for. */
export const defaultFeatures: readonly string[] = ['flakes', 'fetch-tree', 'nix-command'];

/** @param read reads it as a file is read: to its end, however long that takes. @throws HostError */
export type IrregularReader = (path: Bytes, read: () => Bytes) => Bytes;

/** Where nobody may be kept waiting, as by a pipe or a device. @throws HostError */
export const refuseIrregular: IrregularReader = (path) => {
  throw new HostError('other', `'${path}' is no regular file, so it is not read`);
};

const chunkSize = 1 << 18;

export class DiskHost implements Host {
  readonly home: Bytes;
  readonly nixFolders: NixFolders;
  readonly system: Bytes;
  readonly currentTime: number;
  readonly features: ReadonlySet<string>;
  private readonly visible: ReadonlySet<string> | 'all';
  private readonly readIrregular: IrregularReader | undefined;
  private readonly environment = new Map<Bytes, Bytes | undefined>();
  private readonly types: Map<Bytes, FileType | undefined> | undefined;
  private knownFolder: Bytes | undefined;

  constructor(options: DiskHostOptions = {}) {
    const environment = options.environment ?? 'all';
    this.readIrregular = options.readIrregular;
    this.types = options.keepsTypes ? new Map() : undefined;
    this.visible = environment === 'all' ? 'all' : new Set(environment);
    this.home = nixPathOf(homedir());
    this.nixFolders = nixFolders(this.home, folderVariable);
    this.system = encodeUtf8(options.system || systemOfMachine());
    this.currentTime = options.currentTime ?? Math.floor(Date.now() / 1000);
    this.features = new Set(options.features ?? defaultFeatures);
  }

  /** Looked for when somebody asks: a server lives on where its folder was removed. @throws HostError */
  get workingDirectory(): Bytes {
    return (this.knownFolder ??= nixPathOf(currentFolder()));
  }

  readFile(path: Bytes): Bytes {
    const read = (): Bytes => readText(nativePath(path));
    try {
      return this.readIrregular && this.isIrregular(path) ? this.readIrregular(path, read) : read();
    } catch (error) {
      throw fileError(error, path, 'opening');
    }
  }

  private isIrregular(path: Bytes): boolean {
    // An import has asked what it is.
    if (this.types?.get(path) === 'regular') return false;
    const stats = fs.statSync(nativePath(path), { throwIfNoEntry: false });
    return stats !== undefined && !stats.isFile() && !stats.isDirectory();
  }

  readDirectory(path: Bytes): readonly DirectoryEntry[] {
    try {
      // Windows has names in UTF-16, which latin1 would cut.
      const [encoding, bytesOf] =
        process.platform === 'win32'
          ? (['utf8', encodeUtf8] as const)
          : (['latin1', (name: string) => name] as const);
      return fs
        .readdirSync(nativePath(path) as string, { withFileTypes: true, encoding })
        .map((entry) => ({ name: bytesOf(entry.name), type: typeOfEntry(entry) }));
    } catch (error) {
      throw directoryError(error, path);
    }
  }

  fileType(path: Bytes): FileType | undefined {
    if (this.types === undefined) return this.askType(path);
    let type = this.types.get(path);
    if (type === undefined && !this.types.has(path)) this.types.set(path, (type = this.askType(path)));
    return type;
  }

  private askType(path: Bytes): FileType | undefined {
    const stats = this.statsAt(path);
    return stats === undefined ? undefined : typeOfEntry(stats);
  }

  /** What the system knows of what stands at the path itself; undefined if there is nothing. @throws HostError */
  private statsAt(path: Bytes): fs.Stats | undefined {
    try {
      return fs.lstatSync(nativePath(path), { throwIfNoEntry: false });
    } catch (error) {
      if (codeOf(error) === 'ENOTDIR' || codeOf(error) === 'ENOENT') return undefined;
      throw fileError(error, path, 'getting status of');
    }
  }

  isExecutable(path: Bytes): boolean {
    try {
      return (fs.statSync(nativePath(path)).mode & 0o100) !== 0;
    } catch (error) {
      if (isStackOverflow(error)) throw error;
      return false;
    }
  }

  readLink(path: Bytes): Bytes {
    try {
      const target = fs.readlinkSync(nativePath(path), 'buffer');
      return process.platform === 'win32'
        ? encodeUtf8(target.toString('utf8').replaceAll('\\', '/'))
        : target.toString('latin1');
    } catch (error) {
      if (codeOf(error) === 'EINVAL') throw new HostError('other', `file '${path}' is not a symlink`);
      throw fileError(error, path, 'reading symbolic link');
    }
  }

  streamFile(path: Bytes, begin: (size: number) => void, chunk: (bytes: Uint8Array) => void): void {
    let file: number | undefined;
    try {
      file = fs.openSync(nativePath(path), 'r');
      const stats = fs.fstatSync(file);
      if (!stats.isFile()) throw notRegular(path);
      begin(stats.size);
      readExactly(file, stats.size, chunk, path);
    } catch (error) {
      throw fileError(error, path, 'opening');
    } finally {
      if (file !== undefined) fs.closeSync(file);
    }
  }

  fileSize(path: Bytes): number {
    try {
      return fs.statSync(nativePath(path)).size;
    } catch (error) {
      throw fileError(error, path, 'getting status of');
    }
  }

  modificationTime(path: Bytes): number {
    return Math.floor((this.statsAt(path)?.mtimeMs ?? 0) / 1000);
  }

  readRange(path: Bytes, offset: number, length: number): Uint8Array {
    let file: number | undefined;
    try {
      file = fs.openSync(nativePath(path), 'r');
      const buffer = Buffer.allocUnsafe(length);
      return buffer.subarray(0, fs.readSync(file, buffer, 0, length, offset));
    } catch (error) {
      throw fileError(error, path, 'opening');
    } finally {
      if (file !== undefined) fs.closeSync(file);
    }
  }

  getEnvironment(name: Bytes): Bytes | undefined {
    // A package asks for the same few names as all others do, and Node asks the system each time.
    let value = this.environment.get(name);
    if (value === undefined && !this.environment.has(name)) {
      this.environment.set(name, (value = this.askVariable(decodeUtf8(name))));
    }
    return value;
  }

  private askVariable(name: string): Bytes | undefined {
    if (this.visible !== 'all' && !this.visible.has(name)) return undefined;
    const value = process.env[name];
    return value === undefined ? undefined : encodeUtf8(value);
  }
}

/** Where files are read to that are not longer, as most Nix files are. */
const textBuffer = Buffer.allocUnsafeSlow(1 << 16);

/** The text of a file. For a short one this asks the system for less than `readFileSync` does. */
function readText(path: string | Buffer): Bytes {
  const file = fs.openSync(path, 'r');
  try {
    let used = 0;
    while (used < textBuffer.length) {
      const count = fs.readSync(file, textBuffer, used, textBuffer.length - used, null);
      // What is no regular file may have more after a short read, too.
      if (count === 0) return textBuffer.toString('latin1', 0, used);
      used += count;
    }
    return textBuffer.toString('latin1', 0, used) + fs.readFileSync(file, 'latin1');
  } finally {
    fs.closeSync(file);
  }
}

/** Hands out `size` bytes of an open file; a file that shrinks meanwhile is an error, one that grows is cut. */
function readExactly(file: number, size: number, chunk: (bytes: Uint8Array) => void, path: Bytes): void {
  const buffer = Buffer.allocUnsafe(Math.min(size, chunkSize));
  let left = size;
  while (left > 0) {
    const count = fs.readSync(file, buffer, 0, Math.min(left, buffer.length), null);
    if (count === 0) throw new HostError('other', `unexpected end-of-file while reading '${path}'`);
    chunk(buffer.subarray(0, count));
    left -= count;
  }
}

/** Where Nix's folders are is no secret, whatever variables a program may see. */
function folderVariable(name: string): Bytes | undefined {
  const value = process.env[name];
  return value === undefined || value === '' ? undefined : nixPathOf(value);
}

function typeOfEntry(entry: fs.Dirent | fs.Stats): FileType {
  if (entry.isFile()) return 'regular';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : 'unknown';
}

const systems: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i686' };

/** Nix's name of this machine. There is no Nix for Windows itself, so there it is Linux's. */
export function systemOfMachine(platform: string = process.platform, arch: string = process.arch): string {
  if (platform === 'win32') return 'x86_64-linux';
  return `${systems[arch] ?? arch}-${platform === 'darwin' ? 'darwin' : platform}`;
}

/** The name of an operating system's error, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | undefined)?.code;
}

function notRegular(path: Bytes): HostError {
  return new HostError('is-a-directory', `file '${path}' is not a regular file`);
}

function notFound(path: Bytes): HostError {
  return new HostError('not-found', `path '${path}' does not exist`);
}

/** The words of C++ Nix for an error of the operating system. */
function fileError(error: unknown, path: Bytes, what: string): unknown {
  switch (codeOf(error)) {
    case undefined:
      return error;
    case 'ENOENT':
    case 'ENOTDIR':
      return notFound(path);
    case 'EISDIR':
      return notRegular(path);
    case 'EACCES':
    case 'EPERM':
      return new HostError('access-denied', `${what} '${path}': ${reasonOf(error)}`);
    default:
      return error instanceof HostError
        ? error
        : new HostError('other', `${what} '${path}': ${reasonOf(error)}`);
  }
}

function directoryError(error: unknown, path: Bytes): unknown {
  if (codeOf(error) === 'ENOTDIR') {
    return fs.existsSync(nativePath(path))
      ? new HostError('not-a-directory', `'${path}' is not a directory`)
      : notFound(path);
  }
  return fileError(error, path, 'opening directory');
}

/** C's `strerror` where Node words an error otherwise. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EPERM: 'Operation not permitted',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
  EMFILE: 'Too many open files',
  EIO: 'Input/output error',
  EINVAL: 'Invalid argument',
  EISDIR: 'Is a directory',
  ENOSPC: 'No space left on device',
};

/** Why an operation of the operating system failed. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error) ?? '';
  return reasons[code] ?? encodeUtf8(String((error as Error).message));
}
