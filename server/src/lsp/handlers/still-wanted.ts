/** Answers that take a while: they must belong to the text that is shown, and somebody must wait for them. */
import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver/node';
import type { OpenDocument } from '../document';
import type { Parts } from '../parts';

/** A check that throws once the request is cancelled. */
export function checkNotCancelled(token: CancellationToken): () => void {
  return () => {
    if (token.isCancellationRequested)
      throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
  };
}

/** A check that throws once the request is cancelled, or the document has another text than now or is closed. */
export function checkStillWanted(parts: Parts, document: OpenDocument, token: CancellationToken): () => void {
  const { version } = document;
  const check = checkNotCancelled(token);
  return () => {
    check();
    if (document.version !== version || parts.documents.get(document.uri) !== document)
      throw new ResponseError(LSPErrorCodes.ContentModified, 'The document was changed meanwhile.');
  };
}
