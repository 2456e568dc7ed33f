/**
 * Thunks: values that are computed when they are needed, and once.
 *
 * `code` tells the state, and `data` belongs to it:
 *
 * | state     | `code`                            | `data`                                  |
 * |-----------|-----------------------------------|-----------------------------------------|
 * | suspended | a Blueprint or a {@link Suspension} | its upvalues, or the suspension's own data |
 * | running   | {@link running}                   | undefined                               |
 * | done      | {@link done}                      | the value, never a thunk                |
 * | failed    | {@link failed}                    | the error it ended with                 |
 * | dependent | a {@link Dependent}               | the value, or the error it ended with   |
 *
 * A dependent thunk is done or failed until something changes that was read for
 * its result; then it is suspended again as soon as somebody asks for it.
 *
 * Only the machine changes a thunk, but that the evaluator has a new one stand for a value that
 * was kept, before anybody asks for it ({@link forward}). A run that is cancelled leaves each thunk
 * that was running suspended again, so nothing is lost or broken by it.
 */
import { InternalError } from '../base/internal-error';
import { counting, tally } from '../base/tally';
import type { Blueprint } from '../bytecode/blueprint';
import type { Dependence } from './dependence';
import type { Position } from './position';
import { Closure, type Captured, type Forced, type Value } from './value';

/** What the machine gives to a suspension: see vm/. */
export interface Forcer {
  force(value: Value): Forced;
  /** `callee argument` on behalf of whoever forces it: an error gives their place as that of the call. */
  apply(callee: Forced, argument: Value): Forced;
  /** Grows with everything that is read and may change. */
  readonly reads: { readonly length: number };
}

/** Code of a thunk that a builtin made, e.g. one application of `map`. */
export abstract class Suspension<Data = unknown> {
  abstract run(machine: Forcer, data: Data): Forced;
}

class State extends Suspension {
  constructor(readonly name: string) {
    super();
  }
  run(): never {
    throw new InternalError(`a ${this.name} thunk has no code to run`);
  }
}

export const running: Suspension = new State('running');
export const done: Suspension = new State('done');
export const failed: Suspension = new State('failed');

/** The state of a thunk whose result depends on what may change, with what it takes to compute it again. */
export class Dependent extends Suspension {
  constructor(
    readonly on: Dependence,
    readonly code: Blueprint | Suspension,
    readonly data: unknown,
    readonly failed: boolean,
  ) {
    super();
  }
  run(): never {
    throw new InternalError('a dependent thunk has no code to run');
  }
}

export class Thunk {
  constructor(
    public code: Blueprint | Suspension,
    public data: unknown,
  ) {
    if (counting) tally.thunks++;
  }

  /** A thunk for code in Nix. */
  static suspended(blueprint: Blueprint, upvalues: Captured[]): Thunk {
    return new Thunk(blueprint, upvalues);
  }
}

/** The code of unevaluated applications of one function to many arguments, which share the function. */
export abstract class Applications<Data> extends Suspension<Data> {
  constructor(readonly callee: Value) {
    super();
  }
}

/** Applications each of which has its argument. */
export class Application extends Applications<Value> {
  run(machine: Forcer, argument: Value): Forced {
    return machine.apply(machine.force(this.callee), argument);
  }
  /** The unevaluated application to `argument`. */
  to(argument: Value): Thunk {
    return new Thunk(this, argument);
  }
}

class CurriedApplication extends Suspension<Value> {
  constructor(
    readonly callee: Value,
    private readonly first: Value,
    readonly calleeForced: boolean,
  ) {
    super();
  }
  run(machine: Forcer, second: Value): Forced {
    return machine.apply(machine.apply(machine.force(this.callee), this.first), second);
  }
}

/**
 * The unevaluated application `callee first second`. `calleeForced` says whether
 * the function was already evaluated where the application was made.
 */
export function lazyCall2(callee: Value, first: Value, second: Value, calleeForced = false): Thunk {
  return new Thunk(new CurriedApplication(callee, first, calleeForced), second);
}

/** Whether a thunk is the application of a function that a builtin left unevaluated, such as an element of `map`. */
export function isApplication({ code }: Thunk): boolean {
  return code instanceof Applications || code instanceof CurriedApplication;
}

/** Whether a thunk has a value that holds. */
export function isDone({ code }: Thunk): boolean {
  return code === done || (code instanceof Dependent && !code.failed && !code.on.stale);
}

/** The value of a thunk that is done; other thunks stay as they are. Counts as a use of the value. */
export function withoutThunk(value: Value): Value {
  if (!(value instanceof Thunk) || !isDone(value)) return value;
  if (value.code instanceof Dependent) value.code.on.use();
  return value.data as Forced;
}

/**
 * Where C++ Nix says that a value is when nobody knows better (`determinePos`):
 * a function, and an application of one, where the function is written.
 */
export function positionOfValue(value: Value): Position | undefined {
  if (value instanceof Closure) return value.blueprint.position();
  if (!(value instanceof Thunk)) return undefined;
  const { code } = value;
  if (code instanceof Applications) return positionOfValue(code.callee);
  if (code instanceof CurriedApplication) return code.calleeForced ? positionOfValue(code.callee) : undefined;
  return isDone(value) ? positionOfValue(value.data as Forced) : undefined;
}

class ForwardingCode extends Suspension<Value> {
  run(machine: Forcer, value: Value): Forced {
    return machine.force(value);
  }
}
const forwarding = new ForwardingCode();

/** Lets a suspended thunk, which nobody has forced, have the value of another one of the same code and surroundings. */
export function forward(thunk: Thunk, to: Value): void {
  thunk.code = forwarding;
  thunk.data = to;
}

class ComputationCode extends Suspension<() => Forced> {
  run(_machine: Forcer, compute: () => Forced): Forced {
    return compute();
  }
}
const computation = new ComputationCode();

/** A thunk of any computation; for places that are not hot, since it holds a JavaScript closure. */
export function lazily(compute: () => Forced): Thunk {
  return new Thunk(computation, compute);
}
