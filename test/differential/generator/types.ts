// The types that the generator gives to the expressions it makes, so that most
// programs have a value. They are its own: Nix knows nothing of them.
import type { Choice } from './choice';

export type Type =
  | { readonly kind: 'int' | 'float' | 'bool' | 'string' | 'null' | 'path' }
  | { readonly kind: 'list'; readonly of: Type }
  /** Sets that have at least these attributes. */
  | { readonly kind: 'set'; readonly attributes: Attributes }
  | { readonly kind: 'function'; readonly from: Type; readonly to: Type };

export type Attributes = Readonly<Record<string, Type>>;

export const int: Type = { kind: 'int' };
export const float: Type = { kind: 'float' };
export const bool: Type = { kind: 'bool' };
export const string: Type = { kind: 'string' };
export const nothing: Type = { kind: 'null' };
export const path: Type = { kind: 'path' };

export function list(of: Type): Type {
  return { kind: 'list', of };
}

export function set(attributes: Attributes): Type {
  return { kind: 'set', attributes };
}

export function func(from: Type, to: Type): Type {
  return { kind: 'function', from, to };
}

/** Names of attributes and variables: few, so that scopes hide one another; some must be quoted. */
export const names = ['a', 'b', 'c', 'd', 'e', 'f', 'x', "y'", 'z-1', '_k'];

/** Names that only an attribute can have. */
const quotedNames = ['', 'if', 'a b', '1', '${x}', 'ä', 'or'];

export function randomAttributeName(choice: Choice): string {
  return choice.oneIn(12) ? choice.pick(quotedNames) : choice.pick(names);
}

export function randomType(choice: Choice, depth = 2): Type {
  const scalar = choice.oneIn(24) ? path : choice.pick([int, int, float, bool, string, string, nothing]);
  if (depth === 0) return scalar;
  switch (choice.below(8)) {
    case 0:
      return list(randomType(choice, depth - 1));
    case 1:
    case 2:
      return randomSet(choice, depth - 1);
    case 3:
      return func(randomType(choice, depth - 1), randomType(choice, depth - 1));
    default:
      return scalar;
  }
}

export function randomSet(choice: Choice, depth = 1): Type {
  const count = choice.below(4);
  const chosen = Array.from({ length: count }, () => randomAttributeName(choice));
  return set(Object.fromEntries(chosen.map((name) => [name, randomType(choice, depth)])));
}

/** Whether a value of the first type can stand where one of the second is wanted. */
export function isA(type: Type, wanted: Type): boolean {
  if (type.kind !== wanted.kind) return false;
  switch (wanted.kind) {
    case 'list':
      return isA((type as typeof wanted).of, wanted.of);
    case 'function':
      return isA(wanted.from, (type as typeof wanted).from) && isA((type as typeof wanted).to, wanted.to);
    case 'set':
      return Object.entries(wanted.attributes).every(([name, of]) => {
        const own = (type as typeof wanted).attributes[name];
        return own !== undefined && isA(own, of);
      });
    default:
      return true;
  }
}
