/** Equality and order of values. Nix manual: language/operators, "Comparison" and "Equality". */
import { Attrs } from '../values/attrs';
import { EvalError } from '../values/error';
import { textOf } from '../values/context';
import { printForError } from '../values/printer';
import { ContextString, Float, Path, type Forced, type Value } from '../values/value';
import { visitingOrder } from '../values/visiting-order';
import { describeType, typeOf } from './describe';
import { toDouble } from './arithmetic';
import * as fail from './failures';
import type { Vm } from './vm';
import { elementAt, isList, type List } from '../values/list';

/** Deep equality of forced values; forces their parts as far as it has to. */
export function equalForced(vm: Vm, left: Forced, right: Forced): boolean {
  switch (typeof left) {
    case 'number':
    case 'bigint':
      if (typeof right === 'number' || typeof right === 'bigint') return left === right;
      return right instanceof Float && Number(left) === right.value;
    case 'boolean':
      return left === right;
    case 'string':
      return (
        left === (typeof right === 'string' ? right : right instanceof ContextString ? right.text : undefined)
      );
  }
  if (left === null) return right === null;
  if (left instanceof Attrs) return right instanceof Attrs && equalAttrs(vm, left, right);
  if (isList(left)) return isList(right) && equalLists(vm, left, right);
  if (left instanceof ContextString) {
    return typeof right === 'string'
      ? left.text === right
      : right instanceof ContextString && left.text === right.text;
  }
  if (left instanceof Float) {
    return right instanceof Float
      ? left.value === right.value
      : (typeof right === 'number' || typeof right === 'bigint') && left.value === Number(right);
  }
  if (left instanceof Path) return right instanceof Path && left.path === right.path;
  // Functions are incomparable.
  return false;
}

/** Parts are equal without a look inside where they are one and the same, which functions can only be so. */
export function equalParts(vm: Vm, left: Value, right: Value): boolean {
  vm.enterCall();
  const a = vm.force(left);
  const b = vm.force(right);
  const equal = (left === right && typeof a === 'object' && a !== null) || equalForced(vm, a, b);
  vm.depth--;
  return equal;
}

function equalLists(vm: Vm, left: List, right: List): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++)
    if (!equalParts(vm, elementAt(left, i), elementAt(right, i))) return false;
  return true;
}

function equalAttrs(vm: Vm, left: Attrs, right: Attrs): boolean {
  if (isDerivation(vm, left) && isDerivation(vm, right)) {
    const a = left.get('outPath');
    const b = right.get('outPath');
    if (a !== undefined && b !== undefined) return equalParts(vm, a, b);
  }
  if (left.size !== right.size) return false;
  if (left.size > 1) return equalInOrder(vm, left, right);
  return (
    left.size === 0 ||
    (left.shape.names[0] === right.shape.names[0] && equalParts(vm, left.values[0]!, right.values[0]!))
  );
}

/** Sets of the same size. The first difference decides, so the order can be seen. */
function equalInOrder(vm: Vm, left: Attrs, right: Attrs): boolean {
  const { names } = left.shape;
  const others = right.shape.names;
  for (const i of visitingOrder(left.shape)) {
    const j = names[i] === others[i] ? i : right.shape.indexOf(names[i]!);
    if (j < 0 || !equalParts(vm, left.values[i]!, right.values[j]!)) return false;
  }
  return true;
}

/** Whether `type` of the set is `"derivation"`; forces `type`. */
export function isDerivation(vm: Vm, set: Attrs): boolean {
  const type = set.get('type');
  if (type === undefined) return false;
  const forced = vm.force(type);
  return (typeof forced === 'string' || forced instanceof ContextString) && textOf(forced) === 'derivation';
}

/** `left < right` of forced values. `context` is the frame for errors, or empty. */
export function lessForced(vm: Vm, left: Forced, right: Forced, context: string): boolean {
  try {
    return lessUnframed(vm, left, right);
  } catch (error) {
    throw fail.context(error, context);
  }
}

function lessUnframed(vm: Vm, left: Forced, right: Forced): boolean {
  const type = typeOf(left);
  const otherType = typeOf(right);
  if ((type === 'int' || type === 'float') && (otherType === 'int' || otherType === 'float')) {
    if (type === 'int' && otherType === 'int') return (left as number) < (right as number);
    return toDouble(left as Float) < toDouble(right as Float);
  }
  if (type !== otherType) throw incomparable(left, right, false);
  switch (type) {
    case 'string':
      return textOf(left as string) < textOf(right as string);
    case 'path':
      return (left as Path).path < (right as Path).path;
    case 'list':
      return lessLists(vm, left as List, right as List);
    default:
      throw incomparable(left, right, true);
  }
}

/** Lexicographic; the first pair that is not equal decides. */
function lessLists(vm: Vm, left: List, right: List): boolean {
  for (let i = 0; ; i++) {
    if (i === right.length) return false;
    if (i === left.length) return true;
    const a = elementAt(left, i);
    const b = elementAt(right, i);
    if (!equalParts(vm, a, b)) {
      return lessForced(vm, vm.force(a), vm.force(b), 'while comparing two list elements');
    }
  }
}

function incomparable(left: Forced, right: Forced, sameType: boolean): EvalError {
  const types = `cannot compare ${describeType(left)} with ${describeType(right)}`;
  const values = `values are ${printForError(left)} and ${printForError(right)}`;
  return new EvalError(
    'type-error',
    sameType ? `${types}; values of that type are incomparable (${values})` : `${types}; ${values}`,
  );
}
