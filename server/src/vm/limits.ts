/**
 * Limits of a run: time, memory, depth of calls, and the user's wish to stop.
 *
 * The machine counts calls and asks here every some thousand of them, so that a
 * check costs nothing in the calls between.
 */
import { getHeapStatistics } from 'node:v8';
import { defaultMaxCallDepth } from '../base/default-limits';
import { Interruption } from '../values/error';

/** Unless limits say otherwise. */
export const defaultCallsBetweenChecks = 2000;

export interface Limits {
  /** Milliseconds since the epoch of `performance.now()` after which the run ends, or Infinity. */
  deadline: number;
  /** Bytes of heap after which the run ends, or Infinity. */
  heapLimit: number;
  /** Whether a run was ended because the heap was full; whoever makes room sets it back. */
  heapWasFull: boolean;
  /** Collects what nothing refers to any more, where that can be asked for. */
  readonly collectGarbage?: () => void;
  /** Calls within calls. */
  maxCallDepth: number;
  /** Calls until the next look at the other limits. */
  readonly callsBetweenChecks: number;
  /** Non-zero at index 0 means: stop. Shared with the thread that hears the user. */
  readonly cancelled: Int32Array;
}

export function unlimited(): Limits {
  return {
    deadline: Infinity,
    heapLimit: Infinity,
    heapWasFull: false,
    maxCallDepth: defaultMaxCallDepth,
    callsBetweenChecks: defaultCallsBetweenChecks,
    cancelled: new Int32Array(1),
  };
}

/**
 * What is taken of the heap at once counts as calls, one for so many bytes: a few
 * builtins that make long lists could fill it before the next look.
 */
export const bytesPerCall = 1 << 14;

/** What a list takes of the heap for each element, and what each takes that is a new thunk. */
export const elementBytes = 8;
export const thunkBytes = 40;

/** Throws an {@link Interruption} if the run has to end, or would have to with so many more bytes. */
export function checkLimits(limits: Limits, moreBytes = 0): void {
  if (Atomics.load(limits.cancelled, 0) !== 0)
    throw new Interruption('cancelled', 'The evaluation was cancelled.');
  if (limits.deadline !== Infinity && performance.now() > limits.deadline) {
    throw new Interruption('timeout', 'The evaluation took longer than its time limit.');
  }
  if (limits.heapLimit !== Infinity && isHeapFull(limits, moreBytes)) {
    limits.heapWasFull = true;
    throw new Interruption('memory', 'The evaluation needs more memory than its limit.');
  }
}

/** How full the heap may be when it was collected; one that is nearly full would be collected again and again. */
const collectedShare = 0.9;

/** Whether the limit is passed by what is in use, and not by what V8 had no reason to collect yet. */
function isHeapFull(limits: Limits, moreBytes: number): boolean {
  const used = (): number => getHeapStatistics().used_heap_size + moreBytes;
  if (used() <= limits.heapLimit) return false;
  limits.collectGarbage?.();
  return limits.collectGarbage === undefined || used() > limits.heapLimit * collectedShare;
}
