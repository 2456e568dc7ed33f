/**
 * How a program is laid out, by the standard of nixfmt (RFC 166 of the Nix community): what
 * belongs together is a group that breaks as a whole, and what has brackets of its own begins on
 * the line of what it belongs to.
 */
import {
  breakable,
  group,
  GroupKind,
  hardLine,
  hardSpace,
  softBreak,
  softSpace,
  space,
  type Document,
} from './document';
import {
  firstLeaf,
  isTerm,
  type Application,
  type AttributeSet,
  type Expression,
  type If,
  type Let,
  type Parenthesised,
  type Prefixed,
  type Selection,
  type Term,
} from './elements';
import { isAbsorbable, isAbsorbableExpression } from './shapes';
import { OperatorPrinter } from './printer/operators';
import { lineComment, moveUp } from './printer/tokens';
import type { Program } from './reader';

export function documentOf({ expression, comments }: Program): Document {
  // Empty lines before everything are left out.
  const leaf = firstLeaf(expression);
  const start = leaf.before.findIndex(({ kind }) => kind !== 'empty-line');
  leaf.before = start < 0 ? [] : leaf.before.slice(start);
  const printer = new Printer();
  return group([...printer.expression(expression), ...printer.trivia(comments)]);
}

class Printer extends OperatorPrinter {
  protected term(term: Term): Document {
    return term.kind === 'list' ? group(this.openTerm(term)) : this.openTerm(term);
  }

  protected openTerm(term: Term): Document {
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

  protected wideTerm(term: Term): Document {
    return term.kind === 'set' ? this.set(term, true) : this.openTerm(term);
  }

  protected selection({ target, names, or, fallback }: Selection): Document {
    return [
      ...this.term(target),
      ...beforeNames(target),
      ...this.path(names),
      ...(or === undefined
        ? []
        : [...softSpace, ...this.nest(() => [...this.leaf(or), ...hardSpace, ...this.term(fallback!)])]),
    ];
  }

  protected parenthesised({ open, inner, close }: Parenthesised): Document {
    moveUp(open);
    return group([
      ...this.leaf(open),
      ...this.nest(() => [...this.inside(inner), ...this.trivia(close.before)]),
      ...this.closing(close),
    ]);
  }

  protected inside(inner: Expression): Document {
    if (isAbsorbableExpression(inner)) return group(this.absorbed(inner, false));
    if (inner.kind === 'application')
      return this.application(inner, { indentsFirst: true, endsWithBreak: true });
    if (inner.kind === 'selection' && !isAbsorbable(inner.target))
      return [...group(this.expression(inner)), ...breakable];
    return [...breakable, ...group(this.expression(inner)), ...breakable];
  }

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

  protected with({ keyword, subject, semicolon, body }: Prefixed): Document {
    const head = group([
      ...this.leaf(keyword),
      ...hardSpace,
      ...this.nest(() => group(this.expression(subject))),
      ...this.leaf(semicolon),
    ]);
    return [...head, ...space, ...this.expression(body)];
  }

  /** A `with` whose body begins on its line. */
  protected absorbedWith({ keyword, subject, semicolon }: Prefixed, body: Term): Document {
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
  protected assert({ keyword, subject, semicolon, body }: Prefixed): Document {
    const token: Term = { kind: 'token', leaf: keyword, isNumber: false, isIdentifier: false };
    return group([
      ...this.application(appliedTo(token, subject)),
      ...this.leaf(semicolon),
      ...hardLine,
      ...this.expression(body),
    ]);
  }

  protected let({ let: keyword, bindings, in: end, body }: Let): Document {
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
  protected if(expression: If, between: Document): Document {
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

  protected value(value: Expression): Document {
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

  protected absorbed(expression: Expression, isWide: boolean): Document {
    if (isTerm(expression) && isAbsorbable(expression))
      return isWide ? this.wideTerm(expression) : this.openTerm(expression);
    if (expression.kind === 'with' && isTerm(expression.body) && isAbsorbable(expression.body))
      return this.absorbedWith(expression, expression.body);
    return this.expression(expression);
  }
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
