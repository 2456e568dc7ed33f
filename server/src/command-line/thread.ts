/** What the thread of the command line runs: gives a command the process for a world. */
import { parentPort } from 'node:worker_threads';
import { prepareShortRun, restoreFlags } from '../base/v8-flags';
import { fetchNixpkgs } from './fetch-nixpkgs';
import { ProcessWorld } from './process-world';
import { runCommand } from './run-command';

export interface Ended {
  readonly exitCode: number;
  /** Whether the run did work that an earlier one had not done: then most of this program has run. */
  readonly learnt: boolean;
}

export async function run([name, ...rest]: readonly string[]): Promise<Ended> {
  prepareShortRun();
  const world = new ProcessWorld();
  const exitCode =
    name === 'fetch-nixpkgs'
      ? await fetchNixpkgs(rest, world, interruption())
      : runCommand([...(name === undefined ? [] : [name]), ...rest], world);
  world.end();
  restoreFlags();
  return { exitCode, learnt: world.learnt };
}

/** Aborted when somebody presses Ctrl-C, of which only the main thread hears. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  parentPort!.once('message', () => controller.abort());
  return controller.signal;
}
