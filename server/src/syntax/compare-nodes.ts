/** Whether nodes are the same code, wherever they stand. */
import type { Node } from './tree';

export type NodePair = readonly [Node, Node];

/** What of a node is no code: its width, and what later phases remember. The distances of children end on `At`. */
const noCode = new Set(['width', 'free']);

/** Compares two nodes without their children, and adds these to the pairs, which are for the caller to compare. */
export function compareNodes(a: Node, b: Node, pairs: NodePair[]): boolean {
  if (a.kind !== b.kind) return false;
  const fields = b as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(a).every(
    ([name, value]) => noCode.has(name) || name.endsWith('At') || compareFields(value, fields[name], pairs),
  );
}

/** The same for what nodes have: nodes, lists of them, and plain values. */
export function compareFields(a: unknown, b: unknown, pairs: NodePair[]): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, i) => compareFields(each, b[i], pairs));
  if (!isNode(a) || !isNode(b)) return false;
  pairs.push([a, b]);
  return true;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
