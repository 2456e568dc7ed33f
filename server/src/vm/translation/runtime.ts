/**
 * What translated code calls for all that is not the usual case of an
 * instruction. Each function does what the dispatch loop does there.
 */
import { Blueprint } from '../../bytecode/blueprint';
import type { AttributeSite, FormalsTable } from '../../bytecode/constant';
import type { Translated } from '../../bytecode/translated';
import { Attrs } from '../../values/attrs';
import { isList } from '../../values/list';
import { done, Thunk } from '../../values/thunk';
import {
  Builtin,
  Closure,
  WithScope,
  type Captured,
  type Forced,
  type StringValue,
  type Value,
} from '../../values/value';
import { assertEqual } from '../assert-equal';
import { coerceToString } from '../coerce';
import { lessForced } from '../compare';
import { assertAddable, interpolate, interpolatePath } from '../concatenate';
import * as fail from '../failures';
import { bindArgument } from '../formals';
import { notFound } from '../not-found';
import * as operations from '../operations';
import { concatenateLists } from '../operators';
import { finishThunk, settleThunk } from '../settle';
import { explain, explainTailCalls } from '../unwind';
import type { Slot, Vm } from '../vm';

export {
  assertAddable,
  assertEqual,
  Attrs,
  bindArgument,
  Closure,
  done,
  interpolatePath,
  notFound,
  Thunk,
  WithScope,
};
export { equalForced as equal } from '../compare';
export { insertDynamic as insert, resolveWith, selectThunk } from '../operations';
export { add, assertAttrs, divide, multiply, negate, subtract, update } from '../operators';

export const isSafeInteger = Number.isSafeInteger;

/** Shared by all that captures nothing. */
export const nothing: Captured[] = [];

// --- Forcing and calling ------------------------------------------------------------

export function force(vm: Vm, value: Value): Forced {
  if (!(value instanceof Thunk)) return value;
  return value.code === done ? (value.data as Forced) : vm.forceThunk(value);
}

export function call1(vm: Vm, callee: Forced, argument: Value): Forced {
  const sp = vm.sp;
  const result = callee instanceof Closure ? vm.callClosure(callee, argument) : vm.apply(callee, argument);
  vm.sp = sp;
  return result;
}

export function call2(vm: Vm, callee: Forced, first: Value, second: Value): Forced {
  const sp = vm.sp;
  let result: Forced;
  if (callee instanceof Closure) result = vm.callClosure2(callee, first, second);
  else if (callee instanceof Builtin && callee.arity === 2) {
    result = vm.callBuiltin(callee, first, second, undefined as never);
  } else result = vm.apply(vm.apply(callee, first), second);
  vm.sp = sp;
  return result;
}

/** Calls with three arguments or more. */
export function callMany(vm: Vm, callee: Forced, args: readonly Value[]): Forced {
  const sp = vm.sp;
  let result = callee;
  for (let next = 0; next < args.length;) {
    if (result instanceof Builtin && result.arity <= args.length - next) {
      const { arity } = result;
      result = vm.callBuiltin(
        result,
        args[next]!,
        (arity > 1 ? args[next + 1] : undefined) as Value,
        (arity > 2 ? args[next + 2] : undefined) as Value,
      );
      next += arity;
    } else result = vm.apply(result, args[next++]!);
    vm.sp = sp;
  }
  return result;
}

/** A function calls itself in its own place, at `at` of the blueprint's code. */
export function beginAgain(vm: Vm, blueprint: Blueprint, at: number, calls: number): void {
  vm.counters.calls += calls;
  vm.enterCall();
  vm.tailCallers[vm.tailCalls] = blueprint;
  vm.tailOffsets[vm.tailCalls++] = at;
}

/** The end of a function that may have called itself in its own place. */
export function endTailCalls(vm: Vm, tailCalls: number, depth: number): void {
  vm.tailCalls = tailCalls;
  vm.depth = depth;
}

/** Whether the only thing that happens to the argument of a function is that it is forced. */
export function forcesArgument(callee: Forced): boolean {
  const translated = translatedOf(callee);
  return translated !== null && translated.argumentStays;
}

/** The same for the two arguments of a curried function. */
export function forcesArguments(callee: Forced): boolean {
  const translated = translatedOf(callee);
  return translated !== null && translated.argumentsStay;
}

function translatedOf(callee: Forced): Translated | null {
  if (!(callee instanceof Closure)) return null;
  const { chunk } = callee.blueprint;
  return chunk === null ? null : chunk.translated;
}

