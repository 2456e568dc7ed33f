/**
 * What names mean at the place that a walk has come to: it opens the scopes that
 * it enters, and closes them when it leaves. Looking a name up takes the same time
 * however many scopes are open.
 */
export class OpenScopes<T> {
  /** For each name what the open scopes declare it as, the innermost last. */
  private readonly meanings = new Map<string, T[]>();

  /** Enters a scope; of several declarations of one name in it, the first counts. */
  open(declarations: ReadonlyMap<string, T>): void {
    for (const [name, meaning] of declarations) {
      const known = this.meanings.get(name);
      if (known === undefined) this.meanings.set(name, [meaning]);
      else known.push(meaning);
    }
  }

  /** Leaves the scope that was entered last; it has to be the same. */
  close(declarations: ReadonlyMap<string, T>): void {
    for (const name of declarations.keys()) this.meanings.get(name)!.pop();
  }

  /** What the innermost scope that declares a name declares it as. */
  find(name: string): T | undefined {
    return this.meanings.get(name)?.at(-1);
  }
}
