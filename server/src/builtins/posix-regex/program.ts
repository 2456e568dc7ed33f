/**
 * Regular expressions as programs: graphs of nodes, numbered from 0.
 *
 * A loop whose body can match nothing would turn for ever. Such a loop has a
 * bit in the mask that a matcher carries along: the bit is 0 from the start of
 * a round until a byte is consumed. A round that ends with the bit still 0 is
 * the last one. So an empty round is taken once, which C++ Nix does as well and
 * which shows in the groups: `(a*)*` on `aa` gives the empty string.
 */
import type { ByteSet } from './brackets';
import type { ParsedPattern, Tree } from './syntax';

export const enum NodeKind {
  /** The whole expression is matched. */
  Accept,
  /** Consumes the byte `operand`. */
  Byte,
  /** Consumes a byte of the set number `operand`. */
  Set,
  /** At the start of the text. */
  Begin,
  /** At its end. */
  End,
  /** Group `operand` begins. */
  Open,
  /** Group `operand` ends. */
  Close,
  /** Makes the bits `operand` of the mask 0. */
  Clear,
  /** Makes the bits `operand` of the mask 1. */
  Mark,
  /** The end of a round: goes to `next` if a bit of `operand` is 1 in the mask, else to `other`. */
  Round,
  /** Tries `next`; `other` only if that leads nowhere. */
  Prefer,
  /** Tries `next` and `other` and takes the longer match; `next` of two with the same length. */
  Longest,
}

export interface Program {
  readonly kinds: Uint8Array;
  readonly next: Int32Array;
  readonly other: Int32Array;
  readonly operands: Int32Array;
  readonly sets: readonly Uint8Array[];
  readonly start: number;
  readonly groups: number;
  /** For each node that branches its number among them, else -1. */
  readonly branches: Int32Array;
  readonly branchCount: number;
  /** How many bits a mask has. */
  readonly maskBits: number;
  /** The bytes a match can begin with, or undefined if it can be empty. */
  readonly first: Uint8Array | undefined;
}

/** The expression would need too many nodes. */
export class TooComplex {}

/** The limit of C++ Nix's library. */
const nodeLimit = 100_000;

/** Loops that can match nothing inside each other; each doubles what a matcher has to remember. */
const maskBitLimit = 8;

/** @throws TooComplex */
export function compile(parsed: ParsedPattern): Program {
  return new Builder().build(parsed);
}

class Builder {
  private readonly kinds: NodeKind[] = [];
  private readonly next: number[] = [];
  private readonly other: number[] = [];
  private readonly operands: number[] = [];
  private readonly sets: Uint8Array[] = [];
  private readonly setNumbers = new Map<ByteSet, number>();
  private maskBits = 0;

  build({ tree, groups }: ParsedPattern): Program {
    const accept = this.node(NodeKind.Accept, 0, 0);
    const start = this.emit(tree, accept, 0);
    let branchCount = 0;
    const branches = Int32Array.from(this.kinds, (kind) => (kind >= NodeKind.Prefer ? branchCount++ : -1));
    const program = {
      kinds: Uint8Array.from(this.kinds),
      next: Int32Array.from(this.next),
      other: Int32Array.from(this.other),
      operands: Int32Array.from(this.operands),
      sets: this.sets,
      start,
      groups,
      branches,
      branchCount,
      maskBits: this.maskBits,
    };
    return { ...program, first: firstBytes(program) };
  }

  private node(kind: NodeKind, operand: number, next: number, other = -1): number {
    if (this.kinds.length >= nodeLimit) throw new TooComplex();
    this.kinds.push(kind);
    this.operands.push(operand);
    this.next.push(next);
    this.other.push(other);
    return this.kinds.length - 1;
  }

