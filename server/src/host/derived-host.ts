/** A host over another one, which answers for all that has nothing to do with files. */
import type { Bytes } from '../base/bytes';
import type { DirectoryEntry, FileType, Host } from './host';
import type { NixFolders } from './nix-folders';

export abstract class DerivedHost implements Host {
  constructor(protected readonly inner: Host) {}

  get features(): ReadonlySet<string> {
    return this.inner.features;
  }
  get workingDirectory(): Bytes {
    return this.inner.workingDirectory;
  }
  get home(): Bytes {
    return this.inner.home;
  }
  get nixFolders(): NixFolders {
    return this.inner.nixFolders;
  }
  get system(): Bytes {
    return this.inner.system;
  }
  get currentTime(): number {
    return this.inner.currentTime;
  }
  getEnvironment(name: Bytes): Bytes | undefined {
    return this.inner.getEnvironment(name);
  }

  abstract readFile(path: Bytes): Bytes;
  abstract readDirectory(path: Bytes): readonly DirectoryEntry[];
  abstract fileType(path: Bytes): FileType | undefined;
  abstract isExecutable(path: Bytes): boolean;
  abstract readLink(path: Bytes): Bytes;
  abstract streamFile(path: Bytes, begin: (size: number) => void, chunk: (bytes: Uint8Array) => void): void;
  abstract fileSize(path: Bytes): number;
  abstract modificationTime(path: Bytes): number;
  abstract readRange(path: Bytes, offset: number, length: number): Uint8Array;
}
