/**
 * Parentheses without which the tree would be the same.
 *
 * It is looked at from the node around them: either any expression may stand there, or what
 * is in them is so simple that nothing can take it apart. Where it takes precedence to tell,
 * they help who reads, and nothing is said.
 */
import {
  BinaryOperator,
  Kind,
  StringStyle,
  type Expression,
  type Node,
  type ParenthesisedNode,
} from '../../syntax/tree';
import type { Finding, Lint } from './lint';

const kinds = [
  Kind.Parenthesised,
  Kind.Interpolation,
  Kind.DynamicName,
  Kind.Binding,
  Kind.Inherit,
  Kind.Let,
  Kind.With,
  Kind.Assert,
  Kind.If,
  Kind.Formal,
  Kind.Lambda,
  Kind.Call,
  Kind.List,
  Kind.Select,
  Kind.Binary,
  Kind.Not,
] as const;

type Place = (child: Expression, at: number) => void;

export const redundantParentheses: Lint<(typeof kinds)[number]> = {
  code: 'redundant-parentheses',
  severity: 'hint',
  tag: 'unnecessary',
  kinds,
  find(node) {
    const findings: Finding[] = [];
    const any: Place = (child, at) => {
      if (child.kind === Kind.Parenthesised) findings.push(finding(child, at));
    };
    anyPlaces(node, any);
    simplePlaces(node, (child, at) => {
      if (child.kind === Kind.Parenthesised && isSimple(child.inner)) findings.push(finding(child, at));
    });
    return findings;
  },
};

/** The opening one, since an editor fades the whole range out. */
function finding({ width }: ParenthesisedNode, start: number): Finding {
  return { start, width: 1, message: 'these parentheses are redundant', otherPlace: start + width - 1 };
}

/** The children in whose place any expression can stand. */
function anyPlaces(node: Node, visit: Place): void {
  switch (node.kind) {
    case Kind.Parenthesised:
      return visit(node.inner, node.innerAt);
    case Kind.Interpolation:
    case Kind.DynamicName:
      return visit(node.expression, node.expressionAt);
    case Kind.Binding:
      return visit(node.value, node.valueAt);
    case Kind.Inherit:
      if (node.source !== undefined) visit(node.source, node.sourceAt);
      return;
    case Kind.Let:
    case Kind.Lambda:
      return visit(node.body, node.bodyAt);
    case Kind.With:
      visit(node.environment, node.environmentAt);
      return visit(node.body, node.bodyAt);
    case Kind.Assert:
      visit(node.condition, node.conditionAt);
      return visit(node.body, node.bodyAt);
    case Kind.If:
      visit(node.condition, node.conditionAt);
      visit(node.consequent, node.consequentAt);
      return visit(node.alternative, node.alternativeAt);
    case Kind.Formal:
      if (node.fallback !== undefined) visit(node.fallback, node.fallbackAt);
      return;
    default:
      return;
  }
}

/** The children in whose place a simple expression can stand. */
function simplePlaces(node: Node, visit: Place): void {
  switch (node.kind) {
    case Kind.Call:
      if (!isOr(node.args[0])) visit(node.callee, 0);
      return eachButBeforeOr(node.args, node.argsAt, visit);
    case Kind.List:
      return eachButBeforeOr(node.items, node.itemsAt, visit);
    case Kind.Select:
      // `(a.b).c or d` is another thing than `a.b.c or d`.
      if (node.target.kind === Kind.Parenthesised && node.target.inner.kind !== Kind.Select)
        visit(node.target, 0);
      return;
    case Kind.Not:
      return visit(node.operand, node.operandAt);
    case Kind.Binary:
      // `a/b` is a path.
      if (node.operator === BinaryOperator.Divide) return;
      visit(node.left, 0);
      return visit(node.right, node.rightAt);
    default:
      return;
  }
}

/** `or` is a name where it does not follow an attribute path. */
function isOr(node: Expression | undefined): boolean {
  return node?.kind === Kind.Identifier && node.name === 'or';
}

function eachButBeforeOr(nodes: readonly Expression[], places: readonly number[], visit: Place): void {
  for (let i = 0; i < nodes.length; i++) if (!isOr(nodes[i + 1])) visit(nodes[i]!, places[i]!);
}

/** Whether an expression holds together by itself, whatever stands beside it. */
function isSimple(node: Expression): boolean {
  switch (node.kind) {
    case Kind.Identifier:
      return node.name !== 'or';
    case Kind.String:
      return node.style !== StringStyle.Uri;
    case Kind.List:
    case Kind.AttributeSet:
      return true;
    case Kind.Select:
      return node.fallback === undefined;
    default:
      return false;
  }
}
