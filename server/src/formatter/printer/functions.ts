/** Functions and their parameters. */
import {
  breakable,
  group,
  GroupKind,
  hardLine,
  hardSpace,
  separated,
  space,
  TextKind,
  type Document,
} from '../document';
import {
  firstLeaf,
  isAlone,
  isDirective,
  isTerm,
  lastLeaf,
  type Formal,
  type Lambda,
  type Parameter,
  type SetParameter,
} from '../elements';
import { isAbsorbable, isAbsorbableExpression, isCompactSet } from '../shapes';
import { ApplicationPrinter } from './applications';
import { moveUp } from './tokens';

export abstract class FunctionPrinter extends ApplicationPrinter {
  protected lambda(lambda: Lambda): Document {
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
  protected bodyOf({ body }: Lambda, depth: number): Document {
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

  protected parameter(parameter: Parameter): Document {
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

  protected setParameter(set: SetParameter): Document {
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

  protected formal({ name, isEllipsis, question, fallback, comma }: Formal, isLast: boolean): Document {
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
