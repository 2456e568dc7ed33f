/** What tells a nixpkgs from any other folder. */
import type { Bytes } from '../base/bytes';
import { HostError, type Host } from './host';
import { directoryOf } from './path';

/** Whether a folder is a checkout of nixpkgs. One that may not be looked into is none. */
export function isNixpkgs(host: Pick<Host, 'fileType'>, folder: Bytes): boolean {
  try {
    return host.fileType(`${folder}/pkgs/top-level/default.nix`) !== undefined;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}

/** The nixpkgs that a file is in, if it is in one. */
export function nixpkgsAround(host: Pick<Host, 'fileType'>, path: Bytes): Bytes | undefined {
  for (let folder = directoryOf(path); folder !== '/'; folder = directoryOf(folder))
    if (isNixpkgs(host, folder)) return folder;
  return undefined;
}
