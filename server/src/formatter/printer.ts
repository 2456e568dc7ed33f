/**
 * How a program is laid out, by the standard of nixfmt (RFC 166 of the Nix community): what
 * belongs together is a group that breaks as a whole, and what has brackets of its own begins on
 * the line of what it belongs to.
 */
import type { Bytes } from '../base/bytes';
import { isAbsorbable, isAbsorbableExpression, isCompactSet, isSimple } from './shapes';
import {
  breakable,
  emptyLine,
  group,
  GroupKind,
  hardLine,
  hardSpace,
  Nesting,
  newline,
  onOneLine,
  separated,
  softBreak,
  softSpace,
  space,
  TextKind,
  type Document,
} from './document';
import {
  firstLeaf,
  isAlone,
  isDirective,
  isTerm,
  lastLeaf,
  type Application,
  type AttributeName,
  type AttributeSet,
  type Binding,
  type Expression,
  type Formal,
  type If,
  type Item,
  type Lambda,
  type Leaf,
  type Let,
  type List,
  type Operation,
  type Parameter,
  type Parenthesised,
  type Prefixed,
  type Selection,
  type Selector,
  type SetParameter,
  type StringLine,
  type Term,
  type TextLiteral,
  type TextOrInterpolation,
  type Trivium,
} from './elements';
import type { Program } from './reader';

export function documentOf({ expression, comments }: Program): Document {
  // Empty lines before everything are left out.
  const leaf = firstLeaf(expression);
  const start = leaf.before.findIndex(({ kind }) => kind !== 'empty-line');
  leaf.before = start < 0 ? [] : leaf.before.slice(start);
  const printer = new Printer();
  return group([...printer.expression(expression), ...printer.trivia(comments)]);
}

/** In an interpolation this much stays on one line, whatever is around it. */
const interpolationWidth = 30;

/** So many simple items of a list that is an argument stay on one line. */
const maxSimpleItems = 6;

/** A comment that ends its line comes before the token. */
function moveUp(leaf: Leaf): void {
  if (leaf.behind === undefined) return;
  leaf.before = [...leaf.before, lineComment(leaf.behind)];
  leaf.behind = undefined;
}

function lineComment(text: Bytes): Trivium {
  return { kind: 'line', text: ` ${text}` };
}

class Printer {
  private readonly nesting = new Nesting();

  private text(text: Bytes, kind = TextKind.Plain): Document {
    return this.nesting.text(text, kind);
  }

  private nest(make: () => Document): Document {
    return this.nesting.nest(make);
  }

  // --- Tokens and comments ------------------------------------------------------------

  trivia(all: readonly Trivium[]): Document {
    if (all.length === 0) return [];
    const [only] = all;
    // The name of a language stays before its string.
    if (all.length === 1 && only!.kind === 'language') return this.trivium(only!);
    return [...hardLine, ...all.flatMap((each) => this.trivium(each))];
  }

  private trivium(trivium: Trivium): Document {
    const comment = (text: Bytes): Document => this.text(text, TextKind.Comment);
    switch (trivium.kind) {
      case 'empty-line':
        return emptyLine;
      case 'line':
        return [...comment(`#${trivium.text}`), ...hardLine];
      case 'language':
        return [...comment(`/* ${trivium.text} */`), ...hardSpace];
      case 'disable':
        return this.text('', TextKind.Disabled);
      case 'disabled-rest':
        return this.text(trivium.lines, TextKind.VerbatimRest);
      case 'enable':
        return trivium.lines === undefined
          ? [...comment('/*nixfmt:enable*/'), ...hardLine]
          : [...this.text(trivium.lines, TextKind.Verbatim), ...hardLine];
      case 'block': {
        const start = comment(trivium.isDoc ? '/**' : '/*');
        const inner = this.nesting.offsetBy(2, () =>
          trivium.lines.flatMap((line) => (line === '' ? emptyLine : [...comment(line), ...hardLine])),
        );
        return [...start, ...hardLine, ...inner, ...comment('*/'), ...hardLine];
      }
    }
  }

  private trailing(text: Bytes | undefined): Document {
    if (text === undefined) return [];
    return [...hardSpace, ...this.text(`# ${text}`, TextKind.TrailingComment), ...hardLine];
  }

