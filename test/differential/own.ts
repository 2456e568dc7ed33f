// Evaluates programs with Nixray, in a thread with a deep stack.
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './outcome';

/** How long a batch may take. */
const patience = 120_000;

export class OwnEvaluator {
  private readonly thread: Worker;

  constructor() {
    const { resolve } = createRequire(import.meta.url);
    // A thread does not inherit the loader of TypeScript, so it starts with loading that.
    const start = `require(${JSON.stringify(resolve('tsx/cjs'))}); require(${JSON.stringify(resolve('./own-thread.ts'))});`;
    this.thread = new Worker(start, { eval: true, resourceLimits: { stackSizeMb: 128 } });
  }

  evaluate(programs: readonly string[]): Promise<Outcome[]> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.thread.off('message', answer).off('error', fail);
      };
      const answer = (outcomes: Outcome[]): void => {
        settle();
        resolve(outcomes);
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      const timer = setTimeout(() => fail(new Error('Nixray gives no answer')), patience);
      this.thread.on('message', answer).on('error', fail);
      this.thread.postMessage(programs);
    });
  }

  async close(): Promise<void> {
    await this.thread.terminate();
  }
}
