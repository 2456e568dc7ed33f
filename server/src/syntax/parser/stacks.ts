/**
 * The state of the parser's machine: its token, the node that was completed last, the
 * stacks of frames and values, and the errors.
 */
import type { Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import type { Frame } from './frames';
import { Lexer, type LexicalErrors } from '../lexer';
import type { ParseOptions, SyntaxError } from '../parse';
import { type Expression, MissingNode, type Node } from '../tree';

/** Most lists of starts have one small number in them, and all with the same one are shared. */
const soleStarts: (readonly number[])[] = Array.from({ length: 128 }, (_, start) => [start]);

function soleStart(start: number): readonly number[] {
  return soleStarts[start] ?? [start];
}

/**
 * How deep expressions may nest. C++ Nix overflows a stack instead, its parser's (2.8, at half
 * of this) or that of its evaluator; this is also its limit for calls.
 */
export const nestingLimit = 10_000;

/** Most nodes have no parts of some kind, and share this. */
export const noNodes: readonly never[] = [];

/** What all layers of the parser work on. */
export abstract class ParserStacks implements LexicalErrors {
  readonly errors: SyntaxError[] = [];
  /** The deepest nesting so far. */
  deepest = 0;
  /** Whether recovery asked what surrounds the part that is parsed, which only a parse of the whole file knows. */
  dependsOnContext = false;

  /** Whether recovery looked at text far ahead, so that what it did depends on that. */
  lookedAhead = false;

  protected readonly lexer: Lexer;

  // The node that is complete, in steps that end on `Done`. Its end is `lexer.previousEnd`.
  protected node: Expression = new MissingNode(0);
  protected nodeStart = 0;
  /** How deep the operators of the node nest; what is on their left needs no frame. */
  protected nodeDepth = 0;

  // The stack of frames.
  protected height = -1;
  protected readonly frames: Frame[] = [];
  protected readonly frameStarts: number[] = [];
  protected readonly bases: number[] = [];
  protected readonly data: number[] = [];
  protected readonly operators: number[] = [];
  protected readonly depths: number[] = [];

  // The stack of values.
  protected top = 0;
  protected readonly values: (Node | undefined)[] = [];
  protected readonly starts: number[] = [];

  /** No error is given for a token that starts at or before this: it follows from the last one. */
  protected quietUntil = -1;
  /**
   * Where Nix says that the file ends. If a path is the last of it, with not
   * even a line end behind, that is where the last token of the path starts.
   */
  protected endOfFile = Infinity;
  /** Whether the rest of the text is left out, since it nests too deep. */
  protected gaveUp = false;

  constructor(
    protected readonly text: Bytes,
    options: ParseOptions,
    protected readonly outerDepth = 0,
  ) {
    this.lexer = new Lexer(text, options.pipeOperators, this);
  }

  protected push(frame: Frame, start: number, data: number): void {
    const height = ++this.height;
    this.frames[height] = frame;
    this.frameStarts[height] = start;
    this.bases[height] = this.top;
    this.data[height] = data;
    this.operators[height] = 0;
    this.depths[height] = 0;
    this.reach(height + this.outerDepth);
  }

  protected pushValue(value: Node | undefined, start: number): void {
    this.values[this.top] = value;
    this.starts[this.top++] = start;
  }

  protected pushNode(): void {
    this.values[this.top] = this.node;
    this.starts[this.top++] = this.nodeStart;
  }

  protected takeNodes<T extends Node>(base: number): readonly T[] {
    return base === this.top ? noNodes : (this.values.slice(base, this.top) as T[]);
  }

  /** The starts of the values from `base` on, as distances from `origin`. */
  protected takeStarts(base: number, origin: number): readonly number[] {
    const count = this.top - base;
    if (count === 0) return noNodes;
    if (count === 1) return soleStart(this.starts[base]! - origin);
    const result = this.starts.slice(base, this.top);
    for (let i = 0; i < result.length; i++) result[i]! -= origin;
    return result;
  }

  /** The innermost frame becomes `node`. */
  protected complete(node: Expression): void {
    this.node = node;
    this.nodeStart = this.frameStarts[this.height]!;
    this.top = this.bases[this.height]!;
    this.height--;
  }

  /** Notes how deep the operators of the node nest. */
  protected deepen(depth: number): void {
    this.nodeDepth = depth;
    this.reach(depth + this.height + this.outerDepth);
  }

  /** Notes that something nests so deep. */
  protected reach(depth: number): void {
    if (depth <= this.deepest) return;
    this.deepest = depth;
    if (depth > nestingLimit) this.tooDeep();
  }

  lexicalError(start: number, end: number, message: Bytes, code: string): void {
    this.report(start, end, message, code);
  }

  protected report(start: number, end: number, message: Bytes, code: string): void {
    const range: Range = { start, end };
    this.errors.push({ range, message, code, severity: 'error' });
  }

  protected tooDeep(): void {
    const lexer = this.lexer;
    if (this.gaveUp) return;
    this.gaveUp = true;
    this.report(lexer.start, lexer.end, 'nesting is too deep', 'nesting-too-deep');
    lexer.giveUp();
    this.quietUntil = lexer.length;
  }
}