  /** A token, or in its place a document that has its text. */
  private leaf(leaf: Leaf, inner: () => Document = () => this.text(leaf.text)): Document {
    return [...this.trivia(leaf.before), ...inner(), ...this.trailing(leaf.behind)];
  }

  private bare({ text }: Leaf): Document {
    return this.text(text);
  }

  /** Without the comment that ends the line. */
  private opening(leaf: Leaf): Document {
    return [...this.trivia(leaf.before), ...this.bare(leaf)];
  }

  private closing(leaf: Leaf): Document {
    return [...this.bare(leaf), ...this.trailing(leaf.behind)];
  }

  // --- Items --------------------------------------------------------------------------

  private items<T>(items: readonly Item<T>[], separator: Document, print: (item: T) => Document): Document {
    const documents: Document[] = [];
    let annotation: Document = [];
    items.forEach((each, i) => {
      if (each.kind === 'item') {
        documents.push([...annotation, ...group(print(each.item))]);
        annotation = [];
        return;
      }
      const last = each.comments.at(-1);
      if (last?.kind === 'language' && items[i + 1]?.kind === 'item') {
        annotation = [...this.trivia(each.comments.slice(0, -1)), ...this.trivium(last), ...hardSpace];
      } else documents.push(this.trivia(each.comments));
    });
    return separated(separator, documents);
  }

  /** @param separator between the items */
  private list({ open, items, close }: List, separator: Document): Document {
    const around =
      open.line !== close.line || hasOnlyComments(items) || (!isAlone(open) && items.length === 0)
        ? hardLine
        : items.length === 0
          ? hardSpace
          : space;
    return [
      ...this.opening(open),
      ...around,
      ...this.nest(() => [
        ...this.trailing(open.behind),
        ...this.items(items, separator, (item) => this.term(item)),
      ]),
      ...around,
      ...this.leaf(close),
    ];
  }

  /** @param isWide whether a set with bindings has a line for each of its braces */
  private set({ keyword, open, bindings, close }: AttributeSet, isWide: boolean): Document {
    const start = keyword === undefined ? [] : [...this.leaf(keyword), ...hardSpace];
    const isBroken = open.line !== close.line;
    if (bindings.length === 0 && isAlone(open) && close.before.length === 0)
      return [...start, ...this.leaf(open), ...(isBroken ? hardLine : hardSpace), ...this.leaf(close)];
    const around = (isWide && bindings.length > 0) || isBroken ? hardLine : space;
    return [
      ...start,
      ...this.opening(open),
      ...around,
      ...this.nest(() => [...this.trailing(open.behind), ...this.bindings(bindings)]),
      ...around,
      ...this.leaf(close),
    ];
  }

  private bindings(bindings: readonly Item<Binding>[]): Document {
    return this.items(bindings, hardLine, (binding) => this.binding(binding));
  }

  private binding(binding: Binding): Document {
    if (binding.kind === 'inherit') return this.inherit(binding);
    const { names, equals, value, semicolon } = binding;
    const isShort = names.length <= 4 && names.every(({ name }) => name.kind === 'identifier');
    return group([
      ...this.path(names),
      ...this.nest(() => [
        ...hardSpace,
        ...this.leaf(equals),
        // Behind a short name a line break makes little room.
        ...(isShort ? this.value(value) : [...breakable, ...group(this.value(value), GroupKind.Priority)]),
      ]),
      ...this.leaf(semicolon),
    ]);
  }

  private inherit({ inherit, source, names, semicolon }: Extract<Binding, { kind: 'inherit' }>): Document {
    const isShort = inherit.line === semicolon.line && names.length < 4;
    const between = isShort ? space : hardLine;
    const end = isShort ? breakable : hardLine;
    const printNames = (): Document =>
      separated(
        between,
        names.map((name) => this.name(name)),
      );
    if (source === undefined) {
      return group([
        ...this.leaf(inherit),
        ...between,
        ...this.nest(() => [...printNames(), ...end, ...this.leaf(semicolon)]),
      ]);
    }
    return group([
      ...this.leaf(inherit),
      ...this.nest(() => [
        ...group([...space, ...this.term(source)]),
        ...between,
        ...printNames(),
        ...end,
        ...this.leaf(semicolon),
      ]),
    ]);
  }

