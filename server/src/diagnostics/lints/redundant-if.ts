/** `if a == b then true else false`, which is `a == b`. */
import { BinaryOperator, Kind, withoutParentheses, type Expression } from '../../syntax/tree';
import type { Lint } from './lint';

export const redundantIf: Lint<Kind.If> = {
  code: 'redundant-if',
  severity: 'hint',
  kinds: [Kind.If],
  *find({ condition, consequent, alternative }) {
    const whenTrue = nameIn(consequent);
    const whenFalse = nameIn(alternative);
    const isPlain = whenTrue === 'true' && whenFalse === 'false';
    const isNegated = whenTrue === 'false' && whenFalse === 'true';
    if (!(isPlain || isNegated) || !isSurelyBoolean(withoutParentheses(condition))) return;
    yield {
      start: 0,
      width: 'if'.length,
      message: isPlain ? 'this is what the condition itself gives' : 'this is the opposite of the condition',
      name: isPlain ? 'plain' : 'negated',
      holds: (surroundings) => !surroundings.binds('true') && !surroundings.binds('false'),
    };
  },
};

function nameIn(node: Expression): string | undefined {
  const inner = withoutParentheses(node);
  return inner.kind === Kind.Identifier ? inner.name : undefined;
}

/** Whether a value can be nothing else. Of any other condition, `if` makes sure that it is a Boolean. */
function isSurelyBoolean(node: Expression): boolean {
  if (node.kind === Kind.Not || node.kind === Kind.HasAttribute) return true;
  if (node.kind !== Kind.Binary) return false;
  switch (node.operator) {
    case BinaryOperator.Equal:
    case BinaryOperator.NotEqual:
    case BinaryOperator.And:
    case BinaryOperator.Or:
    case BinaryOperator.Implication:
      return true;
    default:
      return false;
  }
}
