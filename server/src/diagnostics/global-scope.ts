/**
 * The global scope as the static phases see it: which names there are, and what
 * each builtin is. Values that only an evaluator has, such as `builtins` and the
 * constants, are placeholders that nobody evaluates.
 */
import { unreachable } from '../base/internal-error';
import { builtinRecords, constantRecords, globalName, literals } from '../builtins/registry';
import { lazily } from '../values/thunk';
import { Builtin, type Value } from '../values/value';

/** The constants that an evaluator has as thunks; where they are used, the code forces them. */
const thunkConstants = new Set(['derivation', 'nixPath']);

const placeholders = new Map<Value, string>();

/** What a name stands for in the global scope. */
export const globalScope: ReadonlyMap<string, Value> = createGlobalScope();

/** The name of what stands in for a value that only an evaluator has; undefined for any other value. */
export function placeholderName(value: Value): string | undefined {
  return placeholders.get(value);
}

function createGlobalScope(): Map<string, Value> {
  const scope = new Map<string, Value>([...literals, ['builtins', placeholder('builtins')]]);
  for (const record of builtinRecords)
    scope.set(globalName(record), new Builtin(record, record.parameters.length));
  for (const record of constantRecords) {
    const name = globalName(record);
    scope.set(name, placeholder(name, thunkConstants.has(record.name)));
  }
  return scope;
}

function placeholder(name: string, thunk = false): Value {
  const call = (): never => unreachable(name);
  const value = thunk ? lazily(call) : new Builtin({ name, call }, 1);
  placeholders.set(value, name);
  return value;
}
