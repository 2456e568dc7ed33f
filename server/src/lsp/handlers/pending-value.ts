/**
 * Waits for the value of an expression in a document, as long as the document
 * stays as it is.
 */
import type { CancellationToken } from 'vscode-languageserver/node';
import type { Outcome } from '../../evaluator/job';
import type { Pending, Supervisor } from '../../evaluator/supervisor';
import type { OpenDocument } from '../document';
import type { Parts } from '../parts';
import { checkStillWanted } from './still-wanted';

export async function valueOf<T>(
  parts: Parts,
  document: OpenDocument,
  token: CancellationToken,
  ask: (supervisor: Supervisor) => Pending<T>,
): Promise<Outcome<T>> {
  const check = checkStillWanted(parts, document, token);
  await parts.evaluation.ready;
  check();
  const pending = ask(parts.evaluation.supervisor);
  const listener = token.onCancellationRequested(() => pending.cancel());
  const edited = document.onChange(() => pending.cancel());
  const outcome = await pending.outcome.finally(() => {
    listener.dispose();
    edited.dispose();
  });
  check();
  return outcome;
}
