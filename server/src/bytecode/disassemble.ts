/** Byte code as a listing, driven by the table of opcodes. */
import type { Blueprint } from './blueprint';
import type { Chunk } from './chunk';
import type { Constant } from './constant';
import { BoolRole, CaptureTag, CoercionFlag, opcodeRow, type OperandKind } from './opcode';
import { readVarint, varintLength } from './varint';

export interface Instruction {
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
export function disassemble(chunk: Chunk, describe: DescribeConstant): Instruction[] {
  const instructions: Instruction[] = [];
  const { code } = chunk;
  let at = 0;
  while (at < code.length) {
    const instruction = readInstruction(chunk, at, describe);
    instructions.push(instruction);
    at += instruction.bytes.length;
  }
  return instructions;
}

function readInstruction(chunk: Chunk, offset: number, describe: DescribeConstant): Instruction {
  const { code } = chunk;
  const row = opcodeRow(code[offset]!);
  const operands: string[] = [];
  let at = offset + 1;
  for (const kind of row.operands) {
    const length = operandLength(code, at, kind);
    operands.push(operandText(chunk, at, kind, length, describe));
    at += length;
  }
  return { offset, bytes: [...code.subarray(offset, at)], op: row.name, operands };
}

function operandLength(code: Uint8Array, at: number, kind: OperandKind): number {
  switch (kind) {
    case 'jump':
      return 2;
    case 'wide-jump':
      return 4;
    case 'coercion':
    case 'role':
      return 1;
    case 'captures': {
      const head = readVarint(code, at);
      let length = varintLength(head);
      for (let i = 0; i < head >> 1; i++) length += varintLength(readVarint(code, at + length));
      return length;
    }
    default:
      return varintLength(readVarint(code, at));
  }
}

function operandText(
  { code, constants }: Chunk,
  at: number,
  kind: OperandKind,
  length: number,
  describe: DescribeConstant,
): string {
  switch (kind) {
    case 'jump':
      return `→ ${at + 2 + (code[at]! | (code[at + 1]! << 8))}`;
    case 'wide-jump':
      return `→ ${at + 4 + (code[at]! | (code[at + 1]! << 8) | (code[at + 2]! << 16) | (code[at + 3]! << 24))}`;
    case 'constant':
      return describe(constants[readVarint(code, at)]!);
    case 'slot':
      return `local ${readVarint(code, at)}`;
    case 'upvalue':
      return `upvalue ${readVarint(code, at)}`;
    case 'count':
      return String(readVarint(code, at));
    case 'coercion':
      return coercionNames[code[at]!] ?? String(code[at]);
    case 'role':
      return roleNames[code[at]!] ?? String(code[at]);
    case 'captures':
      return capturesText(code, at, length);
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

/** e.g. `[local 0, deferred 2, upvalue 1, with]`. */
function capturesText(code: Uint8Array, at: number, length: number): string {
  const end = at + length;
  const head = readVarint(code, at);
  const parts: string[] = [];
  for (at += varintLength(head); at < end; at += varintLength(readVarint(code, at))) {
    const position = readVarint(code, at);
    const tag = position & 3;
    const where = tag === CaptureTag.Upvalue ? 'upvalue' : tag === CaptureTag.Deferred ? 'deferred' : 'local';
    parts.push(`${where} ${position >> 2}`);
  }
  if ((head & 1) !== 0) parts.push('with');
  return `[${parts.join(', ')}]`;
}

/** A blueprint and all below it, each compiled, a parent before its children and these in code order. */
export function allBlueprints(root: Blueprint): Blueprint[] {
  const found: Blueprint[] = [];
  const waiting = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.push(next);
    waiting.push(...childBlueprints(next).reverse());
  }
  return found;
}

/** The blueprints among a chunk's constants. */
export function childBlueprints(blueprint: Blueprint): Blueprint[] {
  const chunk = blueprint.chunk ?? blueprint.compile();
  return chunk.constants.filter(isBlueprint);
}

/** A constant that is code of its own. */
export function isBlueprint(constant: Constant): constant is Blueprint {
  return typeof constant === 'object' && constant !== null && 'captureCount' in constant;
}
