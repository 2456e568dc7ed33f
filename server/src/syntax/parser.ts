/**
 * The parser: a machine with a stack of its own, so that no nesting in a text
 * can overflow the stack of JavaScript.
 *
 * The machine is always in one `Step`: what it looks for, or what it has just
 * completed. Whatever surrounds that is a `Frame` on the stack. The parts that
 * a frame has collected so far lie on a second stack, `values`, from the
 * frame's `base` on, each with its absolute start in `starts`; when the frame
 * is done they become the arrays of its node.
 *
 * Messages are those that C++ Nix gets from its LALR(1) grammar. After an
 * unexpected token that grammar's parser first reduces as far as it can by
 * default and then lists what it could take there, if these are four kinds of
 * tokens or fewer. So it is always the innermost open bracket or keyword that
 * decides what is "expected".
 *
 * Duplicate names and variables that do not exist are the business of names/.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { Frame, expectedIn, isCloser, isTransparent, takes, type BindingsFrame } from './frames';
import { Lexer, type LexicalErrors } from './lexer';
import { cutText, stripIndentation, unescapeQuoted } from './literal-text';
import type { ParseOptions, SyntaxError } from './parse';
import {
  AssertNode,
  AttributePathNode,
  AttributeSetNode,
  BinaryNode,
  BinaryOperator,
  BindingNode,
  CallNode,
  CurrentPositionNode,
  DynamicNameNode,
  FloatNode,
  FormalNode,
  FormalsNode,
  HasAttributeNode,
  IdentifierNode,
  IfNode,
  InheritNode,
  IntegerNode,
  InterpolationNode,
  Kind,
  LambdaNode,
  LegacyLetNode,
  LetNode,
  ListNode,
  MissingNode,
  NegateNode,
  NotNode,
  ParenthesisedNode,
  PathNode,
  PathStyle,
  SearchPathNode,
  SelectNode,
  StringNode,
  StringStyle,
  TextPart,
  WithNode,
  staticName,
  type AttributeName,
  type BindingLike,
  type Expression,
  type Node,
  type StringPart,
} from './tree';
import {
  Associativity,
  PrefixPrecedence,
  Token,
  associativity,
  firstBinaryOperator,
  pipePrecedence,
  precedence,
  startsSimple,
  tokenNames,
} from './tokens';

/** Most lists of starts have one small number in them, and all with the same one are shared. */
const soleStarts: (readonly number[])[] = Array.from({ length: 128 }, (_, start) => [start]);

function soleStart(start: number): readonly number[] {
  return soleStarts[start] ?? [start];
}

/**
 * How deep expressions may nest. C++ Nix overflows a stack instead, its parser's (2.8, at half
 * of this) or that of its evaluator; this is also its limit for calls.
 */
export const nestingLimit = 10_000;

const enum Step {
  /** Looks for any expression. */
  Expression,
  /** Looks for an operand of an operator: no lambda, `if`, `let`, `with`, `assert`. */
  Operand,
  /** Looks for an operand of an application, or an item of a list. */
  Argument,
  /** Has something that can be selected from. */
  SimpleDone,
  /** Has an operand of an application. */
  ArgumentDone,
  /** Has an operand of an operator. */
  OperandDone,
  ExpressionDone,
  Bindings,
  /** Looks for a name of an attribute path. */
  Name,
  NameDone,
  InheritedNames,
  Formals,
  FormalDone,
  FormalsDone,
  QuotedText,
  IndentedText,
  PathText,
  Finished,
}

/** Bindings with their absolute starts. */
export interface ParsedBindings {
  readonly bindings: readonly BindingLike[];
  readonly starts: readonly number[];
  /** The index of the anchor that was reached; undefined if it is what closes the bindings. */
  readonly anchor: number | undefined;
  /** Where the token starts that was reached. */
  readonly end: number;
}

const ellipsisFlag = 1;

/** How many bytes recovery looks ahead at most. */
const lookahead = 10_000;

const noNodes: readonly never[] = [];

/** What messages say is expected where names are. */
const expectedName = `identifier or 'or' or '\${' or '"'`;

export class Parser implements LexicalErrors {
  readonly errors: SyntaxError[] = [];
  /** The deepest nesting so far. */
  deepest = 0;
  /** Whether recovery asked what surrounds the part that is parsed, which only a parse of the whole file knows. */
  dependsOnContext = false;

  /** Whether recovery looked at text far ahead, so that what it did depends on that. */
  lookedAhead = false;

  private readonly lexer: Lexer;

  // The node that is complete, in steps that end on `Done`. Its end is `lexer.previousEnd`.
  private node: Expression = new MissingNode(0);
  private nodeStart = 0;
  /** How deep the operators of the node nest; what is on their left needs no frame. */
  private nodeDepth = 0;

  // The stack of frames.
  private height = -1;
  private readonly frames: Frame[] = [];
  private readonly frameStarts: number[] = [];
  private readonly bases: number[] = [];
  private readonly data: number[] = [];
  private readonly operators: number[] = [];
  private readonly depths: number[] = [];

  // The stack of values.
  private top = 0;
  private readonly values: (Node | undefined)[] = [];
  private readonly starts: number[] = [];

  /** No error is given for a token that starts at or before this: it follows from the last one. */
  private quietUntil = -1;
  /**
   * Where Nix says that the file ends. If a path is the last of it, with not
   * even a line end behind, that is where the last token of the path starts.
   */
  private endOfFile = Infinity;
  /** Whether the rest of the text is left out, since it nests too deep. */
  private gaveUp = false;

