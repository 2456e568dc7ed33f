/** Where each of many names stands, for sets like all packages. */
import { hashName, slotsFor } from '../base/hash-name';

/**
 * An open hash table of indices. A `Map` has a place for each name and value, and copies all of
 * them each time that it grows; of 200,000 names it takes two to three times as long to make, and
 * five times the memory. A look-up costs the same.
 */
export class NameIndex {
  /** Indices of names, plus one; 0 is free. */
  private readonly slots: Int32Array;
  private readonly mask: number;

  /** @param names without duplicates */
  constructor(private readonly names: readonly string[]) {
    this.slots = new Int32Array(slotsFor(names.length));
    this.mask = this.slots.length - 1;
    for (let i = 0; i < names.length; i++) this.slots[this.slotOf(names[i]!)] = i + 1;
  }

  /** The index of a name, or -1. */
  get(name: string): number {
    return this.slots[this.slotOf(name)]! - 1;
  }

  /** The slot that has the name, or else the free one for it. */
  private slotOf(name: string): number {
    const { slots, mask, names } = this;
    let slot = spread(hashName(name)) & mask;
    for (;;) {
      const entry = slots[slot]!;
      if (entry === 0 || names[entry - 1] === name) return slot;
      slot = (slot + 1) & mask;
    }
  }
}

/** The lower bits of the hash know little of the first characters. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}
