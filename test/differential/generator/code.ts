// Text of expressions with how tightly it binds, so that programs have
// parentheses where the grammar needs them and operators meet without.

/** From the loosest to the tightest, as in the grammar of C++ Nix. */
export const enum Level {
  /** Lambdas, `let`, `with`, `assert`, `if`. */
  Function,
  Implication,
  Or,
  And,
  Equality,
  Comparison,
  Update,
  Not,
  Sum,
  Product,
  Concatenation,
  HasAttribute,
  Negation,
  Call,
  Select,
  Simple,
}

export interface Code {
  readonly text: string;
  readonly level: Level;
}

type Associativity = 'left' | 'right' | 'none';

const operators: Readonly<Record<string, readonly [Level, Associativity]>> = {
  '->': [Level.Implication, 'right'],
  '||': [Level.Or, 'left'],
  '&&': [Level.And, 'left'],
  '==': [Level.Equality, 'none'],
  '!=': [Level.Equality, 'none'],
  '<': [Level.Comparison, 'none'],
  '<=': [Level.Comparison, 'none'],
  '>': [Level.Comparison, 'none'],
  '>=': [Level.Comparison, 'none'],
  '//': [Level.Update, 'right'],
  '+': [Level.Sum, 'left'],
  '-': [Level.Sum, 'left'],
  '*': [Level.Product, 'left'],
  '/': [Level.Product, 'left'],
  '++': [Level.Concatenation, 'right'],
};

export function simple(text: string): Code {
  return { text, level: Level.Simple };
}

export function loose(text: string): Code {
  return { text, level: Level.Function };
}

export function atLevel(code: Code, level: Level): string {
  return code.level >= level ? code.text : `(${code.text})`;
}

export function binary(left: Code, operator: string, right: Code): Code {
  const [level, associativity] = operators[operator]!;
  const leftLevel = associativity === 'left' ? level : level + 1;
  const rightLevel = associativity === 'right' ? level : level + 1;
  return { text: `${atLevel(left, leftLevel)} ${operator} ${atLevel(right, rightLevel)}`, level };
}

export function call(callee: Code | string, ...args: readonly Code[]): Code {
  const head = typeof callee === 'string' ? callee : atLevel(callee, Level.Call);
  return {
    text: [head, ...args.map((argument) => atLevel(argument, Level.Select))].join(' '),
    level: Level.Call,
  };
}

export function select(target: Code, path: string): Code {
  // A number or a path would take the point for its own.
  const takesPoint = /(?:^|[^\w'.-])(?:[\d.]+|\/[\w./-]*)$/.test(target.text);
  const base = takesPoint ? `(${target.text})` : atLevel(target, Level.Simple);
  return { text: `${base}.${path}`, level: Level.Select };
}

export function not(operand: Code): Code {
  return { text: `!${atLevel(operand, Level.Not)}`, level: Level.Not };
}

export function negate(operand: Code): Code {
  return { text: `-${atLevel(operand, Level.Negation)}`, level: Level.Negation };
}

export function listOf(items: readonly Code[]): Code {
  return simple(`[ ${items.map((item) => `${atLevel(item, Level.Select)} `).join('')}]`);
}

/** The name as an attribute path names it. */
export function attributeName(name: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_'-]*$/.test(name) && !keywords.has(name) ? name : quoted(name);
}

const keywords = new Set(['if', 'then', 'else', 'assert', 'with', 'let', 'in', 'rec', 'inherit', 'or']);

/** A string literal that means the text. */
export function quoted(text: string): string {
  return `"${text
    .replace(/["\\]|\$(?=\{)/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')}"`;
}
