/** `+` on anything but two plain numbers or strings, and the parts of interpolated strings and paths. */
import { CoercionFlag } from '../bytecode/opcode';
import { canonicalPath } from '../host/path';
import { contextOf, mergeContexts, textOf, withContext, type Context } from '../values/context';
import { atCall, atOperand, EvalError } from '../values/error';
import { ContextString, Float, Path, type Forced, type StringValue } from '../values/value';
import { add, isInteger, isNumber } from './arithmetic';
import { coerceToString } from './coerce';
import { describeType } from './describe';
import type { Slot, Vm } from './vm';

const context = 'while evaluating a path segment';

/** Fails for what cannot be the left operand of `+`; C++ Nix finds that out before it evaluates the right one. */
export function assertAddable(vm: Vm, left: Forced): void {
  if (isNumber(left) || left instanceof Path || left instanceof ContextString) return;
  coerceToString(vm, left, CoercionFlag.Weak, context, atOperand[0]);
}

/** `left + right`; the left operand decides whether it adds numbers, or makes a path or a string. */
export function addValues(vm: Vm, left: Forced, right: Forced): Forced {
  if (isInteger(left) || left instanceof Float) {
    if (isInteger(right) || right instanceof Float) return add(left, right);
    throw new EvalError(
      'evaluation-error',
      `cannot add ${describeType(right)} to ${left instanceof Float ? 'a float' : 'an integer'}`,
      atOperand[1],
    );
  }
  if (left instanceof Path) {
    const suffix = coerceToString(vm, right, CoercionFlag.Weak, context, atOperand[1]);
    return joinPath(left.path + textOf(suffix), contextOf(suffix));
  }
  // Only behind a string are paths copied to the store; behind a set that stands for one they are not.
  const isText = typeof left === 'string' || left instanceof ContextString;
  const flag = isText ? CoercionFlag.CopyToStore : CoercionFlag.Weak;
  const start = coerceToString(vm, left, flag, context, atOperand[0]);
  const end = coerceToString(vm, right, flag, context, atOperand[1]);
  return withContext(textOf(start) + textOf(end), mergeContexts(contextOf(start), contextOf(end)));
}

function joinPath(text: string, context: Context): Path {
  if (context.length > 0) {
    throw new EvalError(
      'evaluation-error',
      'a string that refers to a store path cannot be appended to a path',
      atCall,
    );
  }
  return new Path(canonicalPath(text));
}

/** Joins `count` strings from the slot `from` on. */
export function interpolate(stack: readonly Slot[], from: number, count: number): StringValue {
  let text = '';
  let context: Context = [];
  for (let i = from; i < from + count; i++) {
    const part = stack[i] as StringValue;
    if (typeof part === 'string') text += part;
    else {
      text += part.text;
      context = mergeContexts(context, part.context);
    }
  }
  return withContext(text, context);
}

/** Joins a path, whose text may end in a slash, and strings to a path. */
export function interpolatePath(stack: readonly Slot[], from: number, count: number): Path {
  const rest = interpolate(stack, from + 1, count - 1);
  return joinPath((stack[from] as Path).path + textOf(rest), contextOf(rest));
}
