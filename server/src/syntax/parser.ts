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
 * The parser is built in layers, each of which knows those below: the stacks, what recovers
 * from errors, literals, bindings, formals, and here expressions and the machine itself.
 *
 * Duplicate names and variables that do not exist are the business of names/.
 */
import { Frame, type BindingsFrame } from './parser/frames';
import { cutText } from './literal-text';
import {
  AssertNode,
  type AttributePathNode,
  BinaryNode,
  BinaryOperator,
  type BindingLike,
  CallNode,
  CurrentPositionNode,
  type Expression,
  type FormalsNode,
  IdentifierNode,
  IfNode,
  Kind,
  LambdaNode,
  LetNode,
  ListNode,
  MissingNode,
  NegateNode,
  NotNode,
  ParenthesisedNode,
  SearchPathNode,
  SelectNode,
  WithNode,
  staticName,
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
} from './tokens';
import { FormalsParser } from './parser/formals';
import { Step } from './parser/step';
import { startsExpression } from './parser/recovery';

/** Bindings with their absolute starts. */
export interface ParsedBindings {
  readonly bindings: readonly BindingLike[];
  readonly starts: readonly number[];
  /** The index of the anchor that was reached; undefined if it is what closes the bindings. */
  readonly anchor: number | undefined;
  /** Where the token starts that was reached. */
  readonly end: number;
}

export class Parser extends FormalsParser {
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
}

/** Whether the first name of the binding's path is only known when it is evaluated. */
export function isDynamicBinding(binding: BindingLike): boolean {
  if (binding.kind !== Kind.Binding) return false;
  const name = binding.path.names[0]!;
  return name.kind !== Kind.Identifier && staticName(name) === undefined;
}
