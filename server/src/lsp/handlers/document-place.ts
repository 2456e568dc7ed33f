/** The place that a request is about. */
import type { OpenDocument } from '../document';
import { readDocumentUri, readParams, readPosition } from '../params';
import type { Parts } from '../parts';

export interface DocumentPlace {
  readonly document: OpenDocument;
  /** In bytes. */
  readonly offset: number;
}

/** Undefined where the document is not open, or has no such line. @throws ResponseError for parameters of another form */
export function documentPlace(parts: Parts, params: unknown): DocumentPlace | undefined {
  const document = parts.documents.get(readDocumentUri(params));
  const offset = document?.positions.offsetAt(readPosition(readParams(params).position, 'position'));
  return document === undefined || offset === undefined ? undefined : { document, offset };
}
