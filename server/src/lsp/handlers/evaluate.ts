import type { CancellationToken } from 'vscode-languageserver/node';
import type { EvaluateResult } from '../../../../shared/src/protocol';
import { encodeUtf8 } from '../../base/bytes';
import type { Range } from '../../base/range';
import type { ErrorReport, ValueReport } from '../../evaluator/service';
import { traceInwardOut } from '../../features/trace';
import { protocolLocation } from '../conversions';
import type { OpenDocument } from '../document';
import type { Documents } from '../documents';
import {
  readDocumentUri,
  readOptionalNatural,
  readOptionalPosition,
  readOptionalRange,
  readOptionalString,
  readParams,
} from '../params';
import type { Parts } from '../parts';
import { valueOf } from './pending-value';

/** `nixray/evaluate` */
export async function evaluate(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<EvaluateResult | null> {
  const { expression, depth } = readParams(params);
  const document = parts.documents.get(readDocumentUri(params));
  const range = document === undefined ? undefined : rangeOf(document, params);
  const text = readOptionalString(expression, 'expression');
  const levels = readOptionalNatural(depth, 'depth') ?? parts.settings.current['hover.depth'];
  if (document === undefined || range === undefined) return null;
  const encoded = text === undefined ? undefined : encodeUtf8(text);
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.evaluate(document.path, range, encoded, levels),
  );
  if ('stopped' in outcome) {
    const { reason, message } = outcome.stopped;
    const told = reason === 'disabled' ? (parts.evaluation.obstacle ?? message) : message;
    return errorResult({ message: told, code: reason, trace: [] }, parts.documents);
  }
  return outcome.result === undefined ? null : resultOf(outcome.result, parts.documents);
}

/** The range, or the position as an empty one; undefined if it is outside the document. */
function rangeOf(document: OpenDocument, params: unknown): Range | undefined {
  const { range, position } = readParams(params);
  const given = readOptionalRange(range, 'range');
  const point = readOptionalPosition(position, 'position');
  const start = given?.start ?? point;
  // Neither of them means the whole document.
  if (start === undefined) return { start: 0, end: document.bytes.length };
  const from = document.positions.offsetAt(start);
  const to = document.positions.offsetAt(given?.end ?? start);
  if (from === undefined || to === undefined) return undefined;
  return from <= to ? { start: from, end: to } : { start: to, end: from };
}

function resultOf(report: ValueReport, documents: Documents): EvaluateResult {
  const { value, type, error, unknown, source } = report;
  if (error !== undefined) return { ...errorResult(error, documents), ...(source ? { source } : {}) };
  const known = value !== undefined;
  return {
    value: known ? value : `«unknown: ${unknown ?? 'no reason is known'}»`,
    type: known ? (type ?? 'unknown') : 'unknown',
    ...(source === undefined ? {} : { source }),
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
