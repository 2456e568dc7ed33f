/** The files that a command of the command line is to look at. */
import type { Bytes } from '../base/bytes';
import { HostError, type Host } from '../host/host';
import { compareBytes } from '../values/attrs';
import { absolutePath } from './project';

/** Something to look at. */
export interface Input {
  /** Undefined for standard input. */
  readonly path: Bytes | undefined;
  /** Why a folder has no files. */
  readonly problem?: HostError;
}

/** What is named more than once, such as by a folder and by itself, counts once. */
export function eachOnce(inputs: readonly Input[]): Input[] {
  return [...new Map(inputs.map((input) => [input.path, input])).values()];
}

/** What an argument names. */
export function inputsAt(path: string, host: Host): Input[] {
  return path === '-' ? [{ path: undefined }] : nixFiles(host, absolutePath(host, path));
}

/** A file, or the Nix files in a folder and below; what is hidden or installed is left out. */
function nixFiles(host: Host, path: Bytes): Input[] {
  const waiting = [path];
  const files: (Input & { readonly path: Bytes })[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    try {
      if (host.fileType(next) === 'directory') waiting.push(...partsOf(host, next));
      else files.push({ path: next });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      files.push({ path: next, problem: error });
    }
  }
  return files.sort((a, b) => compareBytes(a.path, b.path));
}

/** The folders and the Nix files in a folder. @throws HostError */
function partsOf(host: Host, folder: Bytes): Bytes[] {
  return host
    .readDirectory(folder)
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .filter(({ name, type }) => type === 'directory' || (type === 'regular' && name.endsWith('.nix')))
    .map(({ name }) => `${folder}/${name}`);
}
