/**
 * Chunks: the byte code of one function body, thunk or whole file.
 */
import type { Range } from '../base/range';
import type { Constant } from './constant';

export class Chunk {
  constructor(
    readonly code: Uint8Array,
    readonly constants: readonly Constant[],
    /** How many slots of the stack a run takes at most, without the frames it calls. */
    readonly stackSize: number,
  ) {}
}

/**
 * Which part of the source an instruction stands for, in instruction order.
 * Relative to the node that the chunk was compiled from, so that an edit before
 * it changes nothing.
 */
export interface Span extends Range {
  /** Offset of the instruction in the code. */
  readonly at: number;
}
