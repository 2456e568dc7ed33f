/**
 * Where a text had to be parsed as a whole, the nodes that the edit has nothing to
 * do with take the place of the new ones: what later phases remember at them is
 * still true.
 *
 * The law: the tree stays as it is, but for the identity of its nodes. It holds
 * since the same text is the same tree where it is the same kind of node without
 * any error in it.
 */
import type { Range } from '../base/range';
import type { ParsedFile } from './parse';
import type { Edit } from './reparse';
import { Kind, type Expression, type Node } from './tree';
import { forEachChild, type PlacedNode } from './walk';

/** The fresh parse of the text after an edit, with as much of the tree before it as possible. `fresh` is changed in place. */
export function graft(previous: ParsedFile, edit: Edit, fresh: ParsedFile): ParsedFile {
  const untouched = untouchedNodes(previous, edit);
  const errors = fresh.errors.map(({ range }) => range);
  const first = edit.start;
  const last = edit.start + edit.text.length;
  const waiting: PlacedNode[] = [];
  /** The node of the tree before, if there is one; else the new one, in which nodes may be exchanged later. */
  const grafted = (node: Node, at: number): Node => {
    const end = at + node.width;
    const known = untouched.get(keyOf(node, at));
    if (known !== undefined) return isFaulty(errors, at, end) || !saysTheSame(known, node) ? node : known;
    if (at <= last && end >= first) waiting.push({ node, at });
    return node;
  };
  const root = grafted(fresh.root, fresh.rootAt) as Expression;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const exchanged = new Map<unknown, Node>();
    forEachChild(next.node, next.at, (child, childAt) => {
      const instead = grafted(child, childAt);
      if (instead !== child) exchanged.set(child, instead);
    });
    if (exchanged.size > 0) exchange(next.node, exchanged);
  }
  return { ...fresh, root };
}

/** The largest nodes without an error that the edit does not touch, by kind, present place and width. */
function untouchedNodes({ root, rootAt, errors }: ParsedFile, edit: Edit): Map<string, Node> {
  const found = new Map<string, Node>();
  const delta = edit.text.length - (edit.end - edit.start);
  const ranges = errors.map(({ range }) => range);
  const waiting: PlacedNode[] = [{ node: root, at: rootAt }];
  const wait = (node: Node, at: number): void => void waiting.push({ node, at });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, at } = next;
    const end = at + node.width;
    // What ends or begins at the edit may have become part of something else.
    if (end >= edit.start && at <= edit.end) forEachChild(node, at, wait);
    else if (!isFaulty(ranges, at, end)) found.set(keyOf(node, end < edit.start ? at : at + delta), node);
  }
  return found;
}

/** What a part of an indented string says depends on the string's other lines, too. */
function saysTheSame(known: Node, fresh: Node): boolean {
  return known.kind !== Kind.TextPart || known.text === (fresh as typeof known).text;
}

function isFaulty(errors: readonly Range[], start: number, end: number): boolean {
  return errors.some((range) => range.start <= end && range.end >= start);
}

function keyOf(node: Node, at: number): string {
  return `${node.kind} ${at} ${node.width}`;
}

/** Puts other children of the same widths into a node that nobody has seen yet. */
function exchange(node: Node, exchanged: ReadonlyMap<unknown, Node>): void {
  const fields = node as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value)) {
      const children: unknown[] = value;
      children.forEach((child, i) => {
        const next = exchanged.get(child);
        if (next !== undefined) children[i] = next;
      });
    } else if (exchanged.has(value)) fields[name] = exchanged.get(value);
  }
}
