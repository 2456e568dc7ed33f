/**
 * The machine: forces thunks, calls functions, runs chunks.
 *
 * One JavaScript call of {@link execute} runs one activation: a function body, a
 * thunk or a file. The activations share one array as their stack; each knows
 * its base, and `vm.sp` is the first free slot whenever control leaves an
 * activation. Whoever calls back into the machine from outside an activation
 * (a builtin) finds `sp` as it was afterwards.
 *
 * An activation that evaluates a thunk writes the result into it itself, so that
 * forcing costs one JavaScript frame.
 */
import { counting, tally } from '../base/tally';
import { CaptureTag, Op } from '../bytecode/opcode';
import { Blueprint } from '../bytecode/blueprint';
import type { AttributeSite, FormalsTable } from '../bytecode/constant';
import type { Translated } from '../bytecode/translated';
import { readVarint, varintLength } from '../bytecode/varint';
import { Attrs } from '../values/attrs';
import { updateAttrs } from '../values/layered-attrs';
import { EvalError, atCall } from '../values/error';
import { Dependences } from '../values/dependence';
import { Dependent, done, failed, running, Thunk } from '../values/thunk';
import type { Position } from '../values/position';
import type { Shape } from '../values/shape';
import { elementsOf, isComplete, type List } from '../values/list';
import {
  Builtin,
  Closure,
  ContextString,
  Float,
  PartialApplication,
  Path,
  WithScope,
  type Captured,
  type Forced,
  type Integer,
  type StringValue,
  type Value,
} from '../values/value';
import type { Host } from '../host/host';
import type { BuiltinRecord } from './builtin-record';
import { assertAddable, interpolate, interpolatePath } from './concatenate';
import { assertEqual } from './assert-equal';
import { coerceToString } from './coerce';
import { equalForced, lessForced } from './compare';
import { bytesPerCall, checkLimits, thunkBytes, unlimited, type Limits } from './limits';
import type { Loader, Store } from './loader';
import { multiplyIntegers } from './arithmetic';
import * as fail from './failures';
import * as operations from './operations';
import * as operators from './operators';
import { bindFormals } from './formals';
import { finishThunk, settleThunk } from './settle';
import { translate } from './translation/translate';
import { explain, explainBuiltin, explainTailCalls, placeAt } from './unwind';
import { forceDeep } from './force-deep';
import type { NotFound } from './not-found';
import { notFound } from './not-found';

/** Counts for `--stats` and for the server's statistics. */
export interface Counters {
  forced: number;
  calls: number;
  builtinCalls: number;
}

/** A slot of the stack. */
export type Slot = Value | NotFound | undefined;

/** Hears what the machine does; for traces and profiles. Undefined costs one comparison for each activation. */
export interface Observer {
  /** An activation begins. A function finds its argument in the slot `base` of the stack. */
  enter(blueprint: Blueprint, base: number, upvalues: readonly Captured[]): void;
  leave(blueprint: Blueprint): void;
}

export interface VmOptions {
  readonly host: Host;
  readonly loader: Loader;
  readonly store: Store;
  readonly limits?: Limits;
  readonly dependences?: Dependences;
  /** After so many runs a chunk becomes a JavaScript function. */
  readonly hotRuns?: number;
  /** Hears from builtins that are about to make very many values that all stay. */
  readonly keepsMuch?: () => void;
}

const noUpvalues: Captured[] = [];
const ignore = (): void => {};

/** Translating takes as long as some thousand runs, and V8 has to get to know what comes out of it. */
const defaultHotRuns = 10_000;

export class Vm {
  readonly stack: Slot[] = emptyStack();
  /** The first free slot. */
  sp = 0;
  /** Calls within calls. */
  depth = 0;
  /**
   * The calls in whose place others run, the outermost first: of each the blueprint and the
   * offset of the instruction. An activation adds those that took over its frame, and takes
   * them away when it ends; errors tell of them.
   */
  readonly tailCallers: Blueprint[] = [];
  readonly tailOffsets: number[] = [];
  tailCalls = 0;
  /** Calls until the next look at the limits. */
  fuel: number;
  readonly host: Host;
  readonly loader: Loader;
  readonly store: Store;
  limits: Limits;
  observer: Observer | undefined = undefined;
  /** After so many runs a chunk is translated. */
  readonly hotRuns: number;
  readonly keepsMuch: () => void;
  /**
   * Whether a failed thunk keeps what its error gains on the way out of the first
   * evaluation, as in C++ Nix, and not only its own frames. The command line
   * wants that; an editor asks many times in many ways, and wants each trace anew.
   */
  sharesErrors = false;
  readonly counters: Counters = { forced: 0, calls: 0, builtinCalls: 0 };
  /** What evaluation reads that may change. */
  readonly dependences: Dependences;
  /** Its log, which each activation looks at. */
  readonly reads: Dependences['log'];

