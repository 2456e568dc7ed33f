import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { BytecodeResult } from '../../../../shared/src/protocol';
import { listingText, type Listing } from '../../features/bytecode';
import type { OpenDocument } from '../document';
import { readDocumentUri, readOptionalPosition, readParams, readString } from '../params';
import type { Parts } from '../parts';
import type { Position } from '../positions';

/** `nixray/bytecode` */
export function bytecode(parts: Parts, params: unknown): BytecodeResult | null {
  const document = parts.documents.get(readDocumentUri(params));
  const position = readOptionalPosition(readParams(params).position, 'position');
  return document === undefined ? null : bytecodeOf(document, position);
}

/** The command `nixray.server.showBytecode`: the text of the byte code, or null where there is no such document. */
export function showBytecode(parts: Parts, [uri, position]: readonly unknown[]): string | null {
  const document = parts.documents.get(readString(uri, 'arguments[0]'));
  const at = readOptionalPosition(position, 'arguments[1]');
  return document === undefined ? null : bytecodeOf(document, at).text;
}

function bytecodeOf(document: OpenDocument, position: Position | undefined): BytecodeResult {
  const offset = position === undefined ? undefined : document.positions.offsetAt(position);
  const listing = listingOf(document, offset);
  return {
    text: listingText(listing, document.bytes),
    chunks: listing.chunks.map((chunk) => ({
      ...chunk,
      constants: [...chunk.constants],
      range: document.positions.rangeOf(chunk.range),
      instructions: chunk.instructions.map((instruction) => ({
        ...instruction,
        range: document.positions.rangeOf(instruction.range),
      })),
    })),
  };
}

/** A text with errors may have no byte code, and one that nests too deeply has none here. */
function listingOf(document: OpenDocument, offset: number | undefined): Listing {
  const broken = document.parsed.errors.find(({ severity }) => severity === 'error');
  if (broken !== undefined) {
    const { line } = document.positions.positionAt(broken.range.start);
    const message = `There is no byte code as long as the text has syntax errors (line ${line + 1}).`;
    throw new ResponseError(LSPErrorCodes.RequestFailed, message);
  }
  try {
    return document.bytecode.list(document.parsed, offset);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ResponseError(LSPErrorCodes.RequestFailed, 'The text nests too deeply for a listing.');
  }
}
