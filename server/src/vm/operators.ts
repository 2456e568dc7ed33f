/**
 * Operators beyond their usual case, which the dispatch loop and translated code
 * each have in place. Operands are forced; where one is not what the operator
 * takes, these fail as Nix does.
 */
import { Attrs } from '../values/attrs';
import { updateAttrs } from '../values/layered-attrs';
import type { List } from '../values/list';
import type { Forced, Value } from '../values/value';
import * as arithmetic from './arithmetic';
import { isNumber } from './arithmetic';
import * as fail from './failures';
import { elementBytes } from './limits';
import type { Vm } from './vm';

export { addValues as add } from './concatenate';

export function subtract(left: Forced, right: Forced): Forced {
  if (!isNumber(left) || !isNumber(right)) throw fail.notNumbers(left, right, 'sub');
  return arithmetic.subtract(left, right);
}

export function multiply(left: Forced, right: Forced): Forced {
  if (!isNumber(left) || !isNumber(right)) throw fail.notNumbers(left, right, 'mul');
  return arithmetic.multiply(left, right);
}

export function divide(left: Forced, right: Forced): Forced {
  if (!isNumber(left) || !isNumber(right)) throw fail.notNumbers(left, right, 'div');
  return arithmetic.divide(left, right);
}

export function negate(value: Forced): Forced {
  if (!isNumber(value)) throw fail.notNumbers(0, value, 'sub');
  return arithmetic.subtract(0, value);
}

/** `left ++ right`, neither of which is empty. */
export function concatenateLists(vm: Vm, left: List, right: List): Value[] {
  vm.takeMemory((left.length + right.length) * elementBytes);
  return vm.elementsOf(left).concat(vm.elementsOf(right));
}

/** `left // right`; the right operand was evaluated first, and is known to be a set. */
export function update(left: Forced, right: Attrs): Attrs {
  if (!(left instanceof Attrs)) throw fail.operand('a set', left, 0);
  return updateAttrs(left, right);
}

/** Fails for what cannot be the right operand of `//`. */
export function assertAttrs(value: Forced): void {
  if (!(value instanceof Attrs)) throw fail.operand('a set', value, 1);
}
