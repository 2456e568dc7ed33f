/**
 * A call on its way to the evaluator, and the queue in which calls wait.
 *
 * Calls of the foreground are what a user waits for; they go first, in the
 * order in which they came. Calls of the background renew diagnostics; the
 * newest goes first, since it belongs to the document that is being edited.
 */
import type { Call, Result } from './rpc';

/** Why a call has no result. */
export interface Stop {
  readonly reason: 'cancelled' | 'timeout' | 'memory' | 'crash' | 'disabled';
  /** A sentence for the user. */
  readonly message: string;
}

export type Outcome<T> = { readonly result: T } | { readonly stopped: Stop };

export type Priority = 'foreground' | 'background';

export class Job {
  /** Milliseconds that its runs have taken so far. */
  used = 0;
  /** How many times it was interrupted in favour of another one. */
  preemptions = 0;
  /** Whether a process was ended because this one did not make way for another. */
  endedProcess = false;
  /** Resolved with the first outcome; later ones are ignored. */
  readonly outcome: Promise<Outcome<Result>>;
  private resolve!: (outcome: Outcome<Result>) => void;

  constructor(
    readonly call: Call,
    readonly priority: Priority,
  ) {
    this.outcome = new Promise((resolve) => (this.resolve = resolve));
  }

  finish(outcome: Outcome<Result>): void {
    this.resolve(outcome);
  }

  stop(reason: Stop['reason'], message: string): void {
    this.finish({ stopped: { reason, message } });
  }
}

export class JobQueue {
  private foreground: Job[] = [];
  private background: Job[] = [];

  get empty(): boolean {
    return this.foreground.length === 0 && this.background.length === 0;
  }

  get hasForeground(): boolean {
    return this.foreground.length > 0;
  }

  add(job: Job): void {
    if (job.priority === 'foreground') this.foreground.push(job);
    else this.background.unshift(job);
  }

  /** Puts a job that was interrupted behind all others of its kind. */
  putBack(job: Job): void {
    this[job.priority].push(job);
  }

  next(): Job | undefined {
    return this.foreground.shift() ?? this.background.shift();
  }

  /** Whether the job was there. */
  remove(job: Job): boolean {
    const line = this[job.priority];
    const index = line.indexOf(job);
    if (index >= 0) line.splice(index, 1);
    return index >= 0;
  }

  /** Empties the queue and gives what was in it. */
  clear(): Job[] {
    const all = [...this.foreground, ...this.background];
    this.foreground = [];
    this.background = [];
    return all;
  }
}
