/**
 * What an offset of a document asks about: the expression under the cursor.
 *
 * - a name in an attribute path: the value of the path up to it;
 * - the name of a binding, or a name that is inherited: what it is bound to;
 * - a parameter: its value;
 * - an operator, a keyword, a bracket, a literal: the expression it belongs to;
 * - white space and comments: nothing.
 */
import { InternalError } from '../base/internal-error';
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { Token } from '../syntax/tokens';
import {
  AttributePathNode,
  Kind,
  SelectNode,
  type AttributeName,
  type BindingNode,
  type Expression,
  type InheritNode,
  type Node,
} from '../syntax/tree';
import { classifyAt, nodesAt, type PlacedNode } from '../syntax/walk';

export type Target =
  | { readonly kind: 'expression'; readonly node: Expression; readonly at: number }
  /** The first `count` names of a binding's path. */
  | { readonly kind: 'binding'; readonly node: BindingNode; readonly at: number; readonly count: number }
  | { readonly kind: 'inherited'; readonly node: InheritNode; readonly at: number; readonly index: number }
  | { readonly kind: 'parameter'; readonly name: string; readonly at: number; readonly width: number };

/** A target and the nodes around it, the root first; the target's own node is not among them. */
export interface PlacedTarget {
  readonly target: Target;
  readonly ancestors: readonly PlacedNode[];
}

export function targetAt(file: ParsedFile, offset: number): PlacedTarget | undefined {
  const text = classifyAt(file, offset);
  if (text.class === 'white-space' || text.class === 'comment' || text.token === Token.End) return undefined;
  // The start of the token belongs to what it is part of, its end may touch the next node.
  const path = nodesAt(file, text.class === 'token' ? text.start : offset).reverse();
  while (path.length > 0 && !holds(path[path.length - 1]!, text.start)) path.pop();
  return path.length === 0 ? undefined : innermost(path);
}

/** The smallest expression that covers a range, for a selection. */
export function targetOfRange(file: ParsedFile, range: Range): PlacedTarget | undefined {
  const path = nodesAt(file, range.start)
    .reverse()
    .filter(({ node, at }) => at <= range.start && range.end <= at + node.width);
  return path.length === 0 ? undefined : innermost(path);
}

function holds({ node, at }: PlacedNode, offset: number): boolean {
  return at <= offset && offset < at + Math.max(node.width, 1);
}

/** What the last node of a path from the root stands for. */
function innermost(path: readonly PlacedNode[]): PlacedTarget | undefined {
  for (let index = path.length - 1; index >= 0; index--) {
    const found = targetOf(path, index);
    if (found === null) return undefined;
    if (found !== undefined) return { target: found.target, ancestors: path.slice(0, found.outer) };
  }
  return undefined;
}

/** A target, and how many nodes of the path from the root are around it. */
interface Found {
  readonly target: Target;
  readonly outer: number;
}

function expression(node: Expression, at: number, outer: number): Found {
  return { target: { kind: 'expression', node, at }, outer };
}

/** The target at a node of the path; undefined to look further out, null where there is none. */
function targetOf(path: readonly PlacedNode[], index: number): Found | undefined | null {
  const { node, at } = path[index]!;
  switch (node.kind) {
    case Kind.Identifier:
    case Kind.String:
    case Kind.DynamicName: {
      const outer = path[index - 1];
      if (outer !== undefined && isName(outer.node, node)) return namedTarget(path, index);
      return node.kind === Kind.DynamicName ? undefined : expression(node, at, index);
    }
    case Kind.Binding:
      return { target: { kind: 'binding', node, at, count: node.path.names.length }, outer: index };
    case Kind.Interpolation:
      return expression(node.expression, at + node.expressionAt, index + 1);
    case Kind.Inherit:
      return null;
    case Kind.Formal:
      return { target: parameter(node.name.name, at, node.width), outer: index };
    case Kind.AttributePath:
    case Kind.TextPart:
    case Kind.Formals:
      return undefined;
    case Kind.Parenthesised:
      return expression(node.inner, at + node.innerAt, index + 1);
    default:
      return expression(node, at, index);
  }
}

function parameter(name: string, at: number, width: number): Target {
  return { kind: 'parameter', name, at, width };
}

/** Whether a node stands in another one as a name, and not as an expression. */
function isName(outer: Node, node: Node): boolean {
  switch (outer.kind) {
    case Kind.AttributePath:
      return true;
    case Kind.Formal:
      return outer.name === node;
    case Kind.Inherit:
      return outer.source !== node;
    case Kind.Lambda:
      return outer.parameter === node;
    default:
      return false;
  }
}

/** The target of a name that is no expression. */
function namedTarget(path: readonly PlacedNode[], index: number): Found | undefined {
  const { node, at } = path[index]!;
  const outer = path[index - 1]!;
  switch (outer.node.kind) {
    case Kind.Formal:
      return { target: parameter(outer.node.name.name, at, node.width), outer: index };
    case Kind.Lambda:
      return { target: parameter(outer.node.parameter!.name, at, node.width), outer: index };
    case Kind.Inherit: {
      const name = outer.node.names.indexOf(node as AttributeName);
      return { target: { kind: 'inherited', node: outer.node, at: outer.at, index: name }, outer: index - 1 };
    }
    case Kind.AttributePath: {
      const target = pathTarget(path[index - 2], outer.node, node as AttributeName);
      return target && { target, outer: index - 2 };
    }
    default:
      throw new InternalError(`a name in a node of kind ${outer.node.kind}`);
  }
}

/** The target of a name in an attribute path. */
function pathTarget(
  owner: PlacedNode | undefined,
  path: AttributePathNode,
  name: AttributeName,
): Target | undefined {
  if (owner === undefined) return undefined;
  const count = path.names.indexOf(name) + 1;
  const { node, at } = owner;
  if (node.kind === Kind.Binding) return { kind: 'binding', node, at, count };
  if (node.kind === Kind.Select && count < path.names.length) {
    return { kind: 'expression', node: shortened(node, count), at };
  }
  return node.kind === Kind.Select || node.kind === Kind.HasAttribute
    ? { kind: 'expression', node, at }
    : undefined;
}

/** `a.b.c` as `a.b`. */
function shortened(node: SelectNode, count: number): SelectNode {
  const { names, namesAt } = node.path;
  const width = namesAt[count - 1]! + names[count - 1]!.width;
  const path = new AttributePathNode(width, names.slice(0, count), namesAt.slice(0, count));
  return new SelectNode(node.pathAt + width, node.target, path, node.pathAt, undefined, 0);
}
