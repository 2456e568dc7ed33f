/**
 * What there is to say about a builtin, in one record. The registry, hover,
 * completion, signature help and the documentation all read it.
 */
import type { Vm } from './vm';
import type { Forced, Value } from '../values/value';

export interface BuiltinParameter {
  readonly name: string;
  /** Whether Nix forces the argument in every call. */
  readonly strict: boolean;
}

/** What a builtin depends on besides its arguments. */
export type Purity =
  | 'pure'
  /** Reads files, environment, time: its result can change without an edit. */
  | 'impure'
  /** Shows something to the user: `trace`, `warn`. */
  | 'effect';

export interface BuiltinRecord {
  /** Without `builtins.` and without `__`. */
  readonly name: string;
  readonly parameters: readonly BuiltinParameter[];
  /** Whether it is in the global scope under its own name; every other is there as `__name`. */
  readonly global?: boolean;
  readonly purity: Purity;
  /** The version of Nix that brought it, e.g. `2.3`; `1.0` for what has always been there. */
  readonly since: string;
  /** The experimental feature that it needs in C++ Nix. */
  readonly feature?: string;
  /** Markdown, in our own words. */
  readonly documentation: string;
  /** An expression and what it evaluates to, printed strictly; a test runs it. */
  readonly example?: { readonly expression: string; readonly result: string };
  /** The implementation. Arguments past the number of parameters are undefined. */
  readonly call: (vm: Vm, first: Value, second: Value, third: Value) => Forced;
}

/** A constant such as `builtins.nixVersion`. */
export interface ConstantRecord {
  readonly name: string;
  /** How it stands in the global scope: under its own name, or as `__name`. */
  readonly scope: 'name' | 'underscored';
  readonly purity: Purity;
  readonly since: string;
  readonly documentation: string;
  readonly value: (vm: Vm) => Value;
}
