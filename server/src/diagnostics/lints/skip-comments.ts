/** Comments that switch lints off where they stand: `# deadnix: skip`, as in the tool of that name. */
import type { Bytes } from '../../base/bytes';
import { Kind } from '../../syntax/tree';
import type { PlacedFinding } from './lint';

const unused = /^unused-/;
const skip = /deadnix: *skip/;

/** Whether the comment is right above what is unused, or above the function whose argument it is. */
export function isSkipped(text: Bytes, { lint, finding, node, at }: PlacedFinding): boolean {
  if (!unused.test(lint.code)) return false;
  return isBelowComment(text, at + finding.start) || (node.kind === Kind.Lambda && isBelowComment(text, at));
}

/** Whether the comment stands before a place on its line, or anywhere on the line above. */
function isBelowComment(text: Bytes, at: number): boolean {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const before = text.slice(lineStart, at);
  if (/\/\*/.test(before) && skip.test(before)) return true;
  const above = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, Math.max(0, lineStart - 1));
  return lineStart > 0 && /#/.test(above) && skip.test(above);
}
