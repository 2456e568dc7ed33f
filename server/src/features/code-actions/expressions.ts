/** Putting an expression in the place of another one. */
import type { Bytes } from '../../base/bytes';
import { Kind, type Expression, type Node } from '../../syntax/tree';
import { walk } from '../../syntax/walk';

/** Whether a child stands where any expression can stand without parentheses. */
function takesAny(parent: Node | undefined, child: Node): boolean {
  switch (parent?.kind) {
    case undefined:
    case Kind.Parenthesised:
    case Kind.Binding:
    case Kind.With:
    case Kind.Let:
    case Kind.Assert:
    case Kind.If:
    case Kind.Lambda:
    case Kind.Formal:
    case Kind.Interpolation:
    case Kind.DynamicName:
      return true;
    case Kind.Inherit:
      return parent.source === child;
    default:
      return false;
  }
}

/** The text of an expression in the place of a child of `parent`, in parentheses where it needs them. */
export function textFor(value: Expression, text: Bytes, parent: Node | undefined, child: Node): Bytes {
  return takesAny(parent, child) || fits(value, parent!, child) ? text : `(${text})`;
}

/** Whether a child stands where an application can stand without parentheses. */
export function takesCall(parent: Node | undefined, child: Node): boolean {
  return parent === undefined || takesAny(parent, child) || isOperator(parent);
}

/** Whether an expression can be an operand, an argument, an item or what is selected from, as it is. */
function fits(value: Expression, parent: Node, child: Node): boolean {
  const isTarget = parent.kind === Kind.Select && parent.target === child;
  switch (value.kind) {
    case Kind.Identifier:
    case Kind.Parenthesised:
    case Kind.List:
    case Kind.AttributeSet:
    case Kind.CurrentPosition:
      return true;
    case Kind.Integer:
    case Kind.Float:
    case Kind.String:
    case Kind.Path:
    case Kind.SearchPath:
      // A dot would be read as a part of numbers, paths and URLs.
      return !isTarget;
    case Kind.Select:
      // `a.b.c or d` also asks whether `a` has `b`.
      return !isTarget || (parent.fallback === undefined && value.fallback === undefined);
    case Kind.Call:
      return isOperator(parent);
    default:
      return false;
  }
}

function isOperator({ kind }: Node): boolean {
  return kind === Kind.Binary || kind === Kind.Not || kind === Kind.Negate || kind === Kind.HasAttribute;
}

/** Whether a node or anything below it is of one of the kinds. */
export function hasKind(node: Node, kinds: ReadonlySet<Kind>): boolean {
  let found = false;
  walk(node, 0, (each) => {
    if (kinds.has(each.kind)) found = true;
    return found ? 'skip' : undefined;
  });
  return found;
}

/** Whether its value tells where it stands, so that it cannot be moved. */
export function tellsPosition(node: Node): boolean {
  return hasKind(node, new Set([Kind.CurrentPosition]));
}
