/**
 * Errors that evaluating the document shows, with the trace as related places.
 *
 * They belong to the text that was evaluated, so they move with edits until the
 * next evaluation gives new ones.
 */
import type { Range } from '../base/range';
import type { SimilarNames } from '../base/suggestions';
import type { Check, Diagnostic, Place, RelatedPlace } from './diagnostic';
import { withOffer } from './missing-nixpkgs';

export interface EvaluationFinding {
  readonly range: Range;
  readonly message: string;
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'hint';
  /** Where the name stands in the range. */
  readonly similar?: SimilarNames;
  /** Where the error arose, and what was under way; the innermost first. */
  readonly trace: readonly RelatedPlace[];
}

/** An edit: the bytes of `range` were replaced by `inserted` bytes. */
export interface Edit {
  readonly range: Range;
  readonly inserted: number;
}

/** A trace of a deep recursion has as many places as calls; nobody reads all of them. */
const maxRelated = 30;

/** What the static checks report better, since they find every one and know its exact range. */
const staticCodes = new Set(['parse-error', 'undefined-variable', 'syntax-error']);

export const evaluationCheck: Check = {
  name: 'evaluation',
  run({ parsed, evaluation }) {
    const broken = parsed.errors.some(({ severity }) => severity === 'error');
    return evaluation.filter(({ code }) => !(broken && staticCodes.has(code))).map(diagnosticOf);
  },
};

function diagnosticOf(finding: EvaluationFinding): Diagnostic {
  const { range, message, code, severity, similar, trace } = finding;
  const related = trace.slice(0, maxRelated);
  return { range, message: withOffer(code, message), code, severity, related, ...(similar && { similar }) };
}

export function moveFinding(finding: EvaluationFinding, edit: Edit): EvaluationFinding {
  return {
    ...finding,
    range: moveRange(finding.range, edit),
    trace: finding.trace.map(({ message, place }) => ({ message, place: movePlace(place, edit) })),
  };
}

function movePlace(place: Place, edit: Edit): Place {
  return place.kind === 'here' ? { kind: 'here', range: moveRange(place.range, edit) } : place;
}

/** Where a range is after an edit. What the edit replaced shrinks to the part that is left. */
export function moveRange(range: Range, { range: edited, inserted }: Edit): Range {
  const delta = inserted - (edited.end - edited.start);
  const start = range.start >= edited.end ? range.start + delta : Math.min(range.start, edited.start);
  const end =
    range.end >= edited.end && range.end > edited.start
      ? range.end + delta
      : Math.min(range.end, edited.start);
  // An insertion at the start of the range stands before it, and one at its end behind it.
  return { start, end: Math.max(start, end) };
}
