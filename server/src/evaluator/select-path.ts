/** Selection of one attribute after the other. */
import type { Value, Forced } from '../values/value';
import { missingAttribute } from '../vm/failures';
import type { Vm } from '../vm/vm';

/**
 * What some names lead to, one after the other, from a value on.
 * @param frame what the trace says of a value on the way that is no set; empty for nothing
 * @throws EvalError, Interruption
 */
export function selectPath(vm: Vm, value: Value, names: readonly string[], frame: string): Forced {
  let current = vm.force(value);
  for (const name of names) {
    const set = vm.forceAttrs(current, frame);
    const next = set.get(name);
    if (next === undefined) throw missingAttribute(set, name);
    current = vm.force(next);
  }
  return current;
}
