/** From a parsed text to its tokens with their comments. The text has no syntax errors. */
import type { Bytes } from '../base/bytes';
import type { ParsedFile } from '../syntax/parse';
import {
  BinaryOperator,
  Kind,
  StringStyle,
  type AttributeName as NameNode,
  type AttributePathNode,
  type BinaryNode,
  type BindingLike,
  type CallNode,
  type Expression as ExpressionNode,
  type FormalsNode,
  type LambdaNode,
  type PathNode,
  type StringNode,
} from '../syntax/tree';
import type {
  AttributeName,
  Binding,
  Expression,
  Formal,
  Item,
  Leaf,
  Parameter,
  Selector,
  SetParameter,
  StringLine,
  Term,
  TextLiteral,
  TextOrInterpolation,
  Trivium,
} from './elements';
import { trimmed } from './blanks';
import { indentedLines, isPlain, linesOf, withPlainEscapes } from './string-lines';
import { directiveText, readTrivia, splitTrivia, triviumOf, type Found } from './trivia';

export interface Program {
  readonly expression: Expression;
  /** What comes behind it. */
  readonly comments: readonly Trivium[];
}

export function readProgram({ text, root, rootAt }: ParsedFile): Program {
  return new Reader(text).program(root, rootAt);
}

class Reader {
  /** Where the next token starts. */
  private at = 0;
  private line = 1;
  /** What has come since the last token, but for the comment that ends its line. */
  private pending: readonly Trivium[] = [];
  /** Where the part begins that is under way and stays as it is written. */
  private disabledFrom: number | undefined;
  /** How many interpolations have one end of such a part in them, but for those within these. */
  private cuts = 0;

  constructor(private readonly text: Bytes) {}

  program(root: ExpressionNode, rootAt: number): Program {
    this.begin();
    const expression = this.expression(root, rootAt);
    const comments = this.takePending();
    const { disabledFrom } = this;
    if (disabledFrom === undefined) return { expression, comments };
    const rest: Trivium = { kind: 'disabled-rest', lines: this.text.slice(disabledFrom) };
    return { expression, comments: [...comments, rest] };
  }

  /** All that comes before the first token is before it. */
  private begin(): void {
    const { found, end } = readTrivia(this.text, this.at);
    this.pending = this.triviaOf(found);
    this.goTo(end);
  }

  private triviaOf(found: readonly Found[]): Trivium[] {
    return found.flatMap((each): Trivium[] => {
      if (each.kind === 'directive') return [this.directive(each)];
      const trivium = triviumOf(each);
      return trivium === undefined ? [] : [trivium];
    });
  }

  private directive({ disables, start, end }: Extract<Found, { kind: 'directive' }>): Trivium {
    const lineStart = this.text.lastIndexOf('\n', start - 1) + 1;
    if (trimmed(this.text.slice(lineStart, start)) !== '')
      return { kind: 'line', text: ` ${directiveText(disables)}` };
    if (disables) {
      this.disabledFrom ??= lineStart;
      return { kind: 'disable' };
    }
    const from = this.disabledFrom;
    this.disabledFrom = undefined;
    return { kind: 'enable', lines: from === undefined ? undefined : this.text.slice(from, end) };
  }

  private goTo(offset: number): void {
    for (let i = this.at; i < offset; i++) if (this.text[i] === '\n') this.line++;
    this.at = offset;
  }

  private takePending(): readonly Trivium[] {
    const { pending } = this;
    this.pending = [];
    return pending;
  }

  /** The next token, so many bytes long. @param shown its text, if that is not read by others */
  private token(width: number, shown?: Bytes): Leaf {
    const before = this.takePending();
    const start = this.at;
    const { line } = this;
    this.goTo(start + width);
    return this.leaf(before, shown ?? this.text.slice(start, start + width), line);
  }

