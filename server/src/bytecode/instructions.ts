/**
 * The instructions of a chunk as objects, read by the table of opcodes; for
 * listings and translation. The dispatch loop reads the bytes by itself.
 */
import type { Chunk } from './chunk';
import { opcodeRow, type CaptureTag, type Op } from './opcode';
import { readVarint, varintLength } from './varint';

export interface Capture {
  readonly tag: CaptureTag;
  /** A slot or the index of an upvalue. */
  readonly index: number;
}

export interface Instruction {
  /** Its offset in the code, and that of the one behind it. */
  readonly at: number;
  readonly next: number;
  readonly op: Op;
  /** Indices, counts and flags, in the order of the table's row; of a jump where it leads. */
  readonly operands: readonly number[];
  /** What a thunk or a function captures. */
  readonly captures: readonly Capture[];
  readonly capturesWith: boolean;
}

const none: readonly Capture[] = [];

/** The instructions of a chunk, in order. */
export function instructionsOf(chunk: Chunk): Instruction[] {
  const { code } = chunk;
  const instructions: Instruction[] = [];
  for (let at = 0; at < code.length; at = instructions.at(-1)!.next) {
    instructions.push(readInstruction(code, at));
  }
  return instructions;
}

function readInstruction(code: Uint8Array, start: number): Instruction {
  const op = code[start]! as Op;
  const operands: number[] = [];
  let captures = none;
  let capturesWith = false;
  let at = start + 1;
  for (const kind of opcodeRow(op).operands) {
    switch (kind) {
      case 'jump':
        operands.push(at + 2 + (code[at]! | (code[at + 1]! << 8)));
        at += 2;
        break;
      case 'wide-jump':
        operands.push(
          at + 4 + (code[at]! | (code[at + 1]! << 8) | (code[at + 2]! << 16) | (code[at + 3]! << 24)),
        );
        at += 4;
        break;
      case 'coercion':
      case 'role':
        operands.push(code[at++]!);
        break;
      case 'captures': {
        const head = readVarint(code, at);
        at += varintLength(head);
        capturesWith = (head & 1) !== 0;
        captures = Array.from({ length: head >> 1 }, () => {
          const place = readVarint(code, at);
          at += varintLength(place);
          return { tag: place & 3, index: place >> 2 };
        });
        break;
      }
      default: {
        const value = readVarint(code, at);
        operands.push(value);
        at += varintLength(value);
      }
    }
  }
  return { at: start, next: at, op, operands, captures, capturesWith };
}
