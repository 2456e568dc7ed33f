/**
 * A verifier of byte code: runs a chunk with heights instead of values, along
 * every path through it.
 *
 * It fails unless
 * - every byte belongs to an instruction that some path reaches, and jumps go
 *   forward to the start of an instruction;
 * - the stack has the same height, and the same number of `with` scopes is open,
 *   however an instruction is reached; nothing is taken from an empty stack; a
 *   run ends with its result on top, and without other values for all but functions;
 * - slots, upvalues and constants that an instruction names are there and of the
 *   kind that it works with; captures are as many as the blueprint says;
 * - each slot with deferred captures is finalised while it is in scope;
 * - the chunk says how high its stack grows.
 *
 * Stack effects come from the table of opcodes, so that this verifies the
 * documentation as well; only where an operand tells the number of values, it is
 * written here.
 */
import assert from 'node:assert/strict';
import { Blueprint } from '../../server/src/bytecode/blueprint';
import { AttributeSite, FormalsTable, type Constant } from '../../server/src/bytecode/constant';
import {
  CaptureTag,
  documentedEffect,
  Op,
  opcodes,
  type OperandKind,
  type StackEffect,
} from '../../server/src/bytecode/opcode';
import { readVarint, varintLength } from '../../server/src/bytecode/varint';
import { Shape } from '../../server/src/values/shape';
import { allBlueprints } from './all-blueprints';

/** An instruction with its operands as numbers. */
export interface Decoded {
  readonly at: number;
  readonly op: Op;
  readonly name: string;
  /** In the order of the table's row; of a jump, its target; of captures, their head. */
  readonly operands: readonly number[];
  /** The positions of captures: `index << 2 | tag`. */
  readonly captures: readonly number[];
  readonly end: number;
}

/** Verifies a blueprint and all below it. */
export function verifyAll(root: Blueprint): Blueprint[] {
  const all = allBlueprints(root);
  for (const blueprint of all) verifyChunk(blueprint);
  return all;
}

/** The instructions of some code. @throws AssertionError where bytes are no instruction */
export function decode(code: Uint8Array): Decoded[] {
  const decoded: Decoded[] = [];
  for (let at = 0; at < code.length; at = decoded.at(-1)!.end) decoded.push(decodeAt(code, at));
  return decoded;
}

function decodeAt(code: Uint8Array, at: number): Decoded {
  const op = code[at] as Op;
  assert.ok(op !== Op.Invalid && op < opcodes.length, `the byte ${op} at ${at} is no instruction`);
  const row = opcodes[op]!;
  const operands: number[] = [];
  const captures: number[] = [];
  let end = at + 1;
  const varint = (): number => {
    const value = readVarint(code, end);
    end += varintLength(value);
    return value;
  };
  const read = (kind: OperandKind): number => {
    switch (kind) {
      case 'jump':
        end += 2;
        return end + (code[end - 2]! | (code[end - 1]! << 8));
      case 'wide-jump':
        end += 4;
        return end + new DataView(code.buffer, code.byteOffset).getUint32(end - 4, true);
      case 'coercion':
      case 'role':
        return code[end++]!;
      case 'captures': {
        const head = varint();
        for (let i = 0; i < head >> 1; i++) captures.push(varint());
        return head;
      }
      default:
        return varint();
    }
  };
  for (const kind of row.operands) operands.push(read(kind));
  assert.ok(end <= code.length, `${row.name} at ${at} runs over the end of the code`);
  return { at, op, name: row.name, operands, captures, end };
}

/** What an instruction takes and leaves when the code goes on behind it. */
function effect(instruction: Decoded, constants: readonly Constant[]): StackEffect {
  const [n = 0] = instruction.operands;
  switch (instruction.op) {
    case Op.Attrs:
      return { pops: (constants[n] as Shape).names.length, pushes: 1 };
    case Op.BindFormals:
      return { pops: 0, pushes: (constants[n] as FormalsTable).names.length };
    case Op.List:
    case Op.Interpolate:
    case Op.InterpolatePath:
      return { pops: n, pushes: 1 };
    case Op.CloseScope:
    case Op.Call:
    case Op.TailCall:
      return { pops: n + 1, pushes: 1 };
    case Op.JumpIfTrue:
    case Op.JumpIfFalse:
    case Op.JumpIfTrueWide:
    case Op.JumpIfFalseWide:
      return { pops: 1, pushes: 0 };
    case Op.JumpIfNotFound:
    case Op.JumpIfNotFoundWide:
      return { pops: 1, pushes: 1 };
  }
  const documented = documentedEffect(opcodes[instruction.op]!.stack);
  assert.ok(documented, `the verifier does not know what ${instruction.name} does to the stack`);
  return documented;
}

