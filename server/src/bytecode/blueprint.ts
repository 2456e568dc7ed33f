/**
 * Blueprints: what closures and thunks are made from. A blueprint belongs to one
 * piece of source, and its chunk is compiled when it first runs or is looked at.
 *
 * The class is abstract because byte code knows nothing of syntax: the compiler
 * supplies the subclass that knows its node.
 */
import type { Position } from '../values/position';
import type { Chunk, Span } from './chunk';
import type { Explanation } from './explanation';

export type BlueprintKind = 'toplevel' | 'lambda' | 'thunk';

/** The formals of a function, for `functionArgs` and for printing. */
export interface LambdaSignature {
  /** The name before `:` or beside `@`. */
  readonly parameter: string | undefined;
  /** In source order; undefined where the function takes any argument. */
  readonly formals:
    readonly { readonly name: string; readonly optional: boolean; readonly position: Position }[] | undefined;
  readonly ellipsis: boolean;
}

export abstract class Blueprint {
  /** The compiled chunk, or null as long as nobody needed it. */
  chunk: Chunk | null = null;

  constructor(
    readonly kind: BlueprintKind,
    /** What it is called in a listing: the name of the binding or parameter it belongs to. */
    readonly name: string,
    /** How many upvalues it has, without the `with` scopes. */
    readonly captureCount: number,
    /** Whether the enclosing `with` scopes are captured as the last upvalue. */
    readonly capturesWith: boolean,
  ) {}

  /** Compiles and remembers the chunk. */
  abstract compile(): Chunk;

  /** The source range of each instruction, by ascending offset in the code. */
  abstract spans(): readonly Span[];

  /** Where the source of the chunk stands. */
  abstract position(): Position;

  /** The position of the instruction at `at` of the code. */
  abstract positionAt(at: number): Position;

  /** The condition of the `assert` whose AssertFail stands at `at`, as Nix writes it in the error. */
  abstract assertionText(at: number): string;

  /** What the instruction at `at` has to do with an error that passes through it. */
  abstract explain(at: number): Explanation;

  /** For a lambda: its parameters. */
  abstract signature(): LambdaSignature;
}
