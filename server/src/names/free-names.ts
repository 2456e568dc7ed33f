/**
 * Free names: which names an expression takes from its surroundings. They are
 * remembered at the nodes, so an edit computes them anew along one path only.
 *
 * Operators are names too (`-` is `__sub`), and so is what `<…>` stands for.
 */
import {
  BinaryOperator,
  Kind,
  type AttributePathNode,
  type Expression,
  type FreeNames,
  type LambdaNode,
  type StringPart,
} from '../syntax/tree';
import { mergeBindings, BindingGroup } from './merge';

/** The name that an operator stands for, or undefined where it is none. */
export function operatorName(operator: BinaryOperator): string | undefined {
  switch (operator) {
    case BinaryOperator.Subtract:
      return '__sub';
    case BinaryOperator.Multiply:
      return '__mul';
    case BinaryOperator.Divide:
      return '__div';
    case BinaryOperator.Less:
    case BinaryOperator.LessOrEqual:
    case BinaryOperator.Greater:
    case BinaryOperator.GreaterOrEqual:
      return '__lessThan';
    default:
      return undefined;
  }
}

const noNames: readonly string[] = [];

const nothing: FreeNames = { lexical: [], dynamic: [], faulty: false };

/** From this many names on, a Set tells faster than a search whether a name is there. */
const linearLimit = 12;

/** Names in order of first use, each once. */
class NameList {
  readonly names: string[] = [];
  private index: Set<string> | undefined = undefined;

  copy(): readonly string[] {
    return this.names.length === 0 ? noNames : this.names.slice();
  }

  add(name: string): void {
    const { names } = this;
    if (names.length < linearLimit) {
      if (!names.includes(name)) names.push(name);
      return;
    }
    if (this.index === undefined) this.index = new Set(names);
    if (this.index.has(name)) return;
    this.index.add(name);
    names.push(name);
  }
}

/** Gathers the free names of a node. */
class Collector {
  readonly lexical = new NameList();
  readonly dynamic = new NameList();
  faulty = false;

  addAll(free: FreeNames): void {
    if (free.faulty) this.faulty = true;
    for (const name of free.lexical) this.lexical.add(name);
    for (const name of free.dynamic) this.dynamic.add(name);
  }

  /** Adds what is free below a `with`: everything could come from it. */
  addDynamic(free: FreeNames): void {
    if (free.faulty) this.faulty = true;
    for (const name of free.lexical) this.dynamic.add(name);
    for (const name of free.dynamic) this.dynamic.add(name);
  }

  /** Adds what is free in a scope that binds some names. */
  addExcept(inner: Collector, bound: { has(name: string): boolean }): void {
    if (inner.faulty) this.faulty = true;
    for (const name of inner.lexical.names) if (!bound.has(name)) this.lexical.add(name);
    for (const name of inner.dynamic.names) if (!bound.has(name)) this.dynamic.add(name);
  }

  result(): FreeNames {
    // Copies have no room to grow, and are kept as long as the tree.
    const lexical = this.lexical.copy();
    const dynamic = this.dynamic.copy();
    const { faulty } = this;
    return lexical.length === 0 && dynamic.length === 0 && !faulty ? nothing : { lexical, dynamic, faulty };
  }
}

/** The free names of an expression. */
export function freeNames(node: Expression): FreeNames {
  switch (node.kind) {
    case Kind.Integer:
    case Kind.Float:
    case Kind.CurrentPosition:
    case Kind.Missing:
      return nothing;
    case Kind.Identifier:
      return { lexical: [node.name], dynamic: [], faulty: false };
    case Kind.SearchPath:
      return searchPathNames;
    case Kind.Parenthesised:
      return freeNames(node.inner);
  }
  if (node.free !== undefined) return node.free;
  const collector = new Collector();
  collectChildren(node, collector);
  node.free = collector.result();
  return node.free;
}

const searchPathNames: FreeNames = { lexical: ['__findFile', '__nixPath'], dynamic: [], faulty: false };

/** The free names of a group of bindings, without those that a recursive one binds. */
export function freeNamesOfGroup(group: BindingGroup): FreeNames {
  const collector = new Collector();
  collectGroup(group, collector);
  return collector.result();
}

