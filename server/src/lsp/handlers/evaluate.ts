/** The request for the value of a selection, or of any expression in the scope at a place. */
import type { CancellationToken } from 'vscode-languageserver/node';
import type { EvaluateResult } from '../../../../shared/src/protocol';
import { encodeUtf8 } from '../../base/bytes';
import type { Range } from '../../base/range';
import type { OpenDocument } from '../document';
import {
  readDocumentUri,
  readOptionalNatural,
  readOptionalPosition,
  readOptionalRange,
  readOptionalString,
  readParams,
} from '../params';
import type { Parts } from '../parts';
import { protocolResult } from './evaluation-result';
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
    supervisor.ask('evaluate', document.path, range, encoded, levels),
  );
  return protocolResult(outcome, parts);
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
