// What a form makes its parts with: random expressions of a type in a scope,
// within a budget of parts and of depth.
import type { Choice } from './choice';
import { atLevel, simple, type Code, type Level } from './code';
import type { Scope, Variable } from './scope';
import { isA, randomType, type Type } from './types';

/** One way to write an expression. Undefined where it cannot give that type. */
export interface Form {
  readonly weight: number;
  readonly make: (e: Expressions, type: Type) => Code | undefined;
}

const comments = ['/* a comment */ ', '# a comment\n', '/**/', '\n\t', '/* # */ ', '# /*\r\n', '/** ** */\n'];

/** What all expressions of one program share. */
export interface Program {
  readonly choice: Choice;
  readonly forms: readonly Form[];
  /** Expressions that need no others. */
  readonly leaf: (e: Expressions, type: Type) => Code;
  /** Expressions that fail, or are of any other type. */
  readonly failure: (e: Expressions, type: Type) => Code;
  /** One in so many expressions fails; 0 means none. */
  readonly failures: number;
  /** Expressions that may still be made. */
  budget: number;
}

export class Expressions {
  constructor(
    private readonly program: Program,
    readonly scope: Scope,
    readonly depth: number,
  ) {}

  get choice(): Choice {
    return this.program.choice;
  }

  /** Whether a part may still have parts that are not leaves. */
  get isRoomy(): boolean {
    return this.depth > 1 && this.program.budget > 3;
  }

  in(scope: Scope): Expressions {
    return new Expressions(this.program, scope, this.depth);
  }

  with(...variables: readonly Variable[]): Expressions {
    return this.in(this.scope.bind(...variables));
  }

  randomType(depth?: number): Type {
    return randomType(this.choice, depth);
  }

  /** A random expression of a type. */
  code(type: Type): Code {
    const { program, choice } = this;
    program.budget--;
    if (program.failures > 0 && choice.oneIn(program.failures)) return program.failure(this.deeper(), type);
    const code = this.isRoomy ? this.compound(type) : this.small(type);
    if (choice.oneIn(60)) return { ...code, text: `${choice.pick(comments)}${code.text}` };
    return choice.oneIn(25) ? simple(`(${code.text})`) : code;
  }

  /** Its text where at least that level is needed. */
  text(type: Type, level: Level): string {
    return atLevel(this.code(type), level);
  }

  private compound(type: Type): Code {
    const { choice, program } = this;
    if (choice.oneIn(6)) return this.small(type);
    const parts = this.deeper();
    for (let attempt = 0; attempt < 20; attempt++) {
      const code = choice.weighted(program.forms).make(parts, type);
      if (code !== undefined) return code;
    }
    return this.small(type);
  }

  private small(type: Type): Code {
    const { choice, program } = this;
    const variable = this.variable(type);
    if (variable !== undefined && !choice.oneIn(4)) return variable;
    return program.leaf(this.deeper(), type);
  }

  private variable(type: Type): Code | undefined {
    const fitting = this.scope.variables().filter((variable) => isA(variable.type, type));
    return fitting.length === 0 ? undefined : simple(this.choice.pick(fitting).name);
  }

  private deeper(): Expressions {
    return new Expressions(this.program, this.scope, this.depth - 1);
  }
}