  /** A token whose text was read, with what is behind it. */
  private leaf(before: readonly Trivium[], text: Bytes, line: number): Leaf {
    const trivia = readTrivia(this.text, this.at);
    const split = splitTrivia(trivia, this.text);
    this.goTo(trivia.end);
    this.pending = this.triviaOf(split.before);
    return { before, text, line, behind: split.behind };
  }

  private sign(text: Bytes): Leaf {
    return this.token(text.length);
  }

  private isNext(text: Bytes): boolean {
    return this.text.startsWith(text, this.at);
  }

  private items<T>(count: number, read: (index: number) => T): Item<T>[] {
    const items: Item<T>[] = [];
    const addComments = (): void => {
      const comments = this.takePending();
      if (comments.length > 0) items.push({ kind: 'comments', comments });
    };
    for (let i = 0; i < count; i++) {
      addComments();
      items.push({ kind: 'item', item: read(i) });
    }
    addComments();
    return items;
  }

  private expression(node: ExpressionNode, at: number): Expression {
    switch (node.kind) {
      case Kind.Lambda:
        return this.lambda(node, at);
      case Kind.Call:
        return this.call(node, at);
      case Kind.Binary:
        return this.operation(node, at);
      case Kind.If: {
        const start = this.sign('if');
        const condition = this.expression(node.condition, at + node.conditionAt);
        const then = this.sign('then');
        const consequent = this.expression(node.consequent, at + node.consequentAt);
        const otherwise = this.sign('else');
        const alternative = this.expression(node.alternative, at + node.alternativeAt);
        return { kind: 'if', if: start, condition, then, consequent, else: otherwise, alternative };
      }
      case Kind.With:
      case Kind.Assert: {
        const isWith = node.kind === Kind.With;
        const keyword = this.sign(isWith ? 'with' : 'assert');
        const subject = isWith
          ? this.expression(node.environment, at + node.environmentAt)
          : this.expression(node.condition, at + node.conditionAt);
        const semicolon = this.sign(';');
        const body = this.expression(node.body, at + node.bodyAt);
        return { kind: isWith ? 'with' : 'assert', keyword, subject, semicolon, body };
      }
      case Kind.Let: {
        const start = this.sign('let');
        const bindings = this.bindings(node.bindings, node.bindingsAt, at);
        const keyword = this.sign('in');
        return {
          kind: 'let',
          let: start,
          bindings,
          in: keyword,
          body: this.expression(node.body, at + node.bodyAt),
        };
      }
      case Kind.HasAttribute: {
        const target = this.expression(node.target, at);
        const question = this.sign('?');
        return {
          kind: 'has-attribute',
          target,
          question,
          names: this.path(node.path, at + node.pathAt, false),
        };
      }
      case Kind.Not:
      case Kind.Negate: {
        const operator = this.sign(node.kind === Kind.Not ? '!' : '-');
        return { kind: 'prefix', operator, operand: this.expression(node.operand, at + node.operandAt) };
      }
      default:
        return this.term(node, at);
    }
  }

  private term(node: ExpressionNode, at: number): Term {
    switch (node.kind) {
      case Kind.String:
        return this.string(node, at);
      case Kind.Path:
        return this.pathLiteral(node, at);
      case Kind.List: {
        const open = this.sign('[');
        const items = this.items(node.items.length, (i) => this.term(node.items[i]!, at + node.itemsAt[i]!));
        return { kind: 'list', open, items, close: this.sign(']') };
      }
      case Kind.AttributeSet:
      case Kind.LegacyLet: {
        const isLet = node.kind === Kind.LegacyLet;
        const keyword = isLet ? this.sign('let') : node.recursive ? this.sign('rec') : undefined;
        const open = this.sign('{');
        const bindings = this.bindings(node.bindings, node.bindingsAt, at);
        return { kind: 'set', keyword, open, bindings, close: this.sign('}') };
      }
      case Kind.Parenthesised: {
        const open = this.sign('(');
        const inner = this.expression(node.inner, at + node.innerAt);
        return { kind: 'parenthesised', open, inner, close: this.sign(')') };
      }
      case Kind.Select: {
        const target = this.term(node.target, at);
        const names = this.path(node.path, at + node.pathAt, true);
        if (node.fallback === undefined)
          return { kind: 'selection', target, names, or: undefined, fallback: undefined };
        const or = this.sign('or');
        return {
          kind: 'selection',
          target,
          names,
          or,
          fallback: this.term(node.fallback, at + node.fallbackAt),
        };
      }
      default: {
        const leaf = this.token(node.width);
        const isNumber = node.kind === Kind.Integer || node.kind === Kind.Float;
        const isIdentifier = node.kind === Kind.Identifier || node.kind === Kind.CurrentPosition;
        return { kind: 'token', leaf, isNumber, isIdentifier };
      }
    }
  }

