/** Attribute names with and without quotes: `"a"` and `a`. */
import { printString, isIdentifier } from '../../base/literals';
import { Kind, staticName, type Node } from '../../syntax/tree';
import type { PlacedNode } from '../../syntax/walk';
import type { ActionPlace, ActionSource, OfferedAction } from '../code-action';
import { replacement } from '../text-edit';
import { apart, hasComments } from './gaps';
import { shownText } from './titles';

export const quoteName: ActionSource = {
  kinds: ['refactor.rewrite'],
  onlyWhenAsked: true,
  offer(place) {
    const index = place.nodes.findIndex(({ node }, i) => isName(node, place.nodes[i + 1]?.node));
    const name = place.nodes[index];
    if (name === undefined) return [];
    if (name.node.kind !== Kind.Identifier) return unquoted(place, name);
    // Names are quoted where they are given, not wherever they are used.
    const binding = place.nodes[index + 2]?.node;
    return binding?.kind === Kind.Binding ? quoted(name) : [];
  },
};

/** Whether a node is the name of an attribute. */
function isName(node: Node, parent: Node | undefined): boolean {
  if (node.kind !== Kind.Identifier && node.kind !== Kind.String && node.kind !== Kind.DynamicName)
    return false;
  return parent?.kind === Kind.AttributePath || (parent?.kind === Kind.Inherit && parent.source !== node);
}

function unquoted({ parsed, selection }: ActionPlace, { node, at }: PlacedNode): OfferedAction[] {
  const name = staticName(node as Parameters<typeof staticName>[0]);
  const end = at + node.width;
  // `or` behind a path is a keyword.
  if (name === undefined || !isIdentifier(name) || name === 'or' || selection.start > end) return [];
  if (node.kind === Kind.DynamicName && hasComments(parsed, at, end)) return [];
  const edits = [replacement(at, end, apart(parsed.text, at, end, name))];
  return [{ title: `Remove the quotes of '${shownText(name)}'`, kind: 'refactor.rewrite', edits }];
}

function quoted({ node, at }: PlacedNode): OfferedAction[] {
  const { name } = node as { readonly name: string };
  const edits = [replacement(at, at + node.width, printString(name))];
  return [{ title: `Quote '${shownText(name)}'`, kind: 'refactor.rewrite', edits }];
}
