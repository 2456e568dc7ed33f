/** The command line's thread, which has the deep stack and the large heap that some Nix code needs. */
import { parentPort, workerData } from 'node:worker_threads';
import { runProgram } from './command-line/load-program';
import type { Request } from './command-line/program';

/** What a thread is told. */
export interface ThreadTask {
  readonly program: string;
  readonly request: Request;
}

const { program, request } = workerData as ThreadTask;
parentPort!.postMessage(runProgram(program, request).exitCode);
