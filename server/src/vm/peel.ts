/**
 * Sets that stand for something simpler: `__toString` makes a string of one,
 * `outPath` is the path of one. Paths and JSON both look through them.
 */
import { describeType } from './describe';
import { Attrs } from '../values/attrs';
import { EvalError } from '../values/error';
import type { Position } from '../values/position';
import { printForError } from '../values/printer';
import { isDone, Thunk } from '../values/thunk';
import { ContextString, Path, type Forced, type Value } from '../values/value';
import { context } from './failures';
import type { Vm } from './vm';

/** What is done with the value that is left; `throughToString` tells whether a `__toString` made it. */
export type UsePeeled<T> = (peeled: Forced, throughToString: boolean) => T;

/**
 * Calls `use` with what a value stands for. With `checkResult` a `__toString`
 * that gives neither a string nor a path is an error.
 */
export function peel<T>(vm: Vm, value: Value, checkResult: boolean, use: UsePeeled<T>): T {
  return peelOnce(vm, value, checkResult, use, false, undefined);
}

function peelOnce<T>(
  vm: Vm,
  value: Value,
  checkResult: boolean,
  use: UsePeeled<T>,
  throughToString: boolean,
  position: Position | undefined,
): T {
  const forced = vm.force(value);
  if (!(forced instanceof Attrs)) {
    if (checkResult && throughToString && !isStringLike(forced)) {
      throw notAString(forced, 'should return', position);
    }
    return use(forced, throughToString);
  }
  const toString = forced.get('__toString');
  if (toString !== undefined) return peelToString(vm, forced, toString, checkResult, use);
  const outPath = forced.get('outPath');
  if (outPath !== undefined) return peelOutPath(vm, forced, outPath, checkResult, use, throughToString);
  if (checkResult && throughToString) throw notAString(forced, 'must return', position);
  return use(forced, throughToString);
}

function peelToString<T>(vm: Vm, set: Attrs, callee: Value, checkResult: boolean, use: UsePeeled<T>): T {
  const position = set.positionOf('__toString');
  let result: Forced;
  try {
    result = vm.call(callee, set, position);
  } catch (error) {
    throw context(error, 'while calling the `__toString` attribute', position);
  }
  try {
    vm.enterCall();
    const used = peelOnce(vm, result, checkResult, use, true, position);
    vm.depth--;
    return used;
  } catch (error) {
    throw context(error, 'while using the result of the `__toString` attribute', position);
  }
}

function peelOutPath<T>(
  vm: Vm,
  set: Attrs,
  outPath: Value,
  checkResult: boolean,
  use: UsePeeled<T>,
  throughToString: boolean,
): T {
  const position = set.positionOf('outPath');
  try {
    vm.force(outPath);
    vm.enterCall();
    const used = peelOnce(vm, outPath, checkResult, use, throughToString, position);
    vm.depth--;
    return used;
  } catch (error) {
    const verb = outPath instanceof Thunk && !isDone(outPath) ? 'evaluating' : 'using';
    throw context(error, `while ${verb} the \`outPath\` attribute`, position);
  }
}

function isStringLike(value: Forced): boolean {
  return typeof value === 'string' || value instanceof ContextString || value instanceof Path;
}

function notAString(found: Forced, verb: string, position: Position | undefined): EvalError {
  return new EvalError(
    'type-error',
    `\`__toString\` ${verb} a string, but got ${describeType(found)}: ${printForError(found)}`,
    position,
  );
}
