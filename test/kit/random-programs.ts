/**
 * Random Nix programs that are well-scoped, well-typed and end: every name they
 * use is bound, and no binding needs itself. They go through all of the syntax
 * that the compiler has to get right: scopes within scopes, references forwards
 * and backwards, formals with defaults, `with`, `inherit`, nested paths.
 */
import fc from 'fast-check';

/** A type of the generator's own, so that what it makes can be evaluated. */
type Type = 'int' | 'bool' | 'string' | 'list' | 'set' | 'function';

interface Variable {
  readonly name: string;
  /** Undefined for a name that is bound, but must not be used, since that could lead in a circle. */
  readonly type: Type | undefined;
}

/** Sets have these attributes, each of its type; lists hold integers; functions are from integers to integers. */
const attributes: readonly Variable[] = [
  { name: 'i', type: 'int' },
  { name: 'b', type: 'bool' },
  { name: 's', type: 'string' },
];

/** Few names, so that scopes shadow each other; some have to be quoted as attributes. */
const names = ['a', 'b', 'c', 'd', 'e', 'x', "y'", 'z-z'];

type Choose = (below: number) => number;

/** The text of a random program. */
export const randomProgram: fc.Arbitrary<string> = fc.gen().map((gen) => {
  const writer = new Writer((below) => gen(fc.nat, below - 1));
  const type = writer.pick<Type>(['int', 'bool', 'string', 'list', 'set']);
  return writer.expression(type, [], 5);
});

class Writer {
  constructor(private readonly choose: Choose) {}

  pick<T>(options: readonly T[]): T {
    return options[this.choose(options.length)]!;
  }

  /** An expression of a type. `scope` has the innermost variables last. */
  expression(type: Type, scope: readonly Variable[], depth: number): string {
    const variable = this.variable(type, scope);
    if (depth <= 0) return variable !== undefined && this.choose(3) > 0 ? variable : this.leaf(type);
    if (variable !== undefined && this.choose(6) === 0) return variable;
    const d = depth - 1;
    const e = (of: Type): string => this.expression(of, scope, d);
    switch (this.choose(12)) {
      case 0:
        return this.letIn(type, scope, d);
      case 1:
        return `(if ${e('bool')} then ${e(type)} else ${e(type)})`;
      case 2:
        return `(assert ${e('bool')} || true; ${e(type)})`;
      case 3:
        return this.withIn(type, scope, d);
      case 4:
        return this.call(type, scope, d);
      case 5:
        return this.formalsCall(type, scope, d);
      case 6:
        return this.selection(type, scope, d);
      case 7:
        return this.recursiveSelection(type, scope, d);
      default:
        return this.operation(type, scope, d);
    }
  }

  /** A variable of the type that no inner one hides. */
  private variable(type: Type, scope: readonly Variable[]): string | undefined {
    const visible = new Map(scope.map((variable) => [variable.name, variable.type]));
    const fitting = [...visible].filter(([, of]) => of === type).map(([name]) => name);
    return fitting.length === 0 ? undefined : this.pick(fitting);
  }

  private leaf(type: Type): string {
    switch (type) {
      case 'int':
        return String(this.choose(200));
      case 'bool':
        return this.pick(['true', 'false']);
      case 'string':
        return this.pick(['"s"', '"\\n\\${x}"', "''two''", '""']);
      case 'list':
        return this.pick(['[ ]', '[ 1 2 ]']);
      case 'set':
        return '{ i = 1; b = false; s = "t"; }';
      case 'function':
        return this.pick(['(q: q)', '(q: 7)', '(_: 3)', '(q: q + 1)']);
    }
  }

  private operation(type: Type, scope: readonly Variable[], d: number): string {
    const e = (of: Type): string => this.expression(of, scope, d);
    switch (type) {
      case 'int':
        return this.pick([
          () => `(${e('int')} ${this.pick(['+', '-'])} ${e('int')})`,
          () => `(${e('int')} * 2 / 3)`,
          () => `(-${e('int')})`,
          () => `(builtins.length ${e('list')})`,
          () => `(${e('function')} ${e('int')})`,
        ])();
      case 'bool':
        return this.pick([
          () => `(${e('int')} ${this.pick(['<', '<=', '>', '>=', '==', '!='])} ${e('int')})`,
          () => `(${e('bool')} ${this.pick(['&&', '||', '->'])} ${e('bool')})`,
          () => `(!${e('bool')})`,
          () => `(${e('set')} ? ${this.pick(['i', 'nope', '"s"', '${"b"}', 'i.deep'])})`,
          () => `(${e('string')} == ${e('string')})`,
          () => `(${e('set')} == ${e('set')})`,
        ])();
      case 'string':
        return this.pick([
          () => `(${e('string')} + ${e('string')})`,
          () => `"<\${${e('string')}}-\${toString ${e('int')}}>"`,
          () => `''\n    in\${${e('string')}}\n  ''`,
        ])();
      case 'list':
        return this.pick([
          () => `[ ${e('int')} ${e('int')} ]`,
          () => `(${e('list')} ++ ${e('list')})`,
          () => `(map ${e('function')} ${e('list')})`,
        ])();
      case 'set':
        return this.pick([() => `(${e('set')} // ${e('set')})`, () => this.set(scope, d)])();
      case 'function':
        return this.lambda(scope, d);
    }
  }

  private lambda(scope: readonly Variable[], d: number): string {
    const name = this.pick(names);
    return `(${name}: ${this.expression('int', [...scope, { name, type: 'int' }], d)})`;
  }

