/**
 * How large a list can be. V8 ends the process when an array outgrows its
 * largest backing store, so lists are checked before they are made.
 */

/**
 * The most elements of an array that is filled one by one. It grows by half of its
 * capacity; the step after this one would be beyond V8's longest, of 2 ** 27 elements.
 */
export const longestArray = 112_813_858;

/** Up to here V8 allocates an array at once; a longer one would become a hash table. */
const longestPreallocated = 2 ** 25;

/** An array to be filled from the start to the end with `length` elements. */
export function arrayOf<Element>(length: number): Element[] {
  return length <= longestPreallocated ? new Array<Element>(length) : [];
}

/** How many rounds a native loop may turn between two looks at the limits; a power of two. */
export const roundsBetweenChecks = 8192;
