/**
 * Shapes: the names of an attribute set, apart from its values.
 *
 * Most sets come from one literal or one operation again and again, with the
 * same names. A shape is shared by all of them, so a set is two words and an
 * array of values, a selection can remember where it found a name the last time
 * for that shape, and merging two sets can reuse how their shapes merged.
 *
 * Names are sorted by bytes, which is Nix's own order of attributes.
 */
import { NameIndex } from './name-index';
import type { Position } from './position';

/** Where the names of a shape were defined. */
export interface Origin {
  /** The definition of the name at `index` of the shape, if one is known. */
  positionOf(index: number): Position | undefined;
}

/** How two shapes merge: the names of the result, and for each where its value stands. */
export interface Merge {
  readonly shape: Shape;
  /** For each name of the result: an index into the left values, or `~index` into the right ones. */
  readonly sources: Int32Array;
}

/** Up to this many names are looked up by comparing one after the other; measured against a Map. */
const linearLimit = 8;

/** So many names have a Map, which is made slowly, but looks names up fast while V8 does not know the code yet. */
const mapLimit = 1000;

/** An index costs as much as one search for every few names. */
const searchesPerName = 4;

/** Merges of shapes up to this many names are remembered, as they come from literals again and again. */
const rememberedMergeLimit = 128;
const rememberedMerges = 16;

/** Shapes up to this many names are remembered by what they were made of. */
export const rememberedNames = 64;
const rememberedOperations = 16;

/** The indices of so many names fit in the bits of a number. */
const indexBits = 31;

export class Shape {
  private positions: Map<string, number> | NameIndex | undefined = undefined;
  /** How many names were looked for before `positions` was made. */
  private searches = 0;
  private merges: Map<Shape, Merge> | undefined = undefined;
  private anonymous: Shape | undefined = undefined;
  private results: Map<string | number, Shape> | undefined = undefined;

  constructor(
    /** Sorted by bytes, without duplicates. */
    readonly names: readonly string[],
    readonly origin: Origin | undefined = undefined,
    /** How many merges its origin goes through. */
    readonly mergeDepth = 0,
  ) {}

  /** The index of `name`, or -1. */
  indexOf(name: string): number {
    const names = this.names;
    if (names.length <= linearLimit) {
      for (let i = 0; i < names.length; i++) if (names[i] === name) return i;
      return -1;
    }
    if (this.positions === undefined) {
      // Many large shapes are asked a few times only, which is no reason to index all their names.
      if (++this.searches * searchesPerName < names.length) return search(names, name);
      this.positions = names.length > mapLimit ? new NameIndex(names) : indexNames(names);
    }
    const found = this.positions.get(name);
    return found === undefined ? -1 : found;
  }

  /** Takes over an index that somebody made of the same names. */
  adopt(index: NameIndex): void {
    this.positions ??= index;
  }

  /** The shape of the same names for sets of which nobody knows where they were defined; always the same one. */
  withoutOrigin(): Shape {
    if (this.origin === undefined) return this;
    this.anonymous ??= new Shape(this.names);
    return this.anonymous;
  }

  /** The shape of the names at ascending indices, the same one for the same indices again and again. */
  select(kept: readonly number[]): Shape {
    if (kept.length > rememberedNames) return selectNames(this, kept);
    const operation = this.names.length <= indexBits ? bitsOf(kept) : kept.join();
    return this.resultOf(operation) ?? this.rememberResult(operation, selectNames(this, kept));
  }

  /**
   * The shape that an operation made of this one before. `operation` says which one,
   * and with what names; a selection by its indices alone. Sets that are made in one way again and again, such as the
   * outputs of derivations, so have one shape, and merge in ways that are known.
   */
  resultOf(operation: string | number): Shape | undefined {
    return this.results?.get(operation);
  }

  /** Remembers what an operation made of this shape. */
  rememberResult(operation: string | number, result: Shape): Shape {
    if (this.results === undefined || this.results.size >= rememberedOperations) this.results = new Map();
    this.results.set(operation, result);
    return result;
  }

  /** How this shape and one to its right merge under `//`. */
  mergeWith(right: Shape): Merge {
    const known = this.merges?.get(right);
    if (known !== undefined) return known;
    const merge = mergeShapes(this, right);
    if (merge.shape.names.length <= rememberedMergeLimit) {
      if (this.merges === undefined || this.merges.size >= rememberedMerges) this.merges = new Map();
      this.merges.set(right, merge);
    }
    return merge;
  }
}

