/** Requests about the calls of a function: which there are, and which of them is shown. */
import type { CancellationToken } from 'vscode-languageserver/node';
import type { CallsResult, FunctionCall, Position } from '../../../../shared/src/protocol';
import type { CallPlaceReport, CallsReport } from '../../evaluator/service';
import { protocolLocation } from '../conversions';
import type { OpenDocument } from '../document';
import type { Documents } from '../documents';
import { readFields, readParams, readRange, readString } from '../params';
import type { Parts } from '../parts';
import { documentPlace } from './document-place';
import { valueOf } from './pending-value';

/** `nixray/calls` */
export async function calls(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<CallsResult | null> {
  const found = await callsAt(parts, params, token);
  if (found === undefined) return null;
  const { document, report } = found;
  return {
    calls: report.places.map((place) => protocolCall(place, parts.documents)),
    arguments: report.arguments.map(({ offset, parameter, required, setting, pinned }) => ({
      position: document.positions.positionAt(offset),
      parameter,
      ...(required && { required: [...required] }),
      setting,
      ...(pinned && { pinned }),
    })),
  };
}

/** `nixray/chooseCall` */
export async function chooseCall(parts: Parts, params: unknown, token: CancellationToken): Promise<boolean> {
  const { call, text } = readParams(params);
  const wanted = call === null ? undefined : readPlace(call);
  const found = await callsAt(parts, params, token);
  const place = found?.report.places.find((each) => {
    const { uri, range } = protocolCall(each, parts.documents).location;
    if (uri !== wanted?.uri || !isSame(range.start, wanted.start)) return false;
    return text === undefined || each.text === text;
  });
  if (found === undefined || (place === undefined && wanted !== undefined)) return false;
  parts.evaluation.supervisor.chooseCall(found.document.path, found.report.offset, place?.call);
  parts.editor.refreshValues();
  return true;
}

function readPlace(call: unknown): { uri: string; start: Position } {
  const { uri, range } = readFields(call, 'call');
  return { uri: readString(uri, 'call.uri'), start: readRange(range, 'call.range').start };
}

function isSame(a: Position, b: Position): boolean {
  return a.line === b.line && a.character === b.character;
}

async function callsAt(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<{ document: OpenDocument; report: CallsReport } | undefined> {
  const place = documentPlace(parts, params);
  if (place === undefined) return undefined;
  const { document, offset } = place;
  const outcome = await valueOf(parts, document, token, (supervisor) =>
    supervisor.ask('calls', document.path, offset),
  );
  const report = 'result' in outcome ? outcome.result : undefined;
  return report && { document, report };
}

function protocolCall({ location, text, chosen }: CallPlaceReport, documents: Documents): FunctionCall {
  return { location: protocolLocation(location, documents), text, chosen };
}
