/** `{`: what begins there is a set or the formals of a function. */
import { Frame } from './frames';
import {
  AttributePathNode,
  AttributeSetNode,
  BindingNode,
  type Expression,
  FormalNode,
  FormalsNode,
  IdentifierNode,
  MissingNode,
} from '../tree';
import { Token } from '../tokens';
import { BindingParser } from './bindings';
import { lookahead } from './recovery';
import { noNodes } from './stacks';
import { Step } from './step';

const ellipsisFlag = 1;

/** The layer of functions with formals. */
export abstract class FormalsParser extends BindingParser {
  /** `{` where any expression may stand: a set, or the formals of a function. */
  protected setOrLambda(): Step {
    const lexer = this.lexer;
    const start = lexer.start;
    lexer.next();
    switch (lexer.kind) {
      case Token.Ellipsis:
        this.startFormals(start);
        return Step.Formals;
      case Token.BraceClose:
        lexer.next();
        if (isBehindFormals(lexer.kind)) {
          this.startFormals(start);
          return Step.FormalsDone;
        }
        this.node = new AttributeSetNode(lexer.previousEnd - start, false, noNodes, noNodes);
        this.nodeStart = start;
        return Step.SimpleDone;
      case Token.Identifier:
        return this.firstNameInBraces(start);
      default:
        this.push(Frame.AttributeSet, start, 0);
        return Step.Bindings;
    }
  }

  /** Whether `{ name` is a formal or the path of a binding. */
  protected firstNameInBraces(start: number): Step {
    const lexer = this.lexer;
    const nameStart = lexer.start;
    const name = lexer.name;
    lexer.next();
    if (lexer.kind === Token.Comma || lexer.kind === Token.Question || lexer.kind === Token.BraceClose) {
      this.startFormals(start);
      return this.formalName(nameStart, name);
    }
    if (lexer.kind === Token.Identifier && lexer.assignmentBehind() < 0 && this.areFormals(start)) {
      this.unexpected(`'.' or '='`);
      this.startFormals(start);
      return this.formalName(nameStart, name);
    }
    this.push(Frame.AttributeSet, start, 0);
    this.push(Frame.BindingPath, nameStart, 0);
    this.pushValue(new IdentifierNode(name.length, name), nameStart);
    return Step.NameDone;
  }

  /**
   * Whether the braces at `start`, which begin like neither bindings nor
   * formals, are those of a function: a comma is missing in `{ a b }: …`.
   */
  protected areFormals(start: number): boolean {
    const { lexer, quietUntil } = this;
    const { length } = this.errors;
    const resume = lexer.start;
    this.lookedAhead = true;
    lexer.seek(start);
    lexer.next();
    const open: Token[] = [];
    do this.skipPart(open);
    while (open.length > 0 && lexer.kind !== Token.End && lexer.start < start + lookahead);
    const found = isBehindFormals(lexer.kind);
    this.errors.length = length;
    this.quietUntil = quietUntil;
    lexer.seek(resume);
    lexer.next();
    return found;
  }

  protected startFormals(start: number): void {
    this.push(Frame.Formals, start, 0);
    this.operators[this.height] = start;
    this.pushValue(undefined, start);
  }

  /** Before a formal, `...` or the closing brace. */
  protected formals(): Step {
    const lexer = this.lexer;
    switch (lexer.kind) {
      case Token.Identifier: {
        const start = lexer.start;
        const name = lexer.name;
        lexer.next();
        return this.formalName(start, name);
      }
      case Token.Ellipsis:
        this.data[this.height]! |= ellipsisFlag;
        lexer.next();
        return this.closeFormals(`'}'`);
      default:
        return this.closeFormals(`identifier or '...' or '}'`);
    }
  }

