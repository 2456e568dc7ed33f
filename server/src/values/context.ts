/**
 * String context: the store objects that a string depends on.
 *
 * An element is encoded as Nix encodes it in derivations' environment:
 * - `/nix/store/…`            the path itself (opaque),
 * - `!out!/nix/store/….drv`   an output of a derivation,
 * - `=/nix/store/….drv`       a derivation with all its dependencies.
 *
 * A context is a sorted array without duplicates, and is never changed.
 * Nix manual: language/string-context.
 */
import type { Bytes } from '../base/bytes';
import { ContextString, type StringValue } from './value';

export type Context = readonly Bytes[];

/** The union of two contexts; either may be returned as it is. */
export function mergeContexts(left: Context, right: Context): Context {
  if (left === right || right.length === 0) return left;
  if (left.length === 0) return right;
  const merged: Bytes[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const a = left[i]!;
    const b = right[j]!;
    if (a <= b) i++;
    if (b <= a) j++;
    merged.push(a < b ? a : b);
  }
  while (i < left.length) merged.push(left[i++]!);
  while (j < right.length) merged.push(right[j++]!);
  return merged;
}

const none: Context = [];

export function contextOf(value: StringValue): Context {
  return typeof value === 'string' ? none : value.context;
}

export function textOf(value: StringValue): Bytes {
  return typeof value === 'string' ? value : value.text;
}

/** A string of that text; a plain one where the context is empty. */
export function withContext(text: Bytes, context: Context): StringValue {
  return context.length === 0 ? text : new ContextString(text, context);
}