  private path(names: readonly Selector[]): Document {
    return names.flatMap(({ dot, name }) => [
      ...(dot === undefined ? [] : this.leaf(dot)),
      ...this.name(name),
    ]);
  }

  private name(name: AttributeName): Document {
    switch (name.kind) {
      case 'identifier':
        return this.leaf(name.leaf);
      case 'string':
        return this.leaf(name.leaf, () => this.quoted(name.lines));
      case 'interpolation':
        return this.leaf(name.leaf, () => this.part(name.part));
    }
  }

  // --- Terms --------------------------------------------------------------------------

  private term(term: Term): Document {
    return term.kind === 'list' ? group(this.openTerm(term)) : this.openTerm(term);
  }

  /** A term that is no group, so that it breaks with what is around it. */
  private openTerm(term: Term): Document {
    switch (term.kind) {
      case 'token':
        return this.leaf(term.leaf);
      case 'string':
        return this.leaf(term.leaf, () => this.quoted(term.lines));
      case 'indented-string':
        return this.leaf(term.leaf, () => this.indented(term));
      case 'path':
        return this.leaf(term.leaf, () => this.line(term.lines[0]!));
      case 'list': {
        const { open, items, close } = term;
        if (items.length > 0 || open.behind !== undefined || close.before.length > 0)
          return this.list(term, hardLine);
        const between = open.line !== close.line ? hardLine : hardSpace;
        return [...this.leaf(open), ...between, ...this.leaf(close)];
      }
      case 'set':
        return this.set(term, false);
      case 'parenthesised':
        return this.parenthesised(term);
      case 'selection':
        return this.selection(term);
    }
  }

  /** A set that may not be on one line, if it is one. */
  private wideTerm(term: Term): Document {
    return term.kind === 'set' ? this.set(term, true) : this.openTerm(term);
  }

  private selection({ target, names, or, fallback }: Selection): Document {
    return [
      ...this.term(target),
      ...beforeNames(target),
      ...this.path(names),
      ...(or === undefined
        ? []
        : [...softSpace, ...this.nest(() => [...this.leaf(or), ...hardSpace, ...this.term(fallback!)])]),
    ];
  }

  private parenthesised({ open, inner, close }: Parenthesised): Document {
    moveUp(open);
    return group([
      ...this.leaf(open),
      ...this.nest(() => [...this.inside(inner), ...this.trivia(close.before)]),
      ...this.closing(close),
    ]);
  }

  /** What is in parentheses, or alone in an interpolation. */
  private inside(inner: Expression): Document {
    if (isAbsorbableExpression(inner)) return group(this.absorbed(inner, false));
    if (inner.kind === 'application')
      return this.application(inner, { indentsFirst: true, endsWithBreak: true });
    if (inner.kind === 'selection' && !isAbsorbable(inner.target))
      return [...group(this.expression(inner)), ...breakable];
    return [...breakable, ...group(this.expression(inner)), ...breakable];
  }

  // --- Expressions --------------------------------------------------------------------

  expression(expression: Expression): Document {
    switch (expression.kind) {
      case 'with':
        return this.with(expression);
      case 'assert':
        return this.assert(expression);
      case 'let':
        return this.let(expression);
      case 'if':
        moveUp(expression.if);
        return group(this.if(expression, space));
      case 'lambda':
        return this.lambda(expression);
      case 'application':
        return this.application(expression);
      case 'operation':
        return this.operation(expression);
      case 'has-attribute': {
        const { target, question, names } = expression;
        return [
          ...this.expression(target),
          ...softSpace,
          ...this.leaf(question),
          ...hardSpace,
          ...this.path(names),
        ];
      }
      case 'prefix':
        return [...this.leaf(expression.operator), ...this.expression(expression.operand)];
      default:
        return this.term(expression);
    }
  }

  private with({ keyword, subject, semicolon, body }: Prefixed): Document {
    const head = group([
      ...this.leaf(keyword),
      ...hardSpace,
      ...this.nest(() => group(this.expression(subject))),
      ...this.leaf(semicolon),
    ]);
    return [...head, ...space, ...this.expression(body)];
  }

