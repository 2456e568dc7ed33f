/**
 * Chunks: the byte code of one function body, thunk or whole file.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { Constant } from './constant';
import type { Translated } from './translated';

/** A constant that is a path written relative to the folder of its file. */
export interface RelativePath {
  readonly index: number;
  /** As it is written, with the slash at its end that separates an interpolation. */
  readonly text: Bytes;
}

export class Chunk {
  /** How many times it has run. */
  heat = 0;
  /** What it has become when it was hot. */
  translated: Translated | null = null;

  constructor(
    /** The memory that holds the code, which many chunks share: an array of its own for each would cost more than the code. */
    readonly memory: Uint8Array,
    /** Where the code starts and ends in the memory. */
    readonly start: number,
    readonly end: number,
    readonly constants: readonly Constant[],
    /** How many slots of the stack a run takes at most, without the frames it calls. */
    readonly stackSize: number,
    /** Which constants depend on the folder of the file. */
    readonly relativePaths: readonly RelativePath[],
  ) {}

  /** The same code with other constants in the same places. */
  withConstants(constants: readonly Constant[]): Chunk {
    return new Chunk(this.memory, this.start, this.end, constants, this.stackSize, this.relativePaths);
  }

  /** The code alone. Offsets of instructions count from its start. */
  get code(): Uint8Array {
    return this.memory.subarray(this.start, this.end);
  }
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
