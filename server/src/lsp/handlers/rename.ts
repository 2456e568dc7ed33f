/**
 * Requests about the renaming of a name. What a scope binds is a matter of one document; an
 * attribute is renamed in all files of the workspace, as far as the evaluator follows its uses.
 */
import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Range as ProtocolRange,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes';
import { attributeNamedAt, type NamedAttribute } from '../../features/attribute-names';
import { renameAt, renameTarget, type Refusal } from '../../features/rename';
import { AttributeRename } from '../attribute-rename';
import { readParams, readString } from '../params';
import type { Parts } from '../parts';
import { workspaceEdit } from '../workspace-edit';
import { documentPlace, type DocumentPlace } from './document-place';

/** `textDocument/prepareRename` */
export async function prepareRename(
  parts: Parts,
  params: unknown,
): Promise<{ range: ProtocolRange; placeholder: string } | null> {
  await parts.evaluation.ready;
  const place = documentPlace(parts, params);
  if (place === undefined) return null;
  const { parsed, positions } = place.document;
  const attribute = attributeAt(parts, place);
  const target = attribute ?? renameTarget(parsed, place.offset);
  if ('problem' in target) throw refused(target);
  const name = attribute?.name ?? parsed.text.slice(target.range.start, target.range.end);
  return { range: positions.rangeOf(target.range), placeholder: decodeUtf8(name) };
}

/** `textDocument/rename` */
export async function rename(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<WorkspaceEdit | null> {
  await parts.evaluation.ready;
  const place = documentPlace(parts, params);
  const newName = encodeUtf8(readString(readParams(params).newName, 'newName'));
  if (place === undefined) return null;
  const { document, offset } = place;
  const attribute = attributeAt(parts, place);
  if (attribute !== undefined)
    return new AttributeRename(parts, token, attribute, newName).from(document.path);
  const edits = renameAt(document.parsed, offset, newName);
  if ('problem' in edits) throw refused(edits);
  const { parsed, positions, uri, path } = document;
  return workspaceEdit(parts, [{ file: { uri, path, parsed, positions }, edits }]);
}

/** The attribute that an offset names, where there is evaluation. */
function attributeAt({ evaluation }: Parts, { document, offset }: DocumentPlace): NamedAttribute | undefined {
  return evaluation.obstacle === undefined ? attributeNamedAt(document.parsed, offset) : undefined;
}

function refused({ problem }: Refusal): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestFailed, problem);
}
