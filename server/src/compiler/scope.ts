/** The names that are locals of the chunk under compilation, and what a name means in it. */
import type { Value } from '../values/value';

/** A scope inside a chunk: a `let`, a recursive set, or the parameters of the function. */
export class Scope {
  private readonly slots = new Map<string, number>();

  constructor(readonly outer: Scope | undefined) {}

  declare(name: string, slot: number): void {
    this.slots.set(name, slot);
  }

  /** The slot of a name in this scope or the innermost one around it that has it. */
  find(name: string): number | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.outer) {
      const slot = scope.slots.get(name);
      if (slot !== undefined) return slot;
    }
    return undefined;
  }
}

/** What a name resolves to in a chunk. */
export type Resolution =
  | { readonly kind: 'local'; readonly slot: number }
  | { readonly kind: 'upvalue'; readonly index: number }
  | { readonly kind: 'global'; readonly value: Value }
  /** Looked up in the `with` scopes when it runs; fails there if it is nowhere. */
  | { readonly kind: 'dynamic' };
