/**
 * The values of the Nix language.
 *
 * - `null` and booleans are JavaScript's own.
 * - An integer is a `number` while it is a safe integer, else a `bigint` of at
 *   most 64 bits; never `-0`, and never a `bigint` that would be a safe number.
 * - A float is a {@link Float}: floats are rare, and `1.0` is not `1`.
 * - A string is a JavaScript string of bytes (char codes 0–255), or a
 *   {@link ContextString} when it has context; a context is never empty.
 * - A list is a JavaScript array, whose elements never change after it was given
 *   away; those of a long one may be made as they are read: see list.ts.
 * - A {@link Thunk} stands for a value that may still have to be computed.
 */
import type { Blueprint } from '../bytecode/blueprint';
import type { Bytes } from '../base/bytes';
import type { Attrs } from './attrs';
import type { Context } from './context';
import type { List } from './list';
import type { Thunk } from './thunk';

export class Float {
  constructor(readonly value: number) {}
}

/** A string with a context: the store paths it was made from. */
export class ContextString {
  constructor(
    readonly text: Bytes,
    readonly context: Context,
  ) {}
}

/** A path: absolute, without `.`, `..`, doubled or trailing slashes. */
export class Path {
  constructor(readonly path: Bytes) {}
}

/**
 * A function written in Nix. `upvalues` are what it captured, in the order of
 * the captures of its blueprint, the enclosing `with` scopes last where it
 * captures them.
 */
export class Closure {
  constructor(
    readonly blueprint: Blueprint,
    readonly upvalues: Captured[],
  ) {}
}

/** What a value has to know of a builtin; its record in builtins/ says more. */
export interface BuiltinCode {
  readonly name: string;
  /** The machine calls it; `never` stands for the machine, which values do not know. */
  readonly call: (vm: never, first: Value, second: Value, third: Value) => Forced;
}

/** A builtin function without arguments. */
export class Builtin {
  constructor(
    readonly record: BuiltinCode,
    /** How many arguments it takes, from 1 to 3. */
    readonly arity: number,
  ) {}
}

/** A builtin that was given some of its arguments, but not all. */
export class PartialApplication {
  constructor(
    readonly builtin: Builtin,
    readonly args: readonly Value[],
  ) {}
}

/** One `with` around the code that runs, and those outside of it. */
export class WithScope {
  constructor(
    /** The attribute set, or a thunk of it: forced at the first look-up. */
    readonly environment: Value,
    readonly outer: WithScope | null,
    /** The code that opened it and the offset of the instruction, for errors. */
    readonly blueprint?: Blueprint,
    readonly at = 0,
  ) {}
}

/** A string, with or without context. */
export type StringValue = Bytes | ContextString;

export type Integer = number | bigint;

/** A value in weak head normal form. */
export type Forced =
  | null
  | boolean
  | Integer
  | Float
  | StringValue
  | Path
  | List
  | Attrs
  | Closure
  | Builtin
  | PartialApplication;

export type Value = Forced | Thunk;

/** What an upvalue can hold: a value, the `with` scopes, or nothing before Finalise. */
export type Captured = Value | WithScope | undefined;
