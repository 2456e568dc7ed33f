/** Where Nixray keeps what it can do without: the folder of a setting, else one of the system's for caches. */
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

export interface CacheSurroundings {
  readonly platform: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The folder as the operating system writes it; it need not exist.
 * @param setting the setting `cache.directory`; a leading `~/` is the home folder
 */
export function cacheFolder(
  setting: string,
  { platform, home, environment }: CacheSurroundings = {
    platform: process.platform,
    home: homeFolder(),
    environment: process.env,
  },
): string {
  if (setting !== '') return resolve(setting.replace(/^~(?=$|[/\\])/, home));
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Caches', 'nixray');
    case 'win32':
      return join(environment['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'nixray', 'cache');
    default:
      return join(absolute(environment['XDG_CACHE_HOME']) ?? join(home, '.cache'), 'nixray');
  }
}

/** HOME can be empty, or anything else. */
function homeFolder(): string {
  const home = homedir();
  return isAbsolute(home) ? home : userInfo().homedir;
}

/** The specification of these variables has relative values ignored. */
function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined;
}
