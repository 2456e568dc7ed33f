/**
 * The command line's first file: small, so that it starts fast. It hands the
 * work to a thread, because only a thread can have the deep stack that Nix code
 * needs; the language server brings its own processes and runs here.
 */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { evaluationLimits } from './base/thread-limits';

/** Large sets of packages take gigabytes; what is left is for the rest of the machine. */
const heapMegabytes = Math.floor((totalmem() / 2 ** 20) * 0.8);

/** Whether statistics are asked for, which only the bundle that is built for counting can give in full. */
function counts(args: readonly string[]): boolean {
  return args.includes('--stats') || (process.env.NIX_SHOW_STATS ?? '0') !== '0';
}

const args = process.argv.slice(2);
if (args[0] === 'lsp') {
  process.argv.splice(2, 1);
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  void import(join(__dirname, 'server.js'));
} else {
  const program = join(__dirname, counts(args) ? 'command-line-counting.js' : 'command-line.js');
  const worker = new Worker(join(__dirname, 'thread.js'), {
    argv: args,
    workerData: { program },
    resourceLimits: { ...evaluationLimits, maxOldGenerationSizeMb: heapMegabytes },
  });
  // A download cleans up behind itself; pressed again, the keys end it at once.
  if (args[0] === 'fetch-nixpkgs') process.once('SIGINT', () => worker.postMessage('interrupted'));
  worker.on('message', (code: number) => process.exit(code));
  worker.on('error', (error: Error & { code?: string }) => {
    const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    console.error(outOfMemory ? 'error: out of memory' : (error.stack ?? String(error)));
    process.exit(1);
  });
}
