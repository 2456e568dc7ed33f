/**
 * The main thread of a process starts in half the time that a thread of its own takes, but its
 * stack is small and its heap no larger than V8 thinks right. So an evaluation is first attempted
 * there; one that needs more is made again from the start in a thread that has it. A program does
 * the same each time, so what the attempt wrote is left out then.
 */
import { getHeapStatistics } from 'node:v8';

/** What an attempt leaves to the thread that makes the run again; plain data. */
export interface Attempted {
  /** Bytes that were written to standard output. */
  readonly written: number;
  /** Bytes that were written to standard error. */
  readonly errorsWritten: number;
  /** What was read and can be read only once, as bytes, in that order: standard input, pipes, devices. */
  readonly read: readonly string[];
  /** When it began, in milliseconds since 1970. */
  readonly started: number;
}

/** Bytes of the limit that are for young objects. */
const youngGeneration = 48 * 2 ** 20;

/** Leaves room for what is allocated between two looks at the heap: V8 ends a process whose heap is full. */
const share = 0.6;

/** Bytes of heap after which an attempt gives up. */
export function heapOfAttempts(): number {
  return Math.max(0, getHeapStatistics().heap_size_limit - youngGeneration) * share;
}
