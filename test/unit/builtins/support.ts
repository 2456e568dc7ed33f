// An evaluator in an empty world, and what tests of builtins ask it.
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { builtinRecords } from '../../../server/src/builtins/registry';
import { Evaluator } from '../../../server/src/evaluator/evaluator';
import { MemoryHost } from '../../../server/src/host/memory-host';
import { EmptyHost } from '../../../server/src/host/empty-host';
import { EvalError } from '../../../server/src/values/error';
import { print } from '../../../server/src/values/printer';
import { unlimited, type Limits } from '../../../server/src/vm/limits';

export interface World {
  readonly evaluator: Evaluator;
  readonly host: MemoryHost;
  /** What `trace` and `warn` said. */
  readonly reports: string[];
}

/** A host where every experimental feature is on. */
class HostWithFeatures extends EmptyHost {
  override readonly features = new Set(
    builtinRecords.flatMap((record) => (record.feature === undefined ? [] : [record.feature])),
  );
}

export function createWorld(limits: Limits = unlimited()): World {
  const host = new MemoryHost(new HostWithFeatures());
  const reports: string[] = [];
  const evaluator = new Evaluator({
    host,
    searchPath: [],
    limits,
    report: (kind, message) => reports.push(`${kind}: ${decodeUtf8(message)}`),
  });
  return { evaluator, host, reports };
}

/** The value of an expression, printed strictly. */
export function evaluate(expression: string, world = createWorld()): string {
  const { vm } = world.evaluator;
  vm.reset();
  const value = world.evaluator.evaluateText(encodeUtf8(expression), '/');
  return decodeUtf8(print(value, { force: vm, errors: 'throw' }));
}

/** The error that evaluating an expression strictly ends with. */
export function errorOf(expression: string, world = createWorld()): EvalError {
  try {
    const value = evaluate(expression, world);
    throw new Error(`${expression} gave ${value}`);
  } catch (error) {
    if (error instanceof EvalError) return error;
    throw error;
  }
}

/** The message of the error that an expression ends with. */
export function messageOf(expression: string, world = createWorld()): string {
  return decodeUtf8(errorOf(expression, world).message);
}

/** The messages of the frames of an error, the outermost first, and its own. */
export function traceOf(expression: string, world = createWorld()): string[] {
  const error = errorOf(expression, world);
  const messages: string[] = [];
  for (let trace = error.trace; trace !== undefined; trace = trace.inner) messages.push(trace.frame.message);
  return [...messages, error.message].map(decodeUtf8);
}
