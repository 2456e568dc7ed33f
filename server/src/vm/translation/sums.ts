/**
 * Arithmetic that need not wait. An argument such as `n - 1` is a thunk, since
 * Nix is lazy. But where its operands are numbers already, computing it cannot
 * fail, takes less than making the thunk, and nobody can tell the difference
 * unless the argument itself is handed on, for a thunk prints as one.
 */
import type { Blueprint } from '../../bytecode/blueprint';
import type { Chunk } from '../../bytecode/chunk';
import { instructionsOf, type Instruction } from '../../bytecode/instructions';
import { CaptureTag, Op } from '../../bytecode/opcode';

/** More is not worth computing before it is needed. */
const maxOperations = 4;

/** A sum as JavaScript: steps that are all true where each intermediate result is an integer, and the last result. */
export interface Sum {
  /** Which captures are operands. */
  readonly captures: readonly number[];
  /** `c0`, `c1` … stand for the captures, `t0`, `t1` … for intermediate results. */
  readonly steps: readonly string[];
  readonly result: string;
}

const operators: Partial<Record<Op, string>> = { [Op.Add]: '+', [Op.Sub]: '-', [Op.Mul]: '*' };

/** The thunk's code as a sum, or undefined if it is something else. */
export function sumOf(blueprint: Blueprint): Sum | undefined {
  if (blueprint.kind !== 'thunk' || blueprint.capturesWith) return undefined;
  const chunk = blueprint.chunk ?? blueprint.compile();
  const captures = new Set<number>();
  const steps: string[] = [];
  const stack: string[] = [];
  for (const { op, operands } of instructionsOf(chunk)) {
    switch (op) {
      case Op.GetUpvalueForced:
        captures.add(operands[0]!);
        stack.push(`c${operands[0]}`);
        break;
      case Op.Constant: {
        const value = chunk.constants[operands[0]!];
        if (typeof value !== 'number') return undefined;
        stack.push(String(value));
        break;
      }
      case Op.AssertAddable:
        break;
      case Op.Return:
        return steps.length === 0 ? undefined : { captures: [...captures], steps, result: stack.pop()! };
      default: {
        const operator = operators[op];
        if (operator === undefined || steps.length === maxOperations) return undefined;
        const right = stack.pop()!;
        const left = stack.pop()!;
        const result = `t${steps.length}`;
        // A product of zero could be JavaScript's -0.
        const check = op === Op.Mul ? ` && ${result} !== 0` : '';
        steps.push(`isSafeInteger(${result} = ${left} ${operator} ${right})${check}`);
        stack.push(result);
      }
    }
  }
  return undefined;
}

/** Which locals and upvalues a chunk hands on without having forced them. */
export class RawUses {
  readonly locals = new Set<number>();
  readonly upvalues = new Set<number>();

  constructor(chunk: Chunk) {
    for (const instruction of instructionsOf(chunk)) this.add(instruction, chunk);
  }

  private add({ op, operands, captures }: Instruction, { constants }: Chunk): void {
    if (op === Op.GetLocal) this.locals.add(operands[0]!);
    else if (op === Op.GetUpvalue) this.upvalues.add(operands[0]!);
    // A sum forces what it captures, whenever it runs.
    else if (op === Op.ThunkSuspended && sumOf(constants[operands[0]!] as Blueprint) !== undefined) return;
    for (const { tag, index } of captures)
      (tag === CaptureTag.Upvalue ? this.upvalues : this.locals).add(index);
  }
}