  private call({ callee, args, argsAt }: CallNode, at: number): Expression {
    let result = this.expression(callee, at);
    args.forEach((node, i) => {
      result = { kind: 'application', callee: result, argument: this.expression(node, at + argsAt[i]!) };
    });
    return result;
  }

  private operation(node: BinaryNode, at: number): Expression {
    const left = this.expression(node.left, at);
    const end = at + node.operatorAt;
    const operator = this.token(operatorWidth(this.text, end));
    const right = this.expression(node.right, at + node.rightAt);
    // A sum may as well be read from the right, so that its first operand is found at once.
    if (node.operator === BinaryOperator.Add && left.kind === 'operation' && left.operator.text === '+') {
      const inner = { kind: 'operation', left: left.right, operator, right } as const;
      return { ...left, right: inner };
    }
    return { kind: 'operation', left, operator, right };
  }

  private lambda(node: LambdaNode, at: number): Expression {
    const parameter = this.parameter(node);
    const colon = this.sign(':');
    return { kind: 'lambda', parameter, colon, body: this.expression(node.body, at + node.bodyAt) };
  }

  private parameter({ parameter, parameterAt, formals, formalsAt }: LambdaNode): Parameter {
    const name = (): Parameter => ({ kind: 'name', leaf: this.token(parameter!.width) });
    const set = (): Parameter => this.formals(formals!);
    if (formals === undefined) return name();
    if (parameter === undefined) return set();
    const [readFirst, readSecond] = parameterAt < formalsAt ? [name, set] : [set, name];
    const first = readFirst();
    const sign = this.sign('@');
    return { kind: 'both', first, at: sign, second: readSecond() };
  }

  private formals({ formals }: FormalsNode): SetParameter {
    const open = this.sign('{');
    const read: Formal[] = [];
    const comma = (): Leaf | undefined => (this.isNext(',') ? this.sign(',') : undefined);
    for (const { name, fallback, fallbackAt } of formals) {
      const start = this.at;
      const leaf = this.token(name.width);
      const question = fallback === undefined ? undefined : this.sign('?');
      const value = fallback && this.expression(fallback, start + fallbackAt);
      read.push({ name: leaf, isEllipsis: false, question, fallback: value, comma: comma() });
    }
    if (this.isNext('...')) {
      const leaf = this.sign('...');
      read.push({ name: leaf, isEllipsis: true, question: undefined, fallback: undefined, comma: undefined });
    }
    return { kind: 'set-parameter', open, formals: read, close: this.sign('}') };
  }

  private bindings(
    bindings: readonly BindingLike[],
    bindingsAt: readonly number[],
    at: number,
  ): Item<Binding>[] {
    return this.items(bindings.length, (i) => this.binding(bindings[i]!, at + bindingsAt[i]!));
  }

  private binding(node: BindingLike, at: number): Binding {
    if (node.kind === Kind.Inherit) {
      const inherit = this.sign('inherit');
      const source = node.source && this.source(node.source, at + node.sourceAt);
      const names = node.names.map((name, i) => this.name(name, at + node.namesAt[i]!));
      return { kind: 'inherit', inherit, source, names, semicolon: this.sign(';') };
    }
    const names = this.path(node.path, at, false);
    const equals = this.sign('=');
    const value = this.expression(node.value, at + node.valueAt);
    return { kind: 'binding', names, equals, value, semicolon: this.sign(';') };
  }

