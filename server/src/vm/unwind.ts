/** What an activation adds to an error that passes through it. */
import type { Blueprint } from '../bytecode/blueprint';
import { atCall, EvalError, type Trace } from '../values/error';
import type { Position } from '../values/position';
import { fromJavaScript } from './failures';
import type { Vm } from './vm';

/**
 * Completes an error at the instruction `at` of an activation: its position if
 * it has none yet, the frames that the builtins left for the call, and the frames
 * of the activation itself.
 */
export function explain(_vm: Vm, thrown: unknown, blueprint: Blueprint, at: number, _sp: number): unknown {
  const error = fromJavaScript(thrown);
  if (!(error instanceof EvalError)) return error;
  const position = blueprint.positionAt(at);
  if (error.position === undefined || error.position === atCall) error.position = position;
  error.trace = placeFrames(error.trace, position);
  if (blueprint.kind === 'lambda') {
    error.while(
      blueprint.name === '' ? 'while calling anonymous lambda' : `while calling '${blueprint.name}'`,
      blueprint.position(),
    );
    error.while('from call site', atCall);
  }
  return error;
}

/** Gives the outermost frames that wait for the position of their call that position. */
function placeFrames(trace: Trace | undefined, position: Position): Trace | undefined {
  if (trace === undefined || trace.frame.position !== atCall) return trace;
  return {
    frame: { message: trace.frame.message, position },
    inner: placeFrames(trace.inner, position),
  };
}
