/**
 * The thread that evaluates: it has a deep stack and a heap of its own, and
 * handles one message at a time. It never looks at cancellations; these reach
 * the evaluation through shared memory, while the thread is busy.
 */
import type { MessagePort } from 'node:worker_threads';
import { Interruption } from '../values/error';
import { perform, type FromEvaluator, type Result, type ToEvaluator } from './rpc';
import type { EvaluatorService } from './service';

/** Code is written down when nothing was asked for so long, in milliseconds. */
const idleAfter = 3000;

/** Serves the port until it is closed. */
export function serveEvaluator(port: MessagePort, service: EvaluatorService): void {
  const send = (message: FromEvaluator): void => port.postMessage(message);
  let idle: NodeJS.Timeout | undefined;
  const keepCode = (): void => {
    if (service.keepCode()) idle = setTimeout(keepCode, 0);
  };
  port.on('message', (message: ToEvaluator) => {
    clearTimeout(idle);
    idle = setTimeout(keepCode, idleAfter);
    if (message.kind === 'notice') {
      // A notice has no answer to carry a failure; the next call will show what is wrong.
      try {
        perform(service, message.notice);
      } catch (error) {
        process.stderr.write(`${message.notice.method}: ${describe(error)}\n`);
      }
    } else if (message.kind === 'call') {
      const conclusion = answer(service, message);
      const paths = service.takeReads();
      if (paths.length > 0) send({ kind: 'read', paths });
      send(service.makeRoom() ? { kind: 'again', id: message.id } : conclusion);
    }
  });
  send({ kind: 'ready' });
}

function answer(
  service: EvaluatorService,
  { id, call }: Extract<ToEvaluator, { kind: 'call' }>,
): FromEvaluator {
  try {
    return { kind: 'answer', id, result: perform(service, call) as Result };
  } catch (error) {
    if (error instanceof Interruption) {
      return { kind: 'interrupted', id, reason: error.reason, message: error.message };
    }
    return { kind: 'failure', id, message: describe(error) };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
