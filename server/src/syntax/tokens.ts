/**
 * The kinds of tokens and what the grammar's tables say about them: the names
 * that messages use, and the precedence and associativity of operators.
 *
 * White space and comments are no tokens, and neither is the text inside
 * strings and paths: the parser asks the lexer for it where it stands.
 */

/**
 * Kinds of tokens. Those that can start a simple expression come first, in one
 * run, so that `startsSimple` is a comparison.
 */
export const enum Token {
  End,
  Identifier,
  Integer,
  Float,
  /** `"`. */
  Quote,
  /** `''` with the blanks and the newline behind it, if these are all of the line. */
  IndentedOpen,
  /** The first piece of a path: up to its end or its first `${`. */
  Path,
  /** The same for `~/…`. */
  HomePath,
  SearchPath,
  Uri,
  ParenOpen,
  Let,
  Rec,
  BraceOpen,
  BracketOpen,

  If,
  Then,
  Else,
  Assert,
  With,
  In,
  Inherit,
  /** The word `or`, which is a keyword behind a path and a name elsewhere. */
  Or,
  Ellipsis,
  DollarCurly,
  ParenClose,
  BraceClose,
  BracketClose,
  Colon,
  At,
  Semicolon,
  Comma,
  Assign,
  Dot,
  Not,
  /** A byte that belongs to no token. */
  Invalid,

  // Binary operators, in the order of `BinaryOperator`.
  Implication,
  LogicalOr,
  LogicalAnd,
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Update,
  Plus,
  Minus,
  Star,
  Slash,
  Concat,
  PipeInto,
  PipeFrom,
  Question,
}

export const firstBinaryOperator = Token.Implication;
const tokenCount = Token.Question + 1;

/** Whether a token of this kind can start an operand of an application. */
export function startsSimple(kind: Token): boolean {
  return kind <= Token.BracketOpen && kind !== Token.End;
}

/**
 * How tightly an operator binds; 0 for tokens that are none. The levels are
 * those of the Nix manual's table of operators, from the loosest.
 */
export const precedence = new Uint8Array(tokenCount);
/** Levels of the prefix operators, on the same scale. */
export const enum PrefixPrecedence {
  Not = 8,
  Negate = 13,
}
export const pipePrecedence = 1;
precedence[Token.PipeInto] = pipePrecedence;
precedence[Token.PipeFrom] = pipePrecedence;
precedence[Token.Implication] = 2;
precedence[Token.LogicalOr] = 3;
precedence[Token.LogicalAnd] = 4;
precedence[Token.Equal] = 5;
precedence[Token.NotEqual] = 5;
precedence[Token.Less] = 6;
precedence[Token.LessOrEqual] = 6;
precedence[Token.Greater] = 6;
precedence[Token.GreaterOrEqual] = 6;
precedence[Token.Update] = 7;
precedence[Token.Plus] = 9;
precedence[Token.Minus] = 9;
precedence[Token.Star] = 10;
precedence[Token.Slash] = 10;
precedence[Token.Concat] = 11;
precedence[Token.Question] = 12;

/** What follows when two operators of the same level meet. */
export const enum Associativity {
  Left,
  Right,
  /** `a == b == c` is an error. */
  None,
}

/** Associativity by level. */
export const associativity: readonly Associativity[] = [
  Associativity.Left,
  // Pipes: the parser tells the two apart itself.
  Associativity.Left,
  Associativity.Right,
  Associativity.Left,
  Associativity.Left,
  Associativity.None,
  Associativity.None,
  Associativity.Right,
  Associativity.Left,
  Associativity.Left,
  Associativity.Left,
  Associativity.Right,
  // `a ? b ? c` is allowed, since what follows `?` is a path and no operand.
  Associativity.Left,
];

/** The names that C++ Nix's messages give to tokens, by kind; byte strings. */
export const tokenNames: readonly string[] = (() => {
  const names = new Array<string>(tokenCount).fill('');
  const name = (kind: Token, text: string): void => {
    names[kind] = text;
  };
  name(Token.End, 'end of file');
  name(Token.Identifier, 'identifier');
  name(Token.Integer, 'integer');
  name(Token.Float, 'floating-point literal');
  name(Token.Quote, `'"'`);
  name(Token.IndentedOpen, 'start of an indented string');
  name(Token.Path, 'path');
  // The ellipses are U+2026, here as their UTF-8 bytes.
  name(Token.HomePath, `'~/\xe2\x80\xa6' path`);
  name(Token.SearchPath, `'<\xe2\x80\xa6>' path`);
  name(Token.Uri, 'URI');
  name(Token.ParenOpen, `'('`);
  name(Token.Let, `'let'`);
  name(Token.Rec, `'rec'`);
  name(Token.BraceOpen, `'{'`);
  name(Token.BracketOpen, `'['`);
  name(Token.If, `'if'`);
  name(Token.Then, `'then'`);
  name(Token.Else, `'else'`);
  name(Token.Assert, `'assert'`);
  name(Token.With, `'with'`);
  name(Token.In, `'in'`);
  name(Token.Inherit, `'inherit'`);
  name(Token.Or, `'or'`);
  name(Token.Ellipsis, `'...'`);
  name(Token.DollarCurly, `'\${'`);
  name(Token.ParenClose, `')'`);
  name(Token.BraceClose, `'}'`);
  name(Token.BracketClose, `']'`);
  name(Token.Colon, `':'`);
  name(Token.At, `'@'`);
  name(Token.Semicolon, `';'`);
  name(Token.Comma, `','`);
  name(Token.Assign, `'='`);
  name(Token.Dot, `'.'`);
  name(Token.Not, `'!'`);
  name(Token.Invalid, 'invalid token');
  name(Token.Implication, `'->'`);
  name(Token.LogicalOr, `'||'`);
  name(Token.LogicalAnd, `'&&'`);
  name(Token.Equal, `'=='`);
  name(Token.NotEqual, `'!='`);
  name(Token.Less, `'<'`);
  name(Token.LessOrEqual, `'<='`);
  name(Token.Greater, `'>'`);
  name(Token.GreaterOrEqual, `'>='`);
  name(Token.Update, `'//'`);
  name(Token.Plus, `'+'`);
  name(Token.Minus, `'-'`);
  name(Token.Star, `'*'`);
  name(Token.Slash, `'/'`);
  name(Token.Concat, `'++'`);
  name(Token.PipeInto, `'|>'`);
  name(Token.PipeFrom, `'<|'`);
  name(Token.Question, `'?'`);
  return names;
})();
