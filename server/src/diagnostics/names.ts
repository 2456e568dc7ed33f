/** Undefined variables, names that are bound twice, and the like: what Nix finds before it evaluates. */
import { staticErrors } from '../names/static-errors';
import type { ParsedFile } from '../syntax/parse';
import type { Check, Diagnostic } from './diagnostic';
import { globalScope } from './global-scope';
import { staticDiagnostic } from './static-diagnostic';

/** How deep a text may nest for this check, and for code actions, which follow the nesting with calls of their own. */
export const maxNesting = 1000;

export const namesCheck: Check = {
  name: 'names',
  run({ parsed }) {
    if (parsed.nesting > maxNesting) return [unchecked(parsed)];
    return staticErrors(parsed, globalScope).map(staticDiagnostic);
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
