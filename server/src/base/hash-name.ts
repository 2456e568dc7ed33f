/** What the open hash tables of names have in common. */

/** The hash of a name: FNV-1a with 32 bits. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** How many slots a table of so many names has, a power of two: at most half of them are taken, so that a search soon meets a free one. */
export function slotsFor(count: number): number {
  let slots = 2;
  while (slots < 2 * count) slots *= 2;
  return slots;
}
