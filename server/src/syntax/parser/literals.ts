/** Numbers, URIs, strings and paths. Where text is read, the lexer's `end` is where it goes on. */
import type { Bytes } from '../../base/bytes';
import { Frame } from './frames';
import { cutText, stripIndentation, unescapeQuoted } from '../literal-text';
import {
  FloatNode,
  IntegerNode,
  InterpolationNode,
  Kind,
  MissingNode,
  PathNode,
  PathStyle,
  StringNode,
  type StringPart,
  StringStyle,
  TextPart,
} from '../tree';
import { Token } from '../tokens';
import { Recovery } from './recovery';
import { Step } from './step';

/** The layer of literals. */
export abstract class LiteralParser extends Recovery {
  protected integer(): IntegerNode | MissingNode {
    const { bytes, start, end } = this.lexer;
    const width = end - start;
    if (width <= 15) {
      let value = 0;
      for (let at = start; at < end; at++) value = value * 10 + (bytes[at]! - 48);
      return new IntegerNode(width, value);
    }
    const digits = this.text.slice(start, end);
    const value = BigInt(digits);
    if (value > 0x7fff_ffff_ffff_ffffn)
      return this.invalidNumber(`invalid integer '${digits}'`, 'invalid-integer');
    return new IntegerNode(width, value <= Number.MAX_SAFE_INTEGER ? Number(value) : value);
  }

  protected float(): FloatNode | MissingNode {
    const { start, end } = this.lexer;
    const digits = this.text.slice(start, end);
    const value = Number(digits);
    if (isOutOfRange(value, digits)) return this.invalidNumber(`invalid float '${digits}'`, 'invalid-float');
    return new FloatNode(end - start, value);
  }

  /** A number that no value can hold. Whoever needs it gets the same error. */
  protected invalidNumber(message: Bytes, code: string): MissingNode {
    const { start, end } = this.lexer;
    this.lexicalError(start, end, message, code);
    return new MissingNode(end - start, message);
  }

  protected uri(): StringNode {
    const { bytes, start, end } = this.lexer;
    const part = new TextPart(end - start, cutText(bytes, start, end));
    return new StringNode(end - start, StringStyle.Uri, [part], [0]);
  }

  protected quotedText(): Step {
    const lexer = this.lexer;
    const from = lexer.end;
    const end = lexer.quotedTextEnd(from);
    if (end > from) this.pushValue(new TextPart(end - from, this.quotedPart(from, end)), from);
    if (this.startInterpolation(end)) return Step.Expression;
    lexer.end = end;
    if (lexer.isAtQuote(end)) lexer.end = end + 1;
    else this.unterminated(`'"'`);
    lexer.next();
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const isName = this.data[this.height] === 1;
    const parts = this.takeNodes<StringPart>(base);
    const partsAt = this.takeStarts(base, start);
    const node = new StringNode(lexer.previousEnd - start, StringStyle.Quoted, parts, partsAt);
    if (!isName) {
      this.complete(node);
      return Step.SimpleDone;
    }
    this.top = base;
    this.height--;
    this.pushValue(node, start);
    return Step.NameDone;
  }

  protected quotedPart(from: number, end: number): Bytes {
    const lexer = this.lexer;
    if (!lexer.escaped) return cutText(lexer.bytes, from, end);
    const text = unescapeQuoted(lexer.bytes, from, end);
    this.checkNul(from, end, text);
    return text;
  }

  /** Nix's strings cannot hold a NUL. */
  protected checkNul(from: number, end: number, text: Bytes): void {
    if (!text.includes('\0')) return;
    const shown = text.replaceAll('\0', '\xe2\x90\x80');
    this.lexicalError(
      from,
      end,
      `input string '${shown}' cannot be represented as Nix string because it contains null bytes`,
      'null-byte',
    );
  }

  protected indentedText(): Step {
    const lexer = this.lexer;
    let at = lexer.end;
    for (;;) {
      const end = lexer.indentedTextEnd(at);
      if (end > at) {
        this.pushValue(undefined, at);
        if (lexer.hasNul) this.checkNul(at, end, cutText(lexer.bytes, at, end));
      }
      if (this.startInterpolation(end)) return Step.Expression;
      const escape = lexer.indentedEscapeEnd(end);
      if (escape === end) {
        at = end;
        break;
      }
      this.pushValue(undefined, end);
      at = escape;
    }
    lexer.end = at;
    if (at < lexer.length) lexer.end = at + 2;
    else this.unterminated(`indented string or '\${' or end of an indented string`);
    lexer.next();
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    this.top = stripIndentation(
      lexer.bytes,
      this.values as (InterpolationNode | undefined)[],
      this.starts,
      base,
      this.top,
      at,
    );
    const parts = this.takeNodes<StringPart>(base);
    const partsAt = this.takeStarts(base, start);
    this.complete(new StringNode(lexer.previousEnd - start, StringStyle.Indented, parts, partsAt));
    return Step.SimpleDone;
  }

