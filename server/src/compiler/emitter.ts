/** Writes the byte code of one chunk: instructions, constants, jumps, and the height of the stack. */
import type { Bytes } from '../base/bytes';
import { InternalError } from '../base/internal-error';
import { Chunk, type RelativePath, type Span } from '../bytecode/chunk';
import { CodeMemory } from '../bytecode/code-memory';
import { AttributeSite, type Constant } from '../bytecode/constant';
import { heightChange, opcodes, Op } from '../bytecode/opcode';
import { writeVarint } from '../bytecode/varint';
import type { Path } from '../values/value';

/** Thrown when a jump does not fit; the chunk is then compiled again with wide jumps. */
export class JumpTooFar {}

const maxShortJump = 0xffff;

/** The forms for long distances, by name: `JumpWide` of `Jump`. */
const wideForms = opcodes.map(({ name }) => opcodes.findIndex((other) => other.name === `${name}Wide`));

/** Where the distance of a jump is filled in once its target is known. */
export type PendingJump = number;

/** One chunk is compiled at a time. */
const memory = new CodeMemory();

/** No instruction and no operand is longer. */
const longestWrite = 6;

/** Up to this many constants are compared one after the other. */
const fewConstants = 8;

export class Emitter {
  private page: Uint8Array;
  private start: number;
  /** Where the next byte goes. */
  private end: number;
  private readonly constants: Constant[] = [];
  private constantIndex: Map<unknown, number> | undefined = undefined;
  private relativePaths: RelativePath[] | undefined = undefined;
  private height_ = 0;
  private maxHeight = 0;
  private spanStart = 0;
  private spanEnd = 0;

  constructor(
    private readonly wideJumps: boolean,
    /** Filled with the source ranges of the instructions where somebody wants them. */
    private readonly spans: Span[] | undefined,
  ) {
    const { page, start } = memory.begin();
    this.page = page;
    this.start = start;
    this.end = start;
  }

  /** How many slots of the frame are in use at this point of the code. */
  get height(): number {
    return this.height_;
  }

  /** Says how the code up to here has changed the stack where instructions alone do not tell. */
  adjust(by: number): void {
    this.height_ += by;
    if (this.height_ > this.maxHeight) this.maxHeight = this.height_;
  }

  /** The source range of the instructions that follow, relative to the owner of the chunk. */
  at(start: number, end: number): void {
    this.spanStart = start;
    this.spanEnd = end;
  }

  /** Emits an instruction that changes the height of the stack by `effect`, which is what its row says unless that varies. */
  op(op: Op, effect = heightChange(op)): void {
    if (this.spans !== undefined) {
      this.spans.push({ at: this.end - this.start, start: this.spanStart, end: this.spanEnd });
    }
    this.reserve();
    this.page[this.end++] = op;
    this.adjust(effect);
  }

  varint(value: number): void {
    this.reserve();
    this.end = writeVarint(this.page, this.end, value);
  }

  op1(op: Op, operand: number, effect = heightChange(op)): void {
    this.op(op, effect);
    this.varint(operand);
  }

  /** Pushes a constant value. */
  constant(value: Constant): void {
    this.op1(Op.Constant, this.addConstant(value));
  }

  /** Pushes a path that was written relative to the folder of its file, as `text`. */
  relativePath(path: Path, text: Bytes): void {
    const index = this.addConstant(path);
    this.relativePaths ??= [];
    this.relativePaths.push({ index, text });
    this.op1(Op.Constant, index);
  }

  /** The index of a constant; equal strings, numbers and objects share one. */
  addConstant(value: Constant): number {
    const known = this.knownConstant(value);
    if (known !== undefined) return known;
    const index = this.constants.length;
    this.constants.push(value);
    this.constantIndex?.set(value, index);
    return index;
  }

  private knownConstant(value: Constant): number | undefined {
    const { constants } = this;
    if (constants.length > fewConstants) {
      this.constantIndex ??= new Map(constants.map((constant, index) => [constant, index]));
      return this.constantIndex.get(value);
    }
    for (let i = 0; i < constants.length; i++) if (constants[i] === value) return i;
    return undefined;
  }

  /** A site of its own for an instruction that looks up an attribute. */
  addSite(name: string): number {
    this.constants.push(new AttributeSite(name));
    return this.constants.length - 1;
  }

  /** Emits a forward jump. `effect` is what falling through does to the stack. */
  jump(op: Op, effect: number): PendingJump {
    this.op(this.wideJumps ? wideForms[op]! : op, effect);
    for (let i = 0; i < this.distanceSize; i++) this.page[this.end++] = 0;
    return this.end - this.start;
  }

  /** Makes a jump end here. */
  land(jump: PendingJump): void {
    const from = this.start + jump;
    const distance = this.end - from;
    if (!this.wideJumps && distance > maxShortJump) throw new JumpTooFar();
    const size = this.distanceSize;
    for (let i = 0; i < size; i++) this.page[from - size + i] = (distance >>> (8 * i)) & 0xff;
  }

  private get distanceSize(): number {
    return this.wideJumps ? 4 : 2;
  }

  /** Makes room for the next write. */
  private reserve(): void {
    if (this.end + longestWrite <= this.page.length) return;
    const length = this.end - this.start;
    this.page = memory.enlarge(this.page, this.start, this.end);
    this.start = 0;
    this.end = length;
  }

  finish(): Chunk {
    if (this.height_ !== 0) throw new InternalError(`a chunk ends at the height ${this.height_}`);
    memory.commit(this.end);
    return new Chunk(
      this.page,
      this.start,
      this.end,
      this.constants,
      this.maxHeight,
      this.relativePaths ?? noRelativePaths,
    );
  }
}

const noRelativePaths: readonly RelativePath[] = [];
