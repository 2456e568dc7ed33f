/** The names of the global scope, for those who only have to know which there are. */
import { builtinRecords, constantRecords, globalName, literals } from './registry';

/** Of what a name of the global scope is; a literal is `true`, `false` or `null`. */
export type BuiltinKind = 'function' | 'constant' | 'literal';

const kinds: ReadonlyMap<string, BuiltinKind> = new Map([
  ['builtins', 'constant'],
  ...literals.map(([name]) => [name, 'literal'] as const),
  ...builtinRecords.map((record) => [globalName(record), 'function'] as const),
  ...constantRecords.map((record) => [globalName(record), 'constant'] as const),
  // It is made lazily, as constants are.
  ['derivation', 'function'],
]);

export const globalNames: ReadonlySet<string> = new Set(kinds.keys());

/** What a name of the global scope stands for; undefined for a name that is none. */
export function builtinKind(name: string): BuiltinKind | undefined {
  return kinds.get(name);
}
