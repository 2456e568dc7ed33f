/** The time that a request to the evaluator has, and parts of it, in milliseconds. */
import type { Limits } from '../vm/limits';

export class RequestTime {
  /** When the time of the present request is over, whatever limit a part of it has. */
  private end = Infinity;

  constructor(private readonly limits: Limits) {}

  /**
   * Runs a request, which has `whole`, within `milliseconds`.
   * @throws Interruption for the end of the time, and whatever `run` throws
   */
  request<T>(whole: number, milliseconds: number, run: () => T): T {
    const { limits } = this;
    const now = performance.now();
    this.end = now + whole;
    limits.deadline = now + Math.min(milliseconds, whole);
    try {
      return run();
    } finally {
      limits.deadline = Infinity;
    }
  }

  /** Runs a part of a request, which has to be done by `deadline` as `performance.now()` counts. */
  by<T>(deadline: number, run: () => T): T {
    return this.until(Math.min(this.limits.deadline, deadline), run);
  }

  /** Runs something within the time of the whole request, even where a part of it has less. */
  unhurried<T>(run: () => T): T {
    return this.until(Math.max(this.limits.deadline, this.end), run);
  }

  private until<T>(deadline: number, run: () => T): T {
    const { limits } = this;
    const outer = limits.deadline;
    limits.deadline = deadline;
    try {
      return run();
    } finally {
      limits.deadline = outer;
    }
  }
}
