/** Formatting a part of a program: the smallest expression or binding that holds what is selected. */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { parse, workspaceSyntax, type ParsedFile } from '../syntax/parse';
import { Kind, type Node } from '../syntax/tree';
import { forEachChild, type PlacedNode } from '../syntax/walk';
import { trimmedEnd, trimmedStart } from './blanks';
import { format } from './format';

export type FormattedPart = { readonly range: Range; readonly text: Bytes } | { readonly problem: string };

/** What of a text is written otherwise, and how. Its lines are indented as in the whole program, formatted. */
export function formatPart(parsed: ParsedFile, selection: Range): FormattedPart {
  const whole = format(parsed);
  if ('problem' in whole) return whole;
  const after = parse(whole.text, workspaceSyntax);
  const [before, formatted] = partsAround(parsed, after, withoutBlanks(parsed.text, selection));
  return { range: rangeOf(before), text: textOf(after.text, formatted) };
}

/** The same node in two texts of the same code. */
type Pair = readonly [PlacedNode, PlacedNode];

function partsAround(a: ParsedFile, b: ParsedFile, selection: Range): Pair {
  let found: Pair = [
    { node: a.root, at: a.rootAt },
    { node: b.root, at: b.rootAt },
  ];
  let [{ node: parent }] = found;
  for (let pair = childAround(found, selection); pair !== undefined; pair = childAround(pair, selection)) {
    const [{ node }] = pair;
    if (isPart(node, parent)) found = pair;
    parent = node;
  }
  return found;
}

function childAround([a, b]: Pair, { start, end }: Range): Pair | undefined {
  const others = childrenOf(b);
  const index = childrenOf(a).findIndex(({ node, at }) => at <= start && end <= at + node.width);
  const child = childrenOf(a)[index];
  const other = others[index];
  return child && other && [child, other];
}

function childrenOf({ node, at }: PlacedNode): PlacedNode[] {
  const children: PlacedNode[] = [];
  // The texts of a string may be split at other places.
  forEachChild(node, at, (child, childAt) => {
    if (child.kind !== Kind.TextPart) children.push({ node: child, at: childAt });
  });
  return children;
}

/** Whether a node may be written by itself. Names of a path may not, since there are dots between them. */
function isPart({ kind }: Node, parent: Node): boolean {
  const isWithin = kind === Kind.AttributePath || kind === Kind.Interpolation || kind === Kind.DynamicName;
  return !isWithin && parent.kind !== Kind.AttributePath;
}

function withoutBlanks(text: Bytes, { start, end }: Range): Range {
  const selected = text.slice(start, end);
  const first = start + selected.length - trimmedStart(selected).length;
  return { start: first, end: Math.max(first, start + trimmedEnd(selected).length) };
}

function rangeOf({ node, at }: PlacedNode): Range {
  return { start: at, end: at + node.width };
}

function textOf(text: Bytes, { node, at }: PlacedNode): Bytes {
  return text.slice(at, at + node.width);
}
