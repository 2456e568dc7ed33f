/** What a thread that evaluates needs besides a heap, whose size is up to whoever starts it. */
import type { ResourceLimits } from 'node:worker_threads';

export const evaluationLimits: ResourceLimits = {
  // Enough for 2.8 million plain frames of JavaScript; recursion in Nix is bounded by a count of calls.
  stackSizeMb: 256,
  // Measured: with less, evaluation takes longer; with more, it takes more memory and no less time.
  maxYoungGenerationSizeMb: 24,
};
