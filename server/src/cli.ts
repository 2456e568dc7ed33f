/**
 * The command line's first file: small, so that it starts fast. An evaluation is
 * attempted here first. One that needs more stack or memory than there is goes to
 * a thread, as does what evaluates like an editor; the language server brings its
 * own processes and runs here, as does what waits for the network or only prints help.
 */
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { evaluationLimits } from './base/thread-limits';
import { collectGarbage } from './base/v8-flags';
import type { Attempted } from './command-line/attempt';
import { failureText } from './command-line/failure-text';
import { runProgram, type ProgramRun } from './command-line/load-program';
import { currentFolder } from './host/current-folder';

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
  else runHere(program, 'attempt');
}

/** Runs a program in this thread; where that is an attempt which fails, in another one after it. */
function runHere(program: string, after?: 'attempt'): void {
  try {
    const { exitCode, attempted } = runProgram(runOf(program, after));
    if (attempted === undefined) process.exit(exitCode);
    else void runInThread(program, attempted);
  } catch (error) {
    fail(error);
  }
}

function runOf(program: string, after: 'attempt' | Attempted | undefined): ProgramRun {
  return { path: join(__dirname, program), request: { args, after } };
}

async function runInThread(program: string, after?: Attempted): Promise<void> {
  try {
    // Loading this takes a tenth of the time of a small evaluation.
    const { Worker } = await import('node:worker_threads');
    if (after) collectGarbage();
    // A thread cannot start in a folder that is gone.
    currentFolder();
    const worker = new Worker(join(__dirname, 'thread.js'), {
      workerData: runOf(program, after),
      resourceLimits: { ...evaluationLimits, maxOldGenerationSizeMb: heapMegabytes },
    });
    worker.on('message', (code: number) => process.exit(code));
    worker.on('error', fail);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  console.error(failureText(error));
  process.exit(1);
}

function runOtherCommand(): void {
  const evaluates = ['check', 'hover', 'bytecode'].includes(args[0] ?? '') && !args.includes('--help');
  if (evaluates) void runInThread('command-line.js');
  else runHere('command-line.js');
}

switch (args[0]) {
  case 'lsp':
    if (args.includes('--help')) runOtherCommand();
    else startServer();
    break;
  case 'fetch-nixpkgs':
    void import(join(__dirname, 'fetch-nixpkgs.js'));
    break;
  case 'eval':
  case 'instantiate':
    evaluate();
    break;
  default:
    runOtherCommand();
}
