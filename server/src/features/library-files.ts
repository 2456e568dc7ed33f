/**
 * Which files of a trace are the user's own and which a library's: what is outside
 * of the workspace, and `lib` of a nixpkgs wherever it is.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Host } from '../host/host';
import { isNixpkgs } from '../host/nixpkgs-folder';
import { directoryOf, isBelow } from '../host/path';

/** How many names of a path are enough to know a file outside of the workspace. */
const shownNames = 3;

/** The hash in the name of what stands in a store. */
const storeHash = /^[0-9a-df-np-sv-z]{32}-/;

export class LibraryFiles {
  /** The nixpkgs around each folder that was looked at. */
  private readonly nixpkgs = new Map<Bytes, Bytes | undefined>();
  private readonly folders: readonly Bytes[];

  constructor(
    private readonly host: Pick<Host, 'fileType'>,
    folders: readonly Bytes[],
    /** The document that the trace is about; it is the user's own wherever it is. */
    private readonly document: Bytes,
  ) {
    this.folders = folders.length > 0 ? folders : [directoryOf(document)];
  }

  /** What a library's file is called, such as `nixpkgs/lib/modules.nix`; undefined for a file of the user's own. */
  nameOf(path: Bytes): string | undefined {
    if (path === this.document) return undefined;
    const isInside = this.folders.some((folder) => isBelow(path, folder));
    const root = this.nixpkgsAround(directoryOf(path));
    if (root === undefined) return isInside ? undefined : lastNames(path);
    const within = path.slice(root.length + 1);
    return isInside && !within.startsWith('lib/') ? undefined : `nixpkgs/${decodeUtf8(within)}`;
  }

  private nixpkgsAround(folder: Bytes): Bytes | undefined {
    if (folder === '/') return undefined;
    if (this.nixpkgs.has(folder)) return this.nixpkgs.get(folder);
    const found = isNixpkgs(this.host, folder) ? folder : this.nixpkgsAround(directoryOf(folder));
    this.nixpkgs.set(folder, found);
    return found;
  }
}

function lastNames(path: Bytes): string {
  const names = path.split('/').slice(-shownNames);
  return decodeUtf8(names.map((name) => name.replace(storeHash, '')).join('/'));
}
