/**
 * Errors of evaluation.
 *
 * An {@link EvalError} is a JavaScript exception, but no `Error`: it is made
 * often (`tryEval`, `or`), and V8's stack would be of no use. What `tryEval` can
 * catch stays apart by its kind. An {@link Interruption} is no result of the
 * program: it ends a run because of a limit or a wish of the user, and whatever
 * ran can be run again.
 */
import type { Bytes } from '../base/bytes';
import type { Position } from './position';

/** Kebab-case, since it is also the code of the diagnostic. */
export type EvalErrorKind =
  /** `throw`; caught by tryEval. */
  | 'throw'
  /** A failed `assert`; caught by tryEval. */
  | 'assertion-failed'
  | 'abort'
  | 'type-error'
  | 'undefined-variable'
  | 'missing-attribute'
  | 'missing-argument'
  | 'unexpected-argument'
  | 'infinite-recursion'
  | 'stack-overflow'
  | 'invalid-path'
  | 'file-error'
  /** `<…>` found nothing; caught by tryEval. */
  | 'not-in-search-path'
  | 'parse-error'
  | 'unsupported'
  /** Live values: what an expression needs is an argument that no known call gives. */
  | 'unknown-argument'
  /** A word that can only be one of a few; C++ Nix takes it for a mistake on the command line. */
  | 'usage-error'
  /** Everything else: C++ Nix's plain EvalError. */
  | 'evaluation-error';

export interface TraceFrame {
  /** e.g. `while calling the 'map' builtin`; a byte string. */
  readonly message: Bytes;
  readonly position: Position | undefined;
  /** Shown even where a long trace is cut: the program asked for the frame. */
  readonly always?: boolean;
  /** Shown only where the full trace is asked for. */
  readonly detail?: boolean;
}

/** The frames of a trace, the outermost first; a linked list, so that a failed thunk can keep a prefix of it. */
export interface Trace {
  readonly frame: TraceFrame;
  readonly inner: Trace | undefined;
}

/** Stands for the position of the call, or of the instruction, that leads to an error; the machine fills it in. */
export const atCall: Position = { source: { kind: 'string', path: '', text: '' }, offset: 0 };

/** Stand for the positions of an operator's operands. A frame without a message gets that of the operand, too. */
export const atOperand: readonly Position[] = [{ ...atCall }, { ...atCall }];

/** Whether a position only stands for another one. */
export function isPending(position: Position | undefined): boolean {
  return position === atCall || position === atOperand[0] || position === atOperand[1];
}

export class EvalError {
  trace: Trace | undefined = undefined;
  /** How many of the frames wait for the machine to fill in their position. */
  pendingFrames = 0;
  /** Where it arose, even where Nix gives no position; the editor shows it there. */
  place: Position | undefined = undefined;
  /** For an infinite recursion: the thunk that needs itself. */
  needsItself: object | undefined = undefined;

  constructor(
    readonly kind: EvalErrorKind,
    /** Without `error: `; a byte string. */
    readonly message: Bytes,
    /** The position that Nix shows with the message, if it shows one. */
    public position: Position | undefined = undefined,
    /** Names that the user may have meant, the nearest first. */
    readonly suggestions: readonly string[] = [],
    /** The name in whose place they are; undefined where it is not that of an attribute. */
    readonly misspelt: Bytes | undefined = undefined,
  ) {}

  /** Whether `tryEval` turns it into `{ success = false; … }`. */
  get catchable(): boolean {
    return this.kind === 'throw' || this.kind === 'assertion-failed' || this.kind === 'not-in-search-path';
  }

  /** Adds a frame around those that are there. Returns itself. */
  while(message: Bytes, position?: Position, always = false): this {
    return this.addFrame({ message, position, always });
  }

  addFrame(frame: TraceFrame): this {
    this.trace = { frame, inner: this.trace };
    if (isPending(frame.position)) this.pendingFrames++;
    return this;
  }

  /** The same error with the trace it has now, for whom forces a failed thunk again. */
  again(): EvalError {
    const copy = new EvalError(this.kind, this.message, this.position, this.suggestions, this.misspelt);
    copy.trace = this.trace;
    copy.place = this.place;
    copy.pendingFrames = this.pendingFrames;
    copy.needsItself = this.needsItself;
    return copy;
  }

  /** For logs and tests. */
  toString(): string {
    return `error: ${this.message}`;
  }
}

export type InterruptionReason = 'cancelled' | 'timeout' | 'memory';

export class Interruption {
  constructor(
    readonly reason: InterruptionReason,
    /** A sentence for the user. */
    readonly message: string,
  ) {}
}

/** Whether an error only says that there was not enough time. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Interruption && error.reason === 'timeout';
}

/**
 * Whether an error only says that there is no value: its evaluation failed, or there was
 * not enough time. All others end the request: it was cancelled, or there is a fault.
 */
export function meansNoValue(error: unknown): boolean {
  return error instanceof EvalError || isTimeout(error);
}
