/** The thread that runs a command: gives it the process for a world, and tells its exit code. */
import { parentPort } from 'node:worker_threads';
import { fetchNixpkgs } from './fetch-nixpkgs';
import { ProcessWorld } from './process-world';
import { runCommand } from './run-command';

async function run([name, ...rest]: readonly string[]): Promise<void> {
  const world = new ProcessWorld();
  const code =
    name === 'fetch-nixpkgs'
      ? await fetchNixpkgs(rest, world, interruption())
      : runCommand([...(name === undefined ? [] : [name]), ...rest], world);
  world.end();
  parentPort!.postMessage(code);
}

/** Aborted when somebody presses Ctrl-C, of which only the main thread hears. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  parentPort!.once('message', () => controller.abort());
  return controller.signal;
}

void run(process.argv.slice(2));
