/** Where compiled code is kept from one run to the next. */
import { join } from 'node:path';
import { buildId } from '../base/build';
import { SharedFolder } from './shared-folder';

/** The parts of all builds: see `buildId` of base/build.ts. */
const buildFolder = /^code-[0-9a-f]{12}$/;

/**
 * This build's part of a cache folder; a build that nobody can tell from another has
 * none. Parts of other builds that nobody has used for a month are removed when this
 * one is written to.
 */
export function codeFolderIn(cacheFolder: string): SharedFolder | undefined {
  return buildId === undefined
    ? undefined
    : new SharedFolder(join(cacheFolder, `code-${buildId}`), buildFolder);
}
