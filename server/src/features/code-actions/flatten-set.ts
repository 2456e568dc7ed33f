/** `a = { b = 1; c = 2; };` as `a.b = 1; a.c = 2;`, which Nix reads as the same. */
import { commentsBetween } from '../../syntax/comments';
import { Kind, staticName, type AttributeSetNode, type BindingNode } from '../../syntax/tree';
import type { PlacedNode } from '../../syntax/walk';
import type { ActionPlace, ActionSource } from '../code-action';
import { insertion, replacement, type TextEdit } from '../text-edit';
import { hasComments } from './gaps';
import { indentationAt, lineEndOf, reindentation, startsLine } from './layout';
import { shownText } from './titles';

export const flattenSet: ActionSource = {
  kinds: ['refactor.rewrite'],
  offer(place) {
    const binding = bindingOfName(place.nodes);
    if (binding === undefined || binding.node.value.kind !== Kind.AttributeSet) return [];
    const { node, at } = binding;
    const set = binding.node.value;
    if (!canFlatten(node, set)) return [];
    const { parsed } = place;
    const setAt = at + node.valueAt;
    const setEnd = setAt + set.width;
    if (hasComments(parsed, at, setAt) || hasComments(parsed, setEnd, at + node.width)) return [];
    const path = parsed.text.slice(at, at + node.path.width);
    const edits = flattening(place, node, set, at);
    return [{ title: `Flatten '${shownText(path)}'`, kind: 'refactor.rewrite', edits }];
  },
};

/** The binding in whose attribute path the cursor is. */
export function bindingOfName(
  nodes: readonly PlacedNode[],
): { readonly node: BindingNode; readonly at: number } | undefined {
  const index = nodes.findIndex(({ node }) => node.kind === Kind.AttributePath);
  const binding = nodes[index + 1];
  return index >= 0 && index <= 2 && binding?.node.kind === Kind.Binding
    ? { node: binding.node, at: binding.at }
    : undefined;
}

/** What is computed as a name would be computed for each attribute, and could be there once only. */
function canFlatten({ path }: BindingNode, { recursive, bindings }: AttributeSetNode): boolean {
  if (recursive || bindings.length === 0 || bindings.some(({ kind }) => kind === Kind.Inherit)) return false;
  return bindings.length === 1 || path.names.every((name) => staticName(name) !== undefined);
}

function flattening(
  { parsed }: ActionPlace,
  node: BindingNode,
  set: AttributeSetNode,
  at: number,
): TextEdit[] {
  const { text } = parsed;
  const setAt = at + node.valueAt;
  const places = set.bindingsAt.map((place) => setAt + place);
  const firstAt = places[0]!;
  const prefix = `${text.slice(at, at + node.path.width)}.`;
  const start = commentsBetween(text, setAt + 1, firstAt)[0]?.start ?? firstAt;
  const lastEnd = places.at(-1)! + set.bindings.at(-1)!.width;
  const lastComment = commentsBetween(text, lastEnd, setAt + set.width - 1).at(-1);
  const end = lastComment?.end ?? lastEnd;
  const bindingEnd = at + node.width;
  // What follows on the line must not become a part of the comment.
  const isSwallowed = lastComment?.style === 'line' && !/^[ \t]*(\r?\n|$)/.test(text.slice(bindingEnd));
  const indentation = indentationAt(text, at);
  const from = startsLine(text, firstAt) ? indentationAt(text, firstAt) : indentation;
  const children = set.bindings.map((child, i) => ({ node: child, at: places[i]! }));
  const moved = reindentation(parsed, children, { start, end }, from, indentation);
  return [
    replacement(at, start, ''),
    ...places.map((place) => insertion(place, prefix)),
    ...moved,
    replacement(end, bindingEnd, isSwallowed ? lineEndOf(text) + indentation : ''),
  ].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}
