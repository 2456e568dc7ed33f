/** The command line's thread, which has the deep stack and the large heap that some Nix code needs. */
import { parentPort, workerData } from 'node:worker_threads';
import { runProgram, type ProgramRun } from './command-line/load-program';

parentPort!.postMessage(runProgram(workerData as ProgramRun).exitCode);
