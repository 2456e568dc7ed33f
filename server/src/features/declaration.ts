/**
 * Where a name comes from in its own file: the binding, the `inherit` or the parameter,
 * however far its value comes from; else the environment of the `with` that has to have it.
 * An attribute that is selected is declared where it is bound, an option where its module
 * declares it, which the evaluator knows.
 */
import { globalNames } from '../builtins/global-names';
import { meaningOf, nameAt } from '../names/declarations';
import type { ParsedFile } from '../syntax/parse';
import { nodesAt } from '../syntax/walk';
import { attributeAt, type Definition } from './definition';

/** Undefined for builtins, and where there is no name. */
export function declarationAt(parsed: ParsedFile, offset: number): Definition | undefined {
  const name = nameAt(parsed, offset);
  if (name === undefined) return attributeAt(nodesAt(parsed, offset).reverse());
  const { declaration, withs } = meaningOf(name);
  if (declaration !== undefined) return { kind: 'here', range: declaration.range };
  const [environment] = withs;
  if (environment === undefined || globalNames.has(name.name)) return undefined;
  const range = { start: environment.at, end: environment.at + environment.node.width };
  return { kind: 'here', range };
}
