// What Nixray gives for a program, on a host without any files.
import assert from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../server/src/base/bytes';
import { printJson } from '../../server/src/builtins/json-writer';
import { Evaluator } from '../../server/src/evaluator/evaluator';
import { MemoryHost } from '../../server/src/host/memory-host';
import { EmptyHost } from '../../server/src/host/empty-host';
import { EvalError, Interruption } from '../../server/src/values/error';
import { printAmbiguous } from '../../server/src/values/printer';
import { unlimited } from '../../server/src/vm/limits';
import { failed, interrupted, needsPlain, printed, type Answer, type Outcome } from './outcome';

/** Milliseconds; programs are made to be quick, so more means that something is wrong. */
const patience = 5_000;

const limits = unlimited();
const evaluator = evaluatorWith({});
/** Runs all code as JavaScript functions, which must not make a difference. */
const translating = evaluatorWith({ hotRuns: 1 });

function evaluatorWith(options: { readonly hotRuns?: number }): Evaluator {
  return new Evaluator({ host: new MemoryHost(new EmptyHost()), searchPath: [], limits, ...options });
}

export function evaluateProgram(program: string): Outcome {
  const outcome = evaluateBy(evaluator, program);
  const translated = evaluateBy(translating, program);
  assert.deepEqual(translated, outcome, `translated code differs from byte code for ${program}`);
  return outcome;
}

function evaluateBy(by: Evaluator, program: string): Outcome {
  const json = attempt(() => printJson(by.vm, value(by, program)).text);
  if (!needsPlain(json)) return { json };
  // The second evaluation starts anew: C++ Nix prints the two forms in two processes.
  return { json, plain: attempt(() => printAmbiguous(by.vm.forceDeep(value(by, program)))) };
}

function value(by: Evaluator, program: string) {
  by.vm.reset();
  limits.deadline = performance.now() + patience;
  return by.evaluateText(encodeUtf8(program), '/pwd', encodeUtf8('/pwd/program.nix'), 'file');
}

function attempt(evaluate: () => string): Answer {
  try {
    return printed(decodeUtf8(evaluate()));
  } catch (error) {
    if (error instanceof EvalError) return failed(decodeUtf8(error.message));
    if (error instanceof Interruption) return failed(`${interrupted}${error.message}`);
    return failed(`internal failure: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
