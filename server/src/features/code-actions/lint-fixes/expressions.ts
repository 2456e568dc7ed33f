/** Fixes of expressions that can be written more simply, and of URLs without quotes. */
import { oppositeOf } from '../../../diagnostics/lints/negated-comparison';
import { similarBuiltins } from '../../../diagnostics/lints/unknown-builtin';
import { Kind, type IfNode, type Node, type NotNode } from '../../../syntax/tree';
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
  const { condition, conditionAt, consequent, consequentAt, alternativeAt } = node;
  const start = at + conditionAt;
  const end = start + condition.width;
  const consequentEnd = at + consequentAt + consequent.width;
  const gaps = [
    [at, start],
    [end, at + consequentAt],
    [consequentEnd, at + alternativeAt],
  ] as const;
  if (gaps.some(([from, to]) => hasComments(parsed, from, to))) return undefined;
  const [open, close] = condition.kind === Kind.Parenthesised ? ['', ''] : ['(', ')'];
  const not = finding.name === 'negated' ? '!' : '';
  const edits = [replacement(at, start, not + open), replacement(end, at + node.width, close)];
  return { title: 'Take the condition itself', edits };
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
