/** Where the command line keeps code from one run to the next. */
import { join } from 'node:path';
import { buildId } from '../base/build';
import { cacheFolder } from '../host/cache-folder';
import { SharedFolder } from '../host/shared-folder';

/** The folder of this build; a build that nobody can tell from another has none. */
export const codeFolder: SharedFolder | undefined =
  buildId === undefined
    ? undefined
    : new SharedFolder(join(cacheFolder(process.env['NIXRAY_CACHE_DIRECTORY'] ?? ''), `code-${buildId}`));
