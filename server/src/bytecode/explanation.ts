/**
 * What an instruction has to do with an error that passes through it, in the
 * words of C++ Nix. It depends on the code alone, so it is worked out once for
 * each instruction that an error ever passed; what depends on values (which
 * attribute was being selected) is filled in by the machine.
 */
import type { Bytes } from '../base/bytes';
import type { Position } from '../values/position';
import type { Value } from '../values/value';

/** A frame that is the same for every error. */
export interface PlainFrame {
  readonly kind: 'plain';
  readonly message: Bytes;
  readonly position: Position | undefined;
}

/** Where the machine finds a variable. */
export type VariablePlace =
  | { readonly kind: 'local'; readonly slot: number }
  | { readonly kind: 'upvalue'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: Value };

export interface SelectedName {
  /** Undefined for a computed name. */
  readonly name: string | undefined;
  /** How the name is written in the frame. */
  readonly text: Bytes;
}

/** The frames of `a.b.c`: the selection, and where the last attribute that was found is defined. */
export interface SelectionFrame {
  readonly kind: 'selection';
  readonly position: Position;
  readonly names: readonly SelectedName[];
  /** Which name's look-up the error passes; as many as there are names in the `or` part. */
  readonly index: number;
  /** Whether the instruction looks the name up, or else computes it. */
  readonly looksUp: boolean;
  /** What is selected from, if that is a variable. */
  readonly target: VariablePlace | undefined;
}

export interface Explanation {
  /** Where an editor shows an error that arises here. */
  readonly place: Position;
  /** The position that Nix gives to calls and forces of the instruction. */
  readonly call: Position | undefined;
  /** The frames around its operands, or around the one name that it takes. */
  readonly operands: readonly PlainFrame[];
  /** The innermost first. */
  readonly frames: readonly (PlainFrame | SelectionFrame)[];
}
