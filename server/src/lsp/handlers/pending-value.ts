/**
 * Waits for the value of an expression in a document, as long as the document
 * stays as it is: an answer must belong to the text that is shown.
 */
import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver/node';
import type { Outcome } from '../../evaluator/job';
import type { Pending, Supervisor } from '../../evaluator/supervisor';
import type { OpenDocument } from '../document';
import type { Parts } from '../parts';

export async function valueOf<T>(
  parts: Parts,
  document: OpenDocument,
  token: CancellationToken,
  ask: (supervisor: Supervisor) => Pending<T>,
): Promise<Outcome<T>> {
  const { version } = document;
  const current = (): boolean =>
    document.version === version && parts.documents.get(document.uri) === document;
  await parts.evaluation.ready;
  refuseIfCancelled(token);
  if (!current()) refuseAsModified();
  const pending = ask(parts.evaluation.supervisor);
  const listener = token.onCancellationRequested(() => pending.cancel());
  const edited = document.onChange(() => pending.cancel());
  const outcome = await pending.outcome.finally(() => {
    listener.dispose();
    edited.dispose();
  });
  refuseIfCancelled(token);
  if (!current()) refuseAsModified();
  return outcome;
}

function refuseIfCancelled(token: CancellationToken): void {
  if (!token.isCancellationRequested) return;
  throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

function refuseAsModified(): never {
  throw new ResponseError(LSPErrorCodes.ContentModified, 'The document was changed meanwhile.');
}
