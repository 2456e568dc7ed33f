/** Requests about the renaming of a name. */
import {
  LSPErrorCodes,
  ResponseError,
  type Range as ProtocolRange,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes';
import { renameAt, renameTarget } from '../../features/rename';
import { readParams, readString } from '../params';
import type { Parts } from '../parts';
import { documentPlace } from './document-place';

/** `textDocument/prepareRename` */
export function prepareRename(
  parts: Parts,
  params: unknown,
): { range: ProtocolRange; placeholder: string } | null {
  const place = documentPlace(parts, params);
  if (place === undefined) return null;
  const { document, offset } = place;
  const target = renameTarget(document.parsed, offset);
  if ('problem' in target) throw new ResponseError(LSPErrorCodes.RequestFailed, target.problem);
  const { start, end } = target.range;
  return {
    range: document.positions.rangeOf(target.range),
    placeholder: decodeUtf8(document.bytes.slice(start, end)),
  };
}

/** `textDocument/rename` */
export function rename(parts: Parts, params: unknown): WorkspaceEdit | null {
  const place = documentPlace(parts, params);
  const newName = encodeUtf8(readString(readParams(params).newName, 'newName'));
  if (place === undefined) return null;
  const { document, offset } = place;
  const edits = renameAt(document.parsed, offset, newName);
  if ('problem' in edits) throw new ResponseError(LSPErrorCodes.RequestFailed, edits.problem);
  const changes = edits.map(({ range, text }) => ({
    range: document.positions.rangeOf(range),
    newText: decodeUtf8(text),
  }));
  return { changes: { [document.uri]: changes } };
}
