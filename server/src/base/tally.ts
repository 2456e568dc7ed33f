/**
 * Counts of what evaluation makes, for `--stats`. They are kept only by the bundle that is
 * built for counting (`dist/evaluation-counting.js`): in every other one `counting` is a
 * constant that the bundler folds, so that nothing is left of a count, not even a test.
 */

/** Set by the bundler; unknown to the language, and where the sources are run without a bundler. */
declare const NIXRAY_COUNTING: boolean | undefined;

export const counting: boolean = typeof NIXRAY_COUNTING !== 'undefined' && NIXRAY_COUNTING;

export const tally = {
  thunks: 0,
  sets: 0,
  /** The attributes of these sets. */
  attributes: 0,
  /** The elements of lists that literals and `++` made. */
  elements: 0,
  /** `++`. */
  concatenations: 0,
  /** `//`. */
  updates: 0,
  /** The attributes of the sets that `//` made anew. */
  updatedAttributes: 0,
  /** Attributes selected by name. */
  lookups: 0,
};
