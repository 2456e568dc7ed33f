/**
 * Edits between tokens: white space and comments. The tree is another one then,
 * since widths and places in it have changed, but it is the same code, and whatever
 * was made of it holds. So its nodes have the *origin* of those before.
 */
import { compareNodes } from './compare-nodes';
import { Lexer } from './lexer';
import type { ParsedFile } from './parse';
import type { Edit } from './reparse';
import { Kind, type Node } from './tree';
import { classifyAt, forEachChild, type PlacedNode } from './walk';

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
  if (!isBetweenTokens(after, start, start + text.length) || !isBetweenTokens(before, start, end))
    return false;
  const pairs = pairsOf(before, edit, after);
  if (pairs === undefined) return false;
  for (const [old, fresh] of pairs) if (old.node !== fresh.node) origins.set(fresh.node, originOf(old.node));
  return true;
}

/** Whether there is nothing but white space and comments from one offset to another. */
export function isBetweenTokens(file: ParsedFile, start: number, end: number): boolean {
  if (start === end) return true;
  const found = classifyAt(file, start);
  if (found.class !== 'white-space' && found.class !== 'comment') return false;
  const lexer = new Lexer(file.text, true, { lexicalError() {} });
  let at = found.end;
  while (at < end) {
    const next = lexer.skipComment(lexer.skipBlanks(at));
    if (next === at) return false;
    at = next;
  }
  return true;
}

type PlacedPair = readonly [PlacedNode, PlacedNode];

/**
 * The nodes of two trees that are the same, each where the edit moves it; undefined if the trees are
 * not the same code, or are that of other tokens: a comment may end where another one of the same
 * text begins. Nodes that both have are left out, with what is below them.
 */
function pairsOf(before: ParsedFile, edit: Edit, after: ParsedFile): PlacedPair[] | undefined {
  const root: PlacedPair = [
    { node: before.root, at: before.rootAt },
    { node: after.root, at: after.rootAt },
  ];
  const pairs = [root];
  for (let i = 0; i < pairs.length; i++) {
    const [old, fresh] = pairs[i]!;
    if (!isMoved(old, edit, fresh)) return undefined;
    if (old.node === fresh.node) continue;
    if (!compareNodes(old.node, fresh.node, [])) return undefined;
    const children = childrenOf(fresh);
    childrenOf(old).forEach((child, j) => pairs.push([child, children[j]!]));
  }
  return pairs;
}

function childrenOf({ node, at }: PlacedNode): PlacedNode[] {
  const children: PlacedNode[] = [];
  forEachChild(node, at, (child, childAt) => children.push({ node: child, at: childAt }));
  return children;
}

/** Whether a node is where the edit moves it, with its end, and with the operator that has an error's place. */
function isMoved(old: PlacedNode, { start, end, text }: Edit, fresh: PlacedNode): boolean {
  const distance = text.length - (end - start);
  const startsAt = (offset: number): number => (offset >= end ? offset + distance : offset);
  const endsAt = (offset: number): number => (offset > start ? offset + distance : offset);
  if (fresh.at !== startsAt(old.at)) return false;
  if (fresh.at + fresh.node.width !== endsAt(old.at + old.node.width)) return false;
  if (old.node.kind !== Kind.Binary || fresh.node.kind !== Kind.Binary) return true;
  return fresh.at + fresh.node.operatorAt === startsAt(old.at + old.node.operatorAt);
}
