/** `nixray fetch-nixpkgs`: the one command that uses the network. */
import { encodeUtf8 } from '../base/bytes';
import { nixpkgsReleases } from '../../../shared/src/nixpkgs-releases';
import { DownloadError } from '../download/failure';
import { fetchArchive, type FetchProgress } from '../download/fetch-archive';
import { nixpkgsRequest } from '../download/nixpkgs';
import { cacheFolder } from '../host/cache-folder';
import { nixPathOf } from '../host/host-path';
import { ownFlag, parseFlags, UsageError, type Flag } from './flags';
import { fetchNixpkgsHelp } from './help';
import type { World } from './world';

interface Options {
  release: string | undefined;
  url: string | undefined;
  sha256: string | undefined;
  cacheDirectory: string;
  action: 'fetch' | 'list' | 'help';
}

/** The exit code of a program that Ctrl-C ended. */
const interrupted = 130;

export async function fetchNixpkgs(
  args: readonly string[],
  world: World,
  signal: AbortSignal,
): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.action === 'fetch') return await fetchChosen(options, world, signal);
    const names = nixpkgsReleases.map(({ name }) => `${name}\n`).join('');
    world.write(options.action === 'help' ? fetchNixpkgsHelp : names);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      world.writeError('interrupted; nothing was kept\n');
      return interrupted;
    }
    if (error instanceof UsageError) {
      const hint = "Try 'nixray fetch-nixpkgs --help' for more information.";
      world.writeError(`error: ${encodeUtf8(error.message)}\n${hint}\n`);
    } else if (error instanceof DownloadError) world.writeError(`error: ${encodeUtf8(error.message)}\n`);
    else throw error;
    return 1;
  }
}

async function fetchChosen(options: Options, world: World, signal: AbortSignal): Promise<number> {
  const request = nixpkgsRequest(options, cacheFolder(options.cacheDirectory));
  const report = new ProgressLines(world, request.url);
  const { path, downloaded } = await fetchArchive(request, { signal, progress: (step) => report.hear(step) });
  const entry = `nixpkgs=${nixPathOf(path)}`;
  if (!downloaded) world.writeError('It was there already.\n');
  world.writeError('This is an entry for -I, for NIX_PATH, and for the setting nixray.searchPath:\n');
  world.write(`${entry}\n`);
  return 0;
}

function parseOptions(args: readonly string[]): Options {
  const options: Options = {
    release: undefined,
    url: undefined,
    sha256: undefined,
    cacheDirectory: process.env['NIXRAY_CACHE_DIRECTORY'] ?? '',
    action: 'fetch',
  };
  parseFlags(args, {
    flags: new Map<string, Flag>([
      ['--help', { arity: 0, apply: () => (options.action = 'help') }],
      ['--list', { arity: 0, apply: () => (options.action = 'list') }],
      ['--url', ownFlag((value) => (options.url = value))],
      ['--sha256', ownFlag((value) => (options.sha256 = value))],
      ['--cache-directory', ownFlag((value) => (options.cacheDirectory = value))],
    ]),
    positional: (release) => {
      if (options.release !== undefined) throw new UsageError('one release is enough');
      options.release = release;
    },
  });
  return options;
}

const mebibyte = 2 ** 20;

/** A line now and then: every tenth part, or every few mebibytes where the size is not known. */
class ProgressLines {
  private told = -1;

  constructor(
    private readonly world: World,
    private readonly url: string,
  ) {}

  hear(progress: FetchProgress): void {
    if (progress.phase === 'checking') return this.world.writeError('checking the hash\n');
    const { received, size } = progress;
    const step = Math.floor(size === undefined ? received / (10 * mebibyte) : (10 * received) / size);
    if (step <= this.told) return;
    if (this.told < 0) this.world.writeError(`downloading ${encodeUtf8(this.url)}\n`);
    else this.world.writeError(`  ${amount(received)}${size === undefined ? '' : ` of ${amount(size)}`}\n`);
    this.told = step;
  }
}

function amount(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}
