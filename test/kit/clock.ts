/** Clocks for tests of time that a busy machine must not fail. */

/** Starts to count the processor time of this process; the result tells the milliseconds so far. */
export function cpuClock(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}

/**
 * Runs something under a clock on which a millisecond passes whenever somebody looks at it.
 * What has to keep within a time looks at the clock as it works, so both ends come after as
 * much work on any machine.
 */
export function underCountingClock<T>(run: () => T): T {
  const { now } = performance;
  let time = now.call(performance);
  performance.now = () => ++time;
  try {
    return run();
  } finally {
    performance.now = now;
  }
}
