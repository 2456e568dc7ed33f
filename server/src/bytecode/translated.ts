/** A chunk as a JavaScript function: see vm/translation/. Values and the machine are not known here. */

/**
 * Runs the code of a function or a thunk.
 * @param argument of a function; undefined for a thunk
 * @param thunk gets the result, if it is not null
 */
export type Run = (vm: unknown, upvalues: unknown, argument: unknown, thunk: unknown) => unknown;

/** Runs a curried function with both of its arguments. */
export type RunPair = (vm: unknown, upvalues: unknown, first: unknown, second: unknown) => unknown;

export interface Translated {
  readonly run: Run;
  /** Of a function that only makes another one: both at once. */
  readonly pair: RunPair | null;
  /** Whether all that happens to the argument is that it is forced, so that nobody can tell a thunk from its value. */
  readonly argumentStays: boolean;
  /** The same for both arguments of the pair. */
  readonly argumentsStay: boolean;
}
