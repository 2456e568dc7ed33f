/**
 * Property tests that can be repeated: the seed of each run is printed, and
 * NIXRAY_TEST_SEED in the environment repeats one.
 */
import type fc from 'fast-check';

export function seeded(numRuns: number): fc.Parameters<unknown> {
  const given = process.env['NIXRAY_TEST_SEED'];
  const seed = given === undefined ? Date.now() & 0x7fffffff : Number(given);
  console.log(`      seed ${seed}`);
  return { seed, numRuns };
}
