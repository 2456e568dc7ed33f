/** All checks, and what they find together. */
import type { Check, Diagnostic, Subject } from './diagnostic';
import { evaluationCheck } from './evaluation';
import { flakeCheck } from './flake';
import { lintsCheck } from './lints';
import { namesCheck } from './names';
import { syntaxCheck } from './syntax';

const checks: readonly Check[] = [syntaxCheck, namesCheck, flakeCheck, lintsCheck, evaluationCheck];

/** What all checks find, by place; of codes that the user ignores, nothing. */
export function diagnosticsOf(subject: Subject, ignored: readonly string[]): Diagnostic[] {
  const unwanted = new Set(ignored);
  return checks
    .flatMap((check) => check.run(subject))
    .filter(({ code }) => !unwanted.has(code))
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}
