/** Byte code as a listing, driven by the table of opcodes. */
import { Blueprint } from './blueprint';
import type { Chunk } from './chunk';
import type { Constant } from './constant';
import { instructionsOf, type Instruction } from './instructions';
import { BoolRole, CaptureTag, CoercionFlag, opcodeRow, type OperandKind } from './opcode';

export interface InstructionText {
  /** Of the first byte, in the code. */
  readonly offset: number;
  readonly bytes: readonly number[];
  readonly op: string;
  /** The operands as a reader wants them: constants by value, jumps by target. */
  readonly operands: readonly string[];
}

/** How a constant is written in a listing. Byte code knows no values, so the caller says. */
export type DescribeConstant = (constant: Constant) => string;

/** The instructions of a chunk, in order. */
export function disassemble(chunk: Chunk, describe: DescribeConstant): InstructionText[] {
  const { code, constants } = chunk;
  return instructionsOf(chunk).map((instruction) => {
    const { name, operands } = opcodeRow(instruction.op);
    return {
      offset: instruction.at,
      bytes: [...code.subarray(instruction.at, instruction.next)],
      op: name,
      // Captures are the last operand where there are any.
      operands: operands.map((kind, i) =>
        kind === 'captures'
          ? capturesText(instruction)
          : operandText(kind, instruction.operands[i]!, constants, describe),
      ),
    };
  });
}

function operandText(
  kind: Exclude<OperandKind, 'captures'>,
  value: number,
  constants: readonly Constant[],
  describe: DescribeConstant,
): string {
  switch (kind) {
    case 'jump':
    case 'wide-jump':
      return `→ ${value}`;
    case 'constant':
      return describe(constants[value]!);
    case 'slot':
      return `local ${value}`;
    case 'upvalue':
      return `upvalue ${value}`;
    case 'count':
      return String(value);
    case 'coercion':
      return coercionNames[value] ?? String(value);
    case 'role':
      return roleNames[value] ?? String(value);
  }
}

const coercionNames: Record<number, string> = {
  [CoercionFlag.Weak]: 'weak',
  [CoercionFlag.More]: 'more',
  [CoercionFlag.CopyToStore]: 'copy-to-store',
  [CoercionFlag.More | CoercionFlag.CopyToStore]: 'more, copy-to-store',
};

const roleNames: Record<number, string> = {
  [BoolRole.Condition]: 'if',
  [BoolRole.Assertion]: 'assert',
  [BoolRole.AndLeft]: 'left of &&',
  [BoolRole.AndRight]: 'right of &&',
  [BoolRole.OrLeft]: 'left of ||',
  [BoolRole.OrRight]: 'right of ||',
  [BoolRole.ImplicationLeft]: 'left of ->',
  [BoolRole.ImplicationRight]: 'right of ->',
  [BoolRole.Not]: 'argument of !',
};

const captureNames: Record<CaptureTag, string> = {
  [CaptureTag.Local]: 'local',
  [CaptureTag.Deferred]: 'deferred',
  [CaptureTag.Upvalue]: 'upvalue',
};

/** e.g. `[local 0, deferred 2, upvalue 1, with]`. */
function capturesText({ captures, capturesWith }: Instruction): string {
  const parts = captures.map(({ tag, index }) => `${captureNames[tag]} ${index}`);
  if (capturesWith) parts.push('with');
  return `[${parts.join(', ')}]`;
}

/** A constant that is code of its own. */
export function isBlueprint(constant: Constant): constant is Blueprint {
  return constant instanceof Blueprint;
}
