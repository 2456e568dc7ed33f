/** Where compiled code is kept from one run to the next. */
import { join } from 'node:path';
import { buildId } from '../base/build';
import { SharedFolder } from './shared-folder';

/** This build's part of a cache folder; a build that nobody can tell from another has none. */
export function codeFolderIn(cacheFolder: string): SharedFolder | undefined {
  return buildId === undefined ? undefined : new SharedFolder(join(cacheFolder, `code-${buildId}`));
}
