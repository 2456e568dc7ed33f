/** Attribute sets: a shape and the values in its order. Never changed after they were given away. */
import { counting, tally } from '../base/tally';
import type { Position } from './position';
import { emptyShape, mergeFew, putFew, selectShape, Shape, type Merge, type Origin } from './shape';
import type { Value } from './value';

export class Attrs {
  constructor(
    readonly shape: Shape,
    /** In the order of `shape.names`. */
    readonly values: Value[],
  ) {
    if (counting) {
      tally.sets++;
      tally.attributes += values.length;
    }
  }

  get size(): number {
    return this.values.length;
  }

  /** The value of `name`, or undefined if there is none. */
  get(name: string): Value | undefined {
    const index = this.shape.indexOf(name);
    return index < 0 ? undefined : this.values[index];
  }

  has(name: string): boolean {
    return this.shape.indexOf(name) >= 0;
  }

  /** Where `name` was defined, if it is known. */
  positionOf(name: string): Position | undefined {
    const index = this.shape.indexOf(name);
    return index < 0 ? undefined : this.shape.origin?.positionOf(index);
  }

  /** The set without the names at other indices; `kept` is ascending. */
  select(kept: readonly number[]): Attrs {
    if (kept.length === this.values.length) return this;
    if (kept.length === 0) return emptyAttrs;
    const values = roomFor(kept.length);
    for (let i = 0; i < kept.length; i++) values[i] = this.values[kept[i]!]!;
    return new Attrs(selectShape(this.shape, kept), values);
  }
}

/**
 * An array for the values of a set that is not empty, to be filled. V8 has classes of arrays
 * of its own for small integers and for doubles; code that met no set of these would be
 * dropped when one came, so all sets have arrays for any values.
 */
export function roomFor(count: number): Value[] {
  const values = new Array<Value>(count);
  values[0] = null;
  return values;
}

export const emptyAttrs = new Attrs(emptyShape, []);

/** `left // right` with all names and values in their places. */
export function mergeAttrs(left: Attrs, right: Attrs): Attrs {
  if (right.values.length === 0) return left;
  if (left.values.length === 0) return right;
  if (left.shape === right.shape) return right;
  if (right.values.length <= fewNames && left.values.length >= manyNames) return updateFew(left, right);
  return applyMerge(left.shape.mergeWith(right.shape), left.values, right.values);
}

/** A few names merged into many are put in their places, instead of walking over all. */
const fewNames = 4;
const manyNames = 256;

function updateFew(left: Attrs, right: Attrs): Attrs {
  if (counting) tally.updatedAttributes += left.values.length;
  const { shape, places } = mergeFew(left.shape, right.shape);
  return new Attrs(shape, putFew(left.values, right.values, places));
}

function applyMerge({ shape, sources }: Merge, left: Value[], right: Value[]): Attrs {
  const count = sources.length;
  if (counting) tally.updatedAttributes += count;
  const values = roomFor(count);
  for (let i = 0; i < count; i++) {
    const source = sources[i]!;
    values[i] = source >= 0 ? left[source]! : right[~source]!;
  }
  return new Attrs(shape, values);
}

/** The set of these entries; of several with the same name the last one counts. */
export function attrsFromEntries(entries: Iterable<readonly [string, Value]>, origin?: Origin): Attrs {
  const map = new Map<string, Value>();
  for (const [name, value] of entries) map.set(name, value);
  return attrsFromMap(map, origin);
}

/** The set of a map's entries. */
export function attrsFromMap(map: ReadonlyMap<string, Value>, origin?: Origin): Attrs {
  if (map.size === 0) return emptyAttrs;
  const names = [...map.keys()].sort(compareBytes);
  const values = roomFor(names.length);
  for (let i = 0; i < names.length; i++) values[i] = map.get(names[i]!)!;
  return new Attrs(new Shape(names, origin), values);
}

/** The order of byte strings; `Array.prototype.sort` without it would compare the same, but slower. */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