  /** A `with` whose body begins on its line. */
  private absorbedWith({ keyword, subject, semicolon }: Prefixed, body: Term): Document {
    return group([
      ...breakable,
      ...this.leaf(keyword),
      ...hardSpace,
      ...this.nest(() => group(this.expression(subject))),
      ...this.leaf(semicolon),
      ...hardSpace,
      ...group(this.wideTerm(body), GroupKind.Priority),
    ]);
  }

  /** As if the keyword were a function of what is asserted. */
  private assert({ keyword, subject, semicolon, body }: Prefixed): Document {
    const token: Term = { kind: 'token', leaf: keyword, isNumber: false, isIdentifier: false };
    return group([
      ...this.application(appliedTo(token, subject)),
      ...this.leaf(semicolon),
      ...hardLine,
      ...this.expression(body),
    ]);
  }

  private let({ let: keyword, bindings, in: end, body }: Let): Document {
    // Comments around `in` belong to the body.
    const leaf = firstLeaf(body);
    const behind = end.behind === undefined ? [] : [lineComment(end.behind)];
    leaf.before = [...end.before, ...behind, ...leaf.before];
    return [
      ...group([...this.leaf(keyword), ...hardLine, ...this.nest(() => this.bindings(bindings))]),
      ...hardLine,
      ...group([...this.bare(end), ...hardLine, ...this.expression(body)]),
    ];
  }

  /** @param between around the consequent */
  private if(expression: If, between: Document): Document {
    const { condition, then, consequent, else: otherwise, alternative } = expression;
    const head = group([
      ...this.leaf(expression.if),
      ...space,
      ...this.nest(() => this.expression(condition)),
      ...space,
      ...this.leaf(then),
    ]);
    const inner = this.nest(() => group(this.expression(consequent)));
    moveUp(otherwise);
    const start = [...head, ...between, ...inner, ...between, ...this.leaf(otherwise)];
    if (alternative.kind === 'if') return [...start, ...hardSpace, ...this.if(alternative, hardLine)];
    return [...start, ...hardSpace, ...space, ...this.nest(() => group(this.expression(alternative)))];
  }

  private lambda(lambda: Lambda): Document {
    const { parameter, colon, body } = lambda;
    if (parameter.kind === 'name') {
      return group([
        ...breakable,
        ...this.leaf(parameter.leaf),
        ...this.leaf(colon),
        ...this.bodyOf(lambda, 1),
      ]);
    }
    const head = [...this.parameter(parameter), ...this.leaf(colon)];
    if (parameter.kind === 'set-parameter') {
      const isOnLine = colon.line === firstLeaf(body).line;
      if (isOnLine && isCompactSet(parameter) && isAbsorbableExpression(body))
        return [...head, ...hardSpace, ...group(this.expression(body), GroupKind.Priority)];
      if (!isOnLine) return [...head, ...hardLine, ...this.expression(body)];
    }
    if (isTerm(body) && isAbsorbable(body)) return [...head, ...space, ...group(this.wideTerm(body))];
    return [...head, ...space, ...this.expression(body)];
  }

  /** The body of a function of simple parameters, of which there are `depth` already. */
  private bodyOf({ body }: Lambda, depth: number): Document {
    if (body.kind === 'lambda' && body.parameter.kind === 'name') {
      return [
        ...hardSpace,
        ...this.leaf(body.parameter.leaf),
        ...this.leaf(body.colon),
        ...this.bodyOf(body, depth + 1),
      ];
    }
    if (isAbsorbableExpression(body))
      return [...hardSpace, ...group(this.absorbed(body, false), GroupKind.Priority)];
    return [...(depth <= 2 ? space : hardLine), ...this.expression(body)];
  }

  // --- Parameters ---------------------------------------------------------------------

  private parameter(parameter: Parameter): Document {
    switch (parameter.kind) {
      case 'name':
        return this.leaf(parameter.leaf);
      case 'both':
        return [
          ...this.parameter(parameter.first),
          ...this.leaf(parameter.at),
          ...this.parameter(parameter.second),
        ];
      case 'set-parameter':
        return this.setParameter(parameter);
    }
  }

