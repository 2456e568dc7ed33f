/** Which of the names that a scope binds are used in it. */
import { Kind, type AttributeSetNode, type FreeNames, type LetNode } from '../syntax/tree';
import { longOwner } from './binding-blocks';
import { bindingBlocks, freeNames, freeNamesOfGroup } from './free-names';
import { BindingGroup, mergeBindings, type Entry } from './merge';

/** The names that a `let` or a recursive set binds. */
export interface BindingUse {
  /** In source order, each once. */
  readonly names: Iterable<string>;
  /** Whether a name is used in the scope; in long lists uses in its own value always count. */
  isUsed(name: string): boolean;
}

/** Whether a function that calls itself, say, uses itself by that. */
type OwnValues = 'own values, too' | 'others only';

/** The use of the names of a node; undefined where Nix rejects its bindings. */
export function bindingUse(
  node: LetNode | AttributeSetNode,
  counts: OwnValues = 'others only',
): BindingUse | undefined {
  const used = new Set<string>();
  if (node.kind === Kind.Let) addAll(used, freeNames(node.body));
  const isLong = node.bindings.length >= longOwner;
  return isLong ? useInBlocks(node, used, counts) : useInGroup(node, used, counts);
}

function useInGroup(
  node: LetNode | AttributeSetNode,
  used: Set<string>,
  counts: OwnValues,
): BindingUse | undefined {
  const group = mergeBindings(node);
  if (group.faulty) return undefined;
  for (const entry of group.entries.values()) {
    const free = freeNamesOfEntry(entry);
    if (free !== undefined) addAll(used, free, counts === 'others only' ? entry.name : undefined);
  }
  for (const source of group.sources) addAll(used, freeNames(source.node));
  for (const { name, value } of group.dynamic) {
    const written = name.node.kind === Kind.DynamicName ? name.node.expression : name.node;
    addAll(used, freeNames(written));
    addAll(used, value instanceof BindingGroup ? freeNamesOfGroup(value) : freeNames(value.node));
  }
  return { names: group.entries.keys(), isUsed: (name) => used.has(name) };
}

/** What `inherit`s read is outside of the scope, and their sources count by themselves. */
function freeNamesOfEntry(entry: Entry): FreeNames | undefined {
  if (entry.kind === 'value') return freeNames(entry.value);
  return entry.kind === 'group' ? freeNamesOfGroup(entry.group) : undefined;
}

function useInBlocks(
  node: LetNode | AttributeSetNode,
  used: Set<string>,
  counts: OwnValues,
): BindingUse | undefined {
  const { blocks, areApart } = bindingBlocks(node);
  if (!areApart) return useInGroup(node, used, counts);
  if (blocks.some(({ summary }) => summary.faulty)) return undefined;
  for (const { summary } of blocks) for (const free of summary.inner) addAll(used, free);
  const names = blocks.flatMap(({ summary }) => summary.defined);
  return { names, isUsed: (name) => used.has(name) };
}

function addAll(used: Set<string>, { lexical, dynamic }: FreeNames, except?: string): void {
  for (const name of lexical) if (name !== except) used.add(name);
  for (const name of dynamic) if (name !== except) used.add(name);
}
