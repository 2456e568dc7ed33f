/**
 * The command line's first file: small, so that it starts fast. An evaluation is
 * attempted here first. Other work, and an evaluation that needs more stack or
 * memory than there is, goes to a thread; the language server brings its own
 * processes and runs here, as does what waits for the network.
 */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { evaluationLimits } from './base/thread-limits';
import type { Attempted } from './command-line/attempt';
import { runProgram, type ProgramRun } from './command-line/load-program';

/** Large sets of packages take gigabytes; what is left is for the rest of the machine. */
const heapMegabytes = Math.floor((totalmem() / 2 ** 20) * 0.8);

const args = process.argv.slice(2);

function startServer(): void {
  process.argv.splice(2, 1);
  if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
  void import(join(__dirname, 'server.js'));
}

function evaluate(): void {
  // Only the bundle that is built for counting can give statistics in full.
  const counts = args.includes('--stats') || (process.env.NIX_SHOW_STATS ?? '0') !== '0';
  const program = counts ? 'evaluation-counting.js' : 'evaluation.js';
  // What is measured is measured of one run.
  if (counts || args.includes('--profile')) void runInThread(program);
  else attempt(program);
}

function attempt(program: string): void {
  try {
    const { exitCode, attempted } = runProgram(runOf(program, 'attempt'));
    if (attempted === undefined) process.exit(exitCode);
    else void runInThread(program, attempted);
  } catch (error) {
    fail(error as Error);
  }
}

function runOf(program: string, after: 'attempt' | Attempted | undefined): ProgramRun {
  return { path: join(__dirname, program), request: { args, after } };
}

async function runInThread(program: string, after?: Attempted): Promise<void> {
  // Loading this takes a tenth of the time of a small evaluation.
  const { Worker } = await import('node:worker_threads');
  const worker = new Worker(join(__dirname, 'thread.js'), {
    workerData: runOf(program, after),
    resourceLimits: { ...evaluationLimits, maxOldGenerationSizeMb: heapMegabytes },
  });
  worker.on('message', (code: number) => process.exit(code));
  worker.on('error', fail);
}

function fail(error: Error & { code?: string }): void {
  const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  console.error(outOfMemory ? 'error: out of memory' : (error.stack ?? String(error)));
  process.exit(1);
}

switch (args[0]) {
  case 'lsp':
    startServer();
    break;
  case 'fetch-nixpkgs':
    void import(join(__dirname, 'fetch-nixpkgs.js'));
    break;
  case 'eval':
  case 'instantiate':
    evaluate();
    break;
  default:
    void runInThread('command-line.js');
}
