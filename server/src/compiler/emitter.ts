/** Writes the byte code of one chunk: instructions, constants, jumps, and the height of the stack. */
import { InternalError } from '../base/internal-error';
import { Chunk, type Span } from '../bytecode/chunk';
import { AttributeSite, type Constant } from '../bytecode/constant';
import { Op } from '../bytecode/opcode';
import { writeVarint } from '../bytecode/varint';

/** Thrown when a jump does not fit; the chunk is then compiled again with wide jumps. */
export class JumpTooFar {}

const maxShortJump = 0xffff;

const wideForms = new Map<Op, Op>([
  [Op.Jump, Op.JumpWide],
  [Op.JumpIfTrue, Op.JumpIfTrueWide],
  [Op.JumpIfFalse, Op.JumpIfFalseWide],
  [Op.JumpIfNotFound, Op.JumpIfNotFoundWide],
]);

/** Where the distance of a jump is filled in once its target is known. */
export type PendingJump = number;

export class Emitter {
  private readonly code: number[] = [];
  private readonly constants: Constant[] = [];
  private readonly constantIndex = new Map<unknown, number>();
  private height_ = 0;
  private maxHeight = 0;
  private spanStart = 0;
  private spanEnd = 0;

  constructor(
    private readonly wideJumps: boolean,
    /** Filled with the source ranges of the instructions where somebody wants them. */
    private readonly spans: Span[] | undefined,
  ) {}

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

  /** Emits an instruction that changes the height of the stack by `effect`. */
  op(op: Op, effect: number): void {
    if (this.spans !== undefined) {
      this.spans.push({ at: this.code.length, start: this.spanStart, end: this.spanEnd });
    }
    this.code.push(op);
    this.adjust(effect);
  }

  varint(value: number): void {
    writeVarint(this.code, value);
  }

  op1(op: Op, operand: number, effect: number): void {
    this.op(op, effect);
    writeVarint(this.code, operand);
  }

  /** Pushes a constant value. */
  constant(value: Constant): void {
    this.op1(Op.Constant, this.addConstant(value), 1);
  }

  /** The index of a constant; equal strings, numbers and objects share one. */
  addConstant(value: Constant): number {
    const known = this.constantIndex.get(value);
    if (known !== undefined) return known;
    const index = this.constants.length;
    this.constants.push(value);
    this.constantIndex.set(value, index);
    return index;
  }

  /** A site of its own for an instruction that looks up an attribute. */
  addSite(name: string): number {
    this.constants.push(new AttributeSite(name));
    return this.constants.length - 1;
  }

  /** Emits a forward jump. `effect` is what falling through does to the stack. */
  jump(op: Op, effect: number): PendingJump {
    this.op(this.wideJumps ? wideForms.get(op)! : op, effect);
    this.code.push(0, 0);
    if (this.wideJumps) this.code.push(0, 0);
    return this.code.length;
  }

  /** Makes a jump end here. */
  land(jump: PendingJump): void {
    const distance = this.code.length - jump;
    const size = this.wideJumps ? 4 : 2;
    if (!this.wideJumps && distance > maxShortJump) throw new JumpTooFar();
    for (let i = 0; i < size; i++) this.code[jump - size + i] = (distance >>> (8 * i)) & 0xff;
  }

  finish(): Chunk {
    if (this.height_ !== 0) throw new InternalError(`a chunk ends at the height ${this.height_}`);
    return new Chunk(new Uint8Array(this.code), this.constants, this.maxHeight);
  }
}
