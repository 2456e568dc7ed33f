/** Functions that are applied to arguments. */
import {
  breakable,
  group,
  GroupKind,
  hardLine,
  hardSpace,
  onOneLine,
  space,
  type Document,
} from '../document';
import {
  firstLeaf,
  isAlone,
  isTerm,
  type Application,
  type Expression,
  type Parenthesised,
  type Term,
  type Trivium,
} from '../elements';
import { isAbsorbable, isSimple } from '../shapes';
import { CollectionPrinter } from './collections';
import { lineComment, moveUp } from './tokens';

/** So many simple items of a list that is an argument stay on one line. */
const maxSimpleItems = 6;

export abstract class ApplicationPrinter extends CollectionPrinter {
  /**
   * A function and its arguments. Those before the last one stay on the line of the function if they
   * fit, and the last one, if it has brackets, begins there; any other one may be broken up instead.
   * @param before inside of the group, before the function
   * @param indentsFirst whether the function may begin on a line of its own
   * @param endsWithBreak whether there may be a line break behind
   */
  protected application(
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
  protected commentsBefore(callee: Expression): readonly Trivium[] {
    const leaf = firstLeaf(callee);
    moveUp(leaf);
    const comments = leaf.before.filter(({ kind }) => kind !== 'language');
    leaf.before = leaf.before.filter(({ kind }) => kind === 'language');
    return comments;
  }

  protected callee(expression: Expression, isIndented: boolean): Document {
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

  protected argument(argument: Expression): Document {
    const isShort =
      argument.kind === 'list' &&
      argument.items.length <= maxSimpleItems &&
      argument.items.every((each) => each.kind === 'item' && isSimple(each.item));
    return isShort ? this.list(argument, space) : this.expression(argument);
  }

  protected lastArgument(argument: Expression): Document {
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

  protected absorbedParentheses({ open, inner, close }: Parenthesised): Document {
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
