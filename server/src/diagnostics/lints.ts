/** What is no error and yet can be written better. */
import type { Check } from './diagnostic';
import { lintFindings } from './lints/find';
import { lintDiagnostic } from './lints/lint';

export const lintsCheck: Check = {
  name: 'lints',
  run: ({ parsed }) => lintFindings(parsed).map(lintDiagnostic),
};
