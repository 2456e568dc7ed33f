/** What a command measures of its evaluation besides doing it: `--stats` and `--profile`. */
import { decodeUtf8 } from '../base/bytes';
import type { Host } from '../host/host';
import { Profiler } from '../profile/profiler';
import type { Vm } from '../vm/vm';
import type { InstantiateOptions } from './instantiate-options';
import { profileWriter } from './profile-file';
import { startStatistics } from './statistics';
import type { World } from './world';

/**
 * Runs an evaluation and writes what was to be measured of it, also where it fails.
 * @throws what `run` throws; UsageError for a profile of an unknown format; HostError
 */
export function measured(
  { statistics, profile }: InstantiateOptions,
  { vm, host, world }: { readonly vm: Vm; readonly host: Host; readonly world: World },
  run: () => void,
): void {
  const finish: (() => void)[] = [];
  if (statistics || wantsStatistics(host)) {
    const counts = startStatistics();
    finish.push(() => writeStatistics(counts.finish(vm), host, world));
  }
  if (profile !== undefined) {
    const write = profileWriter(profile);
    const profiler = new Profiler();
    profiler.observe(vm);
    finish.push(() => {
      world.writeFile(profile, write(profiler.stop()));
    });
  }
  try {
    run();
  } finally {
    for (const step of finish) step();
  }
}

function wantsStatistics(host: Host): boolean {
  return (host.getEnvironment('NIX_SHOW_STATS') ?? '0') !== '0';
}

function writeStatistics(counts: object, host: Host, world: World): void {
  const text = `${JSON.stringify(counts, undefined, 2)}\n`;
  const path = host.getEnvironment('NIX_SHOW_STATS_PATH') ?? '-';
  if (path === '-') world.writeError(text);
  else world.writeFile(decodeUtf8(path), text);
}