  private setParameter(set: SetParameter): Document {
    const { open, formals, close } = set;
    // What the rules ask of the brace they ask of it as it is written.
    const between = isCompactSet(set) ? space : hardLine;
    moveUp(open);
    if (formals.length === 0) {
      const inner = open.line !== close.line ? hardLine : hardSpace;
      return group([...this.leaf(open), ...inner, ...this.leaf(close)]);
    }
    moveComments(formals);
    return group([
      ...this.leaf(open),
      ...between,
      ...this.nest(() =>
        separated(
          between,
          formals.map((formal, i) => this.formal(formal, i === formals.length - 1)),
        ),
      ),
      ...between,
      ...this.nest(() => this.trivia(close.before)),
      ...this.closing(close),
    ]);
  }

  private formal({ name, isEllipsis, question, fallback, comma }: Formal, isLast: boolean): Document {
    if (isEllipsis) return this.leaf(name);
    const end = (): Document => {
      if (comma === undefined) return [];
      // The last comma is there where each formal has its line.
      return isLast && isAlone(comma) ? this.text(',', TextKind.Trailing) : this.leaf(comma);
    };
    if (question === undefined) return [...this.leaf(name), ...end()];
    const inner = [
      ...this.leaf(name),
      ...hardSpace,
      ...this.nest(() => [...this.leaf(question), ...this.value(fallback!)]),
    ];
    return isLast && comma !== undefined && isAlone(comma)
      ? [...group(inner), ...end()]
      : group([...inner, ...end()]);
  }

  // --- Values -------------------------------------------------------------------------

  /** What is bound, or a default: behind the sign, or on lines of its own. */
  private value(value: Expression): Document {
    const behindSign = (inner: () => Document): Document => this.nest(() => [...hardSpace, ...inner()]);
    if (value.kind === 'set' && isSingleInherit(value))
      return behindSign(() => group(this.absorbed(value, false)));
    if (isAbsorbableExpression(value)) return behindSign(() => group(this.absorbed(value, true)));
    switch (value.kind) {
      case 'parenthesised':
        return behindSign(() => this.absorbedParentheses(value));
      case 'string':
      case 'indented-string':
      case 'path':
        return behindSign(() => group(this.expression(value)));
      case 'application':
        return this.nest(() => this.application(value, { before: space }));
      case 'operation':
        return this.valueOfOperation(value);
      case 'with':
        return this.nest(() => group([...space, ...this.expression(value)]));
      default:
        return isTerm(value)
          ? this.nest(() => group([...space, ...this.expression(value)]))
          : this.nest(() => [...space, ...group(this.expression(value))]);
    }
  }

  private valueOfOperation(value: Operation): Document {
    const { left, operator, right } = value;
    const isJoining = joiningOperators.has(operator.text);
    if (isJoining && isTerm(left) && isAbsorbable(left) && firstLeaf(left).before.length === 0)
      return [...hardSpace, ...this.chain(value, true)];
    if (isJoining && isAlone(operator) && isTerm(right) && isAbsorbable(right)) {
      return this.nest(() =>
        group([
          ...space,
          ...this.expression(left),
          ...space,
          ...group(
            [...this.leaf(operator), ...hardSpace, ...group(this.wideTerm(right), GroupKind.Priority)],
            GroupKind.Transparent,
          ),
        ]),
      );
    }
    return this.nest(() => [...space, ...group(this.expression(value))]);
  }

  /** Something with brackets of its own, which begins on the line. @param isWide whether a set may not be on one line */
  private absorbed(expression: Expression, isWide: boolean): Document {
    if (isTerm(expression) && isAbsorbable(expression))
      return isWide ? this.wideTerm(expression) : this.openTerm(expression);
    if (expression.kind === 'with' && isTerm(expression.body) && isAbsorbable(expression.body))
      return this.absorbedWith(expression, expression.body);
    return this.expression(expression);
  }

  private absorbedParentheses({ open, inner, close }: Parenthesised): Document {
    if (open.behind !== undefined) {
      const leaf = firstLeaf(inner);
      leaf.before = [lineComment(open.behind), ...leaf.before];
    }
    return group(
      this.nest(() => [
        ...this.opening(open),
        ...breakable,
        ...group(this.nest(() => [...this.expression(inner), ...this.trivia(close.before)])),
        ...breakable,
        ...this.closing(close),
      ]),
      GroupKind.Priority,
    );
  }

  // --- Operators ----------------------------------------------------------------------

