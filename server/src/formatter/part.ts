/**
 * Formatting a part of a program: the bindings or items that are selected, or the smallest expression or
 * binding that holds what is.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { parse, workspaceSyntax, type ParsedFile } from '../syntax/parse';
import { isBetweenTokens } from '../syntax/same-code';
import { Kind, type Node } from '../syntax/tree';
import { forEachChild, type PlacedNode } from '../syntax/walk';
import { trimmedEnd, trimmedStart } from './blanks';
import { commentWordsIn } from './comment-words';
import { format } from './format';

export type FormattedPart = { readonly range: Range; readonly text: Bytes } | { readonly problem: string };

/**
 * What of a text is written otherwise, and how. Its lines are indented as in the whole program, formatted.
 * Where blanks or comments alone are selected, that is nothing.
 */
export function formatPart(parsed: ParsedFile, selection: Range): FormattedPart {
  const whole = format(parsed);
  if ('problem' in whole) return whole;
  const selected = withoutBlanks(parsed.text, selection);
  if (isBetweenTokens(parsed, selected.start, selected.end))
    return { range: emptyAt(selected.start), text: '' };
  const after = parse(whole.text, workspaceSyntax);
  for (const pair of partsAround(parsed, after, selected)) {
    const [before, formatted] = selectedItems(pair, selected) ?? [rangeOf(pair[0]), rangeOf(pair[1])];
    // A comment may be moved out of what it stands in, and would be lost with a part alone.
    if (commentWordsIn(parsed, pair[0], before) === commentWordsIn(after, pair[1], formatted))
      return { range: before, text: after.text.slice(formatted.start, formatted.end) };
  }
  return { range: { start: 0, end: parsed.text.length }, text: whole.text };
}

/** The ranges of the bindings or items that are selected of a node that has a list of them; undefined for any other. */
function selectedItems([a, b]: Pair, selection: Range): readonly [Range, Range] | undefined {
  const { kind, width } = a.node;
  if (kind !== Kind.AttributeSet && kind !== Kind.List && kind !== Kind.Let && kind !== Kind.LegacyLet)
    return undefined;
  if (selection.start <= a.at || selection.end >= a.at + width) return undefined;
  const isTouched = ({ node, at }: PlacedNode): boolean =>
    at < selection.end && selection.start < at + node.width;
  const children = childrenOf(a);
  const first = children.findIndex(isTouched);
  if (first < 0) return undefined;
  const last = children.findLastIndex(isTouched);
  // Brackets belong to all that is between them.
  if (first === 0 && last === children.length - 1) return undefined;
  const others = childrenOf(b);
  return [between(children[first]!, children[last]!), between(others[first]!, others[last]!)];
}

function emptyAt(at: number): Range {
  return { start: at, end: at };
}

function between(first: PlacedNode, last: PlacedNode): Range {
  return { start: first.at, end: last.at + last.node.width };
}

/** The same node in two texts of the same code. */
type Pair = readonly [PlacedNode, PlacedNode];

/** The nodes around a selection that may be written by themselves, the innermost first. */
function partsAround(a: ParsedFile, b: ParsedFile, selection: Range): Pair[] {
  const root: Pair = [
    { node: a.root, at: a.rootAt },
    { node: b.root, at: b.rootAt },
  ];
  const found = [root];
  let [{ node: parent }] = root;
  for (let pair = childAround(root, selection); pair !== undefined; pair = childAround(pair, selection)) {
    const [{ node }] = pair;
    if (isPart(node, parent)) found.push(pair);
    parent = node;
  }
  return found.reverse();
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
