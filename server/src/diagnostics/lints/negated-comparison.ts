/** `!(a == b)`, which is what `a != b` means, and the reverse. */
import { BinaryOperator, Kind } from '../../syntax/tree';
import type { Lint } from './lint';

export const negatedComparison: Lint<Kind.Not> = {
  code: 'negated-comparison',
  severity: 'hint',
  kinds: [Kind.Not],
  *find({ operand, width }) {
    if (operand.kind !== Kind.Parenthesised || operand.inner.kind !== Kind.Binary) return;
    const opposite = oppositeOf(operand.inner.operator);
    if (opposite !== undefined)
      yield { start: 0, width, message: `this can be written with \`${opposite}\`` };
  },
};

/** The operator whose result is always the opposite one. */
export function oppositeOf(operator: BinaryOperator): string | undefined {
  if (operator === BinaryOperator.Equal) return '!=';
  return operator === BinaryOperator.NotEqual ? '==' : undefined;
}
