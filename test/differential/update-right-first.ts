// Rewrites programs so that `//` evaluates its right operand first wherever they run.
import { decodeUtf8, encodeUtf8, type Bytes } from '../../server/src/base/bytes';
import { parse } from '../../server/src/syntax/parse';
import { BinaryOperator, Kind, type Node } from '../../server/src/syntax/tree';
import { forEachChild } from '../../server/src/syntax/walk';

/**
 * Each `left // right` becomes a `let` around the same, with the right operand
 * as a variable that is evaluated, and found to be a set, before all.
 */
export function updateRightFirst(program: string): string {
  const text = encodeUtf8(program);
  const { root, rootAt } = parse(text);
  return decodeUtf8(text.slice(0, rootAt) + rewritten(root, rootAt, text) + text.slice(rootAt + root.width));
}

function rewritten(node: Node, at: number, text: Bytes): Bytes {
  let written = '';
  let done = at;
  const parts: Bytes[] = [];
  forEachChild(node, at, (child, childAt) => {
    const part = rewritten(child, childAt, text);
    parts.push(part);
    written += text.slice(done, childAt) + part;
    done = childAt + child.width;
  });
  written += text.slice(done, at + node.width);
  if (node.kind !== Kind.Binary || node.operator !== BinaryOperator.Update) return written;
  const [left, right] = parts;
  return `(let right'' = ${right}; in builtins.seq (right'' // { }) (${left} // right''))`;
}
