/** The thread of `deep-stack.ts`: evaluates the expressions it was given and posts the results. */
import { parentPort, workerData } from 'node:worker_threads';
import { decodeUtf8 } from '../../server/src/base/bytes';
import { EvalError } from '../../server/src/values/error';
import type { DeepResult } from './deep-stack';
import { TestEvaluator } from './evaluate';

const test = new TestEvaluator();
const { vm } = test.evaluator;

function result(text: string): DeepResult {
  try {
    return { value: test.strict(text) };
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    let frames = 0;
    for (let rest = error.trace; rest !== undefined; rest = rest.inner) frames++;
    const { kind, message } = error;
    return { error: { kind, message: decodeUtf8(message), frames } };
  } finally {
    vm.reset();
  }
}

parentPort!.postMessage((workerData as readonly string[]).map(result));