  constructor(options: VmOptions) {
    this.host = options.host;
    this.loader = options.loader;
    this.store = options.store;
    this.limits = options.limits ?? unlimited();
    this.fuel = this.limits.callsBetweenChecks;
    this.dependences = options.dependences ?? new Dependences();
    this.reads = this.dependences.log;
    this.keepsMuch = options.keepsMuch ?? ignore;
    // What counts everything translates nothing.
    this.hotRuns = counting ? Infinity : (options.hotRuns ?? defaultHotRuns);
  }

  // --- Forcing -------------------------------------------------------------

  /** The value in weak head normal form. @throws EvalError, Interruption */
  force(value: Value): Forced {
    if (!(value instanceof Thunk)) return value;
    return value.code === done ? (value.data as Forced) : this.forceThunk(value);
  }

  /** Forces a thunk that is not done. */
  forceThunk(thunk: Thunk): Forced {
    const code = thunk.code;
    if (code === done) return thunk.data as Forced;
    if (code === running) throw fail.infiniteRecursion(thunk);
    if (code === failed) throw (thunk.data as EvalError).again();
    const isCode = code instanceof Blueprint;
    if (!isCode && code instanceof Dependent) return this.forceDependent(thunk, code);
    this.counters.forced++;
    const sp = this.sp;
    const data = thunk.data;
    thunk.code = running;
    thunk.data = undefined;
    let result: Forced;
    if (isCode) {
      const { chunk } = code;
      result =
        chunk === null || chunk.translated === null || this.observer !== undefined
          ? execute(this, code, data as Captured[], sp, thunk)
          : (chunk.translated.run(this, data, undefined, thunk) as Forced);
    } else {
      const depth = this.depth;
      const reads = this.reads.length;
      try {
        result = code.run(this, data);
      } catch (error) {
        throw settleThunk(this, thunk, code, data, error, depth, reads);
      }
      finishThunk(this, thunk, code, data, result, reads);
    }
    this.sp = sp;
    return result;
  }

  private forceDependent(thunk: Thunk, { on, code, data, failed }: Dependent): Forced {
    if (on.stale) {
      thunk.code = code;
      thunk.data = data;
      return this.forceThunk(thunk);
    }
    on.use();
    if (failed) throw (thunk.data as EvalError).again();
    return thunk.data as Forced;
  }

  /**
   * Forces a value and all its parts, as `deepSeq` does. Cycles are entered once.
   * @throws EvalError, Interruption
   */
  forceDeep(value: Value): Forced {
    return forceDeep(this, value);
  }

  // --- Calling -------------------------------------------------------------

  /** Counts one call into a call. Who enters subtracts it again; whoever catches an error restores the depth. */
  enterCall(): void {
    if (this.depth > this.limits.maxCallDepth) throw fail.callDepth();
    this.depth++;
    if (--this.fuel <= 0) this.checkLimits();
  }

  checkLimits(moreBytes = 0): void {
    this.fuel = this.limits.callsBetweenChecks;
    checkLimits(this.limits, moreBytes);
  }

  /** Hears of memory before a builtin takes it, at least where it is much. */
  takeMemory(bytes: number): void {
    this.fuel -= Math.floor(bytes / bytesPerCall);
    if (this.fuel <= 0) this.checkLimits(bytes);
  }

  /**
   * `callee argument`, as builtins call: `position` is what errors give as the
   * place of the call, if Nix has one there.
   * @throws EvalError, Interruption
   */
  call(callee: Value, argument: Value, position?: Position): Forced {
    const sp = this.sp;
    let result: Forced;
    try {
      result = this.apply(this.force(callee), argument);
    } catch (error) {
      if (error instanceof EvalError) placeAt(error, position);
      throw error;
    }
    this.sp = sp;
    return result;
  }

  /** `callee first second`. */
  call2(callee: Value, first: Value, second: Value): Forced {
    const forced = this.force(callee);
    if (forced instanceof Builtin && forced.arity === 2) {
      const sp = this.sp;
      const result = this.callBuiltin(forced, first, second, undefined as never);
      this.sp = sp;
      return result;
    }
    if (!(forced instanceof Closure)) return this.call(this.call(forced, first), second);
    const sp = this.sp;
    let result: Forced;
    try {
      result = this.callClosure2(forced, first, second);
    } catch (error) {
      if (error instanceof EvalError) placeAt(error, undefined);
      throw error;
    }
    this.sp = sp;
    return result;
  }