  constructor(
    private readonly text: Bytes,
    options: ParseOptions,
    private readonly outerDepth = 0,
  ) {
    this.lexer = new Lexer(text, options.pipeOperators, this);
  }

  /** Parses the whole text. */
  parseFile(): { root: Expression; rootAt: number } {
    this.push(Frame.Root, 0, 0);
    this.lexer.next();
    this.run(Step.Expression);
    return { root: this.node, rootAt: this.nodeStart };
  }

  /**
   * Parses bindings of a `owner` from the offset `from` on, until one of
   * `anchors` is the start of the next binding, or until what closes the owner
   * is the token. The anchors are ascending. An anchor inside which an error
   * was given is passed over.
   *
   * Gives undefined if the bindings end in another way, or if recovery needed
   * to know what is around them.
   */
  parseBindings(
    owner: BindingsFrame,
    recursive: boolean,
    from: number,
    anchors: readonly number[],
  ): ParsedBindings | undefined {
    const lexer = this.lexer;
    this.push(owner, from, recursive ? 1 : 0);
    lexer.seek(from);
    lexer.next();
    const closer = owner === Frame.Let ? Token.In : Token.BraceClose;
    let step: Step = Step.Bindings;
    let anchor = 0;
    for (;;) {
      if (step === Step.Bindings && this.height === 0) {
        const at = lexer.start;
        while (anchor < anchors.length && anchors[anchor]! < at) anchor++;
        const isAnchor = anchors[anchor] === at && !this.errors.some(({ range }) => range.start >= at);
        if (isAnchor || lexer.kind === closer) {
          if (this.dependsOnContext || this.gaveUp) return undefined;
          const bindings = this.takeNodes<BindingLike>(0);
          return { bindings, starts: this.takeStarts(0, 0), anchor: isAnchor ? anchor : undefined, end: at };
        }
      }
      step = this.advance(step);
      if (this.height < 0 || this.frames[0] !== owner) return undefined;
    }
  }

  /** How far the text was read. */
  get readTo(): number {
    return this.lexer.end;
  }

  /** The offset behind white space and comments. */
  skipTrivia(offset: number): number {
    return this.lexer.skipTrivia(offset);
  }

  /** The kind of the token at `offset`, which must be the start of one. Errors in it are not noted. */
  tokenAt(offset: number): Token {
    const { length } = this.errors;
    this.lexer.seek(offset);
    this.lexer.next();
    this.errors.length = length;
    return this.lexer.kind;
  }

  private run(first: Step): void {
    let step = first;
    while (step !== Step.Finished) step = this.advance(step);
  }

  private advance(step: Step): Step {
    switch (step) {
      case Step.Expression:
        return this.expression();
      case Step.Operand:
        return this.operand();
      case Step.Argument:
        return this.argument();
      case Step.SimpleDone:
        return this.simpleDone();
      case Step.ArgumentDone:
        return this.argumentDone();
      case Step.OperandDone:
        return this.operandDone();
      case Step.ExpressionDone:
        return this.expressionDone();
      case Step.Bindings:
        return this.bindings();
      case Step.Name:
        return this.attributeName();
      case Step.NameDone:
        return this.nameDone();
      case Step.InheritedNames:
        return this.inheritedNames();
      case Step.Formals:
        return this.formals();
      case Step.FormalDone:
        return this.formalDone();
      case Step.FormalsDone:
        return this.formalsDone();
      case Step.QuotedText:
        return this.quotedText();
      case Step.IndentedText:
        return this.indentedText();
      case Step.PathText:
        return this.pathText();
      default:
        return Step.Finished;
    }
  }

  // Expressions.

  private expression(): Step {
    const lexer = this.lexer;
    switch (lexer.kind) {
      case Token.Identifier:
        return this.identifierOrLambda();
      case Token.BraceOpen:
        return this.setOrLambda();
      case Token.If:
        return this.keyword(Frame.IfCondition);
      case Token.With:
        return this.keyword(Frame.WithEnvironment);
      case Token.Assert:
        return this.keyword(Frame.AssertCondition);
      case Token.Let:
        return this.letExpression();
      default:
        return this.operand();
    }
  }

  /** `if`, `with` or `assert`, whose first part follows. */
  private keyword(frame: Frame): Step {
    this.push(frame, this.lexer.start, 0);
    this.lexer.next();
    return Step.Expression;
  }

  private identifierOrLambda(): Step {
    const lexer = this.lexer;
    if (this.startsNextBinding()) return this.cutOffBinding();
    const start = lexer.start;
    const name = lexer.name;
    lexer.next();
    if (lexer.kind === Token.Colon) {
      this.push(Frame.LambdaBody, start, 0);
      this.pushValue(new IdentifierNode(name.length, name), start);
      this.pushValue(undefined, start);
      lexer.next();
      return Step.Expression;
    }
    if (lexer.kind === Token.At) {
      lexer.next();
      return this.formalsBehind(start, name);
    }
    return this.identifierDone(start, name);
  }

  /** `name@`, before its braces. */
  private formalsBehind(start: number, name: string): Step {
    const lexer = this.lexer;
    this.push(Frame.Formals, start, 0);
    this.pushValue(new IdentifierNode(name.length, name), start);
    if (lexer.kind === Token.BraceOpen) {
      // Formals have no operator; where their braces start stands in its place.
      this.operators[this.height] = lexer.start;
      lexer.next();
      return Step.Formals;
    }
    this.unexpected(`'{'`);
    this.operators[this.height] = lexer.previousEnd;
    return Step.FormalsDone;
  }