  /**
   * Bindings of new names. Each may refer to those before it in an order of its
   * own, which is not the order in which they are written, so that references go
   * forwards and backwards and never in a circle.
   */
  private bindings(scope: readonly Variable[], d: number): { text: string; scope: Variable[] } {
    const fresh = [...new Set([this.pick(names), this.pick(names), this.pick(names)])];
    // Names that are bound here but not yet in order must not be seen as those outside.
    let visible = [...scope, ...fresh.map((name): Variable => ({ name, type: undefined }))];
    const written: string[] = [];
    for (const name of fresh) {
      const type = this.pick<Type>(['int', 'bool', 'string', 'list', 'set', 'function']);
      written.splice(this.choose(written.length + 1), 0, this.binding(name, type, visible, scope, d));
      visible = [...visible, { name, type }];
    }
    return { text: written.join(' '), scope: visible };
  }

  private binding(
    name: string,
    type: Type,
    visible: readonly Variable[],
    outside: readonly Variable[],
    d: number,
  ): string {
    const e = (of: Type): string => this.expression(of, visible, d - 1);
    const outer = new Map(outside.map((variable) => [variable.name, variable.type])).get(name);
    if (outer === type && this.choose(2) === 0) return `inherit ${name};`;
    if (type === 'set' && this.choose(3) === 0) {
      return `${name}.i = ${e('int')}; ${name} = { b = ${e('bool')}; }; ${name}.s = ${e('string')};`;
    }
    if (this.choose(8) === 0) return `inherit (let ${name} = ${e(type)}; in { inherit ${name}; }) ${name};`;
    return `${name} = ${e(type)};`;
  }

  private letIn(type: Type, scope: readonly Variable[], d: number): string {
    const bound = this.bindings(scope, d);
    return `(let ${bound.text} in ${this.expression(type, bound.scope, d)})`;
  }

  /** The attributes of a `with` are seen only where no other scope has the name. */
  private withIn(type: Type, scope: readonly Variable[], d: number): string {
    const set = this.expression('set', scope, d);
    const taken = new Set(scope.map(({ name }) => name));
    const opened = attributes.filter(({ name }) => !taken.has(name));
    return `(with ${set}; ${this.expression(type, [...opened, ...scope], d)})`;
  }

  private call(type: Type, scope: readonly Variable[], d: number): string {
    const name = this.pick(names);
    const second = this.pick(names.filter((other) => other !== name));
    const of = this.pick<Type>(['int', 'string', 'set', 'function']);
    const inner: Variable[] = [...scope, { name, type: of }, { name: second, type: 'bool' }];
    const body = this.expression(type, inner, d);
    const e = (argument: Type): string => this.expression(argument, scope, d);
    return `((${name}: ${second}: ${body}) ${e(of)} ${e('bool')})`;
  }

  private formalsCall(type: Type, scope: readonly Variable[], d: number): string {
    const whole = this.pick(names);
    const others = names.filter((name) => name !== whole);
    const given = this.pick(others);
    const optional = this.pick(others.filter((name) => name !== given));
    const inner: Variable[] = [
      ...scope,
      { name: optional, type: undefined },
      { name: whole, type: undefined },
      { name: given, type: 'int' },
    ];
    const fallback = this.expression('string', inner, d);
    const full: Variable[] = [...inner, { name: optional, type: 'string' }];
    const body = this.expression(type, full, d);
    const pattern = this.pick([
      `{ ${given}, ${optional} ? ${fallback} }`,
      `{ ${optional} ? ${fallback}, ${given}, ... }`,
      `${whole}@{ ${given}, ${optional} ? ${fallback} }`,
      `{ ${optional} ? ${fallback}, ${given}, ... }@${whole}`,
    ]);
    const passed = this.choose(2) === 0 ? '' : ` ${optional} = ${this.expression('string', scope, d)};`;
    return `((${pattern}: ${body}) { ${given} = ${this.expression('int', scope, d)};${passed} })`;
  }

  private selection(type: Type, scope: readonly Variable[], d: number): string {
    const attribute = attributes.find((candidate) => candidate.type === type);
    if (attribute === undefined) {
      return `(${this.expression('set', scope, d)}.nope or ${this.expression(type, scope, d)})`;
    }
    const set = this.expression('set', scope, d);
    return this.pick([
      `${set}.${attribute.name}`,
      `${set}."${attribute.name}"`,
      `${set}.\${"${attribute.name}"}`,
      `(${set}.i.${attribute.name} or ${this.expression(type, scope, d)})`,
    ]);
  }

  private recursiveSelection(type: Type, scope: readonly Variable[], d: number): string {
    const bound = this.bindings(scope, d);
    const fitting = bound.scope.filter(
      (variable) => variable.type === type && bound.text.includes(`${variable.name} `),
    );
    const own = fitting.filter(({ name }) => !scope.some((variable) => variable.name === name));
    if (own.length === 0)
      return `(rec { ${bound.text} result = ${this.expression(type, bound.scope, d)}; }).result`;
    return `(rec { ${bound.text} }).${this.pick(own).name}`;
  }

  private set(scope: readonly Variable[], d: number): string {
    const e = (of: Type): string => this.expression(of, scope, d);
    return this.pick([
      () => `{ i = ${e('int')}; b = ${e('bool')}; s = ${e('string')}; }`,
      () => `{ i = ${e('int')}; \${"b"} = ${e('bool')}; "s" = ${e('string')}; \${null} = 1; }`,
      () => `{ inherit (${e('set')}) i s; "\${"b"}" = ${e('bool')}; }`,
      () => `(rec { s = ${this.leaf('string')}; i = builtins.stringLength s; b = i == ${this.choose(4)}; })`,
    ])();
  }
}
