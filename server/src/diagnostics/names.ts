/** Undefined variables, names that are bound twice, and the like: what Nix finds before it evaluates. */
import { builtinRecords, constantRecords } from '../builtins/registry';
import { staticErrors } from '../names/static-errors';
import type { ParsedFile } from '../syntax/parse';
import type { Check, Diagnostic } from './diagnostic';
import { staticDiagnostic } from './static-diagnostic';

/** The names of the global scope, without the values that only an evaluator has. */
const globalNames: ReadonlySet<string> = new Set([
  'builtins',
  'true',
  'false',
  'null',
  ...builtinRecords.map(({ name, global }) => (global ? name : `__${name}`)),
  ...constantRecords.map(({ name, scope }) => (scope === 'underscored' ? `__${name}` : name)),
]);

const globals = { has: (name: string) => globalNames.has(name), keys: () => globalNames.keys() };

/** How deep a text may nest for this check, which follows the nesting with calls of its own. */
const maxNesting = 1000;

export const namesCheck: Check = {
  name: 'names',
  run({ parsed }) {
    if (parsed.nesting > maxNesting) return [unchecked(parsed)];
    return staticErrors(parsed, globals).map(staticDiagnostic);
  },
};

function unchecked({ root, rootAt }: ParsedFile): Diagnostic {
  return {
    range: { start: rootAt, end: rootAt + Math.min(1, root.width) },
    message: `Names are not checked, since this nests more than ${maxNesting} deep.`,
    code: 'names-not-checked',
    severity: 'hint',
    related: [],
  };
}