/** Nodes that are never evaluated apart from their parent need no result of their own. */
function collect(node: Expression, into: Collector): void {
  if (node.kind === Kind.Identifier) into.lexical.add(node.name);
  else into.addAll(freeNames(node));
}

type Composite = Exclude<Expression, { kind: Kind.Integer | Kind.Float | Kind.Missing | Kind.Parenthesised }>;

function collectChildren(node: Composite, into: Collector): void {
  switch (node.kind) {
    case Kind.String:
    case Kind.Path:
      return collectParts(node.parts, into);
    case Kind.List:
      for (const item of node.items) collect(item, into);
      return;
    case Kind.AttributeSet:
      return collectGroup(mergeBindings(node), into);
    case Kind.Let: {
      const group = mergeBindings(node);
      const inner = new Collector();
      collect(node.body, inner);
      into.addExcept(inner, group.entries);
      return collectGroup(group, into);
    }
    case Kind.LegacyLet:
      return collectGroup(mergeBindings(node), into);
    case Kind.With:
      collect(node.environment, into);
      return into.addDynamic(freeNames(node.body));
    case Kind.Assert:
      collect(node.condition, into);
      return collect(node.body, into);
    case Kind.If:
      collect(node.condition, into);
      collect(node.consequent, into);
      return collect(node.alternative, into);
    case Kind.Lambda:
      return collectLambda(node, into);
    case Kind.Call:
      collect(node.callee, into);
      for (const argument of node.args) collect(argument, into);
      return;
    case Kind.Select:
      collect(node.target, into);
      collectPath(node.path, into);
      if (node.fallback !== undefined) collect(node.fallback, into);
      return;
    case Kind.HasAttribute:
      collect(node.target, into);
      return collectPath(node.path, into);
    case Kind.Not:
      return collect(node.operand, into);
    case Kind.Negate:
      into.lexical.add('__sub');
      return collect(node.operand, into);
    case Kind.Binary: {
      const name = operatorName(node.operator);
      if (name !== undefined) into.lexical.add(name);
      collect(node.left, into);
      return collect(node.right, into);
    }
  }
}

function collectParts(parts: readonly StringPart[], into: Collector): void {
  for (const part of parts) if (part.kind === Kind.Interpolation) collect(part.expression, into);
}

function collectPath(path: AttributePathNode, into: Collector): void {
  for (const name of path.names) {
    if (name.kind === Kind.DynamicName) collect(name.expression, into);
    else if (name.kind === Kind.String) collectParts(name.parts, into);
  }
}

/**
 * What a group takes from its surroundings. `inherit x` means the x outside,
 * even where the group is recursive; everything else in a recursive group sees
 * its names.
 */
function collectGroup(group: BindingGroup, into: Collector): void {
  if (group.faulty) into.faulty = true;
  const inner = group.recursive ? new Collector() : into;
  for (const entry of group.entries.values()) {
    if (entry.kind === 'value') collect(entry.value, inner);
    else if (entry.kind === 'inherit') into.lexical.add(entry.name);
    else if (entry.kind === 'group') inner.addAll(freeNamesOfGroup(entry.group));
  }
  for (const source of group.sources) collect(source.node, inner);
  for (const { name, value } of group.dynamic) {
    if (name.node.kind === Kind.DynamicName) collect(name.node.expression, inner);
    else collectParts(name.node.parts, inner);
    if (value instanceof BindingGroup) inner.addAll(freeNamesOfGroup(value));
    else collect(value.node, inner);
  }
  if (inner !== into) into.addExcept(inner, group.entries);
}

function collectLambda(node: LambdaNode, into: Collector): void {
  const inner = new Collector();
  const bound = new Set<string>();
  if (node.parameter !== undefined) bound.add(node.parameter.name);
  if (node.formals !== undefined) {
    for (const formal of node.formals.formals) {
      if (bound.has(formal.name.name)) into.faulty = true;
      bound.add(formal.name.name);
      if (formal.fallback !== undefined) collect(formal.fallback, inner);
    }
  }
  collect(node.body, inner);
  into.addExcept(inner, bound);
}
