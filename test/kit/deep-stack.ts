/**
 * Evaluation on a stack as deep as the evaluator's own: in a thread, since only
 * a thread can be given one. The thread runs `deep-stack-thread.ts`.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** What an expression gives: its printed value, or its error. */
export interface DeepResult {
  readonly value?: string;
  readonly error?: { readonly kind: string; readonly message: string; readonly frames: number };
}

const stackMegabytes = 256;

/** Evaluates expressions, one after the other in one machine. */
export function evaluateDeep(expressions: readonly string[]): Promise<DeepResult[]> {
  const thread = join(__dirname, 'deep-stack-thread.ts');
  const worker = new Worker(`require('tsx/cjs'); require(${JSON.stringify(thread)});`, {
    eval: true,
    workerData: expressions,
    resourceLimits: { stackSizeMb: stackMegabytes },
  });
  return new Promise((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`the thread ended with ${code}`)));
  });
}
