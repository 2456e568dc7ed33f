/**
 * What closures and thunks capture as they are made, and how captures of locals that are not
 * initialised yet are completed.
 */
import { CaptureTag } from '../bytecode/opcode';
import { readVarint, varintLength } from '../bytecode/varint';
import { Thunk } from '../values/thunk';
import type { WithScope } from '../values/value';
import { Closure, type Captured } from '../values/value';
import type { Slot } from './vm';

/** Where the captures of the last {@link capture} ended in the code. */
export let capturesEnd = 0;

/** Shared by all that captures nothing. */
const nothingCaptured: Captured[] = [];

/**
 * Collects the captures that an instruction names, from `ip` on. The arrays have
 * just the room they need: those that grow by pushing have room for sixteen.
 */
export function capture(
  code: Uint8Array,
  ip: number,
  stack: Slot[],
  base: number,
  upvalues: Captured[],
  withs: WithScope | null,
): Captured[] {
  let head = code[ip++]!;
  if (head > 0x7f) ip += varintLength((head = readVarint(code, ip - 1))) - 1;
  const count = head >> 1;
  if (count === 0) {
    capturesEnd = ip;
    return (head & 1) === 0 ? nothingCaptured : [withs];
  }
  capturesEnd = ip;
  const first = nextCapture(code, stack, base, upvalues);
  if ((head & 1) === 0) {
    switch (count) {
      case 1:
        return [first];
      case 2:
        return [first, nextCapture(code, stack, base, upvalues)];
      case 3:
        return [first, nextCapture(code, stack, base, upvalues), nextCapture(code, stack, base, upvalues)];
    }
  }
  const captured = new Array<Captured>(count + (head & 1));
  captured[0] = first;
  for (let i = 1; i < count; i++) captured[i] = nextCapture(code, stack, base, upvalues);
  if ((head & 1) !== 0) captured[count] = withs;
  return captured;
}

/** Reads one capture at {@link capturesEnd}. */
function nextCapture(code: Uint8Array, stack: Slot[], base: number, upvalues: Captured[]): Captured {
  let position = code[capturesEnd++]!;
  if (position > 0x7f) {
    position = readVarint(code, capturesEnd - 1);
    capturesEnd += varintLength(position) - 1;
  }
  switch (position & 3) {
    case CaptureTag.Local:
      return stack[base + (position >> 2)] as Captured;
    case CaptureTag.Upvalue:
      return upvalues[position >> 2];
    default:
      return deferred(position >> 2) as unknown as Captured;
  }
}

/** Stands in an upvalue for a local that is not initialised yet. */
class Deferred {
  constructor(readonly slot: number) {}
}
const deferredSlots: Deferred[] = [];
function deferred(slot: number): Deferred {
  while (deferredSlots.length <= slot) deferredSlots.push(new Deferred(deferredSlots.length));
  return deferredSlots[slot]!;
}

/** Completes the deferred captures of the function or the suspended thunk in a slot. */
export function finalise(stack: Slot[], base: number, slot: number): void {
  const value = stack[base + slot];
  const upvalues = (
    value instanceof Closure ? value.upvalues : value instanceof Thunk ? value.data : undefined
  ) as unknown[] | undefined;
  if (upvalues === undefined) return;
  for (let i = 0; i < upvalues.length; i++) {
    const upvalue = upvalues[i];
    if (upvalue instanceof Deferred) upvalues[i] = stack[base + upvalue.slot];
  }
}

/**
 * Completes the deferred captures of the thunks in some slots with what the
 * slots hold now. The result completes those that have not run since anew.
 */
export function finaliseForNow(stack: Slot[], base: number, from: number, to: number): () => void {
  const complete = (pattern: readonly unknown[]): unknown[] =>
    pattern.map((upvalue) => (upvalue instanceof Deferred ? stack[base + upvalue.slot] : upvalue));
  const completed: { readonly thunk: Thunk; readonly code: Thunk['code']; readonly pattern: unknown[] }[] =
    [];
  for (let slot = from; slot < to; slot++) {
    const thunk = stack[base + slot];
    if (!(thunk instanceof Thunk) || !Array.isArray(thunk.data)) continue;
    const pattern = thunk.data;
    completed.push({ thunk, code: thunk.code, pattern });
    thunk.data = complete(pattern);
  }
  return () => {
    for (const { thunk, code, pattern } of completed) {
      if (thunk.code === code) thunk.data = complete(pattern);
    }
  };
}
