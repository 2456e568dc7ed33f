/**
 * Why two values are not equal, for `assert left == right`. Follows equality
 * step by step (compare.ts), and raises an error at the first difference.
 */
import { Attrs } from '../values/attrs';
import { textOf } from '../values/context';
import { atOperand, EvalError } from '../values/error';
import type { Position } from '../values/position';
import { printForError } from '../values/printer';
import { ContextString, Float, Path, type Forced, type Value } from '../values/value';
import { equalForced, isDerivation } from './compare';
import { describeType, typeOf } from './describe';
import type { Vm } from './vm';
import { elementAt, isList, type List } from '../values/list';
import { printAttributeName } from '../base/literals';

/** Where the equality stands. */
const here = atOperand[0]!;

/** Returns if no difference is found. @throws EvalError of kind `assertion-failed` */
export function assertEqual(vm: Vm, leftValue: Value, rightValue: Value): void {
  vm.enterCall();
  const left = vm.force(leftValue);
  const right = vm.force(rightValue);
  if (leftValue !== rightValue || typeof left !== 'object' || left === null) compare(vm, left, right);
  vm.depth--;
}

function compare(vm: Vm, left: Forced, right: Forced): void {
  if (isNumber(left) && isNumber(right)) {
    if (!equalForced(vm, left, right)) throw different(left, right, 'with');
    return;
  }
  if (typeOf(left) !== typeOf(right)) throw different(left, right, 'of');
  if (left instanceof Attrs) compareSets(vm, left, right as Attrs);
  else if (isList(left)) compareLists(vm, left, right as List);
  else if (typeof left === 'boolean') compareTexts('boolean', left, right, left === right);
  else if (typeof left === 'string' || left instanceof ContextString) {
    compareTexts('string', left, right, textOf(left) === textOf(right as string));
  } else if (left instanceof Path) compareTexts('path', left, right, left.path === (right as Path).path);
  else if (left !== null) {
    throw failure('distinct functions and immediate comparisons of identical functions compare as unequal');
  }
}

function isNumber(value: Forced): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Float;
}

function compareTexts(what: string, left: Forced, right: Forced, equal: boolean): void {
  if (equal) return;
  throw failure(`${what} '${printForError(left)}' is not equal to ${what} '${printForError(right)}'`);
}

function compareLists(vm: Vm, left: List, right: List): void {
  if (left.length !== right.length) {
    throw failure(
      `list of size '${left.length}' is not equal to list of size '${right.length}', left hand side is ` +
        `'${printForError(left)}', right hand side is '${printForError(right)}'`,
    );
  }
  for (let i = 0; i < left.length; i++) {
    within(`while comparing list element ${i}`, () =>
      assertEqual(vm, elementAt(left, i), elementAt(right, i)),
    );
  }
}

function compareSets(vm: Vm, left: Attrs, right: Attrs): void {
  if (isDerivation(vm, left) && isDerivation(vm, right)) {
    const a = left.get('outPath');
    const b = right.get('outPath');
    if (a !== undefined && b !== undefined) {
      const message = "while comparing a derivation by its 'outPath' attribute";
      return within(message, () => assertEqual(vm, a, b));
    }
  }
  if (left.size !== right.size) {
    const sets = `'${printForError(left)}' differs from attribute set '${printForError(right)}'`;
    throw failure(`attribute names of attribute set ${sets}`);
  }
  left.shape.names.forEach((name, i) => {
    checkName(left, right, name, right.shape.names[i]!);
    const places = [left.positionOf(name), right.positionOf(name)] as const;
    within(
      `while comparing attribute '${printAttributeName(name)}'`,
      () => assertEqual(vm, left.values[i]!, right.values[i]!),
      places,
    );
  });
}

function checkName(left: Attrs, right: Attrs, name: string, other: string): void {
  if (name === other) return;
  const sets = [printForError(left), printForError(right)];
  throw right.has(name)
    ? failure(
        `attribute name '${printAttributeName(other)}' is missing in '${sets[0]}', but is contained in '${sets[1]}'`,
      )
    : failure(
        `attribute name '${printAttributeName(name)}' is contained in '${sets[0]}', but not in '${sets[1]}'`,
      );
}

/** Adds the frames of a part to its difference: which part, and where each side has it. */
function within(
  message: string,
  check: () => void,
  [left, right]: readonly [Position | undefined, Position | undefined] = [undefined, undefined],
): void {
  try {
    check();
  } catch (error) {
    if (error instanceof EvalError) {
      if (right !== undefined) error.while('where right hand side is', right);
      if (left !== undefined) error.while('where left hand side is', left);
      error.while(message, here);
    }
    throw error;
  }
}

function different(left: Forced, right: Forced, preposition: 'with' | 'of'): EvalError {
  const describe = (value: Forced): string =>
    `${describeType(value)} ${preposition} value '${printForError(value)}'`;
  return failure(`${describe(left)} is not equal to ${describe(right)}`);
}

function failure(message: string): EvalError {
  return new EvalError('assertion-failed', message);
}
