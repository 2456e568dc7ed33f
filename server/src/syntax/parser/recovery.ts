/**
 * What the parser does about a token that cannot stand where it stands: the message, and
 * how much of the text it skips.
 */
import { Frame, expectedIn, isCloser, isTransparent, takes } from './frames';
import { MissingNode } from '../tree';
import { Token, startsSimple, tokenNames } from '../tokens';
import { ParserStacks } from './stacks';
import { Step } from './step';

/** How many bytes recovery looks ahead at most. */
export const lookahead = 10_000;

/** The layer that goes on after errors. */
export abstract class Recovery extends ParserStacks {
  /** The token cannot stand here; `expected` is what could, or empty if that is too much to say. */
  protected unexpected(expected: string): void {
    const lexer = this.lexer;
    if (lexer.start <= this.quietUntil) return;
    this.quietUntil = lexer.start;
    const end = lexer.kind === Token.End;
    const wanted = expected === '' ? '' : `, expecting ${expected}`;
    const message = `syntax error, unexpected ${tokenNames[lexer.kind]}${wanted}`;
    const start = end ? Math.min(lexer.end, this.endOfFile) : lexer.start;
    this.report(start, end ? start : lexer.end, message, 'syntax-error');
  }

  /** No expression starts at the token. */
  protected missingExpression(): Step {
    const lexer = this.lexer;
    for (;;) {
      this.unexpected('');
      if (startsExpression(lexer.kind)) {
        this.push(Frame.Loose, lexer.start, 0);
        return Step.Expression;
      }
      if (this.isTaken()) return this.missingHere();
      this.skipToken();
      if (startsSimple(lexer.kind)) return Step.Argument;
    }
  }

  /** An expression is missing before the token. */
  protected missingHere(): Step {
    this.node = new MissingNode(0);
    this.nodeStart = this.lexer.previousEnd;
    this.nodeDepth = 0;
    return Step.ArgumentDone;
  }

  /**
   * Takes `token`, which closes the innermost frame's part. If something else
   * stands there, it is an error, and what no outer frame takes is skipped.
   */
  protected closeWith(token: Token): void {
    if (this.closeBefore(token) && token !== Token.End) this.lexer.next();
  }

  /** The same without reading on behind the token; gives whether it is there. */
  protected closeBefore(token: Token): boolean {
    const lexer = this.lexer;
    if (lexer.kind === token) return true;
    this.unexpected(expectedIn(this.frames[this.height]!));
    if (lexer.kind === Token.Identifier && this.startsNextBinding()) return false;
    while (!this.isTaken()) {
      this.skipToken();
      if (lexer.kind === token) return true;
      if (lexer.kind === Token.Identifier && this.startsNextBinding()) return false;
    }
    return lexer.kind === token;
  }

  /**
   * Whether a frame takes the token. Nothing beyond an interpolation is asked:
   * what is between its braces cannot close what is around its string.
   */
  protected isTaken(): boolean {
    const kind = this.lexer.kind;
    if (kind === Token.End) return true;
    if (!isCloser(kind)) return false;
    for (let height = this.height; height >= 0; height--) {
      const frame = this.frames[height]!;
      if (takes(frame, kind)) return true;
      if (frame === Frame.Interpolation) return false;
    }
    this.dependsOnContext = true;
    return false;
  }

  /**
   * Whether the name at the token starts the next binding, while the value of
   * one is still open: something is missing at the end of that value.
   */
  protected startsNextBinding(): boolean {
    if (this.lexer.assignmentBehind() < 0) return false;
    for (let height = this.height; height >= 0; height--) {
      const frame = this.frames[height];
      if (frame === Frame.BindingValue) return true;
      if (frame === Frame.Interpolation) return false;
    }
    this.dependsOnContext = true;
    return false;
  }

  /** The value of the open binding ends without its last operand. */
  protected cutOffBinding(): Step {
    this.reportNextBinding();
    return this.missingHere();
  }

  /** Reports the `=` of the next binding, where Nix finds out that one is open. */
  protected reportNextBinding(): void {
    const at = this.lexer.assignmentBehind();
    if (this.lexer.start <= this.quietUntil) return;
    this.quietUntil = at;
    let height = this.height;
    while (isTransparent(this.frames[height]!)) height--;
    const expected = expectedIn(this.frames[height]!);
    const wanted = expected === '' ? '' : `, expecting ${expected}`;
    this.report(at, at + 1, `syntax error, unexpected '='${wanted}`, 'syntax-error');
  }

  /** Skips the token, and if it opens something, all up to its end. What comes next gives no error at once. */
  protected skipToken(): void {
    const open: Token[] = [];
    do this.skipPart(open);
    while (open.length > 0 && this.lexer.kind !== Token.End);
    this.quietUntil = Math.max(this.quietUntil, this.lexer.start);
  }

  /** Skips one token; `open` has what closes the brackets, and the opening tokens of strings and paths. */
  protected skipPart(open: Token[]): void {
    const lexer = this.lexer;
    switch (lexer.kind) {
      case Token.ParenOpen:
        open.push(Token.ParenClose);
        return lexer.next();
      case Token.BracketOpen:
        open.push(Token.BracketClose);
        return lexer.next();
      case Token.BraceOpen:
      case Token.DollarCurly:
        open.push(Token.BraceClose);
        return lexer.next();
      case Token.Quote:
      case Token.IndentedOpen:
      case Token.Path:
      case Token.HomePath:
        open.push(lexer.kind);
        return this.skipText(open);
    }
    if (open.length > 0 && lexer.kind === open[open.length - 1]) {
      open.pop();
      if (isTextOpener(open[open.length - 1])) return this.skipText(open);
    }
    lexer.next();
  }

  /** Skips the text of the string or path that `open` ends with, up to its end or into `${`. */
  protected skipText(open: Token[]): void {
    const lexer = this.lexer;
    const mode = open[open.length - 1]!;
    const end = lexer.textEnd(mode, lexer.end);
    if (lexer.isInterpolation(end)) {
      lexer.end = end + 2;
      open.push(Token.BraceClose);
    } else {
      const closing = mode === Token.Quote ? 1 : mode === Token.IndentedOpen ? 2 : 0;
      lexer.end = Math.min(end + closing, lexer.length);
      open.pop();
    }
    lexer.next();
  }
}

/** Tokens that start an expression but no operand of an application. */
export function startsExpression(kind: Token): boolean {
  return (
    kind === Token.If ||
    kind === Token.With ||
    kind === Token.Assert ||
    kind === Token.Not ||
    kind === Token.Minus
  );
}

function isTextOpener(kind: Token | undefined): boolean {
  return (
    kind === Token.Quote || kind === Token.IndentedOpen || kind === Token.Path || kind === Token.HomePath
  );
}
