/**
 * The process that evaluates: the entry of a bundle of its own. Its main thread
 * passes messages on and hears cancellations, while a worker thread, which runs
 * this same file, evaluates.
 *
 * The process ends when its parent is gone, and when its worker is: a worker
 * that ran out of memory cannot be trusted to leave the process in order.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { defaultMemory } from '../base/default-limits';
import { evaluationLimits } from '../base/thread-limits';
import type { FromEvaluator, ToEvaluator } from '../evaluator/rpc';
import { createEvaluatorService } from './live';
import { serveEvaluator } from '../evaluator/worker';

function runMainThread(memory: number): void {
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(__filename, {
    workerData: { cancelled },
    resourceLimits: { ...evaluationLimits, maxOldGenerationSizeMb: memory },
  });
  /** The call that the worker has not answered yet. */
  let running: number | undefined;

  process.on('message', (message: ToEvaluator) => {
    if (message.kind === 'cancel') {
      if (message.id === running) Atomics.store(cancelled, 0, 1);
      return;
    }
    if (message.kind === 'call') {
      running = message.id;
      Atomics.store(cancelled, 0, 0);
    }
    worker.postMessage(message);
  });
  worker.on('message', (message: FromEvaluator) => {
    if (concludes(message)) running = undefined;
    send(message);
  });
  worker.on('error', (error: Error & { code?: string }) => {
    const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash';
    send({ kind: 'fatal', reason, message: error.message }, () => process.exit(1));
  });
  worker.on('exit', () => send({ kind: 'fatal', reason: 'crash', message: '' }, () => process.exit(1)));
  process.on('disconnect', endAtOnce);
}

function concludes({ kind }: FromEvaluator): boolean {
  return kind === 'answer' || kind === 'interrupted' || kind === 'again' || kind === 'failure';
}

/**
 * Ends the process whatever its worker does. `process.exit` would wait for the worker, and that
 * one may be in a call of the operating system which takes as long as a disk or a network does.
 */
function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** The parent may be gone already, which is no error worth a trace. */
function send(message: FromEvaluator, sent: () => void = () => {}): void {
  if (process.connected) process.send!(message, undefined, undefined, sent);
  else sent();
}

if (isMainThread) {
  const memory = Number(process.argv[2]);
  runMainThread(Number.isInteger(memory) && memory > 0 ? memory : defaultMemory);
} else {
  const { cancelled } = workerData as { cancelled: Int32Array };
  serveEvaluator(parentPort!, createEvaluatorService({ cancelled }));
}
