// What Nixray gives for a program, on a host without any files.
import { decodeUtf8, encodeUtf8 } from '../../server/src/base/bytes';
import { printJson } from '../../server/src/builtins/json-writer';
import { Evaluator } from '../../server/src/evaluator/evaluator';
import { EmptyHost, MemoryHost } from '../../server/src/host/memory-host';
import { EvalError, Interruption } from '../../server/src/values/error';
import { printAmbiguous } from '../../server/src/values/printer';
import { unlimited } from '../../server/src/vm/limits';
import { failed, interrupted, needsPlain, printed, type Answer, type Outcome } from './outcome';

/** Milliseconds; programs are made to be quick, so more means that something is wrong. */
const patience = 5_000;

const limits = unlimited();
const evaluator = new Evaluator({ host: new MemoryHost(new EmptyHost()), searchPath: [], limits });

export function evaluateProgram(program: string): Outcome {
  const json = attempt(() => printJson(evaluator.vm, value(program)).text);
  if (!needsPlain(json)) return { json };
  // The second evaluation starts anew: C++ Nix prints the two forms in two processes.
  return { json, plain: attempt(() => printAmbiguous(evaluator.vm.forceDeep(value(program)))) };
}

function value(program: string) {
  evaluator.vm.reset();
  limits.deadline = performance.now() + patience;
  return evaluator.evaluateText(encodeUtf8(program), '/pwd', encodeUtf8('/pwd/program.nix'), 'file');
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
