/**
 * Sets that grow by one `//` after the other, as an accumulator of a fold does.
 *
 * Each such `//` would copy all names and values, so that n of them took n² steps. A
 * layered set instead is an ordinary one, the base, and the sets that were put on top of
 * it. These stand in a log that is shared: a set knows how much of it is its own, and
 * only the set that has all of it writes more. Attributes are looked up in both. Who wants
 * names and values as a whole gets them merged, once.
 */
import { counting, tally } from '../base/tally';
import { Attrs, compareBytes, mergeAttrs, roomFor } from './attrs';
import type { Position } from './position';
import { Shape, type Origin } from './shape';
import type { Value } from './value';

/** What is put on top of a set has few names; of more, merging all costs little in proportion. */
const fewNames = 4;
/** Smaller sets are copied as fast. */
const manyNames = 256;
/** So many merges behind a set tell that it grows. Packages of nixpkgs with overlays go through fewer. */
const growingDepth = 40;
/** A log is merged when it is as long as its base, but not before it has so many sets. */
const shortLog = 1024;

/** `left // right`. */
export function updateAttrs(left: Attrs, right: Attrs): Attrs {
  if (counting) tally.updates++;
  if (right.size <= fewNames && right.size > 0) {
    if (left instanceof LayeredAttrs) return left.with(right);
    if (left.size >= manyNames && left.shape.mergeDepth >= growingDepth) return layer(left, right);
  }
  return mergeAttrs(left, right);
}

/** The sets on top of a base, in the order in which they came. */
class Log {
  readonly sets: Attrs[] = [];
  /** Which of `sets` have a name, ascending. */
  readonly places = new Map<string, number[]>();

  constructor(readonly base: Attrs) {}

  push(set: Attrs): void {
    const place = this.sets.length;
    for (const name of set.shape.names) {
      const places = this.places.get(name);
      if (places === undefined) this.places.set(name, [place]);
      else places.push(place);
    }
    this.sets.push(set);
  }

  /** The last of the first `length` sets that has a name, or else the base if that has it. */
  ownerOf(name: string, length: number): Attrs | undefined {
    const places = this.places.get(name);
    const place = places === undefined ? -1 : lastBelow(places, length);
    if (place >= 0) return this.sets[place];
    return this.base.has(name) ? this.base : undefined;
  }

  /** The base with the first `length` sets on top. */
  merged(length: number): Attrs {
    const owners = new Map<string, Attrs>();
    for (let i = 0; i < length; i++) {
      const set = this.sets[i]!;
      for (const name of set.shape.names) owners.set(name, set);
    }
    const names = [...owners.keys()].sort(compareBytes);
    const values = roomFor(names.length);
    const shapes: Shape[] = [];
    let depth = 0;
    names.forEach((name, i) => {
      const owner = owners.get(name)!;
      values[i] = owner.get(name)!;
      shapes.push(owner.shape);
      depth = Math.max(depth, owner.shape.mergeDepth);
    });
    const shape = new Shape(names, new LogOrigin(names, shapes), depth);
    return mergeAttrs(this.base, new Attrs(shape, values));
  }
}

/** The last of ascending numbers that is below a limit, or -1. */
function lastBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? -1 : numbers[low - 1]!;
}

/** Each name was defined in a shape of its own. */
class LogOrigin implements Origin {
  constructor(
    private readonly names: readonly string[],
    private readonly shapes: readonly Shape[],
  ) {}
  positionOf(index: number): Position | undefined {
    const shape = this.shapes[index]!;
    return shape.origin?.positionOf(shape.indexOf(this.names[index]!));
  }
}

function layer(base: Attrs, right: Attrs): LayeredAttrs {
  return push(new Log(base), base.size, right);
}

/** The set of all that is in a log and one set more; `size` is without that. */
function push(log: Log, size: number, right: Attrs): LayeredAttrs {
  const length = log.sets.length;
  for (const name of right.shape.names) if (log.ownerOf(name, length) === undefined) size++;
  log.push(right);
  if (counting) tally.updatedAttributes += right.size;
  return new LayeredAttrs(log, length + 1, size);
}

/** Has an `Attrs`' fields as accessors, so that nobody else has to know of layers. */
export class LayeredAttrs implements Attrs {
  private merged: Attrs | undefined = undefined;

  constructor(
    /** Undefined as soon as all is merged. */
    private log: Log | undefined,
    /** How many sets of the log are this one's. */
    private readonly length: number,
    readonly size: number,
  ) {}

  /** This set with a few names more. */
  with(right: Attrs): Attrs {
    const { log } = this;
    const isLast = log?.sets.length === this.length;
    if (isLast && this.length < Math.max(shortLog, log.base.size)) return push(log, this.size, right);
    return layer(this.whole, right);
  }

  private get whole(): Attrs {
    if (this.merged === undefined) {
      this.merged = this.log!.merged(this.length);
      this.log = undefined;
    }
    return this.merged;
  }

  get shape(): Shape {
    return this.whole.shape;
  }

  get values(): Value[] {
    return this.whole.values;
  }

  get(name: string): Value | undefined {
    return this.ownerOf(name)?.get(name);
  }

  has(name: string): boolean {
    return this.ownerOf(name)?.has(name) ?? false;
  }

  positionOf(name: string): Position | undefined {
    return this.ownerOf(name)?.positionOf(name);
  }

  select(kept: readonly number[]): Attrs {
    return this.whole.select(kept);
  }

  /** The set that has the name, if there is one at all. */
  private ownerOf(name: string): Attrs | undefined {
    return this.log === undefined ? this.whole : this.log.ownerOf(name, this.length);
  }
}

// It cannot extend the class, whose constructor makes fields.
Object.setPrototypeOf(LayeredAttrs.prototype, Attrs.prototype);
