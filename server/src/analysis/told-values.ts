/** Parts of values that are told to a user: those that fail or are something else are left out. */
import type { Bytes } from '../base/bytes';
import type { Attrs } from '../values/attrs';
import { textOf } from '../values/context';
import { EvalError } from '../values/error';
import { ContextString, type Forced, type Value } from '../values/value';
import type { Vm } from '../vm/vm';

/** The value, or undefined if its evaluation fails. @throws Interruption */
export function tryForce(vm: Vm, value: Value): Forced | undefined {
  try {
    return vm.force(value);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

/** An attribute's value, if there is one and it does not fail. @throws Interruption */
export function attributeOf(vm: Vm, set: Attrs, name: Bytes): Forced | undefined {
  const value = set.get(name);
  return value === undefined ? undefined : tryForce(vm, value);
}

/** The bytes of a string, with or without context. */
export function bytesOf(value: Forced | undefined): Bytes | undefined {
  return typeof value === 'string' || value instanceof ContextString ? textOf(value) : undefined;
}

/** Markdown of a short text as code. */
export function inlineCode(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
