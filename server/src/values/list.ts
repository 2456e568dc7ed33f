/**
 * Lists, of which long ones are made as they are read.
 *
 * `genList` and `map` promise elements that are computed when they are needed,
 * and a short list has a thunk for each. Of a long one most programs read each
 * element once and in order, and collecting a million thunks that were made in
 * advance takes V8 longer than the program itself. So the slots of a long list
 * are empty until somebody reads them.
 *
 * An element that was read keeps its thunk, as equality compares identities,
 * unless its value has none: a number, a string and the like take its place.
 */
import { Applications, Thunk, type Forcer } from './thunk';
import type { Forced, Value } from './value';

/** A list. Its elements are read by {@link elementAt} and {@link elementsOf}. */
export type List = readonly Slot[];

type Slot = Value | UnreadElements | undefined;

/** Shorter lists are always complete. */
export const shortestUnread = 500;

/**
 * The elements of a list that nobody has read so far, and the code of those that
 * were read: `callee` applied to the element of `source` at the same index, or
 * to the index where there is no source. A thunk's data is its index.
 *
 * While a list has unread elements the last one is among them, and its slot
 * holds this: so a look at one slot tells whether a list is complete.
 */
export class UnreadElements extends Applications<number> {
  constructor(
    callee: Value,
    private readonly list: Slot[],
    private readonly source: List | undefined,
  ) {
    super(callee);
  }

  run(machine: Forcer, index: number): Forced {
    const argument = this.source === undefined ? index : elementAt(this.source, index);
    const reads = machine.reads.length;
    const value = machine.apply(machine.force(this.callee), argument);
    // A thunk whose value depends on what may change is needed to compute it again.
    if (isScalar(value) && machine.reads.length === reads) this.list[index] = value;
    return value;
  }

  /** Makes an element; with the last one all of them. */
  make(index: number): Value {
    if (index === this.list.length - 1) this.makeAll();
    else this.list[index] = new Thunk(this, index);
    return this.list[index] as Value;
  }

  makeAll(): void {
    const { list } = this;
    const last = list.length - 1;
    for (let i = 0; i < last; i++) if (list[i] === undefined) list[i] = new Thunk(this, i);
    list[last] = new Thunk(this, last);
  }
}

/** Whether a value is one and the same wherever it is equal. */
function isScalar(value: Forced): boolean {
  return typeof value !== 'object' || value === null;
}

/** Like `Array.isArray`, which would forget what the slots hold. */
export function isList(value: unknown): value is List {
  return Array.isArray(value);
}

/** The element at an index that the list has. */
export function elementAt(list: List, index: number): Value {
  const slot = list[index];
  const last = list.length - 1;
  if (last < shortestUnread - 1 || (slot !== undefined && index < last)) return slot as Value;
  const unread = list[last];
  return unread instanceof UnreadElements ? unread.make(index) : (slot as Value);
}

/** All elements, in the list itself. */
export function elementsOf(list: List): readonly Value[] {
  if (!isComplete(list)) (list[list.length - 1] as UnreadElements).makeAll();
  return list as readonly Value[];
}

/** Whether no element is unread. */
export function isComplete(list: List): list is readonly Value[] {
  return list.length < shortestUnread || !(list[list.length - 1] instanceof UnreadElements);
}