  /** The node where `tree`, followed by the node `next`, begins. `depth` counts the loops around it that have a bit. */
  private emit(tree: Tree, next: number, depth: number): number {
    switch (tree.kind) {
      case 'empty':
        return next;
      case 'byte':
        return this.node(NodeKind.Byte, tree.value, next);
      case 'set':
        return this.node(NodeKind.Set, this.setNumber(tree.set), next);
      case 'begin':
        return this.node(NodeKind.Begin, 0, next);
      case 'end':
        return this.node(NodeKind.End, 0, next);
      case 'group': {
        const close = this.node(NodeKind.Close, tree.index, next);
        return this.node(NodeKind.Open, tree.index, this.emit(tree.body, close, depth));
      }
      case 'sequence':
        return tree.parts.reduceRight((behind, part) => this.emit(part, behind, depth), next);
      case 'alternatives': {
        const options = tree.options.map((option) => this.emit(option, next, depth));
        return options.reduceRight((others, option) => this.node(NodeKind.Longest, 0, option, others));
      }
      case 'repeat':
        return this.emitRepeat(tree.body, tree.min, tree.max, next, depth);
    }
  }

  private emitRepeat(body: Tree, min: number, max: number, next: number, depth: number): number {
    if (max === Infinity) {
      // The last of the rounds that have to be is one with the loop, as it is in `+`.
      let start = this.emitLoop(body, min > 0, next, depth);
      for (let i = 1; i < min; i++) start = this.emit(body, start, depth);
      return start;
    }
    let start = next;
    // Each optional round is inside the one before it; all of them give up to the same end.
    for (let i = min; i < max; i++)
      start = this.node(NodeKind.Prefer, 0, this.emit(body, start, depth), next);
    for (let i = 0; i < min; i++) start = this.emit(body, start, depth);
    return start;
  }

  private emitLoop(body: Tree, atLeastOnce: boolean, next: number, depth: number): number {
    const choice = this.node(NodeKind.Prefer, 0, -1, next);
    if (!canBeEmpty(body)) {
      const round = this.emit(body, choice, depth);
      this.next[choice] = round;
      return atLeastOnce ? round : choice;
    }
    if (depth >= maskBitLimit) throw new TooComplex();
    this.maskBits = Math.max(this.maskBits, depth + 1);
    const bit = 1 << depth;
    const leave = this.node(NodeKind.Mark, bit, next);
    this.other[choice] = leave;
    const end = this.node(NodeKind.Round, bit, choice, leave);
    const round = this.emit(body, end, depth + 1);
    this.next[choice] = this.node(NodeKind.Clear, bit, round);
    // The first round of `+` may be empty and followed by another one.
    return atLeastOnce ? this.node(NodeKind.Mark, bit, round) : choice;
  }

  private setNumber(set: ByteSet): number {
    let number = this.setNumbers.get(set);
    if (number === undefined) {
      number = this.sets.push(set.members) - 1;
      this.setNumbers.set(set, number);
    }
    return number;
  }
}

/** Whether the tree can match without consuming anything. */
function canBeEmpty(tree: Tree): boolean {
  switch (tree.kind) {
    case 'byte':
    case 'set':
      return false;
    case 'empty':
    case 'begin':
    case 'end':
      return true;
    case 'group':
      return canBeEmpty(tree.body);
    case 'sequence':
      return tree.parts.every(canBeEmpty);
    case 'alternatives':
      return tree.options.some(canBeEmpty);
    case 'repeat':
      return tree.min === 0 || canBeEmpty(tree.body);
  }
}

/** The bytes that some path from the start consumes first; undefined if one consumes none. */
function firstBytes(program: Omit<Program, 'first'>): Uint8Array | undefined {
  const bytes = new Uint8Array(256);
  const seen = new Set<number>();
  const open = [program.start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const operand = program.operands[node]!;
    switch (program.kinds[node] as NodeKind) {
      case NodeKind.Accept:
        return undefined;
      case NodeKind.Byte:
        bytes[operand] = 1;
        break;
      case NodeKind.Set:
        program.sets[operand]!.forEach((member, byte) => (bytes[byte]! |= member));
        break;
      default:
        open.push(program.next[node]!);
        if (program.other[node]! >= 0) open.push(program.other[node]!);
    }
  }
  return bytes;
}