  private identifierDone(start: number, name: string): Step {
    this.node =
      name === '__curPos' ? new CurrentPositionNode(name.length) : new IdentifierNode(name.length, name);
    this.nodeStart = start;
    return this.simpleDone();
  }

  private operand(): Step {
    switch (this.lexer.kind) {
      case Token.Not:
        this.push(Frame.Not, this.lexer.start, 0);
        break;
      case Token.Minus:
        this.push(Frame.Negate, this.lexer.start, 0);
        break;
      case Token.Identifier:
        return this.startsNextBinding() ? this.cutOffBinding() : this.argument();
      default:
        return this.argument();
    }
    this.lexer.next();
    return Step.Operand;
  }

  private argument(): Step {
    const lexer = this.lexer;
    const start = lexer.start;
    switch (lexer.kind) {
      case Token.Identifier: {
        const name = lexer.name;
        lexer.next();
        return this.identifierDone(start, name);
      }
      case Token.Quote:
        this.push(Frame.QuotedString, start, 0);
        return Step.QuotedText;
      case Token.IndentedOpen:
        this.push(Frame.IndentedString, start, 0);
        return Step.IndentedText;
      case Token.BraceOpen:
        this.push(Frame.AttributeSet, start, 0);
        lexer.next();
        return Step.Bindings;
      case Token.BracketOpen:
        this.push(Frame.List, start, 0);
        lexer.next();
        return this.listItem();
      case Token.ParenOpen:
        this.push(Frame.Parenthesis, start, 0);
        lexer.next();
        return Step.Expression;
      case Token.Integer:
        return this.literal(this.integer());
      case Token.Float:
        return this.literal(this.float());
      case Token.Path:
      case Token.HomePath:
        return this.pathStart();
      case Token.SearchPath:
        return this.literal(
          new SearchPathNode(lexer.end - start, cutText(lexer.bytes, start + 1, lexer.end - 1)),
        );
      case Token.Uri:
        return this.literal(this.uri());
      case Token.Rec:
        return this.recursiveSet();
      case Token.Let:
        return this.letOperand();
      default:
        return this.missingExpression();
    }
  }

  private literal(node: Expression): Step {
    this.nodeStart = this.lexer.start;
    this.node = node;
    this.lexer.next();
    return Step.SimpleDone;
  }

  private integer(): IntegerNode | MissingNode {
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

  private float(): FloatNode | MissingNode {
    const { start, end } = this.lexer;
    const digits = this.text.slice(start, end);
    const value = Number(digits);
    if (isOutOfRange(value, digits)) return this.invalidNumber(`invalid float '${digits}'`, 'invalid-float');
    return new FloatNode(end - start, value);
  }

  /** A number that no value can hold. Whoever needs it gets the same error. */
  private invalidNumber(message: Bytes, code: string): MissingNode {
    const { start, end } = this.lexer;
    this.lexicalError(start, end, message, code);
    return new MissingNode(end - start, message);
  }

  private uri(): StringNode {
    const { bytes, start, end } = this.lexer;
    const part = new TextPart(end - start, cutText(bytes, start, end));
    return new StringNode(end - start, StringStyle.Uri, [part], [0]);
  }

  private recursiveSet(): Step {
    const lexer = this.lexer;
    const start = lexer.start;
    lexer.next();
    if (lexer.kind !== Token.BraceOpen) {
      this.unexpected(`'{'`);
      this.node = new MissingNode(lexer.previousEnd - start);
      this.nodeStart = start;
      return Step.SimpleDone;
    }
    this.push(Frame.AttributeSet, start, 1);
    lexer.next();
    return Step.Bindings;
  }

  private letExpression(): Step {
    const lexer = this.lexer;
    const start = lexer.start;
    lexer.next();
    if (lexer.kind === Token.BraceOpen) {
      this.push(Frame.LegacyLet, start, 0);
      lexer.next();
    } else this.push(Frame.Let, start, 0);
    return Step.Bindings;
  }

  /** `let` as an operand, where Nix only takes `let { … }`. */
  private letOperand(): Step {
    const lexer = this.lexer;
    const start = lexer.start;
    lexer.next();
    if (lexer.kind === Token.BraceOpen) {
      this.push(Frame.LegacyLet, start, 0);
      lexer.next();
    } else {
      this.unexpected(`'{'`);
      this.push(Frame.Loose, start, 0);
      this.push(Frame.Let, start, 0);
    }
    return Step.Bindings;
  }

  /** `node` can be selected from. */
  private simpleDone(): Step {
    const lexer = this.lexer;
    this.nodeDepth = 0;
    if (lexer.kind === Token.Dot) {
      this.push(Frame.SelectPath, this.nodeStart, 0);
      this.pushValue(this.node, this.nodeStart);
      lexer.next();
      return Step.Name;
    }
    if (lexer.kind === Token.Or) {
      // Nixpkgs once had a function of this name: `f or` applies `f` to the variable `or`.
      const start = this.nodeStart;
      const or = new IdentifierNode(2, 'or');
      const orAt = lexer.start - start;
      lexer.next();
      this.node = new CallNode(lexer.previousEnd - start, this.node, [or], [orAt]);
    }
    return this.argumentDone();
  }

  private argumentDone(): Step {
    switch (this.frames[this.height]) {
      case Frame.List:
        this.pushNode();
        return this.listItem();
      case Frame.Call:
        this.pushNode();
        if (this.startsArgument()) return Step.Argument;
        this.call();
        return this.operandDone();
      case Frame.Fallback:
        this.selectWithFallback();
        return Step.ArgumentDone;
      default:
        if (!this.startsArgument()) return this.operandDone();
        this.startCall();
        return Step.Argument;
    }
  }

  private startsArgument(): boolean {
    const kind = this.lexer.kind;
    if (kind !== Token.Identifier) return startsSimple(kind);
    if (!this.startsNextBinding()) return true;
    this.reportNextBinding();
    return false;
  }

  private startCall(): void {
    const start = this.nodeStart;
    this.push(Frame.Call, start, 0);
    const callee = this.node;
    if (callee.kind !== Kind.Call) {
      this.pushNode();
      return;
    }
    // `f or a` is one application of `f` to two arguments.
    this.pushValue(callee.callee, start);
    for (let i = 0; i < callee.args.length; i++) this.pushValue(callee.args[i], start + callee.argsAt[i]!);
  }

  private call(): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const args = this.takeNodes<Expression>(base + 1);
    const argsAt = this.takeStarts(base + 1, start);
    this.complete(
      new CallNode(this.lexer.previousEnd - start, this.values[base] as Expression, args, argsAt),
    );
  }

