/**
 * Which name of a document means which: the variable or the declared name at a
 * place, what declares it, and every place that means the same.
 *
 * Only the text decides. A name that no scope around it binds may still come
 * from a `with` or be a builtin; that is said, and nothing more.
 */
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import {
  Kind,
  staticName,
  type AttributeName,
  type AttributeSetNode,
  type BindingLike,
  type InheritNode,
  type LambdaNode,
  type LegacyLetNode,
  type LetNode,
  type Node,
} from '../syntax/tree';
import { forEachChild, nodesAt, type PlacedNode } from '../syntax/walk';

/** A node whose bindings are names of the scope inside of it. */
type BindingOwner = LetNode | LegacyLetNode | AttributeSetNode;

/** A name that stands in the text as the first one of a binding, or in an `inherit`. */
export interface BoundName {
  readonly name: string;
  readonly range: Range;
  readonly binding: BindingLike;
  readonly bindingAt: number;
}

/** What declares a name. */
export interface Declaration {
  readonly name: string;
  readonly kind: 'let' | 'attribute' | 'parameter' | 'formal';
  /** Where it is written first. */
  readonly range: Range;
  /** The node in whose scope it is. */
  readonly binder: PlacedNode;
  /** For a binding: what binds it. */
  readonly bound?: BoundName;
}

/** A name in the text that is a variable or declares one. */
export interface NameInText {
  readonly name: string;
  readonly range: Range;
  /**
   * - `variable`: an expression;
   * - `inherited`: in an `inherit` without a source, which reads the variable outside;
   * - `declared`: the name of a parameter, or the first one of a binding in a scope.
   */
  readonly role: 'variable' | 'inherited' | 'declared';
  /** The nodes around it, the root first, from the outside to that in whose scope it is looked up. */
  readonly around: readonly PlacedNode[];
  /** What comes below the last of these. */
  readonly below: Node;
}

/** What a name means. */
export interface Meaning {
  readonly declaration: Declaration | undefined;
  /** The environments of the `with`s around it, which count where nothing declares it; the innermost first. */
  readonly withs: readonly PlacedNode[];
}

/** Whether the bindings of a node are names inside of it. */
export function bindsNames(node: Node): node is BindingOwner {
  return (
    node.kind === Kind.Let ||
    node.kind === Kind.LegacyLet ||
    (node.kind === Kind.AttributeSet && node.recursive)
  );
}

/** The names that bindings define, in source order, each as often as it is written. */
export function* boundNames(owner: BindingOwner, at: number): Iterable<BoundName> {
  for (let i = 0; i < owner.bindings.length; i++) {
    const binding = owner.bindings[i]!;
    const bindingAt = at + owner.bindingsAt[i]!;
    const { names, namesAt } = binding.kind === Kind.Binding ? binding.path : binding;
    const count = binding.kind === Kind.Binding ? 1 : names.length;
    for (let j = 0; j < Math.min(count, names.length); j++) {
      const name = staticName(names[j]!);
      if (name === undefined) continue;
      const start = bindingAt + namesAt[j]!;
      yield { name, range: { start, end: start + names[j]!.width }, binding, bindingAt };
    }
  }
}

/** The names that a function binds. */
export function* parameterNames(
  node: LambdaNode,
  at: number,
): Iterable<{ readonly name: string; readonly range: Range; readonly kind: 'parameter' | 'formal' }> {
  const { parameter, formals } = node;
  if (parameter !== undefined) {
    const start = at + node.parameterAt;
    yield { name: parameter.name, range: { start, end: start + parameter.width }, kind: 'parameter' };
  }
  for (let i = 0; i < (formals?.formals.length ?? 0); i++) {
    const { name } = formals!.formals[i]!;
    const start = at + node.formalsAt + formals!.formalsAt[i]!;
    yield { name: name.name, range: { start, end: start + name.width }, kind: 'formal' };
  }
}

/** What a node declares by a name for the scope inside of it. */
function declaredBy(binder: PlacedNode, name: string): Declaration | undefined {
  const { node, at } = binder;
  if (node.kind === Kind.Lambda) {
    for (const { name: found, range, kind } of parameterNames(node, at))
      if (found === name) return { name, kind, range, binder };
  } else if (bindsNames(node)) {
    for (const bound of boundNames(node, at)) {
      if (bound.name !== name) continue;
      const kind = node.kind === Kind.AttributeSet ? 'attribute' : 'let';
      return { name, kind, range: bound.range, binder, bound };
    }
  }
  return undefined;
}

/** The variable, or the declared name, that an offset is in or behind. */
export function nameAt(file: ParsedFile, offset: number): NameInText | undefined {
  const path = nodesAt(file, offset).reverse();
  for (let index = path.length - 1; index >= 0; index--) {
    const { node } = path[index]!;
    if (node.kind === Kind.Identifier || node.kind === Kind.String) return nameOf(path, index);
    if (node.kind !== Kind.TextPart) return undefined;
  }
  return undefined;
}

