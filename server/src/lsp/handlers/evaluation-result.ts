/** What came of an evaluation, in the words of the protocol. */
import type { EvaluateResult } from '../../../../shared/src/protocol';
import type { Outcome, Stop } from '../../evaluator/job';
import type { ErrorReport, ValueReport } from '../../evaluator/service';
import { traceInwardOut } from '../../features/trace';
import { protocolLocation } from '../conversions';
import type { Documents } from '../documents';
import type { Parts } from '../parts';

/** The value, or why there is none; null where there was nothing to evaluate. */
export function protocolResult(
  outcome: Outcome<ValueReport | undefined>,
  parts: Parts,
): EvaluateResult | null {
  if ('stopped' in outcome) {
    const message = sentenceOf(outcome.stopped, parts);
    return errorResult({ message, code: outcome.stopped.reason, trace: [] }, parts.documents);
  }
  return outcome.result === undefined ? null : resultOf(outcome.result, parts.documents);
}

/** Why there is no value, for the user. */
export function sentenceOf({ reason, message }: Stop, { evaluation }: Parts): string {
  return reason === 'disabled' ? (evaluation.obstacle ?? message) : message;
}

function resultOf(report: ValueReport, documents: Documents): EvaluateResult {
  const { value, type, error, unknown } = report;
  const source = sourceOf(report, documents);
  if (error !== undefined) return { ...errorResult(error, documents), ...source };
  const known = value !== undefined;
  return {
    value: known ? value : `«unknown: ${unknown ?? 'no reason is known'}»`,
    type: known ? (type ?? 'unknown') : 'unknown',
    ...source,
  };
}

/** Where the arguments come from, as far as that is known. */
function sourceOf(
  { source, call }: ValueReport,
  documents: Documents,
): Pick<EvaluateResult, 'source' | 'call'> {
  return {
    ...(source !== undefined && { source }),
    ...(call && { call: { text: call.text, location: protocolLocation(call.location, documents) } }),
  };
}

function errorResult(error: ErrorReport, documents: Documents): EvaluateResult {
  const { message, code } = error;
  return {
    value: `error: ${message}`,
    type: 'error',
    error: {
      message,
      code,
      trace: traceInwardOut(error).map((frame) => ({
        message: frame.message,
        ...(frame.location === undefined ? {} : { location: protocolLocation(frame.location, documents) }),
      })),
    },
  };
}
