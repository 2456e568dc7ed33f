/**
 * Bindings of a set or a `let` as Nix means them: nested attribute paths merged
 * into groups, duplicates found. This is what C++ Nix's parser does while it
 * reads; here the tree stays as written and the meaning is derived from it.
 *
 * Offsets (`at`) are relative to the node whose bindings are merged.
 */
import {
  Kind,
  staticName,
  type AttributeName,
  type AttributePathNode,
  type AttributeSetNode,
  type BindingLike,
  type DynamicNameNode,
  type Expression,
  type InheritNode,
  type LegacyLetNode,
  type LetNode,
  type StringNode,
} from '../syntax/tree';
import { printAttributeName } from '../base/literals';

/** An expression and where it stands. */
export interface Placed<T = Expression> {
  readonly node: T;
  readonly at: number;
}

export interface ValueEntry {
  readonly kind: 'value';
  readonly name: string;
  /** Where the attribute path starts: the position that Nix gives the attribute. */
  readonly nameAt: number;
  /** Of the path up to the name. */
  readonly width: number;
  readonly value: Expression;
  readonly at: number;
}

/** `inherit name;`: the variable of the surroundings, even in a recursive set. */
export interface InheritEntry {
  readonly kind: 'inherit';
  readonly name: string;
  readonly nameAt: number;
  readonly width: number;
}

/** `inherit (source) name;`; `source` is an index into the sources of the group. */
export interface InheritFromEntry {
  readonly kind: 'inherit-from';
  readonly name: string;
  readonly nameAt: number;
  readonly width: number;
  readonly source: number;
}

/** `name.rest = …`, or several of them, or such with a literal set of the same name. */
export interface GroupEntry {
  readonly kind: 'group';
  readonly name: string;
  readonly nameAt: number;
  /** Of the path up to the name, where it first stands. */
  readonly width: number;
  readonly group: BindingGroup;
}

export type Entry = ValueEntry | InheritEntry | InheritFromEntry | GroupEntry;

/** `${name} = value`, or `${name}.rest = value` with a group as its value. */
export interface DynamicEntry {
  readonly name: Placed<DynamicNameNode | StringNode>;
  /** Where the path begins that the name is in, which is where Nix says that the attribute is. */
  readonly at: number;
  readonly value: Placed | BindingGroup;
}

export interface Duplicate {
  readonly at: number;
  readonly width: number;
  /** The dotted path of the attribute. */
  readonly path: string;
  readonly firstAt: number;
  readonly firstWidth: number;
}

export class BindingGroup {
  /** In source order of first definition. */
  readonly entries = new Map<string, Entry>();
  readonly dynamic: DynamicEntry[] = [];
  /** The sources of `inherit (source) …`. */
  readonly sources: Placed[] = [];
  readonly duplicates: Duplicate[] = [];
  /** Names in `inherit` that are no static names; Nix rejects them. */
  readonly dynamicInherits: Placed<AttributeName>[] = [];

  /** Whether it belongs to a `let`, which allows no dynamic attributes. */
  isLet = false;

  constructor(
    readonly recursive: boolean,
    /** Where the group was first opened. */
    readonly at: number,
  ) {}

  /** Whether Nix rejects the group; nested groups count for themselves. */
  get faulty(): boolean {
    return (
      this.duplicates.length > 0 || this.dynamicInherits.length > 0 || (this.isLet && this.dynamic.length > 0)
    );
  }
}

export type BindingOwner = AttributeSetNode | LetNode | LegacyLetNode;

/** The merged bindings of a set or a `let`. */
export function mergeBindings(node: BindingOwner): BindingGroup {
  const group = emptyGroup(node);
  addBindings(group, node.bindings, node.bindingsAt, 0);
  return group;
}

/** The same as if the bindings from `from` up to `to` were all there are. */
export function mergeSomeBindings(node: BindingOwner, from: number, to: number): BindingGroup {
  const group = emptyGroup(node);
  addBindings(group, node.bindings.slice(from, to), node.bindingsAt.slice(from, to), 0);
  return group;
}

/** Whether the bindings of a node see each other. */
export function isRecursive(node: BindingOwner): boolean {
  return node.kind === Kind.AttributeSet ? node.recursive : true;
}

function emptyGroup(node: BindingOwner): BindingGroup {
  const group = new BindingGroup(isRecursive(node), 0);
  group.isLet = node.kind === Kind.Let;
  return group;
}

function addBindings(
  group: BindingGroup,
  bindings: readonly BindingLike[],
  places: readonly number[],
  base: number,
): void {
  for (let i = 0; i < bindings.length; i++) {
    const binding = bindings[i]!;
    const at = base + places[i]!;
    if (binding.kind === Kind.Binding) {
      addPath(group, binding.path, at, { node: binding.value, at: at + binding.valueAt });
    } else addInherit(group, binding, at);
  }
}

