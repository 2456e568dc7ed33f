/** Where the command line keeps code from one run to the next, if it does. */
import { cacheFolder } from '../host/cache-folder';
import { codeFolderIn } from '../host/code-folder';
import type { SharedFolder } from '../host/shared-folder';

export const codeFolder = namedFolder();

function namedFolder(): SharedFolder | undefined {
  try {
    return codeFolderIn(cacheFolder(process.env['NIXRAY_CACHE_DIRECTORY'] ?? ''));
  } catch {
    // A relative name means nothing in a folder that is gone.
    return undefined;
  }
}
