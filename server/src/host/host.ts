/**
 * The outside world, as evaluation sees it. Paths are absolute byte strings
 * with `/` as separator on every system; a drive `C:` is `/c`.
 */
import type { Bytes } from '../base/bytes';
import type { NixFolders } from './nix-folders';

export type FileType = 'regular' | 'directory' | 'symlink' | 'unknown';

export interface DirectoryEntry {
  readonly name: Bytes;
  readonly type: FileType;
}

/** A file operation failed; `message` is worded as C++ Nix words it. */
export class HostError {
  constructor(
    readonly code: 'not-found' | 'not-a-directory' | 'is-a-directory' | 'access-denied' | 'other',
    readonly message: Bytes,
  ) {}
}

/** Files and folders below a root, which is `/`. */
export interface FileTree {
  /** The content of a file, following symbolic links. @throws HostError */
  readFile(path: Bytes): Bytes;
  /** The entries of a folder, in no particular order. @throws HostError */
  readDirectory(path: Bytes): readonly DirectoryEntry[];
  /** The type of what stands at the path itself, a link not followed; undefined if there is nothing. @throws HostError */
  fileType(path: Bytes): FileType | undefined;
  /** Whether the owner may execute the file; for NAR hashes. */
  isExecutable(path: Bytes): boolean;
  /** The target of a symbolic link, as it is written. @throws HostError */
  readLink(path: Bytes): Bytes;
  /**
   * The content of a file in pieces, so that a large one is never whole in memory: `begin` hears
   * the size, then `chunk` every piece; together they have that size. @throws HostError
   */
  streamFile(path: Bytes, begin: (size: number) => void, chunk: (bytes: Uint8Array) => void): void;
}

export interface Host extends FileTree {
  /** How many bytes a file has. @throws HostError */
  fileSize(path: Bytes): number;
  /** When what stands at the path itself was changed last, in seconds since 1970; 0 if there is nothing. @throws HostError */
  modificationTime(path: Bytes): number;
  /** A part of a file, shorter where the file ends before. @throws HostError */
  readRange(path: Bytes, offset: number, length: number): Uint8Array;
  /** An environment variable, if evaluation may see it. */
  getEnvironment(name: Bytes): Bytes | undefined;
  /** The experimental features that are on, by their names in `experimental-features`. */
  readonly features: ReadonlySet<string>;
  /** What relative entries of a search path are relative to. @throws HostError where it was removed */
  readonly workingDirectory: Bytes;
  /** The home folder, for `~/…`. */
  readonly home: Bytes;
  /** Where Nix keeps its things, which evaluation reads where it stands in for Nix. */
  readonly nixFolders: NixFolders;
  /** Nix's name of this system, e.g. `x86_64-linux`. */
  readonly system: Bytes;
  /** Seconds since 1970, fixed for the life of an evaluator. */
  readonly currentTime: number;
}