/** What an instruction leaves of the value on top when it jumps. */
function jumpKeeps(op: Op): number {
  return op === Op.JumpIfTrue ||
    op === Op.JumpIfFalse ||
    op === Op.JumpIfTrueWide ||
    op === Op.JumpIfFalseWide
    ? 1
    : 0;
}

interface State {
  readonly height: number;
  readonly withs: number;
}

export function verifyChunk(blueprint: Blueprint): void {
  new Verification(blueprint).run();
}

class Verification {
  private readonly chunk;
  private readonly instructions: ReadonlyMap<number, Decoded>;
  private readonly states = new Map<number, State>();
  private highest = 0;
  private current: Decoded | undefined;

  constructor(private readonly blueprint: Blueprint) {
    this.chunk = blueprint.chunk ?? blueprint.compile();
    this.instructions = new Map(decode(this.chunk.code).map((instruction) => [instruction.at, instruction]));
  }

  run(): void {
    const waiting = [0];
    const height = this.blueprint.kind === 'lambda' ? 1 : 0;
    this.states.set(0, { height, withs: 0 });
    this.highest = height;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const [next, state] of this.step(this.instructions.get(at)!, this.states.get(at)!)) {
        if (this.enter(next, state)) waiting.push(next);
      }
    }
    for (const { at, name } of this.instructions.values()) {
      this.check(this.states.has(at), `${name} at ${at} is never reached`);
    }
    this.check(
      this.chunk.stackSize === this.highest,
      `its stack grows to ${this.highest}, not ${this.chunk.stackSize}`,
    );
  }

  /** Joins a state into the one that an instruction has; true if it had none. */
  private enter(at: number, state: State): boolean {
    this.check(this.instructions.has(at), `no instruction starts at ${at}`);
    const known = this.states.get(at);
    if (known === undefined) {
      this.states.set(at, state);
      return true;
    }
    this.check(known.height === state.height, `${at} is reached at ${known.height} and ${state.height}`);
    this.check(known.withs === state.withs, `${at} is reached with ${known.withs} and ${state.withs} scopes`);
    return false;
  }

  /** Checks an instruction, and says where it leads. */
  private step(instruction: Decoded, state: State): [number, State][] {
    this.current = instruction;
    const { op, end, operands } = instruction;
    this.checkOperands(instruction, state.height);
    if (op === Op.Return) {
      const expected = this.blueprint.kind === 'lambda' ? state.height : 1;
      this.check(state.height >= 1 && state.height === expected, `it returns at the height ${state.height}`);
      this.check(state.withs === 0, `it returns with ${state.withs} open with scopes`);
      return [];
    }
    if (op === Op.AssertFail) return [];
    const { pops, pushes } = effect(instruction, this.chunk.constants);
    // A function's argument stays where it is.
    const floor = this.blueprint.kind === 'lambda' ? 1 : 0;
    this.check(state.height - pops >= floor, `it takes ${pops} of ${state.height - floor} values`);
    const withs = state.withs + (op === Op.PushWith ? 1 : op === Op.PopWith ? -1 : 0);
    this.check(withs >= 0, 'no with scope is open');
    const height = state.height - pops + pushes;
    this.highest = Math.max(this.highest, height);
    const behind: [number, State] = [end, { height, withs }];
    const kind = opcodes[op]!.operands[0];
    if (kind !== 'jump' && kind !== 'wide-jump') return [behind];
    const target = operands[0]!;
    this.check(target >= end, 'it jumps back');
    if (op === Op.Jump || op === Op.JumpWide) return [[target, { height, withs }]];
    return [behind, [target, { height: state.height - 1 + jumpKeeps(op), withs }]];
  }

  private checkOperands(instruction: Decoded, height: number): void {
    const { op, operands, captures } = instruction;
    const { constants } = this.chunk;
    opcodes[op]!.operands.forEach((kind, i) => {
      const operand = operands[i]!;
      switch (kind) {
        case 'constant':
          this.check(operand < constants.length, `there is no constant ${operand}`);
          this.checkConstant(op, i, constants[operand]!);
          break;
        case 'slot':
          this.check(operand < height, `slot ${operand} is above the top, ${height}`);
          break;
        case 'upvalue':
          this.check(operand < this.blueprint.captureCount, `there is no upvalue ${operand}`);
          break;
        case 'captures':
          this.checkCaptures(
            instruction,
            constants[operands[i - 1]!] as Blueprint,
            operand,
            captures,
            height,
          );
          break;
      }
    });
  }

  private checkConstant(op: Op, operand: number, constant: Constant): void {
    const expected = constantClasses.get(op)?.[operand];
    if (expected === undefined) return;
    this.check(
      typeof expected === 'string' ? typeof constant === expected : constant instanceof expected,
      `its constant is no ${typeof expected === 'string' ? expected : expected.name}`,
    );
  }

  private checkCaptures(
    instruction: Decoded,
    child: Blueprint,
    head: number,
    captures: readonly number[],
    height: number,
  ): void {
    this.check(captures.length === child.captureCount, `${child.name} wants ${child.captureCount} captures`);
    this.check(((head & 1) !== 0) === child.capturesWith, `${child.name} and it disagree on with scopes`);
    let deferred = false;
    for (const position of captures) {
      const index = position >> 2;
      switch (position & 3) {
        case CaptureTag.Local:
          this.check(index < height, `it captures slot ${index}, above the top ${height}`);
          break;
        case CaptureTag.Upvalue:
          this.check(
            index < this.blueprint.captureCount,
            `it captures the upvalue ${index} that is not there`,
          );
          break;
        case CaptureTag.Deferred:
          deferred = true;
          break;
        default:
          this.check(false, 'a capture has no tag');
      }
    }
    // What is made here is at the slot `height`, or for a default in the slot that it names.
    if (deferred) this.checkFinalised(instruction, height);
  }

  /** Whether the slot is finalised before its scope ends; code is straight between the two. */
  private checkFinalised(instruction: Decoded, slot: number): void {
    for (let next = instruction.end; ;) {
      const later = this.instructions.get(next);
      this.check(later !== undefined, `slot ${slot} is not finalised`);
      if (later!.op === Op.Finalise && later!.operands[0] === slot) return;
      if (later!.op === Op.Overrides && this.isOverridden(later!, slot)) return;
      this.check(later!.op !== Op.CloseScope && later!.op !== Op.Return, `slot ${slot} is not finalised`);
      next = later!.end;
    }
  }

  /** Overrides finalises the sources and the locals of its set. */
  private isOverridden({ operands: [from, sources, names] }: Decoded, slot: number): boolean {
    const locals = this.chunk.constants[names!] as readonly string[];
    return from! <= slot && slot < from! + sources! + locals.length;
  }

  private check(condition: boolean, message: string): void {
    if (condition) return;
    const where = this.current && ` (${this.current.name} at ${this.current.at})`;
    assert.fail(`the ${this.blueprint.kind} '${this.blueprint.name}': ${message}${where ?? ''}`);
  }
}

type Expected = 'string' | (abstract new (...args: never[]) => object);

/** Of what class an instruction's constants are, by the place among its operands. */
const constantClasses = new Map<Op, (Expected | undefined)[]>([
  [Op.Attrs, [Shape]],
  [Op.AttrsSelect, [AttributeSite]],
  [Op.AttrsTrySelect, [AttributeSite]],
  [Op.HasAttr, [AttributeSite]],
  [Op.SelectThunk, [AttributeSite]],
  [Op.ResolveWith, [AttributeSite]],
  [Op.Overrides, [undefined, undefined, Array]],
  [Op.BindFormals, [FormalsTable]],
  [Op.FillDefault, [undefined, Blueprint]],
  [Op.Closure, [Blueprint]],
  [Op.ThunkSuspended, [Blueprint]],
  [Op.FindFile, ['string']],
  [Op.ResolveHomePath, ['string']],
  [Op.Fail, ['string']],
]);
