/** The children of a node with their places. */
import { Kind, type Node } from './tree';

/** Calls `visit` for each child in source order, with where it starts if the node starts at `at`. */
export function forEachChild(node: Node, at: number, visit: (child: Node, at: number) => void): void {
  switch (node.kind) {
    case Kind.String:
    case Kind.Path:
      for (let i = 0; i < node.parts.length; i++) visit(node.parts[i]!, at + node.partsAt[i]!);
      return;
    case Kind.Interpolation:
    case Kind.DynamicName:
      return visit(node.expression, at + node.expressionAt);
    case Kind.Parenthesised:
      return visit(node.inner, at + node.innerAt);
    case Kind.List:
      for (let i = 0; i < node.items.length; i++) visit(node.items[i]!, at + node.itemsAt[i]!);
      return;
    case Kind.AttributeSet:
    case Kind.LegacyLet:
    case Kind.Let:
      for (let i = 0; i < node.bindings.length; i++) visit(node.bindings[i]!, at + node.bindingsAt[i]!);
      if (node.kind === Kind.Let) visit(node.body, at + node.bodyAt);
      return;
    case Kind.Binding:
      visit(node.path, at);
      return visit(node.value, at + node.valueAt);
    case Kind.Inherit:
      if (node.source !== undefined) visit(node.source, at + node.sourceAt);
      for (let i = 0; i < node.names.length; i++) visit(node.names[i]!, at + node.namesAt[i]!);
      return;
    case Kind.AttributePath:
      for (let i = 0; i < node.names.length; i++) visit(node.names[i]!, at + node.namesAt[i]!);
      return;
    case Kind.With:
      visit(node.environment, at + node.environmentAt);
      return visit(node.body, at + node.bodyAt);
    case Kind.Assert:
      visit(node.condition, at + node.conditionAt);
      return visit(node.body, at + node.bodyAt);
    case Kind.If:
      visit(node.condition, at + node.conditionAt);
      visit(node.consequent, at + node.consequentAt);
      return visit(node.alternative, at + node.alternativeAt);
    case Kind.Lambda:
      visitParameters(node, at, visit);
      return visit(node.body, at + node.bodyAt);
    case Kind.Formals:
      for (let i = 0; i < node.formals.length; i++) visit(node.formals[i]!, at + node.formalsAt[i]!);
      return;
    case Kind.Formal:
      visit(node.name, at);
      if (node.fallback !== undefined) visit(node.fallback, at + node.fallbackAt);
      return;
    case Kind.Call:
      visit(node.callee, at);
      for (let i = 0; i < node.args.length; i++) visit(node.args[i]!, at + node.argsAt[i]!);
      return;
    case Kind.Select:
      visit(node.target, at);
      visit(node.path, at + node.pathAt);
      if (node.fallback !== undefined) visit(node.fallback, at + node.fallbackAt);
      return;
    case Kind.HasAttribute:
      visit(node.target, at);
      return visit(node.path, at + node.pathAt);
    case Kind.Not:
    case Kind.Negate:
      return visit(node.operand, at + node.operandAt);
    case Kind.Binary:
      visit(node.left, at);
      return visit(node.right, at + node.rightAt);
  }
}

/** `a@{ … }` and `{ … }@a` have their parts in different orders. */
function visitParameters(
  node: Node & { kind: Kind.Lambda },
  at: number,
  visit: (child: Node, at: number) => void,
): void {
  const { parameter, formals } = node;
  const parameterFirst = formals === undefined || node.parameterAt < node.formalsAt;
  if (parameter !== undefined && parameterFirst) visit(parameter, at + node.parameterAt);
  if (formals !== undefined) visit(formals, at + node.formalsAt);
  if (parameter !== undefined && !parameterFirst) visit(parameter, at + node.parameterAt);
}