  /** `callee argument` for a forced callee; does not restore `sp`. */
  apply(callee: Forced, argument: Value): Forced {
    if (callee instanceof Closure) return this.callClosure(callee, argument);
    if (callee instanceof Builtin) {
      if (callee.arity === 1)
        return this.callBuiltin(callee, argument, undefined as never, undefined as never);
      return new PartialApplication(callee, [argument]);
    }
    if (callee instanceof PartialApplication) return this.applyPartial(callee, argument);
    if (callee instanceof Attrs) return this.callFunctor(callee, argument);
    throw fail.notAFunction(callee);
  }

  callClosure(callee: Closure, argument: Value): Forced {
    const base = this.sp;
    this.counters.calls++;
    this.enterCall();
    const { chunk } = callee.blueprint;
    let result: Forced;
    if (chunk === null || chunk.translated === null || this.observer !== undefined) {
      this.stack[base] = argument;
      result = execute(this, callee.blueprint, callee.upvalues, base, null);
    } else result = chunk.translated.run(this, callee.upvalues, argument, null) as Forced;
    this.depth--;
    return result;
  }

  /** `callee first second` for a function written in Nix; does not restore `sp`. */
  callClosure2(callee: Closure, first: Value, second: Value): Forced {
    const translated = translatedOf(this, callee.blueprint);
    if (translated === null || translated.pair === null) {
      const { sp } = this;
      const inner = this.callClosure(callee, first);
      this.sp = sp;
      return this.apply(inner, second);
    }
    this.counters.calls += 2;
    this.enterCall();
    const result = translated.pair(this, callee.upvalues, first, second) as Forced;
    this.depth--;
    return result;
  }

  callBuiltin(builtin: Builtin, first: Value, second: Value, third: Value): Forced {
    this.counters.builtinCalls++;
    this.enterCall();
    const record = builtin.record as BuiltinRecord;
    let result: Forced;
    try {
      result = record.call(this, first, second, third);
    } catch (error) {
      throw explainBuiltin(error, record);
    }
    this.depth--;
    return result;
  }

  private applyPartial(callee: PartialApplication, argument: Value): Forced {
    const { builtin, args } = callee;
    if (args.length + 1 < builtin.arity) return new PartialApplication(builtin, [...args, argument]);
    return args.length === 1
      ? this.callBuiltin(builtin, args[0]!, argument, undefined as never)
      : this.callBuiltin(builtin, args[0]!, args[1]!, argument);
  }

  private callFunctor(callee: Attrs, argument: Value): Forced {
    const functor = callee.get('__functor');
    if (functor === undefined) throw fail.notAFunction(callee);
    this.enterCall();
    try {
      const position = callee.positionOf('__functor');
      const bound = this.call(functor, callee, position);
      const result = this.call(bound, argument, position);
      this.depth--;
      return result;
    } catch (error) {
      throw fail.context(
        error,
        "while calling a functor (an attribute set with a '__functor' attribute)",
        atCall,
      );
    }
  }

  // --- Forcing with a type, as builtins do ----------------------------------
  //
  // `context` is the frame that C++ Nix adds to an error, such as
  // `while evaluating the first argument passed to builtins.add`, and `position`
  // that of the frame and of the error, where Nix has one: builtins have none for
  // their arguments, but for parts of a set.

  forceInteger(value: Value, context: string, position?: Position): Integer {
    try {
      const forced = this.force(value);
      if (typeof forced === 'number' || typeof forced === 'bigint') return forced;
      throw fail.expected('an integer', forced, position);
    } catch (error) {
      throw fail.context(error, context, position);
    }
  }

  /** A float, or an integer as a double. */
  forceFloat(value: Value, context: string, position?: Position): number {
    try {
      const forced = this.force(value);
      if (forced instanceof Float) return forced.value;
      if (typeof forced === 'number' || typeof forced === 'bigint') return Number(forced);
      throw fail.expected('a float', forced, position);
    } catch (error) {
      throw fail.context(error, context, position);
    }
  }

  forceBoolean(value: Value, context: string, position?: Position): boolean {
    try {
      const forced = this.force(value);
      if (typeof forced === 'boolean') return forced;
      throw fail.expected('a Boolean', forced, position);
    } catch (error) {
      throw fail.context(error, context, position);
    }
  }

  forceString(value: Value, context: string, position?: Position): StringValue {
    if (typeof value === 'string') return value;
    try {
      const forced = this.force(value);
      if (typeof forced === 'string' || forced instanceof ContextString) return forced;
      throw fail.expected('a string', forced, position);
    } catch (error) {
      throw fail.context(error, context, position);
    }
  }

