/**
 * The lexer: a machine that the parser pulls tokens from. A token is the four
 * fields `kind`, `start`, `end` and, for names, `name`; none is allocated.
 *
 * Nix's tokens are those of the longest match, so `a/b` is a path, `x:y` a
 * URI and `-1/2` a path too. What comes inside strings and paths is scanned by
 * methods that the parser calls where it stands, since only the parser knows
 * that it is inside one. Escapes are resolved in `literal-text.ts`.
 */
import type { Bytes } from '../base/bytes';
import { hashStep, identifierIndex, identifierKind, identifierName } from './identifier-table';
import { Token } from './tokens';

/** Takes an error that is found while a token is read. */
export interface LexicalErrors {
  lexicalError(start: number, end: number, message: Bytes, code: string): void;
}

const enum Class {
  IdentifierStart = 1,
  Identifier = 2,
  Path = 4,
  Uri = 8,
  Blank = 16,
  Digit = 32,
}

/** Properties of each byte. */
const classes = (() => {
  const table = new Uint8Array(256);
  const mark = (text: string, flags: number): void => {
    for (const character of text) table[character.charCodeAt(0)]! |= flags;
  };
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  mark(letters, Class.IdentifierStart | Class.Identifier | Class.Path | Class.Uri);
  mark('_', Class.IdentifierStart | Class.Identifier | Class.Path | Class.Uri);
  mark('0123456789', Class.Identifier | Class.Path | Class.Uri | Class.Digit);
  mark(`'-`, Class.Identifier);
  mark('.-+', Class.Path);
  mark(`%/?:@&=+$,-.!~*'`, Class.Uri);
  mark(' \t\r\n', Class.Blank);
  return table;
})();

const enum Char {
  Nul = 0,
  Newline = 10,
  Return = 13,
  Space = 32,
  Exclamation = 33,
  Quote = 34,
  Hash = 35,
  Dollar = 36,
  Ampersand = 38,
  Apostrophe = 39,
  ParenOpen = 40,
  ParenClose = 41,
  Star = 42,
  Plus = 43,
  Comma = 44,
  Minus = 45,
  Dot = 46,
  Slash = 47,
  Zero = 48,
  Colon = 58,
  Semicolon = 59,
  Less = 60,
  Equal = 61,
  Greater = 62,
  Question = 63,
  At = 64,
  UpperE = 69,
  BracketOpen = 91,
  Backslash = 92,
  BracketClose = 93,
  Underscore = 95,
  LowerE = 101,
  BraceOpen = 123,
  Bar = 124,
  BraceClose = 125,
  Tilde = 126,
}

/**
 * The text as bytes, with two NULs behind it, so that looking at the next two
 * bytes needs no test for the end.
 */
function bytesOf(text: Bytes): Buffer {
  const bytes = Buffer.allocUnsafe(text.length + 2);
  bytes.write(text, 'latin1');
  bytes[text.length] = 0;
  bytes[text.length + 1] = 0;
  return bytes;
}

export class Lexer {
  readonly bytes: Buffer;
  /** Length of the text; `bytes` is longer. */
  readonly length: number;

  /** Whether there is a NUL byte in the text. */
  readonly hasNul: boolean;

  kind: Token = Token.End;
  start = 0;
  end = 0;
  /** The name, where `kind` is `Identifier` or a keyword. */
  name = '';
  /** End of the token before this one. */
  previousEnd = 0;

  /** Whether the text that `quotedTextEnd` went over is not what it means: a backslash, a CR or a NUL is in it. */
  escaped = false;

  /** Where an unterminated comment starts, or the text's length. It is read as `/`, `*` and the end of the file. */
  private unterminated: number;
  /** End of the last run of path characters that was looked at, and the last `_` in it. */
  private runEnd = 0;
  private runUnderscore = -1;

  constructor(
    text: Bytes,
    private readonly pipeOperators: boolean,
    private readonly errors: LexicalErrors,
  ) {
    this.bytes = bytesOf(text);
    this.length = text.length;
    this.unterminated = text.length;
    this.hasNul = this.bytes.indexOf(0) < text.length;
  }

  /** For where the compiler believes that it knows `kind`, though a token was read since. */
  is(kind: Token): boolean {
    return this.kind === kind;
  }

  /** Leaves out the rest of the text: the token is the end of the file. */
  giveUp(): void {
    this.start = this.length;
    this.accept(Token.End, this.length);
  }

