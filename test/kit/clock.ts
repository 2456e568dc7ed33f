/** A clock for tests of time that a busy machine must not fail. */

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