  private operation(operation: Operation): Document {
    const { left, operator, right } = operation;
    if (!comparisons.has(operator.text)) return this.chain(operation, false);
    return [
      ...this.expression(left),
      ...softSpace,
      ...this.leaf(operator),
      ...hardSpace,
      ...this.expression(right),
    ];
  }

  /** All operands of an operator that is repeated, on one level. @param isWide whether the first one, a set, may not be on one line */
  private chain(operation: Operation, isWide: boolean): Document {
    const operands = operandsOf(operation);
    const isPipe = operation.operator.text === '|>' || operation.operator.text === '<|';
    const between = isPipe && operands.length > 3 ? hardLine : space;
    return group(
      operands.flatMap(({ operator, operand }) => {
        if (operator === undefined)
          return isWide && isTerm(operand) && isAbsorbable(operand)
            ? this.wideTerm(operand)
            : this.expression(operand);
        moveUp(operator);
        return [...between, ...this.leaf(operator), ...this.nest(() => this.operand(operand))];
      }),
    );
  }

  private operand(operand: Expression): Document {
    if (operand.kind === 'operation') return group([...space, ...this.expression(operand)]);
    if (operand.kind === 'application')
      return group([...hardSpace, ...this.application(operand, { before: space })]);
    return [...hardSpace, ...this.expression(operand)];
  }

  // --- Applications -------------------------------------------------------------------

  /**
   * A function and its arguments. Those before the last one stay on the line of the function if they
   * fit, and the last one, if it has brackets, begins there; any other one may be broken up instead.
   * @param before inside of the group, before the function
   * @param indentsFirst whether the function may begin on a line of its own
   * @param endsWithBreak whether there may be a line break behind
   */
  private application(
    { callee, argument }: Application,
    {
      before = [],
      indentsFirst = false,
      endsWithBreak = false,
    }: { before?: Document; indentsFirst?: boolean; endsWithBreak?: boolean } = {},
  ): Document {
    const isSimpleCall = isSimple({ kind: 'application', callee, argument });
    const comments = this.commentsBefore(callee);
    const after = endsWithBreak ? breakable : [];
    const isFirstIndented = indentsFirst && comments.length === 0;
    const head = (of: Expression): Document => [
      ...before,
      ...group(this.callee(of, isFirstIndented), GroupKind.Transparent),
    ];
    const print = (): Document => {
      if (callee.kind === 'application' && callee.argument.kind === 'list' && argument.kind === 'list') {
        const lists = [callee.argument, argument];
        return group([
          ...head(callee.callee),
          ...lists.flatMap((list) => [...space, ...this.nest(() => group(this.argument(list)))]),
          ...after,
        ]);
      }
      const written = head(callee);
      const line = isSimpleCall ? onOneLine(written) : undefined;
      if (line !== undefined) return group([...line, ...hardSpace, ...this.lastArgument(argument)]);
      return group([...written, ...space, ...this.lastArgument(argument), ...after]);
    };
    return [...this.trivia(comments), ...print(), ...(endsWithBreak && comments.length > 0 ? hardLine : [])];
  }

  /** Takes the comments before a function away from it, which would break its group. */
  private commentsBefore(callee: Expression): readonly Trivium[] {
    const leaf = firstLeaf(callee);
    moveUp(leaf);
    const comments = leaf.before.filter(({ kind }) => kind !== 'language');
    leaf.before = leaf.before.filter(({ kind }) => kind === 'language');
    return comments;
  }

  private callee(expression: Expression, isIndented: boolean): Document {
    if (expression.kind !== 'application')
      return isIndented
        ? this.nest(() => group([...breakable, ...this.expression(expression)]))
        : this.expression(expression);
    const { callee, argument } = expression;
    if (callee.kind === 'application' && callee.argument.kind === 'list' && argument.kind === 'list') {
      const lists = [callee.argument, argument];
      return group(
        [
          ...group(this.callee(callee.callee, isIndented), GroupKind.Transparent),
          ...this.nest(() => group(lists.flatMap((list) => [...space, ...group(this.argument(list))]))),
        ],
        GroupKind.Transparent,
      );
    }
    // A selection is not broken up first: its names would be on another line than what they are selected from.
    const kind = argument.kind === 'selection' ? GroupKind.Regular : GroupKind.Priority;
    return [
      ...group(this.callee(callee, isIndented), GroupKind.Transparent),
      ...space,
      ...this.nest(() => group(this.argument(argument), kind)),
    ];
  }

