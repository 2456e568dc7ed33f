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
import { counting } from '../base/tally';
import { Blueprint } from '../bytecode/blueprint';
import { Attrs } from '../values/attrs';
import { EvalError, atCall } from '../values/error';
import { Dependences } from '../values/dependence';
import { Dependent, done, failed, running, Thunk } from '../values/thunk';
import type { Position } from '../values/position';
import { elementsOf, isComplete, type List } from '../values/list';
import {
  Builtin,
  Closure,
  ContextString,
  Float,
  PartialApplication,
  type Captured,
  type Forced,
  type Integer,
  type StringValue,
  type Value,
} from '../values/value';
import type { Host } from '../host/host';
import type { BuiltinRecord } from './builtin-record';
import { coerceToString } from './coerce';
import { lessForced } from './compare';
import { bytesPerCall, checkLimits, thunkBytes, unlimited, type Limits } from './limits';
import type { Loader, Store } from './loader';
import * as fail from './failures';
import { finishThunk, settleThunk } from './settle';
import { explainBuiltin, placeAt } from './unwind';
import { forceDeep } from './force-deep';
import type { NotFound } from './not-found';
import { execute, translatedOf } from './execute';

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