  /** Continues at `offset`, where a token or trivia starts. */
  seek(offset: number): void {
    this.end = offset;
    this.previousEnd = offset;
    this.runEnd = 0;
  }

  /** Reads the next token in ordinary text, behind `end`. */
  next(): void {
    const bytes = this.bytes;
    this.previousEnd = this.end;
    const start = this.skipTrivia(this.end);
    this.start = start;
    const c = bytes[start]!;
    if ((classes[c]! & Class.IdentifierStart) !== 0) {
      this.word(start);
      return;
    }
    switch (c) {
      case Char.ParenOpen:
        return this.accept(Token.ParenOpen, start + 1);
      case Char.ParenClose:
        return this.accept(Token.ParenClose, start + 1);
      case Char.BraceOpen:
        return this.accept(Token.BraceOpen, start + 1);
      case Char.BraceClose:
        return this.accept(Token.BraceClose, start + 1);
      case Char.BracketOpen:
        return this.accept(Token.BracketOpen, start + 1);
      case Char.BracketClose:
        return this.accept(Token.BracketClose, start + 1);
      case Char.Semicolon:
        return this.accept(Token.Semicolon, start + 1);
      case Char.Colon:
        return this.accept(Token.Colon, start + 1);
      case Char.Comma:
        return this.accept(Token.Comma, start + 1);
      case Char.At:
        return this.accept(Token.At, start + 1);
      case Char.Question:
        return this.accept(Token.Question, start + 1);
      case Char.Star:
        return this.accept(Token.Star, start + 1);
      case Char.Quote:
        return this.accept(Token.Quote, start + 1);
      case Char.Equal:
        return this.pair(Char.Equal, Token.Equal, Token.Assign);
      case Char.Exclamation:
        return this.pair(Char.Equal, Token.NotEqual, Token.Not);
      case Char.Greater:
        return this.pair(Char.Equal, Token.GreaterOrEqual, Token.Greater);
      case Char.Ampersand:
        return this.pair(Char.Ampersand, Token.LogicalAnd, Token.Invalid);
      case Char.Dollar:
        return this.pair(Char.BraceOpen, Token.DollarCurly, Token.Invalid);
      case Char.Bar:
        return this.bar(start);
      case Char.Less:
        return this.less(start);
      case Char.Apostrophe:
        return this.apostrophe(start);
      case Char.Tilde:
        return this.tilde(start);
      case Char.Dot:
      case Char.Plus:
      case Char.Minus:
      case Char.Slash:
        return this.pathOrOperator(start, c);
      case Char.Nul:
        // A NUL byte is the end of the file for Nix, wherever it stands.
        return this.accept(Token.End, Math.min(start + 1, this.length));
      default:
        if ((classes[c]! & Class.Digit) !== 0) return this.number(start);
        return this.accept(Token.Invalid, start + 1);
    }
  }

  /** The offset behind white space and comments from `offset` on. */
  skipTrivia(offset: number): number {
    const bytes = this.bytes;
    let at = offset;
    for (;;) {
      const c = bytes[at]!;
      if ((classes[c]! & Class.Blank) !== 0) at++;
      else if (c === Char.Hash) at = this.lineCommentEnd(at + 1);
      else if (c === Char.Slash && bytes[at + 1] === Char.Star) {
        const end = this.commentEnd(at);
        if (end < 0) return this.atUnterminated(at);
        at = end;
      } else if (c === Char.Star && at === this.unterminated + 1 && at < this.length) return at;
      else if (at > this.unterminated + 1) return this.length;
      else return at;
    }
  }

  /** The offset behind white space from `offset` on. */
  skipBlanks(offset: number): number {
    let at = offset;
    while ((classes[this.bytes[at]!]! & Class.Blank) !== 0) at++;
    return at;
  }

  /** The offset behind the comment at `offset`; `offset` itself if none is there. */
  skipComment(offset: number): number {
    const bytes = this.bytes;
    if (bytes[offset] === Char.Hash) return this.lineCommentEnd(offset + 1);
    if (bytes[offset] !== Char.Slash || bytes[offset + 1] !== Char.Star) return offset;
    const end = this.commentEnd(offset);
    return end < 0 ? offset : end;
  }