/** The index of a name in sorted names, or -1. */
function search(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const candidate = names[middle]!;
    if (candidate === name) return middle;
    if (candidate < name) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export const emptyShape = new Shape([]);

function indexNames(names: readonly string[]): Map<string, number> {
  const positions = new Map<string, number>();
  for (let i = 0; i < names.length; i++) positions.set(names[i]!, i);
  return positions;
}

/** Looks names up again instead of keeping where each came from: positions are asked for rarely. */
class MergedOrigin implements Origin {
  constructor(
    private readonly names: readonly string[],
    private readonly left: Shape,
    private readonly right: Shape,
  ) {}
  positionOf(index: number): Position | undefined {
    const name = this.names[index]!;
    const inRight = this.right.indexOf(name);
    if (inRight >= 0) return this.right.origin?.positionOf(inRight);
    return this.left.origin?.positionOf(this.left.indexOf(name));
  }
}

/**
 * A merged shape keeps the shapes it was made from, for the positions of its
 * names. A set that grows by one merge after the other, as in a fold, would keep
 * all sets before it, so past this many merges the positions are given up.
 */
const maxMergeDepth = 100;

/** The shape of merged names. */
function mergedShape(names: readonly string[], left: Shape, right: Shape): Shape {
  const depth = Math.max(left.mergeDepth, right.mergeDepth) + 1;
  if (depth > maxMergeDepth) return new Shape(names);
  return new Shape(names, new MergedOrigin(names, left, right), depth);
}

function mergeShapes(left: Shape, right: Shape): Merge {
  const a = left.names;
  const b = right.names;
  const names: string[] = [];
  const sources = new Int32Array(a.length + b.length);
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a[i]!;
    const y = b[j]!;
    if (x === y) {
      sources[names.length] = ~j++;
      i++;
      names.push(y);
    } else if (x < y) {
      sources[names.length] = i++;
      names.push(x);
    } else {
      sources[names.length] = ~j++;
      names.push(y);
    }
  }
  for (; i < a.length; i++) {
    sources[names.length] = i;
    names.push(a[i]!);
  }
  for (; j < b.length; j++) {
    sources[names.length] = ~j;
    names.push(b[j]!);
  }
  return { shape: mergedShape(names, left, right), sources: sources.subarray(0, names.length) };
}

/** Where a few names stand among many, in ascending order. */
export interface FewPlaces {
  /** Each name's index among the many, or that of the first one behind it. */
  readonly at: readonly number[];
  /** Whether the many lack the name. */
  readonly added: readonly boolean[];
}

/** The names of a large shape and a few more. */
export function mergeFew(left: Shape, right: Shape): { shape: Shape; places: FewPlaces } {
  const at = right.names.map((name) => lowerBound(left.names, name));
  const added = right.names.map((name, i) => left.names[at[i]!] !== name);
  const places = { at, added };
  const names = added.includes(true) ? putFew(left.names, right.names, places) : left.names;
  const depth = Math.max(left.mergeDepth, right.mergeDepth) + 1;
  if (depth > maxMergeDepth) return { shape: new Shape(names), places };
  return { shape: new Shape(names, new FewOrigin(left.origin, right.origin, places), depth), places };
}

/**
 * A copy of many elements with a few among them. V8 copies parts of arrays as fast as memory
 * allows, also into a longer array by `concat`, and moves elements by `splice` much slower.
 */
export function putFew<T>(many: readonly T[], few: readonly T[], { at, added }: FewPlaces): T[] {
  const parts: T[][] = [];
  let from = at[0]!;
  at.forEach((place, i) => {
    if (i > 0) parts.push(many.slice(from, place));
    parts.push([few[i]!]);
    from = added[i] ? place : place + 1;
  });
  return many.slice(0, at[0]).concat(...parts, many.slice(from));
}

/** The origin of a large shape and a few names more; it does not keep the names of the large one. */
class FewOrigin implements Origin {
  constructor(
    private readonly left: Origin | undefined,
    private readonly right: Origin | undefined,
    private readonly places: FewPlaces,
  ) {}
  positionOf(index: number): Position | undefined {
    const { at, added } = this.places;
    let before = 0;
    for (let i = 0; i < at.length && at[i]! + before <= index; i++) {
      if (at[i]! + before === index) return this.right?.positionOf(i);
      if (added[i]) before++;
    }
    return this.left?.positionOf(index - before);
  }
}

/** Where a name stands in sorted names, or where it would. */
function lowerBound(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (names[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The origin of a part of a shape: `kept[i]` is the old index of the new name `i`. */
class SelectedOrigin implements Origin {
  constructor(
    private readonly whole: Origin,
    private readonly kept: readonly number[],
  ) {}
  positionOf(index: number): Position | undefined {
    return this.whole.positionOf(this.kept[index]!);
  }
}

/** The shape of some names of another one, which keeps where they were defined. `kept` are ascending indices. */
export function selectShape(shape: Shape, kept: readonly number[]): Shape {
  if (kept.length === shape.names.length) return shape;
  if (kept.length === 0) return emptyShape;
  return shape.select(kept);
}

function bitsOf(indices: readonly number[]): number {
  let bits = 0;
  for (let i = 0; i < indices.length; i++) bits |= 1 << indices[i]!;
  return bits;
}

function selectNames(shape: Shape, kept: readonly number[]): Shape {
  const names = kept.map((index) => shape.names[index]!);
  return new Shape(names, shape.origin && new SelectedOrigin(shape.origin, kept));
}