/** What the identifier or string that ends a path from the root is, if it is a name of a scope. */
function nameOf(path: readonly PlacedNode[], index: number): NameInText | undefined {
  const { node, at } = path[index]!;
  const name = staticName(node as AttributeName);
  const parent = path[index - 1];
  if (name === undefined || name === '') return undefined;
  const found = (role: NameInText['role'], count: number): NameInText => ({
    name,
    range: { start: at, end: at + node.width },
    role,
    around: path.slice(0, count),
    below: path[count]?.node ?? node,
  });
  switch (parent?.node.kind) {
    case Kind.AttributePath: {
      const binding = path[index - 2];
      const owner = path[index - 3];
      const isFirst = parent.node.names[0] === node;
      if (binding?.node.kind !== Kind.Binding || !isFirst || !owner || !bindsNames(owner.node))
        return undefined;
      return found('declared', index - 2);
    }
    case Kind.Inherit: {
      if (parent.node.source === node)
        return node.kind === Kind.Identifier ? found('variable', index) : undefined;
      // The owner of the `inherit` does not count: what is inherited comes from outside of it.
      if (parent.node.source === undefined) return found('inherited', index - 2);
      return bindsNames(path[index - 2]!.node) ? found('declared', index - 1) : undefined;
    }
    case Kind.Formal:
      return parent.node.name === node ? found('declared', index - 2) : found('variable', index);
    case Kind.Lambda:
      if (parent.node.parameter === node) return found('declared', index);
      break;
  }
  return node.kind === Kind.Identifier ? found('variable', index) : undefined;
}

/** What a name means in the text. */
export function meaningOf({ name, around, below, role }: NameInText): Meaning {
  if (role === 'declared') {
    // What declares it is the innermost node around that binds names.
    const declaration = declaredBy(around.at(-1)!, name);
    return { declaration, withs: [] };
  }
  return lookUp(around, below, name);
}

/** Looks a variable up in the nodes around it, the root first; `below` stands in the last of them. */
export function lookUp(around: readonly PlacedNode[], below: Node, name: string): Meaning {
  const withs: PlacedNode[] = [];
  let child = below;
  for (let i = around.length - 1; i >= 0; i--) {
    const placed = around[i]!;
    const { node, at } = placed;
    if (node.kind === Kind.With && child === node.body)
      withs.push({ node: node.environment, at: at + node.environmentAt });
    const declaration = declaredBy(placed, name);
    if (declaration !== undefined) return { declaration, withs };
    child = node;
  }
  return { declaration: undefined, withs };
}

/** A place in the text where a name stands that means a declaration. */
export interface Occurrence {
  readonly range: Range;
  /**
   * - `declaration`: where it is declared;
   * - `use`: a variable;
   * - `inherit`: in an `inherit`, which reads the variable and names an attribute (or another variable) by it.
   */
  readonly kind: 'declaration' | 'use' | 'inherit';
  /** For a name in an `inherit`, whatever its kind. */
  readonly inherit?: { readonly node: InheritNode; readonly at: number };
}

interface Waiting {
  readonly node: Node;
  readonly at: number;
  /** The innermost node around that binds the name. */
  readonly binder: Node | undefined;
}

/**
 * All places where a name stands that is bound by `binder`, in source order;
 * without a binder, those that nothing binds. The nodes to look at are those
 * below `from`, which has to be the binder or the root.
 */
export function occurrences(from: PlacedNode, name: string, binder: Node | undefined): Occurrence[] {
  const found: Occurrence[] = [];
  forEachNameBelow(from, name, (occurrence, itsBinder) => {
    if (itsBinder === binder) found.push(occurrence);
  });
  return found.sort((a, b) => a.range.start - b.range.start);
}

/** Calls `visit` for every place where a name stands as a variable or is declared, with the node that binds it there. */
function forEachNameBelow(
  from: PlacedNode,
  name: string,
  visit: (occurrence: Occurrence, binder: Node | undefined) => void,
): void {
  const waiting: Waiting[] = [{ ...from, binder: undefined }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, at, binder } = next;
    if (node.kind === Kind.Identifier) {
      if (node.name === name) visit({ range: { start: at, end: at + node.width }, kind: 'use' }, binder);
      continue;
    }
    const inner = declaredBy({ node, at }, name) === undefined ? binder : node;
    visitDeclarations({ node, at }, name, inner, visit);
    forEachChild(node, at, (child, childAt) => {
      if (child.kind === Kind.Inherit) {
        inheritedNames(child, childAt, name, binder, visit);
        if (child.source !== undefined)
          waiting.push({ node: child.source, at: childAt + child.sourceAt, binder: inner });
      } else if (!isPlainName(node, child)) waiting.push({ node: child, at: childAt, binder: inner });
    });
  }
}

/** Whether a child is an identifier that stands as a name and not as a variable. */
function isPlainName(parent: Node, child: Node): boolean {
  if (child.kind !== Kind.Identifier) return false;
  if (parent.kind === Kind.AttributePath) return true;
  if (parent.kind === Kind.Formal) return parent.name === child;
  return parent.kind === Kind.Lambda && parent.parameter === child;
}

function visitDeclarations(
  placed: PlacedNode,
  name: string,
  binder: Node | undefined,
  visit: (occurrence: Occurrence, binder: Node | undefined) => void,
): void {
  const { node, at } = placed;
  if (node !== binder) return;
  if (node.kind === Kind.Lambda) {
    for (const { name: found, range } of parameterNames(node, at))
      if (found === name) visit({ range, kind: 'declaration' }, binder);
  } else if (bindsNames(node)) {
    for (const { name: found, range, binding, bindingAt } of boundNames(node, at)) {
      if (found !== name) continue;
      const inherit = binding.kind === Kind.Inherit ? { inherit: { node: binding, at: bindingAt } } : {};
      visit({ range, kind: 'declaration', ...inherit }, binder);
    }
  }
}

/** A plain `inherit` reads the variable outside of the node that it stands in. */
function inheritedNames(
  node: InheritNode,
  at: number,
  name: string,
  binder: Node | undefined,
  visit: (occurrence: Occurrence, binder: Node | undefined) => void,
): void {
  if (node.source !== undefined) return;
  node.names.forEach((nameNode, i) => {
    if (staticName(nameNode) !== name) return;
    const start = at + node.namesAt[i]!;
    const range = { start, end: start + nameNode.width };
    visit({ range, kind: 'inherit', inherit: { node, at } }, binder);
  });
}
