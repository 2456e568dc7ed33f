/**
 * A host that tells which paths are looked at, so that an evaluation can be
 * repeated when one of them changes.
 */
import type { Bytes } from '../base/bytes';
import type { DirectoryEntry, FileType, Host } from './host';
import type { NixFolders } from './nix-folders';

/** How a path was looked at: its content, its entries, or whether and as what it is there. */
export type Access = 'read' | 'listed' | 'probed';

export class RecordingHost implements Host {
  constructor(
    private readonly inner: Host,
    /** Hears of every access, also of those that fail. */
    public onAccess: (path: Bytes, access: Access) => void,
  ) {}

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

  readFile(path: Bytes): Bytes {
    this.onAccess(path, 'read');
    return this.inner.readFile(path);
  }

  readDirectory(path: Bytes): readonly DirectoryEntry[] {
    this.onAccess(path, 'listed');
    return this.inner.readDirectory(path);
  }

  fileType(path: Bytes): FileType | undefined {
    this.onAccess(path, 'probed');
    return this.inner.fileType(path);
  }

  isExecutable(path: Bytes): boolean {
    this.onAccess(path, 'probed');
    return this.inner.isExecutable(path);
  }

  readLink(path: Bytes): Bytes {
    this.onAccess(path, 'read');
    return this.inner.readLink(path);
  }

  streamFile(path: Bytes, begin: (size: number) => void, chunk: (bytes: Uint8Array) => void): void {
    this.onAccess(path, 'read');
    this.inner.streamFile(path, begin, chunk);
  }

  getEnvironment(name: Bytes): Bytes | undefined {
    return this.inner.getEnvironment(name);
  }
}
