/** The thread that runs a command: gives it the process for a world, and tells its exit code. */
import { parentPort } from 'node:worker_threads';
import { ProcessWorld } from './process-world';
import { runCommand } from './run-command';

const world = new ProcessWorld();
const code = runCommand(process.argv.slice(2), world);
world.flush();
parentPort!.postMessage(code);
