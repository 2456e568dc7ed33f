/** Lists of free names in the making: in order of first use, each name once. */
import type { FreeNames } from '../syntax/tree';

const noNames: readonly string[] = [];

export const noFreeNames: FreeNames = { lexical: noNames, dynamic: noNames, faulty: false };

/** From this many names on, a Set tells faster than a search whether a name is there. */
const linearLimit = 12;

/** Names in order of first use, each once. */
class NameList {
  readonly names: string[] = [];
  private index: Set<string> | undefined = undefined;

  copy(): readonly string[] {
    return this.names.length === 0 ? noNames : this.names.slice();
  }

  add(name: string): void {
    const { names } = this;
    if (names.length < linearLimit) {
      if (!names.includes(name)) names.push(name);
      return;
    }
    if (this.index === undefined) this.index = new Set(names);
    if (this.index.has(name)) return;
    this.index.add(name);
    names.push(name);
  }
}

/** Gathers the free names of a node. */
export class Collector {
  readonly lexical = new NameList();
  readonly dynamic = new NameList();
  faulty = false;

  addAll(free: FreeNames): void {
    if (free.faulty) this.faulty = true;
    for (const name of free.lexical) this.lexical.add(name);
    for (const name of free.dynamic) this.dynamic.add(name);
  }

  /** Adds what is free below a `with`: everything could come from it. */
  addDynamic(free: FreeNames): void {
    if (free.faulty) this.faulty = true;
    for (const name of free.lexical) this.dynamic.add(name);
    for (const name of free.dynamic) this.dynamic.add(name);
  }

  /** Adds what is free in a scope that binds some names. */
  addExcept(inner: Collector, bound: { has(name: string): boolean }): void {
    if (inner.faulty) this.faulty = true;
    for (const name of inner.lexical.names) if (!bound.has(name)) this.lexical.add(name);
    for (const name of inner.dynamic.names) if (!bound.has(name)) this.dynamic.add(name);
  }

  result(): FreeNames {
    // Copies have no room to grow, and are kept as long as the tree.
    return freeNamesFrom(this.lexical.copy(), this.dynamic.copy(), this.faulty);
  }
}

/** Free names of finished lists, which may be those of another node. */
export function freeNamesFrom(
  lexical: readonly string[],
  dynamic: readonly string[],
  faulty: boolean,
): FreeNames {
  return lexical.length === 0 && dynamic.length === 0 && !faulty ? noFreeNames : { lexical, dynamic, faulty };
}

/** What is free in a scope that binds some names: the same lists where it binds none of them. */
export function except(
  { lexical, dynamic, faulty }: FreeNames,
  bound: ReadonlySet<string>,
  bindsFaultily: boolean,
): FreeNames {
  return freeNamesFrom(without(lexical, bound), without(dynamic, bound), faulty || bindsFaultily);
}

function without(names: readonly string[], bound: ReadonlySet<string>): readonly string[] {
  return names.some((name) => bound.has(name)) ? names.filter((name) => !bound.has(name)) : names;
}
