/** What is no error and yet can be written better. */
import type { ParsedFile } from '../syntax/parse';
import type { Check } from './diagnostic';
import { lintFindings } from './lints/find';
import { lintDiagnostic, type PlacedFinding } from './lints/lint';

/**
 * Bytes of the longest text that is looked at. Of hand-written files only lists of all packages are
 * longer; there the lints took a millisecond of each edit and several of some, and diagnostics of a
 * huge file should not come later than those of a short one.
 */
const longestText = 256 * 1024;

/** What is said about a text. */
export function shownLints(parsed: ParsedFile): PlacedFinding[] {
  return parsed.text.length > longestText ? [] : lintFindings(parsed);
}

export const lintsCheck: Check = {
  name: 'lints',
  run: ({ parsed }) => shownLints(parsed).map(lintDiagnostic),
};
