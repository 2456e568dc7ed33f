/** Fixes of expressions that can be written more simply, and of URLs without quotes. */
import { oppositeOf } from '../../../diagnostics/lints/negated-comparison';
import { similarBuiltins } from '../../../diagnostics/lints/unknown-builtin';
import {
  BinaryOperator,
  Kind,
  type CallNode,
  type Expression,
  type IfNode,
  type Node,
  type NotNode,
} from '../../../syntax/tree';
import { nodesAt, type PlacedNode } from '../../../syntax/walk';
import { insertion, replacement } from '../../text-edit';
import { hasComments } from '../gaps';
import { removal, type Fix, type FixPlace } from './fix';

export function deprecatedUrlLiteral({ node, at }: FixPlace): Fix {
  return { title: 'Put the URL in quotes', edits: [insertion(at, '"'), insertion(at + node.width, '"')] };
}

export function redundantParentheses({ parsed, at, finding }: FixPlace): Fix {
  const open = at + finding.start;
  const close = at + finding.otherPlace!;
  return {
    title: 'Remove the redundant parentheses',
    edits: [removal(parsed.text, open, open + 1), removal(parsed.text, close, close + 1)],
  };
}

/** The parentheses stay, so it does not matter what stands around. */
export function negatedComparison({ parsed, node, at }: FixPlace<NotNode>): Fix | undefined {
  const { operand, operandAt } = node;
  if (operand.kind !== Kind.Parenthesised || operand.inner.kind !== Kind.Binary) return undefined;
  const operator = oppositeOf(operand.inner.operator);
  const operatorAt = at + operandAt + operand.innerAt + operand.inner.operatorAt;
  if (operator === undefined || hasComments(parsed, at, at + operandAt)) return undefined;
  const edits = [replacement(at, at + operandAt, ''), replacement(operatorAt, operatorAt + 2, operator)];
  return { title: `Use '${operator}'`, edits };
}

export function redundantIf({ parsed, node, at, finding }: FixPlace<IfNode>): Fix | undefined {
  if (hasCommentsBetweenParts({ parsed, node, at })) return undefined;
  const { condition, conditionAt } = node;
  const start = at + conditionAt;
  const end = start + condition.width;
  const [open, close] = condition.kind === Kind.Parenthesised ? ['', ''] : ['(', ')'];
  const not = finding.name === 'negated' ? '!' : '';
  const edits = [replacement(at, start, not + open), replacement(end, at + node.width, close)];
  return { title: 'Take the condition itself', edits };
}

export function useOr({ parsed, node, at }: FixPlace<IfNode>): Fix | undefined {
  const { consequent, consequentAt, alternative, alternativeAt } = node;
  const taken = unwrapped({ node: consequent, at: at + consequentAt });
  const takenEnd = taken.at + taken.node.width;
  if (hasCommentsBetweenParts({ parsed, node, at })) return undefined;
  // Around a selection in parentheses there may be comments, too.
  if (hasComments(parsed, at + consequentAt, taken.at) || hasComments(parsed, takenEnd, at + alternativeAt))
    return undefined;
  const [open, close] = isDefault(alternative) ? ['', ''] : ['(', ')'];
  const edits = [replacement(at, taken.at, ''), replacement(takenEnd, at + alternativeAt, ` or ${open}`)];
  if (close !== '') edits.push(insertion(at + node.width, close));
  return { title: "Use 'or'", edits };
}

/** Whether comments stand before `then`, behind it, or around `else`. */
function hasCommentsBetweenParts({
  parsed,
  node,
  at,
}: Pick<FixPlace<IfNode>, 'parsed' | 'node' | 'at'>): boolean {
  const { condition, conditionAt, consequent, consequentAt, alternativeAt } = node;
  const gaps = [
    [at, at + conditionAt],
    [at + conditionAt + condition.width, at + consequentAt],
    [at + consequentAt + consequent.width, at + alternativeAt],
  ] as const;
  return gaps.some(([from, to]) => hasComments(parsed, from, to));
}

/** What stands in parentheses, with its place. */
function unwrapped({ node, at }: PlacedNode): PlacedNode {
  let inner = node;
  let innerAt = at;
  for (; inner.kind === Kind.Parenthesised; inner = inner.inner) innerAt += inner.innerAt;
  return { node: inner, at: innerAt };
}

/** Whether an expression may stand behind `or` as it is. */
function isDefault(node: Expression): boolean {
  switch (node.kind) {
    case Kind.Identifier:
    case Kind.Integer:
    case Kind.Float:
    case Kind.String:
    case Kind.Path:
    case Kind.SearchPath:
    case Kind.List:
    case Kind.AttributeSet:
    case Kind.Parenthesised:
      return true;
    case Kind.Select:
      return node.fallback === undefined;
    default:
      return false;
  }
}

/** `isNull x` and `!isNull x`. */
export function deprecatedIsNull({ parsed, node, at }: FixPlace<CallNode>): Fix | undefined {
  const around = nodesAt(parsed, at);
  let index = around.findIndex((placed) => placed.node === node);
  const isNegated = around[index + 1]?.node.kind === Kind.Not;
  if (isNegated) index++;
  const start = around[index]!.at;
  const argumentAt = at + node.argsAt[0]!;
  if (hasComments(parsed, start, argumentAt)) return undefined;
  const operator = isNegated ? '!=' : '==';
  const [open, close] = takesComparison(around[index + 1]?.node) ? ['', ''] : ['(', ')'];
  return {
    title: `Use '${operator} null'`,
    edits: [replacement(start, argumentAt, open), insertion(at + node.width, ` ${operator} null${close}`)],
  };
}

/** Whether a comparison may stand in a node without parentheses, wherever a call does. */
function takesComparison(parent: Node | undefined): boolean {
  switch (parent?.kind) {
    case undefined:
    case Kind.Parenthesised:
    case Kind.Interpolation:
    case Kind.DynamicName:
    case Kind.Binding:
    case Kind.Formal:
    case Kind.Lambda:
    case Kind.Let:
    case Kind.With:
    case Kind.Assert:
    case Kind.If:
      return true;
    case Kind.Binary:
      return [BinaryOperator.And, BinaryOperator.Or, BinaryOperator.Implication].includes(parent.operator);
    default:
      return false;
  }
}

/** One for each builtin that may be meant. */
export function unknownBuiltin({ at, finding }: FixPlace<Node>): Fix[] {
  const start = at + finding.start;
  return similarBuiltins(finding.name!).map((name) => ({
    title: `Replace by '${name}'`,
    edits: [replacement(start, start + finding.width, name)],
    needsCare: true,
  }));
}
