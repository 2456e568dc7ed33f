/** What follows when everything may have another value. */
import type { Parts } from './parts';

/** What decides on values has changed, such as settings: everything is looked at again. */
export function renew(parts: Parts): void {
  parts.evaluation.update();
  parts.diagnostics.renewAll();
  parts.editor.refreshValues();
}
