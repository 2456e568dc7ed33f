/**
 * Whether two texts are the same code, however they are written. Formatting must not change
 * any, and there are strings that mean something else with another indentation: behind an
 * escaped line break, blanks count as indentation.
 */
import type { Bytes } from '../base/bytes';
import { compareFields, compareNodes, type NodePair } from '../syntax/compare-nodes';
import type { ParsedFile } from '../syntax/parse';
import { Kind, type Node, type StringNode } from '../syntax/tree';

export function isSameCode(a: ParsedFile, b: ParsedFile): boolean {
  const pairs: NodePair[] = [[a.root, b.root]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop())
    if (!comparePair(...pair, pairs)) return false;
  return true;
}

function comparePair(a: Node, b: Node, pairs: NodePair[]): boolean {
  if (a.kind !== Kind.String || b.kind !== Kind.String) return compareNodes(a, b, pairs);
  return compareFields(partsOf(a), partsOf(b), pairs);
}

/** The texts and the interpolations of a string, wherever its texts are split. */
function partsOf({ parts }: StringNode): (Bytes | Node)[] {
  const whole: (Bytes | Node)[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (part.kind === Kind.Interpolation) whole.push(part);
    else if (typeof last === 'string') whole[whole.length - 1] = last + part.text;
    else if (part.text !== '') whole.push(part.text);
  }
  return whole;
}
