/** Which files of a workspace are Nix sources. */
import type { Bytes } from '../base/bytes';
import { HostError, type Host } from '../host/host';

/** Folders that hold no source of the user's. */
const skippedFolders = new Set(['.git', '.hg', '.svn', 'node_modules', '.direnv']);

/** Of more files nobody reads the rest. */
export const maxSourceFiles = 50_000;

export interface SourceFolder {
  /** The Nix files in it, as paths. */
  readonly files: readonly Bytes[];
  /** The folders in it that may have sources. Links are not followed. */
  readonly folders: readonly Bytes[];
}

/** Reads one folder; one that cannot be read has nothing in it. */
export function readSourceFolder(host: Host, folder: Bytes): SourceFolder {
  const files: Bytes[] = [];
  const folders: Bytes[] = [];
  for (const { name, type } of entriesOf(host, folder)) {
    const path = `${folder === '/' ? '' : folder}/${name}`;
    if (type === 'directory' && !skippedFolders.has(name)) folders.push(path);
    else if (type === 'regular' && name.endsWith('.nix')) files.push(path);
  }
  return { files, folders };
}

function entriesOf(host: Host, folder: Bytes): ReturnType<Host['readDirectory']> {
  try {
    return host.readDirectory(folder);
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

/** The text of a file; undefined for one that cannot be read. */
export function readSource(host: Host, path: Bytes): Bytes | undefined {
  try {
    return host.readFile(path);
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}