  /** A string that must not have context. */
  forceStringNoContext(value: Value, context: string, position?: Position): string {
    const forced = this.forceString(value, context, position);
    if (typeof forced === 'string') return forced;
    throw fail.contextNotAllowed(forced).while(context, position);
  }

  /** A list; of an error only that of a wrong type gets the frame. */
  forceList(value: Value, context: string, position?: Position): readonly Value[] {
    return this.elementsOf(this.forceListLazily(value, context, position));
  }

  /** All elements of a list, which get thunks where they have none. */
  elementsOf(list: List): readonly Value[] {
    if (isComplete(list)) return list;
    this.takeMemory(list.length * thunkBytes);
    return elementsOf(list);
  }

  /** The same for those that read the elements one by one: see values/list.ts. */
  forceListLazily(value: Value, context: string, position?: Position): List {
    if (Array.isArray(value)) return value;
    const forced = this.force(value);
    if (Array.isArray(forced)) return forced;
    throw fail.expected('a list', forced).while(context, position);
  }

  /** A set; of an error only that of a wrong type gets the frame. */
  forceAttrs(value: Value, context: string, position?: Position): Attrs {
    if (value instanceof Attrs) return value;
    const forced = this.force(value);
    if (forced instanceof Attrs) return forced;
    throw fail.expected('a set', forced).while(context, position);
  }

  /** A function, or a set with `__functor`. */
  forceFunction(value: Value, context: string, position?: Position): Forced {
    try {
      const forced = this.force(value);
      if (forced instanceof Closure || forced instanceof Builtin || forced instanceof PartialApplication) {
        return forced;
      }
      if (forced instanceof Attrs && forced.has('__functor')) return forced;
      throw fail.expected('a function', forced, position);
    } catch (error) {
      throw fail.context(error, context, position);
    }
  }

  // --- Coercing and comparing ------------------------------------------------

  /**
   * A value as a string. `flags` are bits of CoercionFlag; see coerce.ts.
   * @throws EvalError
   */
  coerceToString(value: Value, flags: number, context: string): StringValue {
    return coerceToString(this, value, flags, context);
  }

  /** `left < right`; forces both. */
  less(left: Value, right: Value, context = ''): boolean {
    return lessForced(this, this.force(left), this.force(right), context);
  }

  // --- Running ----------------------------------------------------------------

  /** Runs a toplevel chunk. */
  run(blueprint: Blueprint, upvalues: Captured[] = noUpvalues): Forced {
    const sp = this.sp;
    const result = execute(this, blueprint, upvalues, sp, null);
    this.sp = sp;
    return result;
  }

  /** Drops what earlier runs left on the stack, so that it can be collected. Only between runs. */
  reset(): void {
    this.stack.length = 0;
    this.sp = 0;
    this.depth = 0;
    this.tailCallers.length = 0;
    this.tailCalls = 0;
    this.fuel = this.limits.callsBetweenChecks;
    this.reads.length = 0;
  }
}

/** An array that V8 expects any value in from the start, so that all machines have stacks of one class. */
function emptyStack(): Slot[] {
  const stack: Slot[] = [null];
  stack.length = 0;
  return stack;
}

/** What a chunk has become, where nobody has to hear of what runs. */
function translatedOf(vm: Vm, blueprint: Blueprint): Translated | null {
  const { chunk } = blueprint;
  return chunk === null || vm.observer !== undefined ? null : chunk.translated;
}

/** Where the captures of the last {@link capture} ended in the code. */
let capturesEnd = 0;

/** Shared by all that captures nothing. */
const nothingCaptured: Captured[] = [];

/**
 * Collects the captures that an instruction names, from `ip` on. The arrays have
 * just the room they need: those that grow by pushing have room for sixteen.
 */
