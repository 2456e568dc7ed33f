/**
 * Puts the value of a `let` binding in the place of its name: everywhere, where the cursor
 * is on the binding, and then the binding goes; else where the cursor is.
 *
 * It is offered only where each name in the value means the same at the new place. What
 * would be evaluated several times, or be several functions instead of one, stays shared.
 */
import type { Range } from '../../base/range';
import { globalNames } from '../../builtins/global-names';
import { lookUp, meaningOf, nameAt, occurrences, type Declaration } from '../../names/declarations';
import { freeNames } from '../../names/free-names';
import { Kind, type BindingNode, type LetNode } from '../../syntax/tree';
import { nodesAt, type PlacedNode } from '../../syntax/walk';
import type { ActionPlace, ActionSource, OfferedAction } from '../code-action';
import { replacement, type TextEdit } from '../text-edit';
import { hasKind, tellsPosition, textFor } from './expressions';
import { apart, hasComments, isBeforeOr, isWordByte } from './gaps';
import { indentationAt, movedText, startsLine } from './layout';
import { shownText } from './titles';

/** With more uses, nobody wants to have the value at each of them. */
const maxUses = 100;

/** Expressions that cost something, or whose values are told apart though they look the same. */
const shared = new Set([
  Kind.Call,
  Kind.Lambda,
  Kind.AttributeSet,
  Kind.List,
  Kind.Let,
  Kind.LegacyLet,
  Kind.With,
]);

interface Inlined {
  readonly place: ActionPlace;
  readonly name: string;
  readonly owner: { readonly node: LetNode; readonly at: number };
  readonly binding: { readonly node: BindingNode; readonly at: number };
}

export const inlineBinding: ActionSource = {
  kinds: ['refactor.inline'],
  offer(place) {
    const name = nameAt(place.parsed, place.selection.start);
    if (name === undefined || name.role === 'inherited') return [];
    const { declaration } = meaningOf(name);
    const inlined = declaration && inlinedBy(place, declaration);
    if (inlined === undefined) return [];
    const all = occurrences(inlined.owner, name.name, inlined.owner.node);
    const uses = all.filter(({ kind }) => kind === 'use').map(({ range }) => range);
    const isWhole = uses.length === all.length - 1;
    if (uses.length === 0 || uses.length > maxUses) return [];
    if (name.role === 'variable' && all.length > 2) return atOneUse(inlined, name.range);
    return isWhole ? everywhere(inlined, uses) : [];
  },
};

/** What can be inlined: a binding of one name of a `let`, whose value does not need itself. */
function inlinedBy(place: ActionPlace, { binder, bound, name }: Declaration): Inlined | undefined {
  if (binder.node.kind !== Kind.Let || bound?.binding.kind !== Kind.Binding || name === 'or')
    return undefined;
  const { binding: node, bindingAt: at } = bound;
  const { lexical, dynamic } = freeNames(node.value);
  const isRecursive = lexical.includes(name) || dynamic.includes(name);
  if (node.path.names.length !== 1 || isRecursive || tellsPosition(node.value)) return undefined;
  if (node.value.kind === Kind.Identifier && node.value.name === 'or') return undefined;
  return { place, name, owner: { node: binder.node, at: binder.at }, binding: { node, at } };
}

function atOneUse(inlined: Inlined, use: Range): OfferedAction[] {
  const edit = editOf(inlined, use, true);
  if (edit === undefined) return [];
  return [{ title: `Inline '${shownText(inlined.name)}' here`, kind: 'refactor.inline', edits: [edit] }];
}

function everywhere(inlined: Inlined, uses: readonly Range[]): OfferedAction[] {
  const edits = uses.map((use) => editOf(inlined, use, uses.length > 1));
  const removal = removalOf(inlined);
  if (removal === undefined || edits.includes(undefined)) return [];
  const all = [...(edits as TextEdit[]), ...removal].sort((a, b) => a.range.start - b.range.start);
  return [{ title: `Inline '${shownText(inlined.name)}'`, kind: 'refactor.inline', edits: all }];
}

/** The value in the place of a use; undefined where it would not be the same there. */
function editOf(inlined: Inlined, use: Range, isOneOfSeveral: boolean): TextEdit | undefined {
  const { place, owner, binding } = inlined;
  const { parsed } = place;
  const nodes = nodesAt(parsed, use.start);
  const index = nodes.findIndex(({ node, at }) => node.kind === Kind.Identifier && at === use.start);
  const between = nodes.slice(
    index + 1,
    nodes.findIndex(({ node }) => node === owner.node),
  );
  const { value } = binding.node;
  const isRepeated = isOneOfSeveral || between.some(({ node }) => node.kind === Kind.Lambda);
  if (isRepeated && hasKind(value, shared)) return undefined;
  if (!meansTheSame(inlined, nodes[index]!, between)) return undefined;
  // A word `or` behind it would become the default of a selection.
  if (isBeforeOr(parsed.text, use.end)) return undefined;
  const from = indentationAt(parsed.text, binding.at);
  const valueAt = binding.at + binding.node.valueAt;
  const text = movedText(parsed, { node: value, at: valueAt }, from, indentationAt(parsed.text, use.start));
  const inserted = textFor(value, text, nodes[index + 1]?.node, nodes[index]!.node);
  return replacement(use.start, use.end, apart(parsed.text, use.start, use.end, inserted));
}

/** Whether all names in the value mean at a use what they mean in the binding. */
function meansTheSame(
  { place, owner, binding }: Inlined,
  use: PlacedNode,
  between: readonly PlacedNode[],
): boolean {
  const { lexical, dynamic } = freeNames(binding.node.value);
  const inner = [...between].reverse();
  const nodes = nodesAt(place.parsed, owner.at);
  const outer = nodes.slice(nodes.findIndex(({ node }) => node === owner.node)).reverse();
  return [...lexical, ...dynamic].every((name) => {
    const { declaration, withs } = lookUp(inner, use.node, name);
    if (declaration !== undefined) return false;
    if (withs.length === 0 || globalNames.has(name)) return true;
    return lookUp(outer, binding.node, name).declaration !== undefined;
  });
}

/** The edit that takes the binding away, and the `let` with it where it is the only one. */
function removalOf({ place, owner, binding }: Inlined): TextEdit[] | undefined {
  const { parsed } = place;
  const { text } = parsed;
  const { node, at } = binding;
  const end = at + node.width;
  const valueAt = at + node.valueAt;
  if (hasComments(parsed, at, valueAt) || hasComments(parsed, valueAt + node.value.width, end))
    return undefined;
  if (owner.node.bindings.length > 1) return [lineOf(text, at, end)];
  const bodyAt = owner.at + owner.node.bodyAt;
  if (hasComments(parsed, owner.at, at) || hasComments(parsed, end, bodyAt)) return undefined;
  return [replacement(owner.at, bodyAt, isWordByte(text[owner.at - 1]) ? ' ' : '')];
}

/** Takes a binding away with its line, if it is alone there, or with the blanks before it. */
function lineOf(text: string, at: number, end: number): TextEdit {
  const rest = /^[ \t]*(\r?\n|$)/.exec(text.slice(end, end + 1000));
  if (startsLine(text, at) && rest !== null)
    return replacement(text.lastIndexOf('\n', at - 1) + 1, end + rest[0].length, '');
  const blanks = /[ \t]*$/.exec(text.slice(Math.max(0, at - 1000), at))![0];
  // Without a blank, what is before and what is behind would be one word.
  return replacement(startsLine(text, at) ? at : at - blanks.length, end, isWordByte(text[end]) ? ' ' : '');
}