  protected pathStart(): Step {
    const lexer = this.lexer;
    this.push(Frame.Path, lexer.start, lexer.kind);
    const width = lexer.end - lexer.start;
    this.pushValue(new TextPart(width, cutText(lexer.bytes, lexer.start, lexer.end)), lexer.start);
    return Step.PathText;
  }

  protected pathText(): Step {
    const lexer = this.lexer;
    for (;;) {
      const from = lexer.end;
      if (this.startInterpolation(from)) return Step.Expression;
      const end = lexer.pathTextEnd(from);
      if (end === from) break;
      // `a//b`: a second piece of text has to be followed by an interpolation.
      if (this.isSecondText()) this.reportPathText('string', from, end);
      this.pushValue(new TextPart(end - from, cutText(lexer.bytes, from, end)), from);
      lexer.end = end;
    }
    return this.pathDone();
  }

  /** Whether the path consists of two pieces of text so far. */
  protected isSecondText(): boolean {
    const base = this.bases[this.height]!;
    return this.top === base + 2 && this.values[base + 1]!.kind === Kind.TextPart;
  }

  protected reportPathText(found: string, start: number, end: number): void {
    this.report(start, end, `syntax error, unexpected ${found}, expecting '\${'`, 'syntax-error');
  }

  protected pathDone(): Step {
    const lexer = this.lexer;
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    this.checkPathEnd();
    if (lexer.end >= lexer.length) {
      const last = this.values[this.top - 1]!;
      this.endOfFile = last.kind === Kind.TextPart ? this.starts[this.top - 1]! : lexer.length - 1;
    }
    lexer.next();
    const style =
      this.data[this.height] === Token.HomePath
        ? PathStyle.Home
        : lexer.isAbsolutePath(start)
          ? PathStyle.Absolute
          : PathStyle.Relative;
    const parts = this.takeNodes<StringPart>(base);
    const partsAt = this.takeStarts(base, start);
    this.complete(new PathNode(lexer.previousEnd - start, style, parts, partsAt));
    return Step.SimpleDone;
  }

  /** A path must not end on a slash, nor with its second piece of text. */
  protected checkPathEnd(): void {
    const lexer = this.lexer;
    const end = lexer.end;
    const lastStart = this.starts[this.top - 1]!;
    const last = this.values[this.top - 1] as StringPart;
    if (last.kind === Kind.TextPart && last.text.endsWith('/')) {
      // At the end of the file Nix points to the last piece, else to the character behind it.
      if (end >= lexer.length) this.report(lastStart, end, trailingSlash, 'trailing-slash');
      else this.report(end, end + 1, trailingSlash, 'trailing-slash');
    } else if (this.isSecondText()) this.reportPathText('end of path', lastStart, end);
  }

  /** Goes into `${` at `offset`, if it is there. */
  protected startInterpolation(offset: number): boolean {
    const lexer = this.lexer;
    if (!lexer.isInterpolation(offset) || offset >= lexer.length) return false;
    this.push(Frame.Interpolation, offset, 0);
    lexer.end = offset + 2;
    lexer.next();
    return true;
  }

  /** The expression between `${` and `}` is complete. */
  protected interpolation(): Step {
    const lexer = this.lexer;
    const start = this.frameStarts[this.height]!;
    const inner = this.node;
    const innerAt = this.nodeStart - start;
    // What follows the brace is text, so no token is read behind it.
    const closed = this.closeBefore(Token.BraceClose);
    const end = closed ? lexer.end : lexer.previousEnd;
    this.height--;
    this.pushValue(new InterpolationNode(end - start, inner, innerAt), start);
    lexer.end = closed ? end : lexer.start;
    const frame = this.frames[this.height];
    if (frame === Frame.QuotedString) return Step.QuotedText;
    return frame === Frame.IndentedString ? Step.IndentedText : Step.PathText;
  }

  protected unterminated(expected: string): void {
    const end = this.lexer.length;
    if (end <= this.quietUntil) return;
    this.report(
      end,
      end,
      `syntax error, unexpected end of file, expecting ${expected}`,
      'unterminated-string',
    );
    this.quietUntil = end;
  }
}

const trailingSlash = 'path has a trailing slash';

/** Whether C's `strtod` gives a range error: too large, or too small to be a normal number. */
function isOutOfRange(value: number, digits: string): boolean {
  if (value === 0) return /^[0.]*[1-9]/.test(digits);
  return value === Infinity || value < 2.2250738585072014e-308;
}
