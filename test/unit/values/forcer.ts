// A machine for the printers' tests: forces thunks of computations.
import { EvalError, Interruption } from '../../../server/src/values/error';
import type { PartForcer } from '../../../server/src/values/within-budget';
import { done, running, Thunk, type Forcer, type Suspension } from '../../../server/src/values/thunk';
import type { Forced, Value } from '../../../server/src/values/value';

export function testForcer(): Forcer & PartForcer {
  const forcer = {
    force(value: Value): Forced {
      if (!(value instanceof Thunk)) return value;
      if (value.code === done) return value.data as Forced;
      if (value.code === running) throw new EvalError('infinite-recursion', 'infinite recursion encountered');
      const result = (value.code as Suspension).run(forcer, value.data);
      value.code = done;
      value.data = result;
      return result;
    },
    reads: [],
    apply(): Forced {
      throw new Error('calls nothing');
    },
    forceBy(value: Value, deadline: number): Value {
      if (performance.now() > deadline) throw new Interruption('timeout', 'too late');
      return forcer.force(value);
    },
  };
  return forcer;
}
