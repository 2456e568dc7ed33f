/** `x = x;` and `x = a.x;` as `inherit x;` and `inherit (a) x;`. */
import type { Bytes } from '../../base/bytes';
import { bindsNames } from '../../names/declarations';
import { Kind, staticName, type BindingNode, type SelectNode } from '../../syntax/tree';
import type { ActionPlace, ActionSource, OfferedAction } from '../code-action';
import { replacement } from '../text-edit';
import { hasComments } from './gaps';
import { shownText } from './titles';

export const convertToInherit: ActionSource = {
  kinds: ['refactor.rewrite'],
  offer(place) {
    const index = place.nodes.findIndex(({ node }) => node.kind === Kind.Binding);
    const binding = place.nodes[index];
    const owner = place.nodes[index + 1];
    if (binding?.node.kind !== Kind.Binding || owner === undefined) return [];
    const { node, at } = binding;
    const { path, value } = node;
    const [name] = path.names;
    if (path.names.length !== 1 || name!.kind === Kind.DynamicName || staticName(name!) === undefined)
      return [];
    // In a recursive set `x = x;` is a circle, while `inherit x;` is the variable outside.
    if (value.kind === Kind.Identifier && !bindsNames(owner.node)) return plain(place, node, value.name, at);
    return value.kind === Kind.Select ? selected(place, node, value, at) : [];
  },
};

function plain(
  { parsed, problems }: ActionPlace,
  node: BindingNode,
  variable: string,
  at: number,
): OfferedAction[] {
  const [name] = node.path.names;
  const valueAt = at + node.valueAt;
  // The fix of the lint does the same.
  if (problems.some(({ code }) => code === 'use-inherit')) return [];
  if (name!.kind !== Kind.Identifier || name!.name !== variable || hasComments(parsed, at, valueAt))
    return [];
  return [action(`inherit ${variable}`, [replacement(at, valueAt, 'inherit ')])];
}

function selected(
  { parsed }: ActionPlace,
  node: BindingNode,
  value: SelectNode,
  at: number,
): OfferedAction[] {
  const { text } = parsed;
  const [name] = node.path.names;
  const last = value.path.names.at(-1)!;
  const isSame = last.kind !== Kind.DynamicName && staticName(last) === staticName(name!);
  if (!isSame || value.fallback !== undefined) return [];
  const valueAt = at + node.valueAt;
  const sourceEnd = valueAt + sourceWidth(value);
  const lastAt = valueAt + value.pathAt + value.path.namesAt.at(-1)!;
  if (hasComments(parsed, at, valueAt) || hasComments(parsed, sourceEnd, lastAt)) return [];
  const inParentheses = value.target.kind === Kind.Parenthesised && value.path.names.length === 1;
  const [open, close] = inParentheses ? ['', ''] : ['(', ')'];
  const source = text.slice(valueAt, sourceEnd);
  const written = text.slice(lastAt, lastAt + last.width);
  return [
    action(`inherit ${shownText(`${open}${source}${close}`)} ${shownText(written)}`, [
      replacement(at, valueAt, `inherit ${open}`),
      replacement(sourceEnd, lastAt, `${close} `),
    ]),
  ];
}

/** How wide that is from which the last name is selected. */
function sourceWidth({ target, path, pathAt }: SelectNode): number {
  const index = path.names.length - 2;
  return index < 0 ? target.width : pathAt + path.namesAt[index]! + path.names[index]!.width;
}

function action(binding: Bytes, edits: OfferedAction['edits']): OfferedAction {
  return { title: `Convert to '${binding}'`, kind: 'refactor.rewrite', edits };
}