function addInherit(group: BindingGroup, binding: InheritNode, at: number): void {
  let source = -1;
  if (binding.source !== undefined) {
    source = group.sources.length;
    group.sources.push({ node: binding.source, at: at + binding.sourceAt });
  }
  for (let i = 0; i < binding.names.length; i++) {
    const node = binding.names[i]!;
    const nameAt = at + binding.namesAt[i]!;
    const name = staticName(node);
    if (name === undefined) {
      group.dynamicInherits.push({ node, at: nameAt });
      continue;
    }
    const first = group.entries.get(name);
    if (first !== undefined) {
      group.duplicates.push({
        at: nameAt,
        width: node.width,
        path: printAttributeName(name),
        ...placeOfFirst(first),
      });
    } else if (source < 0) group.entries.set(name, { kind: 'inherit', name, nameAt, width: node.width });
    else group.entries.set(name, { kind: 'inherit-from', name, nameAt, width: node.width, source });
  }
}

/** Adds `path = value` to a group, opening the groups that the path goes through. */
function addPath(group: BindingGroup, path: AttributePathNode, at: number, value: Placed): void {
  const last = path.names.length - 1;
  let current = group;
  for (let i = 0; i < last; i++) {
    const next = openGroup(group, current, path, at, i);
    if (next === undefined) return;
    current = next;
  }
  const node = path.names[last]!;
  const name = staticName(node);
  if (name === undefined) {
    const nameAt = at + path.namesAt[last]!;
    current.dynamic.push({ name: { node: node as DynamicNameNode | StringNode, at: nameAt }, at, value });
    return;
  }
  const first = current.entries.get(name);
  if (first === undefined) {
    const width = path.namesAt[last]! + node.width;
    current.entries.set(name, { kind: 'value', name, nameAt: at, width, value: value.node, at: value.at });
    return;
  }
  if (value.node.kind === Kind.AttributeSet && mergeable(first)) {
    const merged = groupOf(current, first);
    mergeLiteral(group, merged, value.node, value.at, pathText(path, last + 1));
    return;
  }
  reportDuplicate(group, path, at, last, first);
}

/** The group of the path's name `index`, opened if it has to be; undefined where something else has the name. */
function openGroup(
  root: BindingGroup,
  group: BindingGroup,
  path: AttributePathNode,
  at: number,
  index: number,
): BindingGroup | undefined {
  const node = path.names[index]!;
  const name = staticName(node);
  if (name === undefined) {
    const nameAt = at + path.namesAt[index]!;
    const opened = new BindingGroup(false, at);
    const placed = { node: node as DynamicNameNode | StringNode, at: nameAt };
    group.dynamic.push({ name: placed, at, value: opened });
    return opened;
  }
  const first = group.entries.get(name);
  if (first === undefined) {
    const opened = new BindingGroup(false, at);
    const width = path.namesAt[index]! + node.width;
    group.entries.set(name, { kind: 'group', name, nameAt: at, width, group: opened });
    return opened;
  }
  if (mergeable(first)) return groupOf(group, first);
  reportDuplicate(root, path, at, index, first);
  return undefined;
}

/** Whether more attributes can be added to what an entry binds: it is a group or a literal set. */
function mergeable(entry: Entry): entry is GroupEntry | ValueEntry {
  return entry.kind === 'group' || (entry.kind === 'value' && entry.value.kind === Kind.AttributeSet);
}

/** The group of an entry; a literal set becomes one. */
function groupOf(owner: BindingGroup, entry: GroupEntry | ValueEntry): BindingGroup {
  if (entry.kind === 'group') return entry.group;
  const literal = entry.value as AttributeSetNode;
  const group = new BindingGroup(literal.recursive, entry.at);
  addBindings(group, literal.bindings, literal.bindingsAt, entry.at);
  const { name, nameAt, width } = entry;
  owner.entries.set(name, { kind: 'group', name, nameAt, width, group });
  return group;
}

/** Adds the bindings of a literal set to a group of the same name. */
function mergeLiteral(
  root: BindingGroup,
  group: BindingGroup,
  literal: AttributeSetNode,
  at: number,
  path: string,
): void {
  const before = group.duplicates.length;
  addBindings(group, literal.bindings, literal.bindingsAt, at);
  for (const duplicate of group.duplicates.splice(before)) {
    root.duplicates.push({ ...duplicate, path: `${path}.${duplicate.path}` });
  }
}

function reportDuplicate(
  root: BindingGroup,
  path: AttributePathNode,
  at: number,
  index: number,
  first: Entry,
): void {
  const node = path.names[index]!;
  root.duplicates.push({
    // C++ Nix points at the binding; the name is where an editor should underline.
    at: at + path.namesAt[0]!,
    width: path.namesAt[index]! + node.width - path.namesAt[0]!,
    path: pathText(path, index + 1),
    ...placeOfFirst(first),
  });
}

function placeOfFirst(first: Entry): { firstAt: number; firstWidth: number } {
  return { firstAt: first.nameAt, firstWidth: first.width };
}

function pathText(path: AttributePathNode, count: number): string {
  return path.names
    .slice(0, count)
    .map(staticName)
    .map((name) => (name === undefined ? '"${...}"' : printAttributeName(name)))
    .join('.');
}
