// The thread that evaluates programs with Nixray.
import { parentPort } from 'node:worker_threads';
import { evaluateProgram } from './evaluate-program';

parentPort!.on('message', (programs: readonly string[]) => {
  parentPort!.postMessage(programs.map(evaluateProgram));
});
