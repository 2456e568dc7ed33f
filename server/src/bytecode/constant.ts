/**
 * What a chunk's constants can be: values, and descriptions that instructions
 * work with. Sites remember what an instruction found the last time; each
 * belongs to one instruction.
 */
import type { Shape } from '../values/shape';
import type { Value } from '../values/value';
import type { Blueprint } from './blueprint';

/** A static attribute name at one instruction, with the place where it was found in the last shape. */
export class AttributeSite {
  /** The shape that `index` belongs to. */
  shape: Shape | undefined = undefined;
  index = -1;
  constructor(readonly name: string) {}
}

/** What a function with formals needs to know to take its argument apart. */
export class FormalsTable {
  /** The shape of the last argument, and for each formal the index of its value there or -1. */
  shape: Shape | undefined = undefined;
  indices: Int32Array;
  constructor(
    /** In source order, which is the order of the slots. */
    readonly names: readonly string[],
    /** For each formal: whether there is a default. */
    readonly optional: readonly boolean[],
    /** For each formal with a default: a constant, or the blueprint of a thunk; else undefined. */
    readonly defaults: readonly (Value | Blueprint | undefined)[],
    readonly ellipsis: boolean,
  ) {
    this.indices = new Int32Array(names.length).fill(-1);
  }
}

export type Constant = Value | Blueprint | AttributeSite | FormalsTable | Shape | readonly string[];
