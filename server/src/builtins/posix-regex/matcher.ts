/**
 * Matches texts against programs, in time proportional to the size of the
 * program times the length of the text, whatever the pattern.
 *
 * What is found is what C++ Nix's library finds by trying: a loop or `?` takes
 * another round if that leads to a match; of alternatives the one that leads to
 * the longest match counts, and the first of several. That decision depends
 * only on the node, the offset and the mask, so each is made once and
 * remembered: `decisions` has for each branching node at each offset how far
 * the best match from there goes, and which way. The groups follow from one
 * walk along the decisions.
 *
 * Decisions do not depend on where a search started, so all matches of one text
 * share them.
 */
import { NodeKind, TooComplex, type Program } from './program';

/** A match: for each group its start and its end, -1 for none; the whole match is group 0. */
export type Match = Int32Array;

/** How many decisions may be remembered; 256 MiB. */
const decisionLimit = 2 ** 26;

/** An array of decisions up to this size is kept for the next text. */
const keptDecisions = 2 ** 16;
const kept = new Int32Array(keptDecisions);

const stepsBetweenTicks = 0xffff;

/** Nothing was found. */
const none = -1;

export class Matcher {
  private readonly decisions: Int32Array;
  /** The decisions at `nonEmptyFrom`. */
  private readonly startDecisions: Int32Array;
  private readonly decisionsPerOffset: number;
  private readonly allBits: number;
  /** An empty match from here does not count; -1 for none. */
  private nonEmptyFrom = -1;
  /** How many branches were looked into: what matching costs, on any machine. */
  steps = 0;
  /** Branches that wait for the result of their option: node, offset, mask and best result so far. */
  private readonly waiting: number[] = [];

  /** @throws TooComplex if the text is too long for the program */
  constructor(
    private readonly program: Program,
    private readonly text: string,
    /** Whether only a match up to the end of the text counts. */
    private readonly exact: boolean,
    /** Is called now and then while matching; may throw. */
    private readonly tick: () => void,
  ) {
    this.allBits = (1 << program.maskBits) - 1;
    this.decisionsPerOffset = program.branchCount << program.maskBits;
    const size = this.decisionsPerOffset * (text.length + 1);
    if (size > decisionLimit) throw new TooComplex();
    this.decisions = size <= keptDecisions ? kept.fill(0, 0, size) : new Int32Array(size);
    this.startDecisions = new Int32Array(exact ? 0 : this.decisionsPerOffset);
  }

  /** The match that begins at `start`, if there is one. */
  matchAt(start: number): Match | undefined {
    if (this.bestEnd(start) === none) return undefined;
    return this.walk(start);
  }

  /** The match that begins at `start` and is not empty. */
  nonEmptyMatchAt(start: number): Match | undefined {
    this.nonEmptyFrom = start;
    this.startDecisions.fill(0);
    const match = this.matchAt(start);
    this.nonEmptyFrom = -1;
    return match;
  }

  /** The first match that begins at `from` or later. */
  search(from: number): Match | undefined {
    const { text } = this;
    const { first } = this.program;
    for (let start = from; start <= text.length; start++) {
      if (first !== undefined) {
        while (start < text.length && first[text.charCodeAt(start)] === 0) start++;
        if (start === text.length) return undefined;
      }
      const match = this.matchAt(start);
      if (match !== undefined) return match;
    }
    return undefined;
  }

  /** Where the match from `start` ends, or {@link none}. */
  private bestEnd(start: number): number {
    let result = this.descend(this.program.start, start, this.allBits);
    while (this.waiting.length > 0) result = this.resume(result);
    return result;
  }