  private argument(argument: Expression): Document {
    const isShort =
      argument.kind === 'list' &&
      argument.items.length <= maxSimpleItems &&
      argument.items.every((each) => each.kind === 'item' && isSimple(each.item));
    return isShort ? this.list(argument, space) : this.expression(argument);
  }

  private lastArgument(argument: Expression): Document {
    if (isTerm(argument) && isAbsorbable(argument))
      return group(
        this.nest(() => this.openTerm(argument)),
        GroupKind.Priority,
      );
    if (argument.kind !== 'parenthesised') return group(this.nest(() => this.expression(argument)));
    const { open, inner, close } = argument;
    const body = bodyBehindName(argument);
    if (body === undefined) return this.absorbedParentheses(argument);
    const head = inner.kind === 'lambda' ? [firstLeaf(inner), inner.colon] : [firstLeaf(inner)];
    return group(
      this.nest(() => [
        ...this.leaf(open),
        ...head.flatMap((leaf) => this.leaf(leaf)),
        ...hardSpace,
        ...this.wideTerm(body),
        ...this.leaf(close),
      ]),
      GroupKind.Priority,
    );
  }

  // --- Strings ------------------------------------------------------------------------

  private quoted(lines: readonly StringLine[]): Document {
    return group([
      ...this.text('"'),
      ...lines.flatMap((line, i) => [...(i === 0 ? [] : this.text('\n')), ...this.line(line)]),
      ...this.text('"'),
    ]);
  }

  private indented({ lines, indentation }: TextLiteral): Document {
    const print = (line: StringLine): Document =>
      indentation === undefined ? this.line(line) : this.rawLine(line, indentation);
    return group([
      ...this.text("''"),
      ...(lines.length > 1 ? breakable : []),
      ...this.nest(() => separated(newline, lines.map(print))),
      ...this.text("''"),
    ]);
  }

  /** A line whose start stays as it is written. */
  private rawLine(line: StringLine, indentation: Bytes): Document {
    const [head, ...others] = line;
    if (head === undefined) return [];
    if (head.kind !== 'text') return [...this.text(indentation, TextKind.Raw), ...this.line(line)];
    const blanks = blanksOf(head.text);
    const text = head.text.slice(blanks.length);
    return [
      ...this.text(indentation + blanks, TextKind.Raw),
      ...this.nesting.offsetBy(blanks.length, () => this.line([{ kind: 'text', text }, ...others])),
    ];
  }

  private line(line: StringLine): Document {
    const [head, next, ...others] = line;
    if (head?.kind === 'interpolation' && next === undefined) return this.onlyInterpolation('', head);
    const isSpace = head?.kind === 'text' && /^ *$/.test(head.text);
    if (isSpace && next?.kind === 'interpolation' && others.length === 0)
      return this.onlyInterpolation(head.text, next);
    if (head?.kind !== 'text') return line.flatMap((part) => this.part(part));
    return [
      ...this.text(head.text),
      ...this.nesting.offsetBy(blanksOf(head.text).length, () =>
        line.slice(1).flatMap((part) => this.part(part)),
      ),
    ];
  }

  /** An interpolation that has a line of a string to itself. */
  private onlyInterpolation(
    before: Bytes,
    part: Extract<TextOrInterpolation, { kind: 'interpolation' }>,
  ): Document {
    const { expression, comments } = part;
    if (comments.length > 0) {
      if (before !== '')
        return [...this.text(before), ...this.nesting.offsetBy(before.length, () => this.part(part))];
      return group([
        ...this.text('${'),
        ...breakable,
        ...this.nest(() => group([...this.expression(expression), ...this.trivia(comments)])),
        ...breakable,
        ...this.text('}'),
      ]);
    }
    return [
      ...this.text(before),
      ...this.nesting.offsetBy(before.length, () =>
        group([...this.text('${'), ...this.nest(() => this.inside(expression)), ...this.text('}')]),
      ),
    ];
  }

