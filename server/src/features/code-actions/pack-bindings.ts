/** `a.b = 1; a.c = 2;` as `a = { b = 1; c = 2; };`, which Nix reads as the same. */
import {
  Kind,
  staticName,
  type AttributePathNode,
  type AttributeSetNode,
  type BindingNode,
  type LegacyLetNode,
  type LetNode,
} from '../../syntax/tree';
import type { ActionPlace, ActionSource } from '../code-action';
import { insertion, replacement, type TextEdit } from '../text-edit';
import { bindingOfName } from './flatten-set';
import { endWithComment, hasComments } from './gaps';
import { indentationAt, lineEndOf, oneLevel, reindentation, startsLine } from './layout';
import { shownText } from './titles';

interface PlacedBinding {
  readonly node: BindingNode;
  readonly at: number;
}

type Owner = AttributeSetNode | LetNode | LegacyLetNode;

export const packBindings: ActionSource = {
  kinds: ['refactor.rewrite'],
  offer(place) {
    const binding = bindingOfName(place.nodes);
    if (binding === undefined) return [];
    const owner = place.nodes[place.nodes.findIndex(({ node }) => node === binding.node) + 1];
    const count = namesUpTo(binding, place.selection.start);
    if (owner === undefined || count >= binding.node.path.names.length) return [];
    const run = runAround(owner.node as Owner, owner.at, binding.node, count);
    if (isBegunBefore(owner.node as Owner, run, count)) return [];
    if (run.some(({ node, at }) => hasComments(place.parsed, at, at + nameAfter(node.path, count))))
      return [];
    const prefix = place.parsed.text.slice(binding.at, binding.at + endOfName(binding.node.path, count - 1));
    const title = `Pack into '${shownText(prefix)} = { … }'`;
    return [{ title, kind: 'refactor.rewrite', edits: packing(place, run, count) }];
  },
};

/** How many names of the path there are up to the cursor. */
function namesUpTo({ node, at }: PlacedBinding, offset: number): number {
  const { names, namesAt } = node.path;
  const index = names.findIndex((name, i) => offset <= at + namesAt[i]! + name.width);
  return index < 0 ? names.length : index + 1;
}

function endOfName({ names, namesAt }: AttributePathNode, index: number): number {
  return namesAt[index]! + names[index]!.width;
}

function nameAfter({ namesAt }: AttributePathNode, count: number): number {
  return namesAt[count]!;
}

/** The bindings before and behind one, without others between, whose paths begin with the same `count` names. */
function runAround(owner: Owner, ownerAt: number, binding: BindingNode, count: number): PlacedBinding[] {
  const prefix = prefixOf(binding, count);
  const fits = (index: number): boolean => {
    const other = owner.bindings[index];
    if (other === binding) return true;
    // What is computed as a name can be there only once.
    if (other?.kind !== Kind.Binding || prefix === undefined) return false;
    return other.path.names.length > count && prefixOf(other, count) === prefix;
  };
  const index = owner.bindings.indexOf(binding);
  let first = index;
  let last = index;
  while (fits(first - 1)) first--;
  while (fits(last + 1)) last++;
  return owner.bindings.slice(first, last + 1).map((node, i) => ({
    node: node as BindingNode,
    at: ownerAt + owner.bindingsAt[first + i]!,
  }));
}

/**
 * Whether an earlier binding makes a set of which the packed ones are parts, too. Older Nix (2.8)
 * puts a written set together with an earlier one only if they have no name in common, while it
 * lets paths lead into both: `a.b.c = 1; a = { b.d = 1; };` is an error there.
 */
function isBegunBefore(owner: Owner, run: readonly PlacedBinding[], count: number): boolean {
  const inRun = new Set(run.map(({ node }) => prefixOf(node, count + 1)));
  const paths = new Set(Array.from({ length: count }, (_, i) => prefixOf(run[0]!.node, i + 1)));
  for (const other of owner.bindings) {
    if (other === run[0]!.node) return false;
    if (other.kind !== Kind.Binding) continue;
    const { length } = other.path.names;
    const path = prefixOf(other, count + 1);
    if (path !== undefined && (length > count ? inRun : paths).has(path)) return true;
  }
  return false;
}

function prefixOf({ path }: BindingNode, count: number): string | undefined {
  const names = path.names.slice(0, count).map(staticName);
  return names.includes(undefined) ? undefined : JSON.stringify(names);
}

function packing({ parsed }: ActionPlace, run: readonly PlacedBinding[], count: number): TextEdit[] {
  const { text } = parsed;
  const first = run[0]!;
  const last = run.at(-1)!;
  const indentation = indentationAt(text, first.at);
  const inner = indentation + oneLevel(indentation);
  const lines = startsLine(text, first.at);
  const end = endWithComment(text, last.at + last.node.width);
  const isLineComment = text.slice(last.at + last.node.width, end).includes('#');
  const newLine = lineEndOf(text);
  const opening = lines ? ` = {${newLine}${inner}` : ' = { ';
  const closing = lines || isLineComment ? `${newLine}${indentation}};` : ' };';
  const pathEnd = first.at + endOfName(first.node.path, count - 1);
  return [
    replacement(pathEnd, first.at + nameAfter(first.node.path, count), opening),
    ...run.slice(1).map(({ node, at }) => replacement(at, at + nameAfter(node.path, count), '')),
    ...(lines ? reindentation(parsed, run, { start: first.at, end }, indentation, inner) : []),
    insertion(end, closing),
  ].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}
