/**
 * Where a name comes from in its own file: the binding, the `inherit` or the parameter,
 * however far its value comes from; else the environment of the `with` that has to have it.
 */
import type { Range } from '../base/range';
import { globalNames } from '../builtins/global-names';
import { meaningOf, nameAt } from '../names/declarations';
import type { ParsedFile } from '../syntax/parse';

/** Undefined for builtins, for attributes that are selected, and where there is no name. */
export function declarationAt(parsed: ParsedFile, offset: number): Range | undefined {
  const name = nameAt(parsed, offset);
  if (name === undefined) return undefined;
  const { declaration, withs } = meaningOf(name);
  if (declaration !== undefined) return declaration.range;
  const [environment] = withs;
  if (environment === undefined || globalNames.has(name.name)) return undefined;
  return { start: environment.at, end: environment.at + environment.node.width };
}
