/** Values as strings. Nix manual: language/string-interpolation, builtins.toString. */
import { CoercionFlag } from '../bytecode/opcode';
import { Attrs } from '../values/attrs';
import { mergeContexts, contextOf, textOf, withContext, type Context } from '../values/context';
import { atCall, EvalError } from '../values/error';
import type { Position } from '../values/position';
import { floatToDecimals } from '../values/float';
import { printForError } from '../values/printer';
import { ContextString, Float, Path, type StringValue, type Value } from '../values/value';
import { describeType } from './describe';
import * as fail from './failures';
import { peel } from './peel';
import type { Vm } from './vm';
import { elementAt, isList, type List } from '../values/list';

/**
 * The string that a value coerces to. `flags` are bits of {@link CoercionFlag};
 * `context` is the frame for errors.
 * @throws EvalError where the value has no string
 */
export function coerceToString(
  vm: Vm,
  value: Value,
  flags: number,
  context: string,
  position = atCall,
): StringValue {
  const forced = vm.force(value);
  if (typeof forced === 'string' || forced instanceof ContextString) return forced;
  if (forced instanceof Path) return coercePath(vm, forced, flags);
  if (forced instanceof Attrs) return coerceAttrs(vm, forced, flags, context, position);
  if ((flags & CoercionFlag.More) !== 0) {
    switch (typeof forced) {
      case 'boolean':
        return forced ? '1' : '';
      case 'number':
      case 'bigint':
        return String(forced);
    }
    if (forced === null) return '';
    if (forced instanceof Float) return floatToDecimals(forced.value);
    if (isList(forced)) return coerceList(vm, forced, flags, context, position);
  }
  throw cannotCoerce(forced, context, position);
}

function cannotCoerce(found: Value, context: string, position: Position): EvalError {
  const error = new EvalError(
    'type-error',
    `cannot coerce ${describeType(found)} to a string: ${printForError(found)}`,
  );
  return error.while(context, position);
}

function coercePath(vm: Vm, path: Path, flags: number): StringValue {
  if ((flags & CoercionFlag.CopyToStore) === 0) return path.path;
  const storePath = vm.store.copyPath(path.path);
  return new ContextString(storePath, [storePath]);
}

/** A set through `__toString`, else through `outPath`. */
function coerceAttrs(vm: Vm, set: Attrs, flags: number, context: string, position: Position): StringValue {
  return peel(vm, set, false, (peeled) => {
    if (peeled instanceof Attrs) throw cannotCoerce(peeled, context, position);
    return coerceToString(vm, peeled, flags, context, position);
  });
}

const elementContext = 'while evaluating one element of the list';

/** The elements, with spaces between; an empty list inside leaves no space behind it. */
function coerceList(vm: Vm, list: List, flags: number, context: string, position: Position): StringValue {
  vm.enterCall();
  const parts: string[] = [];
  let strings: Context = [];
  for (let i = 0; i < list.length; i++) {
    const element = elementAt(list, i);
    try {
      const part = coerceToString(vm, element, flags, elementContext, position);
      parts.push(textOf(part));
      strings = mergeContexts(strings, contextOf(part));
    } catch (error) {
      throw fail.context(error, context, position);
    }
    const forced = vm.force(element);
    if (i < list.length - 1 && !(isList(forced) && forced.length === 0)) parts.push(' ');
  }
  vm.depth--;
  return withContext(parts.join(''), strings);
}
