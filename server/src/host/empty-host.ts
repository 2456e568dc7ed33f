/** A host with nothing in it: no file, no variable. The ground of files that are in memory alone. */
import type { Bytes } from '../base/bytes';
import { HostError, type DirectoryEntry, type FileType, type Host } from './host';
import { nixFolders, type NixFolders } from './nix-folders';

export class EmptyHost implements Host {
  readonly features: ReadonlySet<string> = new Set();
  readonly workingDirectory = '/';
  readonly home = '/home';
  readonly nixFolders: NixFolders = nixFolders('/home', () => undefined);
  readonly system = 'x86_64-linux';
  readonly currentTime = 0;

  readFile(path: Bytes): Bytes {
    throw missing(path);
  }
  readDirectory(path: Bytes): readonly DirectoryEntry[] {
    throw missing(path);
  }
  fileType(path: Bytes): FileType | undefined {
    return path === '/' ? 'directory' : undefined;
  }
  isExecutable(): boolean {
    return false;
  }
  readLink(path: Bytes): Bytes {
    throw missing(path);
  }
  streamFile(path: Bytes): void {
    throw missing(path);
  }
  fileSize(path: Bytes): number {
    throw missing(path);
  }
  modificationTime(): number {
    return 0;
  }
  readRange(path: Bytes): Uint8Array {
    throw missing(path);
  }
  getEnvironment(): Bytes | undefined {
    return undefined;
  }
}

function missing(path: Bytes): HostError {
  return new HostError('not-found', `path '${path}' does not exist`);
}
