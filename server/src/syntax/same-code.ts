/**
 * Edits between tokens: white space and comments. The tree is another one then,
 * since widths and places in it have changed, but it is the same code, and whatever
 * was made of it holds. So its nodes have the *origin* of those before.
 */
import { compareNodes, type NodePair } from './compare-nodes';
import type { ParsedFile } from './parse';
import type { Edit } from './reparse';
import type { Node } from './tree';
import { classifyAt } from './walk';

/** By nodes that an edit between tokens has made anew. */
const origins = new WeakMap<Node, Node>();

/** The first of the nodes that are the same code at the same place of a document, and differ by edits between tokens. */
export function originOf<T extends Node>(node: T): T {
  return (origins.get(node) as T | undefined) ?? node;
}

/** Whether an edit has changed nothing but white space and comments; the nodes after it have the origins of those before then. */
export function keepsCode(before: ParsedFile, edit: Edit, after: ParsedFile): boolean {
  if (before.errors.length > 0 || after.errors.length > 0) return false;
  const { start, end, text } = edit;
  // What moves with an edit is known by where it was: no token may be in the text that was exchanged.
  if (!isBetweenTokens(before, start, end) || !isBetweenTokens(after, start, start + text.length))
    return false;
  const pairs = pairsOf(before.root, after.root);
  if (pairs === undefined) return false;
  for (const [old, fresh] of pairs) origins.set(fresh, originOf(old));
  return true;
}

function isBetweenTokens(file: ParsedFile, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const found = classifyAt(file, at);
    if (found.class !== 'white-space' && found.class !== 'comment') return false;
    at = found.end;
  }
  return true;
}

/** The nodes at the same places in two trees, where they are not one node; undefined if the trees are not the same code. */
function pairsOf(before: Node, after: Node): NodePair[] | undefined {
  const pairs: NodePair[] = [[before, after]];
  for (let i = 0; i < pairs.length; i++) if (!compareNodes(...pairs[i]!, pairs)) return undefined;
  return pairs;
}