  protected formalName(start: number, name: string): Step {
    const lexer = this.lexer;
    this.push(Frame.FormalFallback, start, 0);
    this.pushValue(new IdentifierNode(name.length, name), start);
    if (lexer.kind === Token.Question) {
      lexer.next();
      return Step.Expression;
    }
    this.formal(undefined, start);
    return Step.FormalDone;
  }

  protected formal(fallback: Expression | undefined, fallbackStart: number): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const name = this.values[base] as IdentifierNode;
    this.top = base;
    this.height--;
    const width = this.lexer.previousEnd - start;
    this.pushValue(new FormalNode(width, name, fallback, fallbackStart - start), start);
  }

  protected formalDone(): Step {
    const lexer = this.lexer;
    if (lexer.kind === Token.Comma) {
      lexer.next();
      return Step.Formals;
    }
    return this.closeFormals(`'}' or ','`);
  }

  /** Takes the closing brace of formals. If something else stands there, more formals can follow it. */
  protected closeFormals(expected: string): Step {
    const lexer = this.lexer;
    if (lexer.kind !== Token.BraceClose) this.unexpected(expected);
    for (;;) {
      switch (lexer.kind) {
        case Token.BraceClose:
          lexer.next();
          return Step.FormalsDone;
        case Token.Comma:
          lexer.next();
          return Step.Formals;
        case Token.Identifier:
        case Token.Ellipsis:
          // A comma is missing.
          return Step.Formals;
      }
      if (this.isTaken()) return Step.FormalsDone;
      this.skipToken();
    }
  }

  /** Behind the closing brace of formals: `: body` or `@ name: body`. */
  protected formalsDone(): Step {
    const lexer = this.lexer;
    const base = this.bases[this.height]!;
    const start = this.operators[this.height]!;
    const ellipsis = (this.data[this.height]! & ellipsisFlag) !== 0;
    const formals = this.takeNodes<FormalNode>(base + 1);
    const formalsAt = this.takeStarts(base + 1, start);
    if (isHalfBinding(formals, ellipsis) && this.values[base] === undefined && !isBehindFormals(lexer.kind)) {
      return this.halfBinding(formals[0]!, formalsAt[0]!);
    }
    this.top = base + 1;
    this.pushValue(new FormalsNode(lexer.previousEnd - start, formals, formalsAt, ellipsis), start);
    if (this.values[base] === undefined && lexer.kind === Token.At) this.parameterBehind(base);
    else if (lexer.kind !== Token.Colon) {
      this.unexpected(this.values[base] === undefined ? `':' or '@'` : `':'`);
    }
    this.frames[this.height] = Frame.LambdaBody;
    if (lexer.kind === Token.Colon) lexer.next();
    return Step.Expression;
  }

  /** `{ name }` with nothing of a function behind it: a set whose binding is still being typed. */
  protected halfBinding(formal: FormalNode, at: number): Step {
    this.unexpected(`':' or '@'`);
    const { width } = formal.name;
    const path = new AttributePathNode(width, [formal.name], [0]);
    const binding = new BindingNode(width, path, new MissingNode(0), width);
    const start = this.frameStarts[this.height]!;
    this.complete(new AttributeSetNode(this.lexer.previousEnd - start, false, [binding], [at]));
    return Step.SimpleDone;
  }

  protected parameterBehind(base: number): void {
    const lexer = this.lexer;
    lexer.next();
    if (lexer.kind !== Token.Identifier) {
      this.unexpected('identifier');
      return;
    }
    this.values[base] = new IdentifierNode(lexer.name.length, lexer.name);
    this.starts[base] = lexer.start;
    lexer.next();
    if (!lexer.is(Token.Colon)) this.unexpected(`':'`);
  }
}

function isBehindFormals(kind: Token): boolean {
  return kind === Token.Colon || kind === Token.At;
}

/** Whether formals are just `{ name }`. */
function isHalfBinding(formals: readonly FormalNode[], ellipsis: boolean): boolean {
  return formals.length === 1 && formals[0]!.fallback === undefined && !ellipsis;
}
