/** What the rules of the format ask about expressions. */
import {
  firstLeaf,
  isAlone,
  isTerm,
  type Expression,
  type Formal,
  type Item,
  type SetParameter,
  type Term,
} from './elements';

/** Whether a term has brackets and something between them, so that it may begin on the line of what is before it. */
export function isAbsorbable(term: Term): boolean {
  switch (term.kind) {
    case 'indented-string':
      return term.lines.length > 1;
    case 'list':
    case 'set': {
      const { open, close } = term;
      const items: readonly Item<unknown>[] = term.kind === 'list' ? term.items : term.bindings;
      return items.length > 0 || open.line !== close.line || !isAlone(open);
    }
    case 'parenthesised': {
      const { open, inner } = term;
      if (!isAlone(open) || !isTerm(inner) || !isAbsorbable(inner)) return false;
      return firstLeaf(inner).before.every(({ kind }) => kind === 'language');
    }
    default:
      return false;
  }
}

/** The same for whatever ends with such a term, and begins with no more than what may stand on that line. */
export function isAbsorbableExpression(expression: Expression): boolean {
  if (isTerm(expression)) return isAbsorbable(expression);
  if (expression.kind === 'with') return isTerm(expression.body) && isAbsorbable(expression.body);
  if (expression.kind !== 'lambda') return false;
  const { parameter, colon, body } = expression;
  if (parameter.kind === 'name')
    return isTerm(body) ? isAbsorbable(body) : body.kind === 'lambda' && isAbsorbableExpression(body);
  return (
    parameter.kind === 'set-parameter' &&
    isCompactSet(parameter) &&
    isAlone(parameter.open) &&
    colon.line === firstLeaf(body).line &&
    isAbsorbableExpression(body)
  );
}

/** Whether formals may stand on one line: at most two without defaults, which stood on one. */
export function isCompactSet({ open, formals, close }: SetParameter): boolean {
  if (open.line !== close.line || !isAlone(close)) return false;
  const hasComments = ({ name, comma }: Formal): boolean =>
    !isAlone(name) || (comma !== undefined && !isAlone(comma));
  if (formals.some((formal) => hasComments(formal) || formal.question !== undefined)) return false;
  return formals.filter(({ isEllipsis }) => !isEllipsis).length <= 2;
}

/** Whether an expression is a single word, or little more. */
export function isSimple(expression: Expression): boolean {
  switch (expression.kind) {
    case 'token':
    case 'string':
    case 'indented-string':
    case 'path':
      return isAlone(expression.leaf);
    case 'selection': {
      const { target, names, or } = expression;
      return or === undefined && names.every(({ name }) => name.kind === 'identifier') && isSimple(target);
    }
    case 'parenthesised':
      return isAlone(expression.open) && isAlone(expression.close) && isSimple(expression.inner);
    case 'application': {
      const { callee, argument } = expression;
      const isLong = callee.kind === 'application' && callee.callee.kind === 'application';
      return !isLong && isSimple(callee) && isSimple(argument);
    }
    default:
      return false;
  }
}