function capture(
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
    return (head & 1) === 0 ? nothingCaptured : [withs as unknown as Captured];
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
  if ((head & 1) !== 0) captured[count] = withs as unknown as Captured;
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
function finalise(stack: Slot[], base: number, slot: number): void {
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
function finaliseForNow(stack: Slot[], base: number, from: number, to: number): () => void {
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

/**
 * Runs a chunk until it returns. `base` is its first slot; a function finds its
 * argument there. `thunk` gets the result, if it is not null.
 */
function execute(
  vm: Vm,
  first: Blueprint,
  firstUpvalues: Captured[],
  base: number,
  thunk: Thunk | null,
): Forced {
  // What runs; a call at the end of a chunk puts the callee in its place.
  let blueprint = first;
  let upvalues = firstUpvalues;
  let chunk = blueprint.chunk ?? blueprint.compile();
  if (++chunk.heat === vm.hotRuns) {
    chunk.translated = translate(blueprint);
    const translated = translatedOf(vm, blueprint);
    if (translated !== null) return translated.run(vm, upvalues, vm.stack[base], thunk) as Forced;
  }
  let code = chunk.memory;
  let constants = chunk.constants;
  const stack = vm.stack;
  const depth = vm.depth;
  const reads = vm.reads.length;
  const tailCalls = vm.tailCalls;
  let withs: WithScope | null = blueprint.capturesWith
    ? (upvalues[blueprint.captureCount] as unknown as WithScope | null)
    : null;
  let sp = blueprint.kind === 'lambda' ? base + 1 : base;
  let ip = chunk.start;
  let at = ip;
  // Operands; declared here since the cases share them.
  let n = 0;
  let left: Forced;
  let right: Forced;
  let value: Value;
  try {
    if (vm.observer !== undefined) vm.observer.enter(blueprint, base, upvalues);
    dispatch: for (;;) {
      at = ip;
      switch (code[ip++]!) {
        case Op.Constant:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp++] = constants[n] as Value;
          break;
        case Op.GetLocal:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp++] = stack[base + n];
          break;
        case Op.GetLocalForced:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          value = stack[base + n] as Value;
          if (value instanceof Thunk) {
            if (value.code === done) value = value.data as Forced;
            else {
              vm.sp = sp;
              value = vm.forceThunk(value);
            }
            // The slot is not overwritten: others may have captured the thunk, and equality compares identities.
          }
          stack[sp++] = value;
          break;
        case Op.GetUpvalue:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp++] = upvalues[n] as Value;
          break;
        case Op.GetUpvalueForced:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          value = upvalues[n] as Value;
          if (value instanceof Thunk) {
            if (value.code === done) value = value.data as Forced;
            else {
              vm.sp = sp;
              value = vm.forceThunk(value);
            }
          }
          stack[sp++] = value;
          break;
        case Op.ThunkSuspended: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const captured = capture(code, ip, stack, base, upvalues, withs);
          ip = capturesEnd;
          stack[sp++] = new Thunk(constants[n] as Blueprint, captured);
          break;
        }
        case Op.Closure: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const captured = capture(code, ip, stack, base, upvalues, withs);
          ip = capturesEnd;
          stack[sp++] = new Closure(constants[n] as Blueprint, captured);
          break;
        }
        case Op.Call:
        case Op.TailCall: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          vm.sp = sp;
          const calleeAt = sp - n - 1;
          let result = stack[calleeAt] as Forced;
          let next = calleeAt + 1;
          while (next < sp) {
            if (result instanceof Closure) {
              const translated = translatedOf(vm, result.blueprint);
              if (translated !== null && translated.pair !== null && sp - next > 1) {
                result = vm.callClosure2(result, stack[next++] as Value, stack[next++] as Value);
                vm.sp = sp;
                continue;
              }
              vm.counters.calls++;
              if (vm.depth > vm.limits.maxCallDepth) throw fail.callDepth();
              vm.depth++;
              if (--vm.fuel <= 0) vm.checkLimits();
              const argument = stack[next++];
              if (translated === null) {
                if (next === sp && code[at] === Op.TailCall && vm.observer === undefined) {
                  const callee = result.blueprint;
                  // What can fail comes first: an error of compiling is one of this call.
                  const body = callee.chunk ?? callee.compile();
                  if (++body.heat === vm.hotRuns) body.translated = translate(callee);
                  vm.tailCallers[vm.tailCalls] = blueprint;
                  vm.tailOffsets[vm.tailCalls++] = at - chunk.start;
                  blueprint = callee;
                  chunk = body;
                  ({ upvalues } = result);
                  code = chunk.memory;
                  constants = chunk.constants;
                  withs = blueprint.capturesWith
                    ? (upvalues[blueprint.captureCount] as unknown as WithScope | null)
                    : null;
                  ip = chunk.start;
                  stack[base] = argument;
                  sp = base + 1;
                  continue dispatch;
                }
                stack[sp] = argument;
                result = execute(vm, result.blueprint, result.upvalues, sp, null);
              } else result = translated.run(vm, result.upvalues, argument, null) as Forced;
              vm.depth--;
              vm.sp = sp;
            } else if (result instanceof Builtin && result.arity <= sp - next) {
              const arity = result.arity;
              result = vm.callBuiltin(
                result,
                stack[next] as Value,
                (arity > 1 ? stack[next + 1] : undefined) as Value,
                (arity > 2 ? stack[next + 2] : undefined) as Value,
              );
              next += arity;
              vm.sp = sp;
            } else {
              result = vm.apply(result, stack[next++] as Value);
              vm.sp = sp;
            }
          }
          sp = calleeAt;
          stack[sp++] = result;
          break;
        }
        case Op.AttrsSelect: {
          if (counting) tally.lookups++;
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const site = constants[n] as AttributeSite;
          const set = stack[sp - 1];
          if (set instanceof Attrs) {
            if (set.shape === site.shape) value = set.values[site.index]!;
            else {
              const index = set.shape.indexOf(site.name);
              if (index < 0) throw fail.missingAttribute(set, site.name);
              site.shape = set.shape;
              site.index = index;
              value = set.values[index]!;
            }
          } else throw fail.notASet(set as Forced);
          if (value instanceof Thunk) {
            if (value.code === done) value = value.data as Forced;
            else {
              vm.sp = sp;
              value = vm.forceThunk(value);
            }
          }
          stack[sp - 1] = value;
          break;
        }
        case Op.AttrsTrySelect: {
          if (counting) tally.lookups++;
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const site = constants[n] as AttributeSite;
          const set = stack[sp - 1];
          if (!(set instanceof Attrs)) {
            stack[sp - 1] = notFound;
            break;
          }
          if (set.shape === site.shape) value = set.values[site.index]!;
          else {
            const index = set.shape.indexOf(site.name);
            if (index < 0) {
              stack[sp - 1] = notFound;
              break;
            }
            site.shape = set.shape;
            site.index = index;
            value = set.values[index]!;
          }
          if (value instanceof Thunk) {
            vm.sp = sp;
            value = vm.force(value);
          }
          stack[sp - 1] = value;
          break;
        }
        case Op.AttrsSelectDynamic: {
          if (counting) tally.lookups++;
          const set = stack[sp - 2];
          const name = operations.attributeName(stack[sp - 1] as Forced);
          if (!(set instanceof Attrs)) throw fail.notASet(set as Forced);
          const found = set.get(name);
          if (found === undefined) throw fail.missingAttribute(set, name);
          vm.sp = sp;
          value = vm.force(found);
          stack[--sp - 1] = value;
          break;
        }
        case Op.AttrsTrySelectDynamic: {
          if (counting) tally.lookups++;
          const name = operations.attributeName(stack[--sp] as Forced);
          const set = stack[sp - 1];
          const found = set instanceof Attrs ? set.get(name) : undefined;
          if (found === undefined) {
            stack[sp - 1] = notFound;
            break;
          }
          vm.sp = sp;
          stack[sp - 1] = vm.force(found);
          break;
        }
        case Op.HasAttr: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const site = constants[n] as AttributeSite;
          const set = stack[sp - 1];
          stack[sp - 1] =
            set instanceof Attrs && (set.shape === site.shape || set.shape.indexOf(site.name) >= 0);
          break;
        }
        case Op.HasAttrDynamic: {
          const name = operations.attributeName(stack[--sp] as Forced);
          const set = stack[sp - 1];
          stack[sp - 1] = set instanceof Attrs && set.has(name);
          break;
        }
        case Op.JumpIfFalse:
          if (stack[sp - 1] === false) ip += 2 + (code[ip]! | (code[ip + 1]! << 8));
          else {
            sp--;
            ip += 2;
          }
          break;
        case Op.JumpIfTrue:
          if (stack[sp - 1] === true) ip += 2 + (code[ip]! | (code[ip + 1]! << 8));
          else {
            sp--;
            ip += 2;
          }
          break;
        case Op.JumpIfNotFound:
          if (stack[sp - 1] === notFound) {
            sp--;
            ip += 2 + (code[ip]! | (code[ip + 1]! << 8));
          } else ip += 2;
          break;
        case Op.Jump:
          ip += 2 + (code[ip]! | (code[ip + 1]! << 8));
          break;
        case Op.JumpWide:
          ip += 4 + readWide(code, ip);
          break;
        case Op.JumpIfFalseWide:
          if (stack[sp - 1] === false) ip += 4 + readWide(code, ip);
          else {
            sp--;
            ip += 4;
          }
          break;
        case Op.JumpIfTrueWide:
          if (stack[sp - 1] === true) ip += 4 + readWide(code, ip);
          else {
            sp--;
            ip += 4;
          }
          break;
        case Op.JumpIfNotFoundWide:
          if (stack[sp - 1] === notFound) {
            sp--;
            ip += 4 + readWide(code, ip);
          } else ip += 4;
          break;
        case Op.Pop:
          sp--;
          break;
        case Op.CloseScope:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          value = stack[--sp] as Value;
          sp -= n;
          stack[sp++] = value;
          break;
        case Op.AssertBool:
          ip++;
          if (typeof stack[sp - 1] !== 'boolean') throw fail.notBoolean(stack[sp - 1] as Forced);
          break;
        case Op.AssertAttrs:
          if (!(stack[sp - 1] instanceof Attrs)) operators.assertAttrs(stack[sp - 1] as Forced);
          break;
        case Op.AssertAddable:
          left = stack[sp - 1] as Forced;
          if (typeof left !== 'number' && typeof left !== 'string') {
            vm.sp = sp;
            assertAddable(vm, left);
          }
          break;
        case Op.AssertEqual:
          vm.sp = sp;
          sp -= 2;
          assertEqual(vm, stack[sp] as Forced, stack[sp + 1] as Forced);
          break;
        case Op.AssertFail:
          throw fail.assertion(blueprint.assertionText(at - chunk.start));
        case Op.Fail:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          throw new EvalError('parse-error', constants[n] as string);
        case Op.Invert:
          stack[sp - 1] = !stack[sp - 1];
          break;
        case Op.Force:
          value = stack[sp - 1] as Value;
          if (value instanceof Thunk) {
            vm.sp = sp;
            stack[sp - 1] = vm.force(value);
          }
          break;
        case Op.Add:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') {
            const sum = left + right;
            stack[sp - 1] = Number.isSafeInteger(sum) ? sum : operators.add(vm, left, right);
          } else if (typeof left === 'string' && typeof right === 'string') {
            stack[sp - 1] = left + right;
          } else {
            vm.sp = sp + 1;
            stack[sp - 1] = operators.add(vm, left, right);
          }
          break;
        case Op.Sub:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') {
            const difference = left - right;
            stack[sp - 1] = Number.isSafeInteger(difference) ? difference : operators.subtract(left, right);
          } else {
            vm.sp = sp + 1;
            stack[sp - 1] = operators.subtract(left, right);
          }
          break;
        case Op.Mul:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          vm.sp = sp + 1;
          if (typeof left === 'number' && typeof right === 'number') {
            stack[sp - 1] = multiplyIntegers(left, right);
          } else stack[sp - 1] = operators.multiply(left, right);
          break;
        case Op.Div:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          vm.sp = sp + 1;
          stack[sp - 1] = operators.divide(left, right);
          break;
        case Op.Negate:
          vm.sp = sp;
          stack[sp - 1] = operators.negate(stack[sp - 1] as Forced);
          break;
        case Op.Equal:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'string' && typeof right === 'string') stack[sp - 1] = left === right;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = equalForced(vm, left, right);
          }
          break;
        case Op.Less:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') stack[sp - 1] = left < right;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = lessForced(vm, left, right, '');
          }
          break;
        // More and LessOrEq find the right operand below the left one.
        case Op.More:
          left = stack[--sp] as Forced;
          right = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') stack[sp - 1] = right < left;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = lessForced(vm, right, left, '');
          }
          break;
        case Op.LessOrEq:
          left = stack[--sp] as Forced;
          right = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') stack[sp - 1] = left <= right;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = !lessForced(vm, right, left, '');
          }
          break;
        case Op.MoreOrEq:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (typeof left === 'number' && typeof right === 'number') stack[sp - 1] = left >= right;
          else {
            vm.sp = sp + 1;
            stack[sp - 1] = !lessForced(vm, left, right, '');
          }
          break;
        case Op.Attrs: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const shape = constants[n] as Shape;
          const count = shape.names.length;
          sp -= count;
          stack[sp] = new Attrs(shape, stack.slice(sp, sp + count) as Value[]);
          sp++;
          break;
        }
        case Op.AttrsInsert:
          vm.sp = sp;
          stack[sp - 3] = operations.insertDynamic(
            stack[sp - 3] as Attrs,
            stack[sp - 2] as Forced,
            stack[sp - 1] as Value,
            blueprint,
            at - chunk.start,
          );
          sp -= 2;
          break;
        case Op.AttrsUpdate:
          // The right operand was evaluated first, and is known to be a set.
          left = stack[--sp] as Forced;
          right = stack[sp - 1] as Attrs;
          stack[sp - 1] = left instanceof Attrs ? updateAttrs(left, right) : operators.update(left, right);
          break;
        case Op.SelectThunk:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp - 1] = operations.selectThunk(
            constants[n] as AttributeSite,
            stack[sp - 1] as Value,
            blueprint,
            at - chunk.start,
          );
          break;
        case Op.Overrides: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const sources = readVarint(code, ip);
          ip += varintLength(sources);
          const locals = constants[readVarint(code, ip)] as readonly string[];
          ip += varintLength(readVarint(code, ip));
          const first = n + sources;
          const completeAgain = finaliseForNow(stack, base, n, first + locals.length);
          vm.sp = sp;
          stack[sp - 1] = operations.applyOverrides(vm, stack[sp - 1] as Attrs, locals, base + first);
          completeAgain();
          break;
        }
        case Op.BindFormals:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          vm.sp = sp;
          sp = bindFormals(vm, blueprint, constants[n] as FormalsTable, base, sp);
          break;
        case Op.FillDefault: {
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          const owner = constants[readVarint(code, ip)] as Blueprint;
          ip += varintLength(readVarint(code, ip));
          const captured = capture(code, ip, stack, base, upvalues, withs);
          ip = capturesEnd;
          const slot = stack[base + n];
          if (slot instanceof Thunk && slot.code === owner && slot.data === undefined) slot.data = captured;
          break;
        }
        case Op.PushWith:
          withs = new WithScope(stack[--sp] as Value, withs, blueprint, at - chunk.start);
          break;
        case Op.PopWith:
          withs = withs!.outer;
          break;
        case Op.ResolveWith:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          vm.sp = sp;
          stack[sp++] = operations.resolveWith(vm, constants[n] as AttributeSite, withs);
          break;
        case Op.List:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          sp -= n;
          stack[sp] = stack.slice(sp, sp + n) as Value[];
          sp++;
          if (counting) tally.elements += n;
          break;
        case Op.Concat:
          right = stack[--sp] as Forced;
          left = stack[sp - 1] as Forced;
          if (!Array.isArray(left)) throw fail.notConcatenable(left);
          if (!Array.isArray(right)) throw fail.notConcatenable(right);
          if (left.length === 0) stack[sp - 1] = right;
          else if (right.length !== 0) stack[sp - 1] = operators.concatenateLists(vm, left, right);
          if (counting) {
            tally.concatenations++;
            if (left.length !== 0 && right.length !== 0) tally.elements += left.length + right.length;
          }
          break;
        case Op.Interpolate:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          sp -= n;
          stack[sp] = interpolate(stack, sp, n);
          sp++;
          break;
        case Op.InterpolatePath:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          sp -= n;
          stack[sp] = interpolatePath(stack, sp, n);
          sp++;
          break;
        case Op.CoerceToString:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          value = stack[sp - 1] as Value;
          if (typeof value !== 'string') {
            vm.sp = sp;
            stack[sp - 1] = coerceToString(vm, value, n, 'while evaluating a path segment');
          }
          break;
        case Op.FindFile:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          vm.sp = sp;
          stack[sp++] = new Path(vm.loader.findFile(vm.loader.nixPath, constants[n] as string));
          break;
        case Op.ResolveHomePath:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          stack[sp++] = operations.homePath(vm, constants[n] as string);
          break;
        case Op.CurrentPosition:
          stack[sp++] = operations.positionAttrs(blueprint.positionAt(at - chunk.start));
          break;
        case Op.Finalise:
          n = code[ip++]!;
          if (n > 0x7f) ip += varintLength((n = readVarint(code, ip - 1))) - 1;
          finalise(stack, base, n);
          break;
        case Op.Return: {
          const result = stack[sp - 1] as Forced;
          if (vm.tailCalls !== tailCalls) {
            vm.tailCalls = tailCalls;
            vm.depth = depth;
          }
          if (thunk !== null) {
            if (vm.reads.length === reads) {
              thunk.code = done;
              thunk.data = result;
            } else finishThunk(vm, thunk, first, firstUpvalues, result, reads);
          }
          if (vm.observer !== undefined) vm.observer.leave(blueprint);
          return result;
        }
        default:
          throw fail.brokenChunk(blueprint, at - chunk.start);
      }
    }
  } catch (error) {
    if (vm.observer !== undefined) vm.observer.leave(blueprint);
    let explained = explain(error, { blueprint, at: at - chunk.start, stack, base, sp, upvalues });
    if (vm.tailCalls !== tailCalls) explained = explainTailCalls(vm, explained, tailCalls);
    if (thunk !== null) throw settleThunk(vm, thunk, first, firstUpvalues, explained, depth, reads);
    vm.depth = depth;
    throw explained;
  }
}

function readWide(code: Uint8Array, ip: number): number {
  return code[ip]! | (code[ip + 1]! << 8) | (code[ip + 2]! << 16) | (code[ip + 3]! << 24);
}
