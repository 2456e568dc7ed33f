// The variables that an expression can use, with their types. A name that is
// bound lexically hides those of any `with`, however near.
import type { Type } from './types';

export interface Variable {
  readonly name: string;
  readonly type: Type;
}

export class Scope {
  private constructor(
    private readonly lexical: ReadonlyMap<string, Type | undefined>,
    private readonly dynamic: ReadonlyMap<string, Type>,
  ) {}

  static readonly empty = new Scope(new Map(), new Map());

  variables(): Variable[] {
    const visible = new Map([...this.dynamic, ...this.lexical]);
    return [...visible].flatMap(([name, type]) => (type === undefined ? [] : [{ name, type }]));
  }

  typeOf(name: string): Type | undefined {
    return this.lexical.has(name) ? this.lexical.get(name) : this.dynamic.get(name);
  }

  bind(...variables: readonly Variable[]): Scope {
    const bound = variables.map(({ name, type }): [string, Type] => [name, type]);
    return new Scope(new Map([...this.lexical, ...bound]), this.dynamic);
  }

  /** Names that are bound, but must not be used yet, since that would recur without end. */
  hide(names: readonly string[]): Scope {
    return new Scope(
      new Map([...this.lexical, ...names.map((name): [string, undefined] => [name, undefined])]),
      this.dynamic,
    );
  }

  open(attributes: readonly Variable[]): Scope {
    const opened = attributes.map(({ name, type }): [string, Type] => [name, type]);
    return new Scope(this.lexical, new Map([...this.dynamic, ...opened]));
  }
}
