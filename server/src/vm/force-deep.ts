/** Forcing a value with all its parts, as `deepSeq` and strict printing do. */
import { Attrs } from '../values/attrs';
import { EvalError } from '../values/error';
import { positionOfValue } from '../values/thunk';
import type { Forced, Value } from '../values/value';
import { visitingOrder } from '../values/visiting-order';
import { placeAt } from './unwind';
import type { Vm } from './vm';
import { elementAt, isList, type List } from '../values/list';
import { printAttributeName } from '../base/literals';

/** Cycles are entered once. @throws EvalError, Interruption */
export function forceDeep(vm: Vm, value: Value): Forced {
  return new DeepForcer(vm).force(value);
}

class DeepForcer {
  private readonly seen = new Set<object>();

  constructor(private readonly vm: Vm) {}

  force(value: Value): Forced {
    const { vm } = this;
    // An application is placed where its function is, as long as it is one.
    const position = positionOfValue(value);
    let forced: Forced;
    try {
      vm.enterCall();
      forced = vm.force(value);
    } catch (error) {
      if (error instanceof EvalError) placeAt(error, position);
      throw error;
    }
    if (typeof forced === 'object' && forced !== null) {
      if (forced instanceof Attrs) this.forceAttributes(forced);
      else if (isList(forced)) this.forceItems(forced);
    }
    vm.depth--;
    return forced;
  }

  private forceItems(list: List): void {
    if (this.seen.has(list)) return;
    this.seen.add(list);
    for (let i = 0; i < list.length; i++) {
      try {
        this.force(elementAt(list, i));
      } catch (error) {
        if (error instanceof EvalError) error.while(`while evaluating list element at index ${i}`);
        throw error;
      }
    }
  }

  private forceAttributes(set: Attrs): void {
    if (this.seen.has(set)) return;
    this.seen.add(set);
    const { depth } = this.vm;
    for (let i = 0; i < set.size; i++) {
      try {
        this.force(set.values[i]!);
      } catch (error) {
        this.vm.depth = depth;
        throw this.firstError(set, i, error);
      }
    }
  }

  /**
   * C++ Nix visits attributes in the order in which it first saw their names, so
   * where several fail it may be another one that it reports.
   */
  private firstError(set: Attrs, index: number, error: unknown): unknown {
    const { names } = set.shape;
    for (const i of visitingOrder(set.shape)) {
      if (i === index) break;
      try {
        this.force(set.values[i]!);
      } catch (other) {
        return named(other, names[i]!, set);
      }
    }
    return named(error, names[index]!, set);
  }
}

function named(error: unknown, name: string, set: Attrs): unknown {
  if (error instanceof EvalError) {
    error.while(`while evaluating the attribute '${printAttributeName(name)}'`, set.positionOf(name));
  }
  return error;
}
