/** A call while the process works on it: how long it may, and why it was told to stop. */
import type { Job } from './job';

/** Why a run was told to stop. */
export type InterruptionCause = 'preempted' | 'cancelled' | 'timeout';

export class Run {
  private readonly startedAt = performance.now();
  private interruptedBy: InterruptionCause | undefined;
  private limit: NodeJS.Timeout | undefined;
  private turn: NodeJS.Timeout | undefined;
  private grace: NodeJS.Timeout | undefined;
  /** When the grace period ends, as `performance.now()` counts. */
  private graceEnd = Infinity;

  constructor(
    readonly id: number,
    readonly job: Job,
  ) {}

  get interruption(): InterruptionCause | undefined {
    return this.interruptedBy;
  }

  /** Notes why it has to stop, and gives whether it is told so for the first time. */
  interrupt(cause: InterruptionCause): boolean {
    const first = this.interruptedBy === undefined;
    // Who cancels a call does not want it again, while one that was only put off would be tried again.
    if (first || cause === 'cancelled') this.interruptedBy = cause;
    return first;
  }

  /** Calls back when the time limit is reached. */
  atLimit(milliseconds: number, callback: () => void): void {
    if (Number.isFinite(milliseconds)) this.limit = setTimeout(callback, milliseconds);
  }

  /** Calls back when a turn of that length is over, counted from the start. */
  atEndOfTurn(milliseconds: number, callback: () => void): void {
    clearTimeout(this.turn);
    const left = this.startedAt + milliseconds - performance.now();
    this.turn = setTimeout(callback, Math.max(0, left));
  }

  /** Calls back if it has not stopped by then. A grace period can become shorter, and never longer. */
  afterGrace(milliseconds: number, callback: () => void): void {
    const end = performance.now() + milliseconds;
    if (end >= this.graceEnd) return;
    this.graceEnd = end;
    clearTimeout(this.grace);
    this.grace = setTimeout(callback, milliseconds);
  }

  /** It is over, whatever came of it. */
  end(): void {
    clearTimeout(this.limit);
    clearTimeout(this.turn);
    clearTimeout(this.grace);
    this.job.used += performance.now() - this.startedAt;
  }
}
