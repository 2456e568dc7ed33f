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
  type BinaryNode,
  type Expression,
  type FreeNames,
  type LambdaNode,
  type StringPart,
  type WithNode,
} from '../syntax/tree';
import { blocksOf, longOwner, type BindingBlocks, type BlockSummary } from './binding-blocks';
import { Collector, except, freeNamesFrom, noFreeNames } from './collector';
import { mergeBindings, BindingGroup, type BindingOwner } from './merge';

/** Operators inside a chain that have more names do not remember them. */
const fewNames = 32;

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

/** The free names of an expression. */
export function freeNames(node: Expression): FreeNames {
  switch (node.kind) {
    case Kind.Integer:
    case Kind.Float:
    case Kind.CurrentPosition:
    case Kind.Missing:
      return noFreeNames;
    case Kind.Identifier:
      return { lexical: [node.name], dynamic: [], faulty: false };
    case Kind.SearchPath:
      return searchPathNames;
    case Kind.Parenthesised:
      return freeNames(node.inner);
  }
  return (node.free ??= namesOf(node));
}

function namesOf(node: Composite): FreeNames {
  const shared =
    node.kind === Kind.Lambda ? lambdaNames(node) : node.kind === Kind.With ? withNames(node) : undefined;
  if (shared !== undefined) return shared;
  const collector = new Collector();
  collectChildren(node, collector);
  return collector.result();
}

/**
 * The names of a function without defaults are those of its body, but for its
 * parameters. The lists are the same objects where that leaves nothing out.
 */
function lambdaNames({ parameter, formals, body }: LambdaNode): FreeNames | undefined {
  if (formals === undefined) return except(freeNames(body), new Set([parameter!.name]), false);
  const bound = new Set<string>();
  if (parameter !== undefined) bound.add(parameter.name);
  let faulty = false;
  for (const { name, fallback } of formals.formals) {
    if (fallback !== undefined) return undefined;
    if (bound.has(name.name)) faulty = true;
    bound.add(name.name);
  }
  return except(freeNames(body), bound, faulty);
}

/** A `with` turns lists of its parts into its own, unless two of them have to be made one. */
function withNames(node: WithNode): FreeNames | undefined {
  const environment = freeNames(node.environment);
  const body = freeNames(node.body);
  const below = [environment.dynamic, body.lexical, body.dynamic].filter((names) => names.length > 0);
  if (below.length > 1) return undefined;
  return freeNamesFrom(environment.lexical, below[0] ?? [], environment.faulty || body.faulty);
}

const searchPathNames: FreeNames = { lexical: ['__findFile', '__nixPath'], dynamic: [], faulty: false };

/** The bindings of a node in blocks, each with the names that it defines and takes. */
export function bindingBlocks(node: BindingOwner): BindingBlocks {
  return blocksOf(node, summarise);
}

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
    case Kind.LegacyLet:
    case Kind.Let:
      return collectBindings(node, into);
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
    case Kind.Binary:
      return collectOperators(node, into);
  }
}

/**
 * The operators of a chain come one after the other, the innermost first, so nothing goes down
 * a long one by recursion. Each remembers its names as long as these are few: lists that grow
 * with a chain would together take more memory than there is.
 */
function collectOperators(node: BinaryNode, into: Collector): void {
  const chain = [node];
  for (let { left } = node; left.kind === Kind.Binary && left.free === undefined; left = left.left)
    chain.push(left);
  while (chain.length > 1) if (countOf(freeNames(chain.pop()!)) > fewNames) break;
  for (const { operator } of chain) {
    const name = operatorName(operator);
    if (name !== undefined) into.lexical.add(name);
  }
  collect(chain[chain.length - 1]!.left, into);
  for (let i = chain.length - 1; i >= 0; i--) collect(chain[i]!.right, into);
}

function countOf({ lexical, dynamic }: FreeNames): number {
  return lexical.length + dynamic.length;
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

/** What bindings, and the body of a `let`, take from their surroundings. */
function collectBindings(node: BindingOwner, into: Collector): void {
  const body = new Collector();
  if (node.kind === Kind.Let) collect(node.body, body);
  const blocks = node.bindings.length >= longOwner ? bindingBlocks(node) : undefined;
  if (blocks?.areApart === true) {
    into.addExcept(body, blocks.defined);
    return collectBlocks(blocks, into);
  }
  const group = mergeBindings(node);
  into.addExcept(body, group.entries);
  collectGroup(group, into);
}

/**
 * What a group takes from its surroundings. `inherit x` means the x outside,
 * even where the group is recursive; everything else in a recursive group sees
 * its names.
 */
function collectGroup(group: BindingGroup, into: Collector): void {
  if (group.faulty) into.faulty = true;
  const inner = group.recursive ? new Collector() : into;
  collectEntries(group, into, inner);
  collectSources(group, inner);
  collectDynamic(group, inner);
  if (inner !== into) into.addExcept(inner, group.entries);
}

/** `outer` gets what is inherited from around the group. */
function collectEntries(group: BindingGroup, outer: Collector, inner: Collector): void {
  for (const entry of group.entries.values()) {
    if (entry.kind === 'value') collect(entry.value, inner);
    else if (entry.kind === 'inherit') outer.lexical.add(entry.name);
    else if (entry.kind === 'group') inner.addAll(freeNamesOfGroup(entry.group));
  }
}

function collectSources(group: BindingGroup, inner: Collector): void {
  for (const source of group.sources) collect(source.node, inner);
}

function collectDynamic(group: BindingGroup, inner: Collector): void {
  for (const { name, value } of group.dynamic) {
    if (name.node.kind === Kind.DynamicName) collect(name.node.expression, inner);
    else collectParts(name.node.parts, inner);
    if (value instanceof BindingGroup) inner.addAll(freeNamesOfGroup(value));
    else collect(value.node, inner);
  }
}

/** What {@link collectGroup} would find in the group of some bindings, were they all there are. */
function summarise(group: BindingGroup): BlockSummary {
  const [outer, entries, sources, dynamic] = [0, 1, 2, 3].map(() => new Collector());
  collectEntries(group, group.recursive ? outer! : entries!, entries!);
  collectSources(group, sources!);
  collectDynamic(group, dynamic!);
  return {
    defined: [...group.entries.keys()],
    faulty: group.faulty,
    outer: outer!.result(),
    inner: [entries!.result(), sources!.result(), dynamic!.result()],
  };
}

/** The same as {@link collectGroup} of all bindings at once, and in the same order. */
function collectBlocks({ recursive, blocks, defined }: BindingBlocks, into: Collector): void {
  const inner = recursive ? new Collector() : into;
  for (const { summary } of blocks) {
    if (summary.faulty) into.faulty = true;
    into.addAll(summary.outer);
  }
  for (let part = 0; part < 3; part++) for (const { summary } of blocks) inner.addAll(summary.inner[part]!);
  if (inner !== into) into.addExcept(inner, defined);
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