  private part(part: TextOrInterpolation): Document {
    if (part.kind === 'text') return this.text(part.text);
    const { expression, comments } = part;
    const around = (inner: Document): Document => [...this.text('${'), ...inner, ...this.text('}')];
    if (comments.length === 0 && isTerm(expression) && isAbsorbable(expression))
      return group(around(this.openTerm(expression)));
    const print = (): Document => group([...this.expression(expression), ...this.trivia(comments)]);
    if (comments.length === 0 && isSimple(expression)) {
      const written = this.expression(expression);
      return around(onOneLine(written) ?? written);
    }
    // It is printed as it is nested if it has lines of its own.
    const written = this.nest(print);
    const line = onOneLine(written, interpolationWidth);
    return group(around(line ?? [...breakable, ...written, ...breakable]));
  }
}

const joiningOperators = new Set(['//', '++', '+']);
const comparisons = new Set(['<', '>', '<=', '>=', '==', '!=']);

function blanksOf(text: Bytes): Bytes {
  return /^[ \t\v\f\r]*/.exec(text)![0];
}

function hasOnlyComments(items: readonly Item<unknown>[]): boolean {
  return items.length > 0 && items.every(({ kind }) => kind === 'comments');
}

function isSingleInherit({ bindings }: AttributeSet): boolean {
  const [only] = bindings;
  return bindings.length === 1 && only!.kind === 'item' && only!.item.kind === 'inherit';
}

/** What stands before the names that are selected from a term. */
function beforeNames(target: Term): Document {
  if (target.kind === 'token') return target.isNumber ? hardSpace : [];
  return target.kind === 'parenthesised' ? softBreak : breakable;
}

/** Applies a function to what is an application, or any expression. */
function appliedTo(callee: Term, expression: Expression): Application {
  if (expression.kind !== 'application') return { kind: 'application', callee, argument: expression };
  return { ...expression, callee: calledWith(callee, expression.callee) };
}

/** The same for the function of an application. */
function calledWith(callee: Term, expression: Expression): Expression {
  return expression.kind === 'application'
    ? { ...expression, callee: calledWith(callee, expression.callee) }
    : { kind: 'application', callee, argument: expression };
}

interface Operand {
  readonly operator: Leaf | undefined;
  readonly operand: Expression;
}

/** The operands of an operator that is repeated, each but the first with the operator before it. */
function operandsOf(operation: Operation): Operand[] {
  const { text } = operation.operator;
  const walk = (operator: Leaf | undefined, operand: Expression): Operand[] =>
    operand.kind === 'operation' && operand.operator.text === text
      ? [...walk(operator, operand.left), ...walk(operand.operator, operand.right)]
      : [{ operator, operand }];
  return walk(undefined, operation);
}

/** The body of `(name: body)`, or the argument of `(name argument)`, if it has brackets and nothing has comments. */
function bodyBehindName({ open, inner, close }: Parenthesised): Term | undefined {
  if (inner.kind === 'lambda') {
    const { parameter, colon, body } = inner;
    if (parameter.kind !== 'name' || !isTerm(body) || !isAbsorbable(body)) return undefined;
    return [open, parameter.leaf, colon].every(isAlone) ? body : undefined;
  }
  if (inner.kind !== 'application') return undefined;
  const { callee, argument } = inner;
  if (callee.kind !== 'token' || !callee.isIdentifier || !isTerm(argument) || !isAbsorbable(argument))
    return undefined;
  return [open, callee.leaf, close].every(isAlone) ? argument : undefined;
}

/** Puts comments behind the commas of formals, and what stands before a comma that begins a line to the formal behind it. */
function moveComments(formals: readonly Formal[]): void {
  formals.forEach((formal, i) => {
    const { comma } = formal;
    const next = formals[i + 1];
    if (comma?.behind === undefined && comma?.before.some(isDirective) === false && next !== undefined) {
      next.name.before = [...comma.before, ...next.name.before];
      comma.before = [];
    }
    if (comma === undefined && next === undefined && !formal.isEllipsis)
      formal.comma = { before: [], text: ',', line: formal.name.line, behind: undefined };
  });
  for (const { comma, name, fallback } of formals) {
    if (comma === undefined || !isAlone(comma)) continue;
    const last = fallback === undefined ? name : lastLeaf(fallback);
    comma.behind = last.behind;
    last.behind = undefined;
  }
}
