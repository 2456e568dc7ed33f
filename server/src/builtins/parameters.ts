/** Shorthands for the parameters of a record. */
import type { BuiltinParameter } from '../vm/builtin-record';

/** An argument that every call forces. */
export function strict(name: string): BuiltinParameter {
  return { name, strict: true };
}

/** An argument that some call leaves alone. */
export function lazy(name: string): BuiltinParameter {
  return { name, strict: false };
}