/** The number that an operand is, as far as is known without evaluating anything; else what it is. */
export function known(value: unknown): unknown {
  return value instanceof Thunk && value.code === done ? value.data : value;
}

// --- Operators ------------------------------------------------------------------------

export function less(vm: Vm, left: Forced, right: Forced): boolean {
  return lessForced(vm, left, right, '');
}

export function notBoolean(value: Forced): never {
  throw fail.notBoolean(value);
}

export function concatenate(vm: Vm, left: Forced, right: Forced): Forced {
  if (!isList(left)) throw fail.notConcatenable(left);
  if (!isList(right)) throw fail.notConcatenable(right);
  if (left.length === 0) return right;
  return right.length === 0 ? left : concatenateLists(vm, left, right);
}

export function toText(vm: Vm, value: Value, flags: number): StringValue {
  return coerceToString(vm, value, flags, 'while evaluating a path segment');
}

export function join(parts: readonly Slot[]): StringValue {
  return interpolate(parts, 0, parts.length);
}

export function failAssertion(blueprint: Blueprint, at: number): never {
  throw fail.assertion(blueprint.assertionText(at));
}

// --- Sets -------------------------------------------------------------------------------

export function select(vm: Vm, set: Forced, site: AttributeSite): Forced {
  if (!(set instanceof Attrs)) throw fail.notASet(set);
  if (set.shape === site.shape) return force(vm, set.values[site.index]!);
  const index = set.shape.indexOf(site.name);
  if (index < 0) throw fail.missingAttribute(set, site.name);
  site.shape = set.shape;
  site.index = index;
  return force(vm, set.values[index]!);
}

export function trySelect(vm: Vm, set: Forced, site: AttributeSite): Slot {
  if (!(set instanceof Attrs)) return notFound;
  if (set.shape === site.shape) return force(vm, set.values[site.index]!);
  const index = set.shape.indexOf(site.name);
  if (index < 0) return notFound;
  site.shape = set.shape;
  site.index = index;
  return force(vm, set.values[index]!);
}

export function selectDynamic(vm: Vm, set: Forced, name: Forced): Forced {
  const text = operations.attributeName(name);
  if (!(set instanceof Attrs)) throw fail.notASet(set);
  const found = set.get(text);
  if (found === undefined) throw fail.missingAttribute(set, text);
  return force(vm, found);
}

export function trySelectDynamic(vm: Vm, set: Forced, name: Forced): Slot {
  const text = operations.attributeName(name);
  const found = set instanceof Attrs ? set.get(text) : undefined;
  return found === undefined ? notFound : force(vm, found);
}

export function has(set: Forced, site: AttributeSite): boolean {
  return set instanceof Attrs && (set.shape === site.shape || set.shape.indexOf(site.name) >= 0);
}

export function hasDynamic(set: Forced, name: Forced): boolean {
  const text = operations.attributeName(name);
  return set instanceof Attrs && set.has(text);
}

// --- Formals ------------------------------------------------------------------------------

/** What a formal without an argument gets: its constant, or a thunk that `fillDefault` completes. */
export function defaultOf(table: FormalsTable, index: number): Value {
  const fallback = table.defaults[index] as Value | Blueprint;
  return fallback instanceof Blueprint ? new Thunk(fallback, undefined) : fallback;
}

/** Whether a slot holds the thunk of a default that has no captures yet. */
export function awaitsCaptures(slot: Slot, owner: Blueprint): boolean {
  return slot instanceof Thunk && slot.code === owner && slot.data === undefined;
}

export { finishThunk };

// --- Failing ------------------------------------------------------------------------------

/** Completes an error that leaves translated code, as the dispatch loop does for an activation. */
export function leave(
  vm: Vm,
  error: unknown,
  blueprint: Blueprint,
  at: number,
  slots: readonly Slot[],
  sp: number,
  upvalues: Captured[],
  thunk: Thunk | null,
  depth: number,
  reads: number,
  tailCalls: number,
): unknown {
  let explained = explain(error, { blueprint, at, stack: slots, base: 0, sp, upvalues });
  if (vm.tailCalls !== tailCalls) explained = explainTailCalls(vm, explained, tailCalls);
  if (thunk !== null) return settleThunk(vm, thunk, blueprint, upvalues, explained, depth, reads);
  vm.depth = depth;
  return explained;
}
