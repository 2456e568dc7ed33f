/** Errors and warnings of the parser. */
import type { Check } from './diagnostic';
import { staticDiagnostic } from './static-diagnostic';

export const syntaxCheck: Check = {
  name: 'syntax',
  run: ({ parsed }) => parsed.errors.map(staticDiagnostic),
};
