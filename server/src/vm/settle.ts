/** What becomes of a thunk when its evaluation has ended. */
import { EvalError } from '../values/error';
import { Dependent, done, failed, type Thunk } from '../values/thunk';
import type { Forced } from '../values/value';
import * as fail from './failures';
import type { Vm } from './vm';

/** Gives a thunk its result. `reads` is how long the log of reads was when its evaluation began. */
export function finishThunk(
  vm: Vm,
  thunk: Thunk,
  code: Thunk['code'],
  data: unknown,
  result: Forced,
  reads: number,
): void {
  if (vm.reads.length === reads) thunk.code = done;
  else makeDependent(vm, thunk, code, data, reads, false);
  thunk.data = result;
}

/**
 * What becomes of a thunk whose evaluation ended with `error`. An interruption
 * suspends it again; an error stays with it.
 */
export function settleThunk(
  vm: Vm,
  thunk: Thunk,
  code: Thunk['code'],
  data: unknown,
  error: unknown,
  depth: number,
  reads: number,
): unknown {
  const settled = fail.fromJavaScript(error);
  if (settled instanceof EvalError) {
    if (settled.needsItself === thunk) settled.while('entering the infinite recursion', undefined, true);
    if (vm.reads.length === reads) thunk.code = failed;
    else makeDependent(vm, thunk, code, data, reads, true);
    thunk.data = vm.sharesErrors ? settled : settled.again();
  } else {
    thunk.code = code;
    thunk.data = data;
  }
  vm.depth = depth;
  return settled;
}

/** Makes a thunk remember on what its result depends: on all that was read since the log had the length `reads`. */
function makeDependent(
  vm: Vm,
  thunk: Thunk,
  code: Thunk['code'],
  data: unknown,
  reads: number,
  hasFailed: boolean,
): void {
  thunk.code = new Dependent(vm.dependences.collapse(reads), code, data, hasFailed);
}