  private lineCommentEnd(from: number): number {
    const bytes = this.bytes;
    let at = from;
    for (;;) {
      const c = bytes[at];
      if (c === Char.Newline || c === Char.Return) return at;
      if (c === Char.Nul && at >= this.length) return at;
      at++;
    }
  }

  /** The end of the comment that starts at `start`, or -1 if it has none. */
  private commentEnd(start: number): number {
    const bytes = this.bytes;
    if (start >= this.unterminated) return -1;
    for (let at = start + 2; at < this.length; at++) {
      if (bytes[at] === Char.Star && bytes[at + 1] === Char.Slash) return at + 2;
    }
    return -1;
  }

  /**
   * Nix reads a comment without an end as the operators `/` and `*`. The rest
   * is skipped: no token in it would mean anything.
   */
  private atUnterminated(start: number): number {
    if (start < this.unterminated) this.unterminated = start;
    return start;
  }

  private accept(kind: Token, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  private pair(second: number, both: Token, alone: Token): void {
    if (this.bytes[this.start + 1] === second) this.accept(both, this.start + 2);
    else this.accept(alone, this.start + 1);
  }

  /** A name, a keyword, or a path or URI that starts like one. */
  private word(start: number): void {
    const bytes = this.bytes;
    let at = start;
    let hash = 0;
    let c = bytes[at]!;
    do {
      hash = hashStep(hash, c);
      c = bytes[++at]!;
    } while ((classes[c]! & Class.Identifier) !== 0);
    if (c === Char.Dot || c === Char.Slash || c === Char.Colon || c === Char.Plus) {
      if (this.pathOrUri(start)) return;
    }
    const index = identifierIndex(bytes, start, at, hash);
    this.name = identifierName(index);
    this.kind = identifierKind(index);
    this.end = at;
  }

  /** Takes the text from `start` as a path or, if it starts with a letter, a URI. */
  private pathOrUri(start: number): boolean {
    const bytes = this.bytes;
    const run = this.pathRun(start);
    const c = bytes[run];
    if (c === Char.Slash) return this.path(run);
    if (c !== Char.Colon || this.runUnderscore >= start) return false;
    if ((classes[bytes[run + 1]!]! & Class.Uri) === 0) return false;
    let at = run + 2;
    while ((classes[bytes[at]!]! & Class.Uri) !== 0) at++;
    this.accept(Token.Uri, at);
    return true;
  }

  /**
   * The end of the run of path characters at `start`. Kept for the next call:
   * `a.b.c.d` is asked at each of its names.
   */
  private pathRun(start: number): number {
    if (start < this.runEnd) return this.runEnd;
    const bytes = this.bytes;
    let at = start;
    this.runUnderscore = -1;
    for (;;) {
      const c = bytes[at]!;
      if ((classes[c]! & Class.Path) === 0) break;
      if (c === Char.Underscore) this.runUnderscore = at;
      at++;
    }
    this.runEnd = at;
    return at;
  }

  /** Takes a path whose first slash is at `slash`, if there is one. */
  private path(slash: number): boolean {
    const end = this.pathEnd(slash);
    if (end > slash + 1) {
      this.accept(Token.Path, end);
      return true;
    }
    // `a/${`: the path is `a/`, and the interpolation follows.
    if (!this.isInterpolation(slash + 1)) return false;
    this.accept(Token.Path, slash + 1);
    return true;
  }

  /** The end of `/x/y/` from its first slash on; not behind it if nothing follows the slash. */
  private pathEnd(slash: number): number {
    const bytes = this.bytes;
    let at = slash;
    while (bytes[at] === Char.Slash && (classes[bytes[at + 1]!]! & Class.Path) !== 0) {
      at += 2;
      while ((classes[bytes[at]!]! & Class.Path) !== 0) at++;
    }
    return at > slash && bytes[at] === Char.Slash ? at + 1 : at;
  }

  isInterpolation(offset: number): boolean {
    return this.bytes[offset] === Char.Dollar && this.bytes[offset + 1] === Char.BraceOpen;
  }

  private number(start: number): void {
    const bytes = this.bytes;
    let at = start;
    while ((classes[bytes[at]!]! & Class.Digit) !== 0) at++;
    const c = bytes[at]!;
    // Whatever goes on with a path character may be a path: `1a/b`.
    if ((classes[c]! & Class.Path) !== 0 || c === Char.Slash) {
      const run = this.pathRun(start);
      if (bytes[run] === Char.Slash && this.path(run)) return;
    }
    const leadingZero = bytes[start] === Char.Zero;
    if (c === Char.Dot) {
      // `1.` is a float, `0.` and `01.5` are not; `0.5` is.
      const digits = (classes[bytes[at + 1]!]! & Class.Digit) !== 0;
      if (!leadingZero || (digits && at === start + 1)) return this.float(at + 1);
    }
    this.accept(Token.Integer, at);
  }

  /** The digits behind the point, which is before `at`, and the exponent. */
  private float(from: number): void {
    const bytes = this.bytes;
    let at = from;
    while ((classes[bytes[at]!]! & Class.Digit) !== 0) at++;
    if (bytes[at] === Char.LowerE || bytes[at] === Char.UpperE) {
      const sign = bytes[at + 1];
      const digits = sign === Char.Plus || sign === Char.Minus ? at + 2 : at + 1;
      if ((classes[bytes[digits]!]! & Class.Digit) !== 0) {
        at = digits + 1;
        while ((classes[bytes[at]!]! & Class.Digit) !== 0) at++;
      }
    }
    this.accept(Token.Float, at);
  }

  /** One of `.`, `+`, `-`, `/` or what starts with it. */
  private pathOrOperator(start: number, c: number): void {
    const bytes = this.bytes;
    const run = this.pathRun(start);
    if (bytes[run] === Char.Slash && this.path(run)) return;
    const second = bytes[start + 1]!;
    switch (c) {
      case Char.Dot:
        if (second === Char.Dot && bytes[start + 2] === Char.Dot)
          return this.accept(Token.Ellipsis, start + 3);
        if ((classes[second]! & Class.Digit) !== 0) return this.float(start + 1);
        return this.accept(Token.Dot, start + 1);
      case Char.Plus:
        return this.pair(Char.Plus, Token.Concat, Token.Plus);
      case Char.Minus:
        return this.pair(Char.Greater, Token.Implication, Token.Minus);
      default:
        return this.pair(Char.Slash, Token.Update, Token.Slash);
    }
  }

  private bar(start: number): void {
    const second = this.bytes[start + 1];
    if (second === Char.Bar) return this.accept(Token.LogicalOr, start + 2);
    if (second === Char.Greater) return this.pipe(Token.PipeInto);
    this.accept(Token.Invalid, start + 1);
  }

  private less(start: number): void {
    const bytes = this.bytes;
    const end = this.searchPathEnd(start);
    if (end > 0) return this.accept(Token.SearchPath, end);
    if (bytes[start + 1] === Char.Bar) return this.pipe(Token.PipeFrom);
    this.pair(Char.Equal, Token.LessOrEqual, Token.Less);
  }

  /** The end of `<x/y>` at `start`, or 0 if there is none. */
  private searchPathEnd(start: number): number {
    const bytes = this.bytes;
    if ((classes[bytes[start + 1]!]! & Class.Path) === 0) return 0;
    let at = this.pathRun(start + 1);
    while (bytes[at] === Char.Slash && (classes[bytes[at + 1]!]! & Class.Path) !== 0) {
      at += 2;
      while ((classes[bytes[at]!]! & Class.Path) !== 0) at++;
    }
    return bytes[at] === Char.Greater ? at + 1 : 0;
  }

  private pipe(kind: Token): void {
    this.accept(kind, this.start + 2);
    if (this.pipeOperators) return;
    this.errors.lexicalError(
      this.start,
      this.end,
      "experimental Nix feature 'pipe-operators' is disabled; " +
        "add '--extra-experimental-features pipe-operators' to enable it",
      'experimental-feature',
    );
  }

  /** `''`, with the blanks and the newline behind it if they are all of the line. */
  private apostrophe(start: number): void {
    const bytes = this.bytes;
    if (bytes[start + 1] !== Char.Apostrophe) return this.accept(Token.Invalid, start + 1);
    let at = start + 2;
    while (bytes[at] === Char.Space) at++;
    this.accept(Token.IndentedOpen, bytes[at] === Char.Newline ? at + 1 : start + 2);
  }

  private tilde(start: number): void {
    if (this.bytes[start + 1] === Char.Slash) {
      const end = this.pathEnd(start + 1);
      if (end > start + 2) return this.accept(Token.HomePath, end);
      if (this.isInterpolation(start + 2)) return this.accept(Token.HomePath, start + 2);
    }
    this.accept(Token.Invalid, start + 1);
  }

  /**
   * The end of the text inside `"…"` from `from` on: at the quote, at `${`, or
   * at the end of the file. A `$` takes the character behind it along, so
   * `$${` starts no interpolation.
   */
  quotedTextEnd(from: number): number {
    const bytes = this.bytes;
    this.escaped = false;
    let at = from;
    while (at < this.length) {
      const c = bytes[at];
      if (c === Char.Quote) return at;
      if (c === Char.Backslash) {
        this.escaped = true;
        at += 2;
      } else if (c === Char.Dollar) {
        const second = bytes[at + 1]!;
        if (second === Char.BraceOpen) return at;
        // The character behind is read again if it means something by itself.
        at += second === Char.Quote || second <= Char.Return || second === Char.Backslash ? 1 : 2;
      } else {
        if (c === Char.Return || c === Char.Nul) this.escaped = true;
        at++;
      }
    }
    return this.length;
  }

  /**
   * The end of a plain piece of text inside `''…''`, from `from` on. A quote
   * and a `$` take the character behind them along.
   */
  indentedTextEnd(from: number): number {
    const bytes = this.bytes;
    let at = from;
    while (at < this.length) {
      const c = bytes[at];
      if (c === Char.Dollar) {
        const second = bytes[at + 1];
        if (second === Char.BraceOpen || second === Char.Apostrophe || at + 1 >= this.length) return at;
        at += 2;
      } else if (c === Char.Apostrophe) {
        const second = bytes[at + 1];
        if (second === Char.Apostrophe || second === Char.Dollar || at + 1 >= this.length) return at;
        at += 2;
      } else at++;
    }
    return Math.min(at, this.length);
  }

  /**
   * The end of the escape at `from` inside `''…''`, or of a lone `$` or `'`;
   * `from` itself if the closing quotes or the end of the file are there.
   */
  indentedEscapeEnd(from: number): number {
    const bytes = this.bytes;
    if (from >= this.length) return from;
    if (bytes[from] === Char.Dollar || bytes[from + 1] !== Char.Apostrophe) return from + 1;
    const third = bytes[from + 2];
    if (third === Char.Apostrophe || third === Char.Dollar) return from + 3;
    return third === Char.Backslash && from + 3 < this.length ? from + 4 : from;
  }

  /** The end of all text from `from` on in what `opener` opened: at its end, at `${`, or at the end of the file. */
  textEnd(opener: Token, from: number): number {
    if (opener === Token.Quote) return this.quotedTextEnd(from);
    let at = from;
    for (;;) {
      let end = opener === Token.IndentedOpen ? this.indentedTextEnd(at) : this.pathTextEnd(at);
      if (opener === Token.IndentedOpen && !this.isInterpolation(end)) end = this.indentedEscapeEnd(end);
      if (end === at || this.isInterpolation(end)) return end;
      at = end;
    }
  }

  isAtQuote(offset: number): boolean {
    return offset < this.length && this.bytes[offset] === Char.Quote;
  }

  isAbsolutePath(start: number): boolean {
    return this.bytes[start] === Char.Slash;
  }

  /** The end of a piece of text inside a path, at `from` if there is none. */
  pathTextEnd(from: number): number {
    const bytes = this.bytes;
    let at = from;
    while ((classes[bytes[at]!]! & Class.Path) !== 0) at++;
    const end = this.pathEnd(at);
    return end === at && bytes[at] === Char.Slash ? at + 1 : end;
  }

  /**
   * Whether the name at the token, with what else of an attribute path follows,
   * stands before `=`: no expression goes on like that, so a binding starts
   * here. The answer is the offset of the `=`, or -1.
   */
  assignmentBehind(): number {
    const bytes = this.bytes;
    let at = this.end;
    for (;;) {
      while ((classes[bytes[at]!]! & Class.Blank) !== 0) at++;
      if (bytes[at] !== Char.Dot) break;
      at++;
      if ((classes[bytes[at]!]! & Class.IdentifierStart) === 0) return -1;
      while ((classes[bytes[at]!]! & Class.Identifier) !== 0) at++;
    }
    return bytes[at] === Char.Equal && bytes[at + 1] !== Char.Equal ? at : -1;
  }
}
