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
 *
 * Only the machine changes a thunk. A run that is cancelled leaves each thunk
 * that was running suspended again, so nothing is lost or broken by it.
 */
import { counting, tally } from '../base/tally';
import type { Blueprint } from '../bytecode/blueprint';
import type { Position } from './position';
import { Closure, type Captured, type Forced, type Value } from './value';

/** What the machine gives to a suspension: see vm/. */
export interface Forcer {
  force(value: Value): Forced;
  /** `callee argument`; an error gives `position` as the place of the call. */
  call(callee: Value, argument: Value, position?: Position): Forced;
  /** `callee argument` on behalf of whoever forces it: an error gives their place as that of the call. */
  apply(callee: Forced, argument: Value): Forced;
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
    throw new Error(`a ${this.name} thunk has no code to run`);
  }
}

export const running: Suspension = new State('running');
export const done: Suspension = new State('done');
export const failed: Suspension = new State('failed');

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

/**
 * The unevaluated applications of one function to many arguments. They share
 * the function, so each thunk needs no more than its argument.
 */
export class Application extends Suspension<Value> {
  constructor(readonly callee: Value) {
    super();
  }
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

/**
 * Where C++ Nix says that a value is when nobody knows better (`determinePos`):
 * a function, and an application of one, where the function is written.
 */
export function positionOfValue(value: Value): Position | undefined {
  if (value instanceof Closure) return value.blueprint.position();
  if (!(value instanceof Thunk)) return undefined;
  const { code } = value;
  if (code instanceof Application) return positionOfValue(code.callee);
  if (code instanceof CurriedApplication) return code.calleeForced ? positionOfValue(code.callee) : undefined;
  return code === done ? positionOfValue(value.data as Forced) : undefined;
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