  private selectWithFallback(): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    this.complete(
      new SelectNode(
        this.lexer.previousEnd - start,
        this.values[base] as Expression,
        this.values[base + 1] as AttributePathNode,
        this.starts[base + 1]! - start,
        this.node,
        this.nodeStart - start,
      ),
    );
  }

  /** Inside a list, before an item or the bracket. */
  private listItem(): Step {
    const lexer = this.lexer;
    for (;;) {
      if (lexer.kind === Token.Identifier && this.startsNextBinding()) {
        this.reportNextBinding();
        break;
      }
      if (startsSimple(lexer.kind)) return Step.Argument;
      if (lexer.kind === Token.BracketClose) {
        lexer.next();
        break;
      }
      this.unexpected('');
      if (startsExpression(lexer.kind)) {
        this.push(Frame.Loose, lexer.start, 0);
        return Step.Expression;
      }
      if (this.isTaken()) break;
      this.skipToken();
    }
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const items = this.takeNodes<Expression>(base);
    const itemsAt = this.takeStarts(base, start);
    this.complete(new ListNode(lexer.previousEnd - start, items, itemsAt));
    return Step.SimpleDone;
  }

  private operandDone(): Step {
    const kind = this.lexer.kind;
    const level = precedence[kind]!;
    for (;;) {
      const frame = this.frames[this.height];
      if (frame === Frame.Binary) {
        const own = precedence[this.data[this.height]!]!;
        if (level > own || (level === own && this.bindsRight(kind))) break;
        this.binary();
      } else if (frame === Frame.Not) {
        if (level > PrefixPrecedence.Not) break;
        this.prefix();
      } else if (frame === Frame.Negate) this.prefix();
      else break;
    }
    if (level === 0) return this.expressionDone();
    if (kind === Token.Question) return this.hasAttribute();
    if (level === pipePrecedence && this.isOtherPipe(kind)) return this.expressionDone();
    this.push(Frame.Binary, this.nodeStart, kind);
    this.operators[this.height] = this.lexer.start;
    this.depths[this.height] = this.nodeDepth;
    this.pushNode();
    this.lexer.next();
    return Step.Operand;
  }

  /** Whether the operator at the token takes the operand on its left before the same level's operator in the frame does. */
  private bindsRight(kind: Token): boolean {
    const level = precedence[kind]!;
    if (level === pipePrecedence) {
      return kind === Token.PipeFrom && this.data[this.height] === Token.PipeFrom;
    }
    if (associativity[level] === Associativity.None) this.unexpected('');
    return associativity[level] === Associativity.Right;
  }

  /** `a |> b <| c` and the other way round need parentheses. */
  private isOtherPipe(kind: Token): boolean {
    if (this.node.kind !== Kind.Binary) return false;
    const operator = this.node.operator;
    if (operator === BinaryOperator.PipeFrom) return true;
    return operator === BinaryOperator.PipeInto && kind === Token.PipeFrom;
  }

  private hasAttribute(): Step {
    this.push(Frame.HasAttributePath, this.nodeStart, 0);
    this.depths[this.height] = this.nodeDepth;
    this.pushNode();
    this.lexer.next();
    return Step.Name;
  }

  private binary(): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const depth = Math.max(this.leftDepth(), this.nodeDepth + 1);
    this.complete(
      new BinaryNode(
        this.lexer.previousEnd - start,
        this.data[this.height]! - firstBinaryOperator,
        this.operators[this.height]! - start,
        this.values[base] as Expression,
        this.node,
        this.nodeStart - start,
      ),
    );
    this.deepen(depth);
  }

  /**
   * How deep the left operand of the innermost frame nests below its operator. An operator that
   * goes on a chain such as `a + b - c` is as deep as the others of it: all that follows the
   * tree goes along a chain in a loop. Pipes do nest, as the calls that they mean.
   */
  private leftDepth(): number {
    const left = this.values[this.bases[this.height]!]!;
    const isChain = left.kind === Kind.Binary && this.data[this.height] !== Token.PipeInto;
    return this.depths[this.height]! + (isChain ? 0 : 1);
  }

  private prefix(): void {
    const start = this.frameStarts[this.height]!;
    const width = this.lexer.previousEnd - start;
    const operandAt = this.nodeStart - start;
    const depth = this.nodeDepth + 1;
    this.complete(
      this.frames[this.height] === Frame.Not
        ? new NotNode(width, this.node, operandAt)
        : new NegateNode(width, this.node, operandAt),
    );
    this.nodeDepth = depth;
  }

  /** Notes how deep the operators of the node nest. */
  private deepen(depth: number): void {
    this.nodeDepth = depth;
    this.reach(depth + this.height + this.outerDepth);
  }

  /** Notes that something nests so deep. */
  private reach(depth: number): void {
    if (depth <= this.deepest) return;
    this.deepest = depth;
    if (depth > nestingLimit) this.tooDeep();
  }

  /** `node` is a whole expression: it goes to the innermost frame, which may be complete with it. */
  private expressionDone(): Step {
    const lexer = this.lexer;
    const frame = this.frames[this.height];
    const start = this.frameStarts[this.height]!;
    switch (frame) {
      case Frame.Root:
        this.closeWith(Token.End);
        this.height--;
        return Step.Finished;
      case Frame.Loose:
        this.height--;
        return Step.ArgumentDone;
      case Frame.Parenthesis: {
        const inner = this.node;
        const innerAt = this.nodeStart - start;
        this.closeWith(Token.ParenClose);
        this.complete(new ParenthesisedNode(lexer.previousEnd - start, inner, innerAt));
        return Step.SimpleDone;
      }
      case Frame.LambdaBody:
        this.lambda();
        return Step.ExpressionDone;
      case Frame.BindingValue:
        return this.binding();
      case Frame.LetBody:
        this.letDone();
        return Step.ExpressionDone;
      case Frame.WithEnvironment:
        return this.nextPart(Token.Semicolon, Frame.WithBody);
      case Frame.AssertCondition:
        return this.nextPart(Token.Semicolon, Frame.AssertBody);
      case Frame.IfCondition:
        return this.nextPart(Token.Then, Frame.IfConsequent);
      case Frame.IfConsequent:
        return this.nextPart(Token.Else, Frame.IfAlternative);
      case Frame.WithBody:
      case Frame.AssertBody:
      case Frame.IfAlternative:
        this.keywordDone(frame);
        return Step.ExpressionDone;
      case Frame.InheritSource:
        return this.inheritSource();
      case Frame.FormalFallback:
        this.formal(this.node, this.nodeStart);
        return Step.FormalDone;
      case Frame.DynamicName:
        return this.dynamicName();
      default:
        return this.interpolation();
    }
  }

  /** The expression is a part of `if`, `with` or `assert`, and `token` leads to the next one. */
  private nextPart(token: Token, next: Frame): Step {
    this.pushNode();
    this.closeWith(token);
    this.frames[this.height] = next;
    return Step.Expression;
  }

  private keywordDone(frame: Frame): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const width = this.lexer.previousEnd - start;
    const first = this.values[base] as Expression;
    const firstAt = this.starts[base]! - start;
    const last = this.node;
    const lastAt = this.nodeStart - start;
    if (frame === Frame.WithBody) this.complete(new WithNode(width, first, firstAt, last, lastAt));
    else if (frame === Frame.AssertBody) this.complete(new AssertNode(width, first, firstAt, last, lastAt));
    else {
      const consequent = this.values[base + 1] as Expression;
      this.complete(
        new IfNode(width, first, firstAt, consequent, this.starts[base + 1]! - start, last, lastAt),
      );
    }
  }

  private letDone(): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const bindings = this.takeNodes<BindingLike>(base);
    const bindingsAt = this.takeStarts(base, start);
    this.complete(
      new LetNode(this.lexer.previousEnd - start, bindings, bindingsAt, this.node, this.nodeStart - start),
    );
    if (bindings.some(isDynamicBinding)) {
      this.report(start, start + 3, 'dynamic attributes not allowed in let', 'dynamic-attribute');
    }
  }

  private lambda(): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const parameter = this.values[base] as IdentifierNode | undefined;
    const formals = this.values[base + 1] as FormalsNode | undefined;
    this.complete(
      new LambdaNode(
        this.lexer.previousEnd - start,
        parameter,
        parameter === undefined ? 0 : this.starts[base]! - start,
        formals,
        formals === undefined ? 0 : this.starts[base + 1]! - start,
        this.node,
        this.nodeStart - start,
      ),
    );
  }

  // Attribute sets and functions with formals.

  /** `{` where any expression may stand: a set, or the formals of a function. */
  private setOrLambda(): Step {
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
        return this.simpleDone();
      case Token.Identifier:
        return this.firstNameInBraces(start);
      default:
        this.push(Frame.AttributeSet, start, 0);
        return Step.Bindings;
    }
  }

  /** Whether `{ name` is a formal or the path of a binding. */
  private firstNameInBraces(start: number): Step {
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
  private areFormals(start: number): boolean {
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

  private startFormals(start: number): void {
    this.push(Frame.Formals, start, 0);
    this.operators[this.height] = start;
    this.pushValue(undefined, start);
  }

  /** Before a formal, `...` or the closing brace. */
  private formals(): Step {
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

  private formalName(start: number, name: string): Step {
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

  private formal(fallback: Expression | undefined, fallbackStart: number): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const name = this.values[base] as IdentifierNode;
    this.top = base;
    this.height--;
    const width = this.lexer.previousEnd - start;
    this.pushValue(new FormalNode(width, name, fallback, fallbackStart - start), start);
  }

  private formalDone(): Step {
    const lexer = this.lexer;
    if (lexer.kind === Token.Comma) {
      lexer.next();
      return Step.Formals;
    }
    return this.closeFormals(`'}' or ','`);
  }

  /** Takes the closing brace of formals. If something else stands there, more formals can follow it. */
  private closeFormals(expected: string): Step {
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
  private formalsDone(): Step {
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
  private halfBinding(formal: FormalNode, at: number): Step {
    this.unexpected(`':' or '@'`);
    const { width } = formal.name;
    const path = new AttributePathNode(width, [formal.name], [0]);
    const binding = new BindingNode(width, path, new MissingNode(0), width);
    const start = this.frameStarts[this.height]!;
    this.complete(new AttributeSetNode(this.lexer.previousEnd - start, false, [binding], [at]));
    return Step.SimpleDone;
  }

  private parameterBehind(base: number): void {
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

  /** Among bindings, before one or before what closes them. */
  private bindings(): Step {
    const lexer = this.lexer;
    const frame = this.frames[this.height]!;
    switch (lexer.kind) {
      case Token.Identifier:
      case Token.Or:
      case Token.Quote:
      case Token.DollarCurly:
        this.push(Frame.BindingPath, lexer.start, 0);
        return Step.Name;
      case Token.Inherit:
        return this.inherit();
      case Token.BraceClose:
        if (frame === Frame.Let) break;
        lexer.next();
        return this.bindingsDone(frame);
      case Token.In:
        if (frame !== Frame.Let) break;
        lexer.next();
        return this.bindingsDone(frame);
    }
    this.unexpected(this.expectedAmongBindings(frame));
    if (lexer.kind !== Token.Semicolon && this.isTaken()) return this.bindingsDone(frame);
    this.skipToBinding();
    return Step.Bindings;
  }

  private expectedAmongBindings(frame: Frame): string {
    if (frame === Frame.Let) return `'in' or 'inherit'`;
    // Only a set that is not `rec` has come to this point by way of a rule for at least one binding.
    const plain = frame === Frame.AttributeSet && this.data[this.height] === 0;
    return plain ? `'inherit'` : `'inherit' or '}'`;
  }

  /** The bindings of a set are closed, or what follows belongs to an outer frame. */
  private bindingsDone(frame: Frame): Step {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    if (frame === Frame.Let) {
      this.frames[this.height] = Frame.LetBody;
      return Step.Expression;
    }
    const bindings = this.takeNodes<BindingLike>(base);
    const bindingsAt = this.takeStarts(base, start);
    const width = this.lexer.previousEnd - start;
    this.complete(
      frame === Frame.LegacyLet
        ? new LegacyLetNode(width, bindings, bindingsAt)
        : new AttributeSetNode(width, this.data[this.height] === 1, bindings, bindingsAt),
    );
    return Step.SimpleDone;
  }

  /** Skips what is no binding, up to the next one or to what ends bindings. */
  private skipToBinding(): void {
    const lexer = this.lexer;
    do {
      const semicolon = lexer.kind === Token.Semicolon;
      this.skipToken();
      if (semicolon) return;
      if (lexer.kind === Token.Inherit) return;
      if (lexer.kind === Token.Identifier && lexer.assignmentBehind() >= 0) return;
    } while (lexer.kind === Token.Semicolon || !this.isTaken());
  }

  /** The value of a binding is complete. */
  private binding(): Step {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const path = this.values[base] as AttributePathNode;
    const value = this.node;
    const valueAt = this.nodeStart - start;
    this.closeWith(Token.Semicolon);
    this.top = base;
    this.height--;
    const width = Math.max(this.lexer.previousEnd - start, valueAt + value.width);
    this.pushValue(new BindingNode(width, path, value, valueAt), start);
    return Step.Bindings;
  }

  private inherit(): Step {
    const lexer = this.lexer;
    this.push(Frame.Inherit, lexer.start, 0);
    lexer.next();
    if (lexer.kind !== Token.ParenOpen) return Step.InheritedNames;
    this.data[this.height] = 1;
    this.push(Frame.InheritSource, lexer.start, 0);
    lexer.next();
    return Step.Expression;
  }

  private inheritSource(): Step {
    const node = this.node;
    const start = this.nodeStart;
    this.closeWith(Token.ParenClose);
    this.height--;
    this.pushValue(node, start);
    return Step.InheritedNames;
  }

  private inheritedNames(): Step {
    const lexer = this.lexer;
    switch (lexer.kind) {
      case Token.Identifier:
        if (lexer.assignmentBehind() < 0) return Step.Name;
        this.reportNextBinding();
        this.inheritDone();
        return Step.Bindings;
      case Token.Or:
      case Token.Quote:
      case Token.DollarCurly:
        return Step.Name;
      case Token.Semicolon:
        lexer.next();
        this.inheritDone();
        return Step.Bindings;
    }
    this.unexpected('');
    if (!this.isTaken()) {
      this.skipToken();
      return Step.InheritedNames;
    }
    this.inheritDone();
    return Step.Bindings;
  }

  private inheritDone(): void {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const hasSource = this.data[this.height] === 1;
    const namesBase = hasSource ? base + 1 : base;
    const names = this.takeNodes<AttributeName>(namesBase);
    const namesAt = this.takeStarts(namesBase, start);
    const source = hasSource ? (this.values[base] as Expression) : undefined;
    const sourceAt = hasSource ? this.starts[base]! - start : 0;
    this.top = base;
    this.height--;
    const width = this.lexer.previousEnd - start;
    this.pushValue(new InheritNode(width, source, sourceAt, names, namesAt), start);
  }

  // Attribute paths.

  private attributeName(): Step {
    const lexer = this.lexer;
    const start = lexer.start;
    switch (lexer.kind) {
      case Token.Identifier:
      case Token.Or:
        this.pushValue(new IdentifierNode(lexer.name.length, lexer.name), start);
        lexer.next();
        return this.nameDone();
      case Token.Quote:
        this.push(Frame.QuotedString, start, 1);
        return Step.QuotedText;
      case Token.DollarCurly:
        this.push(Frame.DynamicName, start, 0);
        lexer.next();
        return Step.Expression;
      default:
        this.unexpected(expectedName);
        this.pushValue(new IdentifierNode(0, ''), lexer.previousEnd);
        return Step.NameDone;
    }
  }

  private dynamicName(): Step {
    const start = this.frameStarts[this.height]!;
    const inner = this.node;
    const innerAt = this.nodeStart - start;
    this.closeWith(Token.BraceClose);
    this.height--;
    this.pushValue(new DynamicNameNode(this.lexer.previousEnd - start, inner, innerAt), start);
    return Step.NameDone;
  }

  /** A name of a path, or of an `inherit`, is the last value. */
  private nameDone(): Step {
    const lexer = this.lexer;
    const frame = this.frames[this.height];
    if (frame === Frame.Inherit) {
      this.checkInherited();
      return Step.InheritedNames;
    }
    if (lexer.kind === Token.Dot) {
      lexer.next();
      return Step.Name;
    }
    if (frame === Frame.BindingPath) return this.bindingPath();
    return frame === Frame.SelectPath ? this.selectPath() : this.hasAttributePath();
  }

  private checkInherited(): void {
    const name = this.values[this.top - 1] as AttributeName;
    if (name.kind === Kind.Identifier || staticName(name) !== undefined) return;
    const start = this.starts[this.top - 1]!;
    this.report(start, start + name.width, 'dynamic attributes not allowed in inherit', 'dynamic-attribute');
  }

  /** Makes a path of the names from `base` on, and puts it in their place. Gives how many they are. */
  private closePath(base: number): number {
    const start = this.starts[base]!;
    const names = this.takeNodes<AttributeName>(base);
    const namesAt = this.takeStarts(base, start);
    this.top = base;
    this.pushValue(new AttributePathNode(this.lexer.previousEnd - start, names, namesAt), start);
    return names.length;
  }

  private bindingPath(): Step {
    const lexer = this.lexer;
    const names = this.closePath(this.bases[this.height]!);
    // All names but the last make a set.
    this.reach(this.height + this.outerDepth + names);
    this.frames[this.height] = Frame.BindingValue;
    if (lexer.kind === Token.Assign) {
      lexer.next();
      return Step.Expression;
    }
    if (lexer.kind === Token.Identifier && this.startsNextBinding()) {
      this.unexpected(`'.' or '='`);
      return this.missingHere();
    }
    this.unexpected(`'.' or '='`);
    // Other languages have `:` or `==` there; what follows is the value.
    if (lexer.kind === Token.Colon || lexer.kind === Token.Equal) this.skipToken();
    return startsSimple(lexer.kind) || startsExpression(lexer.kind) ? Step.Expression : this.missingHere();
  }

  private selectPath(): Step {
    const lexer = this.lexer;
    const base = this.bases[this.height]!;
    this.closePath(base + 1);
    if (lexer.kind === Token.Or) {
      this.frames[this.height] = Frame.Fallback;
      lexer.next();
      if (lexer.is(Token.Identifier) && this.startsNextBinding()) return this.cutOffBinding();
      return Step.Argument;
    }
    const start = this.frameStarts[this.height]!;
    this.complete(
      new SelectNode(
        lexer.previousEnd - start,
        this.values[base] as Expression,
        this.values[base + 1] as AttributePathNode,
        this.starts[base + 1]! - start,
        undefined,
        0,
      ),
    );
    return this.argumentDone();
  }

  private hasAttributePath(): Step {
    const base = this.bases[this.height]!;
    const start = this.frameStarts[this.height]!;
    const depth = this.depths[this.height]! + 1;
    this.closePath(base + 1);
    this.complete(
      new HasAttributeNode(
        this.lexer.previousEnd - start,
        this.values[base] as Expression,
        this.values[base + 1] as AttributePathNode,
        this.starts[base + 1]! - start,
      ),
    );
    this.deepen(depth);
    return Step.OperandDone;
  }

  // Strings and paths. The lexer's `end` is where their text goes on.

  private quotedText(): Step {
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
      return this.simpleDone();
    }
    this.top = base;
    this.height--;
    this.pushValue(node, start);
    return this.nameDone();
  }

  private quotedPart(from: number, end: number): Bytes {
    const lexer = this.lexer;
    if (!lexer.escaped) return cutText(lexer.bytes, from, end);
    const text = unescapeQuoted(lexer.bytes, from, end);
    this.checkNul(from, end, text);
    return text;
  }

  /** Nix's strings cannot hold a NUL. */
  private checkNul(from: number, end: number, text: Bytes): void {
    if (!text.includes('\0')) return;
    const shown = text.replaceAll('\0', '\xe2\x90\x80');
    this.lexicalError(
      from,
      end,
      `input string '${shown}' cannot be represented as Nix string because it contains null bytes`,
      'null-byte',
    );
  }

  private indentedText(): Step {
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

  private pathStart(): Step {
    const lexer = this.lexer;
    this.push(Frame.Path, lexer.start, lexer.kind);
    const width = lexer.end - lexer.start;
    this.pushValue(new TextPart(width, cutText(lexer.bytes, lexer.start, lexer.end)), lexer.start);
    return Step.PathText;
  }

  private pathText(): Step {
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
  private isSecondText(): boolean {
    const base = this.bases[this.height]!;
    return this.top === base + 2 && this.values[base + 1]!.kind === Kind.TextPart;
  }

  private reportPathText(found: string, start: number, end: number): void {
    this.report(start, end, `syntax error, unexpected ${found}, expecting '\${'`, 'syntax-error');
  }

  private pathDone(): Step {
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
  private checkPathEnd(): void {
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
  private startInterpolation(offset: number): boolean {
    const lexer = this.lexer;
    if (!lexer.isInterpolation(offset) || offset >= lexer.length) return false;
    this.push(Frame.Interpolation, offset, 0);
    lexer.end = offset + 2;
    lexer.next();
    return true;
  }

  /** The expression between `${` and `}` is complete. */
  private interpolation(): Step {
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

  private unterminated(expected: string): void {
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

  // The stacks.

  private push(frame: Frame, start: number, data: number): void {
    const height = ++this.height;
    this.frames[height] = frame;
    this.frameStarts[height] = start;
    this.bases[height] = this.top;
    this.data[height] = data;
    this.operators[height] = 0;
    this.depths[height] = 0;
    this.reach(height + this.outerDepth);
  }

  private pushValue(value: Node | undefined, start: number): void {
    this.values[this.top] = value;
    this.starts[this.top++] = start;
  }

  private pushNode(): void {
    this.values[this.top] = this.node;
    this.starts[this.top++] = this.nodeStart;
  }

  private takeNodes<T extends Node>(base: number): readonly T[] {
    return base === this.top ? noNodes : (this.values.slice(base, this.top) as T[]);
  }

  /** The starts of the values from `base` on, as distances from `origin`. */
  private takeStarts(base: number, origin: number): readonly number[] {
    const count = this.top - base;
    if (count === 0) return noNodes;
    if (count === 1) return soleStart(this.starts[base]! - origin);
    const result = this.starts.slice(base, this.top);
    for (let i = 0; i < result.length; i++) result[i]! -= origin;
    return result;
  }

  /** The innermost frame becomes `node`. */
  private complete(node: Expression): void {
    this.node = node;
    this.nodeStart = this.frameStarts[this.height]!;
    this.top = this.bases[this.height]!;
    this.height--;
  }

  // Errors and recovery.

  lexicalError(start: number, end: number, message: Bytes, code: string): void {
    this.report(start, end, message, code);
  }

  private report(start: number, end: number, message: Bytes, code: string): void {
    const range: Range = { start, end };
    this.errors.push({ range, message, code, severity: 'error' });
  }

  /** The token cannot stand here; `expected` is what could, or empty if that is too much to say. */
  private unexpected(expected: string): void {
    const lexer = this.lexer;
    if (lexer.start <= this.quietUntil) return;
    this.quietUntil = lexer.start;
    const end = lexer.kind === Token.End;
    const wanted = expected === '' ? '' : `, expecting ${expected}`;
    const message = `syntax error, unexpected ${tokenNames[lexer.kind]}${wanted}`;
    const start = end ? Math.min(lexer.end, this.endOfFile) : lexer.start;
    this.report(start, end ? start : lexer.end, message, 'syntax-error');
  }

  private tooDeep(): void {
    const lexer = this.lexer;
    if (this.gaveUp) return;
    this.gaveUp = true;
    this.report(lexer.start, lexer.end, 'nesting is too deep', 'nesting-too-deep');
    lexer.giveUp();
    this.quietUntil = lexer.length;
  }

  /** No expression starts at the token. */
  private missingExpression(): Step {
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
  private missingHere(): Step {
    this.node = new MissingNode(0);
    this.nodeStart = this.lexer.previousEnd;
    this.nodeDepth = 0;
    return Step.ArgumentDone;
  }

  /**
   * Takes `token`, which closes the innermost frame's part. If something else
   * stands there, it is an error, and what no outer frame takes is skipped.
   */
  private closeWith(token: Token): void {
    if (this.closeBefore(token) && token !== Token.End) this.lexer.next();
  }

  /** The same without reading on behind the token; gives whether it is there. */
  private closeBefore(token: Token): boolean {
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
  private isTaken(): boolean {
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
  private startsNextBinding(): boolean {
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
  private cutOffBinding(): Step {
    this.reportNextBinding();
    return this.missingHere();
  }

  /** Reports the `=` of the next binding, where Nix finds out that one is open. */
  private reportNextBinding(): void {
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
  private skipToken(): void {
    const open: Token[] = [];
    do this.skipPart(open);
    while (open.length > 0 && this.lexer.kind !== Token.End);
    this.quietUntil = Math.max(this.quietUntil, this.lexer.start);
  }

  /** Skips one token; `open` has what closes the brackets, and the opening tokens of strings and paths. */
  private skipPart(open: Token[]): void {
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
  private skipText(open: Token[]): void {
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

const trailingSlash = 'path has a trailing slash';

/** Tokens that start an expression but no operand of an application. */
function startsExpression(kind: Token): boolean {
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

function isBehindFormals(kind: Token): boolean {
  return kind === Token.Colon || kind === Token.At;
}

/** Whether formals are just `{ name }`. */
function isHalfBinding(formals: readonly FormalNode[], ellipsis: boolean): boolean {
  return formals.length === 1 && formals[0]!.fallback === undefined && !ellipsis;
}

/** Whether the first name of the binding's path is only known when it is evaluated. */
export function isDynamicBinding(binding: BindingLike): boolean {
  if (binding.kind !== Kind.Binding) return false;
  const name = binding.path.names[0]!;
  return name.kind !== Kind.Identifier && staticName(name) === undefined;
}

/** Whether C's `strtod` gives a range error: too large, or too small to be a normal number. */
function isOutOfRange(value: number, digits: string): boolean {
  if (value === 0) return /^[0.]*[1-9]/.test(digits);
  return value === Infinity || value < 2.2250738585072014e-308;
}
