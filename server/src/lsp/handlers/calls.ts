/** Requests about the calls of a function: which there are, and which of them is shown. */
import type { CancellationToken } from 'vscode-languageserver/node';
import type { CallsResult, FunctionCall } from '../../../../shared/src/protocol';
import type { CallPlaceReport, CallsReport } from '../../evaluator/service';
import { protocolLocation } from '../conversions';
import type { OpenDocument } from '../document';
import type { Documents } from '../documents';
import { readDocumentUri, readFields, readParams, readPosition, readRange, readString } from '../params';
import type { Parts } from '../parts';
import { valueOf } from './pending-value';

/** `nixray/calls` */
export async function calls(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<CallsResult | null> {
  const found = await callsAt(parts, params, token);
  if (found === undefined) return null;
  return { calls: found.report.places.map((place) => protocolCall(place, parts.documents)) };
}

/** `nixray/chooseCall` */
export async function chooseCall(parts: Parts, params: unknown, token: CancellationToken): Promise<boolean> {
  const wanted = readFields(readParams(params).call, 'call');
  const uri = readString(wanted.uri, 'call.uri');
  const { start } = readRange(wanted.range, 'call.range');
  const found = await callsAt(parts, params, token);
  const place = found?.report.places.find((each) => {
    const { location } = protocolCall(each, parts.documents);
    const at = location.range.start;
    return location.uri === uri && at.line === start.line && at.character === start.character;
  });
  if (found === undefined || place === undefined) return false;
  parts.evaluation.supervisor.chooseCall(found.document.path, found.report.offset, place.call);
  parts.editor.refreshValues();
  return true;
}

async function callsAt(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<{ document: OpenDocument; report: CallsReport } | undefined> {
  const document = parts.documents.get(readDocumentUri(params));
  const offset = document?.positions.offsetAt(readPosition(readParams(params).position, 'position'));
  if (document === undefined || offset === undefined) return undefined;
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.calls(document.path, offset),
  );
  const report = 'result' in outcome ? outcome.result : undefined;
  return report && { document, report };
}

function protocolCall({ location, text, chosen }: CallPlaceReport, documents: Documents): FunctionCall {
  return { location: protocolLocation(location, documents), text, chosen };
}