  /** What is inherited from, with the parentheses around it, which are no part of the tree. */
  private source(node: ExpressionNode, at: number): Term {
    if (node.kind === Kind.Parenthesised && at === this.at) return this.term(node, at);
    const open = this.sign('(');
    const inner = this.expression(node, at);
    return { kind: 'parenthesised', open, inner, close: this.sign(')') };
  }

  private path({ names, namesAt }: AttributePathNode, at: number, isSelected: boolean): Selector[] {
    return names.map((name, i) => {
      const dot = i > 0 || isSelected ? this.sign('.') : undefined;
      return { dot, name: this.name(name, at + namesAt[i]!) };
    });
  }

  private name(node: NameNode, at: number): AttributeName {
    if (node.kind === Kind.Identifier) return { kind: 'identifier', leaf: this.token(node.width) };
    if (node.kind === Kind.String) return { ...this.string(node, at), kind: 'string' };
    const before = this.takePending();
    const { line } = this;
    const part = this.interpolation(node.expression, at + node.expressionAt);
    return { kind: 'interpolation', leaf: this.leaf(before, '', line), part };
  }

  // --- Strings ------------------------------------------------------------------------

  private string(node: StringNode, at: number): TextLiteral {
    const quotes = node.style === StringStyle.Quoted ? 1 : node.style === StringStyle.Indented ? 2 : 0;
    const before = this.takePending();
    const { line } = this;
    const { cuts } = this;
    const parts = this.parts(node, at, at + quotes, at + node.width - quotes);
    const leaf = this.leaf(before, '', line);
    if (quotes !== 2) return { kind: 'string', leaf, lines: linesOf(parts) };
    const { indentation, lines } = indentedLines(parts);
    if (this.cuts !== cuts) return { kind: 'indented-string', leaf, lines, indentation };
    if (isPlain(lines)) return { kind: 'string', leaf, lines: lines.map(withPlainEscapes) };
    return { kind: 'indented-string', leaf, lines };
  }

  private pathLiteral(node: PathNode, at: number): TextLiteral {
    const before = this.takePending();
    const { line } = this;
    const parts = this.parts(node, at, at, at + node.width);
    return { kind: 'path', leaf: this.leaf(before, '', line), lines: [parts] };
  }

  /** The texts as they are written, and the interpolations between them; the reader is behind the literal then. */
  private parts(node: StringNode | PathNode, at: number, start: number, end: number): StringLine {
    const parts: TextOrInterpolation[] = [];
    const addText = (from: number, to: number): void => {
      if (from < to) parts.push({ kind: 'text', text: this.text.slice(from, to) });
    };
    let read = start;
    node.parts.forEach((part, i) => {
      if (part.kind !== Kind.Interpolation) return;
      const partAt = at + node.partsAt[i]!;
      addText(read, partAt);
      this.goTo(partAt);
      parts.push(this.interpolation(part.expression, partAt + part.expressionAt));
      read = partAt + part.width;
    });
    addText(read, end);
    this.goTo(at + node.width);
    return parts;
  }

  /** From `${` on to behind `}`; what is pending outside stays so. */
  private interpolation(node: ExpressionNode, at: number): TextOrInterpolation {
    const outside = this.takePending();
    const { disabledFrom, cuts } = this;
    this.goTo(this.at + 2);
    this.begin();
    const expression = this.expression(node, at);
    const comments = this.takePending();
    this.goTo(this.at + 1);
    this.pending = outside;
    this.cuts = this.disabledFrom === disabledFrom ? cuts : cuts + 1;
    return { kind: 'interpolation', expression, comments };
  }
}

/** Longer operators first. */
const operators = /\+\+|\/\/|->|&&|\|\||==|!=|<=|>=|\|>|<\||[-+*/<>]/y;

function operatorWidth(text: Bytes, at: number): number {
  operators.lastIndex = at;
  return operators.exec(text)![0].length;
}
