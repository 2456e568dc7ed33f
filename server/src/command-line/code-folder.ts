/** Where the command line keeps code from one run to the next. */
import { cacheFolder } from '../host/cache-folder';
import { codeFolderIn } from '../host/code-folder';

export const codeFolder = codeFolderIn(cacheFolder(process.env['NIXRAY_CACHE_DIRECTORY'] ?? ''));