  /**
   * Follows a path up to its end or to the first branch whose decision is known;
   * the branches on the way wait for the result.
   */
  private descend(node: number, offset: number, mask: number): number {
    const { kinds, next, other, operands, sets, branches, maskBits } = this.program;
    const { text, allBits } = this;
    for (;;) {
      switch (kinds[node] as NodeKind) {
        case NodeKind.Accept:
          return (this.exact ? offset === text.length : offset !== this.nonEmptyFrom) ? offset : none;
        case NodeKind.Byte:
          if (text.charCodeAt(offset) !== operands[node]) return none;
          offset++;
          mask = allBits;
          break;
        case NodeKind.Set:
          if (offset === text.length || sets[operands[node]!]![text.charCodeAt(offset)] === 0) return none;
          offset++;
          mask = allBits;
          break;
        case NodeKind.Begin:
          if (offset !== 0) return none;
          break;
        case NodeKind.End:
          if (offset !== text.length) return none;
          break;
        case NodeKind.Clear:
          mask &= ~operands[node]!;
          break;
        case NodeKind.Mark:
          mask |= operands[node]!;
          break;
        case NodeKind.Round:
          if ((mask & operands[node]!) === 0) {
            node = other[node]!;
            continue;
          }
          break;
        case NodeKind.Prefer:
        case NodeKind.Longest: {
          const known = this.decisionAt(offset, (branches[node]! << maskBits) | mask);
          if (known !== 0) return endOf(known);
          this.waiting.push(node, offset, mask, undecided);
          if ((++this.steps & stepsBetweenTicks) === 0) this.tick();
          break;
        }
      }
      node = next[node]!;
    }
  }

  /** Gives a result to the branch that waits for it: decides it, or tries its other option. */
  private resume(result: number): number {
    const { waiting, program } = this;
    const top = waiting.length - 4;
    const node = waiting[top]!;
    const offset = waiting[top + 1]!;
    const mask = waiting[top + 2]!;
    const best = waiting[top + 3]!;
    const isLongest = program.kinds[node] === NodeKind.Longest;
    if (best === undecided && (result === none || (isLongest && result < this.text.length))) {
      waiting[top + 3] = result;
      return this.descend(program.other[node]!, offset, mask);
    }
    waiting.length = top;
    const takesOther = best !== undecided && result > best;
    const end = best === undecided || takesOther ? result : best;
    this.decide(offset, (program.branches[node]! << program.maskBits) | mask, end, takesOther);
    return end;
  }

  private decisionAt(offset: number, branch: number): number {
    return offset === this.nonEmptyFrom
      ? this.startDecisions[branch]!
      : this.decisions[offset * this.decisionsPerOffset + branch]!;
  }

  private decide(offset: number, branch: number, end: number, takesOther: boolean): void {
    const decision = ((end + 1) << 1) | (takesOther ? 1 : 0) | decided;
    if (offset === this.nonEmptyFrom) this.startDecisions[branch] = decision;
    else this.decisions[offset * this.decisionsPerOffset + branch] = decision;
  }

  /** Follows the decisions from `start` and notes where groups begin and end. */
  private walk(start: number): Match {
    const { kinds, next, other, operands, branches, maskBits, groups } = this.program;
    const match = new Int32Array(2 * (groups + 1)).fill(-1);
    let node = this.program.start;
    let offset = start;
    let mask = this.allBits;
    for (;;) {
      let takesOther = false;
      switch (kinds[node] as NodeKind) {
        case NodeKind.Accept:
          match[0] = start;
          match[1] = offset;
          return match;
        case NodeKind.Byte:
        case NodeKind.Set:
          offset++;
          mask = this.allBits;
          break;
        case NodeKind.Open:
          match[2 * operands[node]!] = offset;
          break;
        case NodeKind.Close:
          match[2 * operands[node]! + 1] = offset;
          break;
        case NodeKind.Clear:
          mask &= ~operands[node]!;
          break;
        case NodeKind.Mark:
          mask |= operands[node]!;
          break;
        case NodeKind.Round:
          takesOther = (mask & operands[node]!) === 0;
          break;
        case NodeKind.Prefer:
        case NodeKind.Longest:
          takesOther = (this.decisionAt(offset, (branches[node]! << maskBits) | mask) & 1) === 1;
          break;
      }
      node = takesOther ? other[node]! : next[node]!;
    }
  }
}

/** Stands for the result of a branch of which no option was tried. */
const undecided = -2;

/** A bit that every decision has, so that none is 0: bit 30, above the ends of all texts. */
const decided = 1 << 30;

function endOf(decision: number): number {
  return ((decision & ~decided) >> 1) - 1;
}
