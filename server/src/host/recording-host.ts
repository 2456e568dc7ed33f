/**
 * A host that tells which paths are looked at, so that an evaluation can be
 * repeated when one of them changes.
 */
import type { Bytes } from '../base/bytes';
import { DerivedHost } from './derived-host';
import { HostError, type DirectoryEntry, type FileType, type Host } from './host';

/** How a path was looked at: its content, its entries, or as what it is there; `missed` if it is not there. */
export type Access = 'read' | 'listed' | 'probed' | 'missed';

export class RecordingHost extends DerivedHost {
  constructor(
    inner: Host,
    /** Hears of every access, also of those that fail. */
    private readonly onAccess: (path: Bytes, access: Access) => void,
  ) {
    super(inner);
  }

  readFile(path: Bytes): Bytes {
    return this.recorded(path, 'read', () => this.inner.readFile(path));
  }

  readDirectory(path: Bytes): readonly DirectoryEntry[] {
    return this.recorded(path, 'listed', () => this.inner.readDirectory(path));
  }

  fileType(path: Bytes): FileType | undefined {
    const type = this.inner.fileType(path);
    this.onAccess(path, type === undefined ? 'missed' : 'probed');
    return type;
  }

  isExecutable(path: Bytes): boolean {
    return this.recorded(path, 'probed', () => this.inner.isExecutable(path));
  }

  readLink(path: Bytes): Bytes {
    return this.recorded(path, 'read', () => this.inner.readLink(path));
  }

  streamFile(path: Bytes, begin: (size: number) => void, chunk: (bytes: Uint8Array) => void): void {
    this.recorded(path, 'read', () => this.inner.streamFile(path, begin, chunk));
  }

  private recorded<T>(path: Bytes, access: Access, run: () => T): T {
    this.onAccess(path, access);
    try {
      return run();
    } catch (error) {
      if (error instanceof HostError && error.code === 'not-found') this.onAccess(path, 'missed');
      throw error;
    }
  }

  fileSize(path: Bytes): number {
    this.onAccess(path, 'read');
    return this.inner.fileSize(path);
  }

  modificationTime(path: Bytes): number {
    this.onAccess(path, 'probed');
    return this.inner.modificationTime(path);
  }

  readRange(path: Bytes, offset: number, length: number): Uint8Array {
    this.onAccess(path, 'read');
    return this.inner.readRange(path, offset, length);
  }
}
