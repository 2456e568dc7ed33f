/** Operators and their operands. */
import { group, GroupKind, hardLine, hardSpace, softSpace, space, type Document } from '../document';
import { firstLeaf, isAlone, isTerm, type Expression, type Leaf, type Operation } from '../elements';
import { isAbsorbable } from '../shapes';
import { FunctionPrinter } from './functions';
import { moveUp } from './tokens';

const joiningOperators = new Set(['//', '++', '+']);

const comparisons = new Set(['<', '>', '<=', '>=', '==', '!=']);

export abstract class OperatorPrinter extends FunctionPrinter {
  protected operation(operation: Operation): Document {
    const { left, operator, right } = operation;
    if (!comparisons.has(operator.text)) return this.chain(operation, false);
    return [
      ...this.expression(left),
      ...softSpace,
      ...this.leaf(operator),
      ...hardSpace,
      ...this.expression(right),
    ];
  }

  /** All operands of an operator that is repeated, on one level. @param isWide whether the first one, a set, may not be on one line */
  protected chain(operation: Operation, isWide: boolean): Document {
    const operands = operandsOf(operation);
    const isPipe = operation.operator.text === '|>' || operation.operator.text === '<|';
    const between = isPipe && operands.length > 3 ? hardLine : space;
    return group(
      operands.flatMap(({ operator, operand }) => {
        if (operator === undefined)
          return isWide && isTerm(operand) && isAbsorbable(operand)
            ? this.wideTerm(operand)
            : this.expression(operand);
        moveUp(operator);
        return [...between, ...this.leaf(operator), ...this.nest(() => this.operand(operand))];
      }),
    );
  }

  protected operand(operand: Expression): Document {
    if (operand.kind === 'operation') return group([...space, ...this.expression(operand)]);
    if (operand.kind === 'application')
      return group([...hardSpace, ...this.application(operand, { before: space })]);
    return [...hardSpace, ...this.expression(operand)];
  }

  protected valueOfOperation(value: Operation): Document {
    const { left, operator, right } = value;
    const isJoining = joiningOperators.has(operator.text);
    if (isJoining && isTerm(left) && isAbsorbable(left) && firstLeaf(left).before.length === 0)
      return [...hardSpace, ...this.chain(value, true)];
    if (isJoining && isAlone(operator) && isTerm(right) && isAbsorbable(right)) {
      return this.nest(() =>
        group([
          ...space,
          ...this.expression(left),
          ...space,
          ...group(
            [...this.leaf(operator), ...hardSpace, ...group(this.wideTerm(right), GroupKind.Priority)],
            GroupKind.Transparent,
          ),
        ]),
      );
    }
    return this.nest(() => [...space, ...group(this.expression(value))]);
  }
}

interface Operand {
  readonly operator: Leaf | undefined;
  readonly operand: Expression;
}

/** The operands of an operator that is repeated, each but the first with the operator before it. */
function operandsOf(operation: Operation): Operand[] {
  const { text } = operation.operator;
  const walk = (operator: Leaf | undefined, operand: Expression): Operand[] =>
    operand.kind === 'operation' && operand.operator.text === text
      ? [...walk(operator, operand.left), ...walk(operand.operator, operand.right)]
      : [{ operator, operand }];
  return walk(undefined, operation);
}
