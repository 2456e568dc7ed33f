/**
 * The global scope as the static phases see it: which names there are, and what
 * each builtin is. Values that only an evaluator has, such as `builtins` and the
 * constants, are placeholders that nobody evaluates.
 */
import { unreachable } from '../base/internal-error';
import { builtinRecords, constantRecords } from '../builtins/registry';
import { lazily } from '../values/thunk';
import { Builtin, type Value } from '../values/value';

/** The constants that an evaluator has as thunks; where they are used, the code forces them. */
const thunkConstants = new Set(['derivation', 'nixPath']);

/** What a name stands for in the global scope. */
export const globalScope: ReadonlyMap<string, Value> = createGlobalScope();

/** The names of the placeholders, by their values. */
const placeholders = new Map<Value, string>(
  [...globalScope].filter(([, value]) => typeof value === 'object').map(([name, value]) => [value, name]),
);

/** The name of a value of the global scope; undefined for any other value. */
export function globalName(value: Value): string | undefined {
  return value === null ? undefined : placeholders.get(value);
}

function createGlobalScope(): Map<string, Value> {
  const scope = new Map<string, Value>([
    ['true', true],
    ['false', false],
    ['null', null],
    ['builtins', placeholder('builtins')],
  ]);
  for (const record of builtinRecords) {
    const name = record.global === true ? record.name : `__${record.name}`;
    scope.set(name, new Builtin(record, record.parameters.length));
  }
  for (const { name, scope: kind } of constantRecords) {
    const global = kind === 'underscored' ? `__${name}` : name;
    scope.set(global, thunkConstants.has(name) ? lazily(() => unreachable(name)) : placeholder(global));
  }
  return scope;
}

function placeholder(name: string): Value {
  return new Builtin({ name, call: () => unreachable(name) }, 1);
}
