/** Errors that builtins raise themselves; the machine gives them the position of their call. */
import { atCall, EvalError, type EvalErrorKind } from '../values/error';
import { printAttributeName } from '../base/literals';
import { longestArray } from './sizes';

/** An error of evaluation. Its message says in C++ Nix's words what is wrong. */
export function failure(message: string, kind: EvalErrorKind = 'evaluation-error'): EvalError {
  return new EvalError(kind, message, atCall);
}

/** A list with so many elements cannot exist. */
export function listTooLong(length: number | bigint): EvalError {
  return failure(`a list of ${length} elements is too long; the longest possible one has ${longestArray}`);
}

/** An attribute that a builtin needs is not there; `context` says in what. */
export function attributeMissing(name: string, context: string): EvalError {
  const error = failure(`attribute '${printAttributeName(name)}' missing`, 'missing-attribute');
  return context === '' ? error : error.while(context, atCall);
}
