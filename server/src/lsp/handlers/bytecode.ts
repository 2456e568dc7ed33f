/** Requests for the byte code of a document, as data and as text. */
import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver/node';
import type { BytecodeChunk, BytecodeResult } from '../../../../shared/src/protocol';
import { inPortions, type Work } from '../../base/portions';
import { writeListing, type ListedChunk } from '../../features/bytecode-listing';
import type { OpenDocument } from '../document';
import { readDocumentUri, readOptionalPosition, readParams, readString } from '../params';
import type { Parts } from '../parts';
import type { Position, Positions } from '../positions';
import { checkStillWanted } from './still-wanted';

/** `nixray/bytecode` */
export async function bytecode(
  parts: Parts,
  params: unknown,
  token: CancellationToken,
): Promise<BytecodeResult | null> {
  const document = parts.documents.get(readDocumentUri(params));
  const position = readOptionalPosition(readParams(params).position, 'position');
  return document === undefined ? null : bytecodeOf(parts, document, position, token);
}

/** The command `nixray.server.showBytecode`: the text of the byte code, or null where there is no such document. */
export async function showBytecode(
  parts: Parts,
  [uri, position]: readonly unknown[],
  token: CancellationToken,
): Promise<string | null> {
  const document = parts.documents.get(readString(uri, 'arguments[0]'));
  const at = readOptionalPosition(position, 'arguments[1]');
  return document === undefined ? null : (await bytecodeOf(parts, document, at, token)).text;
}

/** A huge document has byte code for seconds of work: other requests are answered meanwhile. */
async function bytecodeOf(
  parts: Parts,
  document: OpenDocument,
  position: Position | undefined,
  token: CancellationToken,
): Promise<BytecodeResult> {
  refuseBroken(document);
  const offset = position === undefined ? undefined : document.positions.offsetAt(position);
  try {
    return await inPortions(list(document, offset), checkStillWanted(parts, document, token));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ResponseError(LSPErrorCodes.RequestFailed, 'The text nests too deeply for a listing.');
  }
}

/** A text with errors may have no byte code. */
function refuseBroken({ parsed, positions }: OpenDocument): void {
  const broken = parsed.errors.find(({ severity }) => severity === 'error');
  if (broken === undefined) return;
  const { line } = positions.positionAt(broken.range.start);
  const message = `There is no byte code as long as the text has syntax errors (line ${line + 1}).`;
  throw new ResponseError(LSPErrorCodes.RequestFailed, message);
}

function* list({ bytecode, bytes, parsed, positions }: OpenDocument, offset?: number): Work<BytecodeResult> {
  const listing = yield* bytecode.listing(parsed, offset);
  const text = yield* writeListing(listing, bytes);
  const chunks: BytecodeChunk[] = [];
  for (const chunk of listing.chunks) {
    chunks.push(protocolChunk(chunk, positions));
    yield;
  }
  return { text, chunks };
}

function protocolChunk(chunk: ListedChunk, positions: Positions): BytecodeChunk {
  return {
    ...chunk,
    constants: [...chunk.constants],
    range: positions.rangeOf(chunk.range),
    instructions: chunk.instructions.map((instruction) => ({
      ...instruction,
      range: positions.rangeOf(instruction.range),
    })),
  };
}
