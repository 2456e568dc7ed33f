/**
 * A node with one child exchanged: a new node of the same class, whose width
 * and whose later children's places have moved by the difference in width.
 * Everything else is the old node's own.
 */
import { unreachable } from '../base/internal-error';
import {
  AssertNode,
  AttributePathNode,
  AttributeSetNode,
  BinaryNode,
  BindingNode,
  CallNode,
  DynamicNameNode,
  FormalNode,
  FormalsNode,
  HasAttributeNode,
  IfNode,
  InheritNode,
  InterpolationNode,
  Kind,
  LambdaNode,
  LegacyLetNode,
  LetNode,
  ListNode,
  NegateNode,
  NotNode,
  ParenthesisedNode,
  PathNode,
  SelectNode,
  StringNode,
  WithNode,
  type AttributeName,
  type BindingLike,
  type Expression,
  type Node,
  type StringPart,
} from './tree';

/** `parent` with `next` where `old` was. */
export function replaceChild(parent: Node, old: Node, next: Node): Node {
  const delta = next.width - old.width;
  const width = parent.width + delta;
  const swap = <T extends Node>(child: T): T => (child === old ? (next as T) : child);
  switch (parent.kind) {
    case Kind.String: {
      const [parts, partsAt] = exchange<StringPart>(parent.parts, parent.partsAt, old, next, delta);
      return new StringNode(width, parent.style, parts, partsAt);
    }
    case Kind.Path: {
      const [parts, partsAt] = exchange<StringPart>(parent.parts, parent.partsAt, old, next, delta);
      return new PathNode(width, parent.style, parts, partsAt);
    }
    case Kind.Interpolation:
      return new InterpolationNode(width, next as Expression, parent.expressionAt);
    case Kind.DynamicName:
      return new DynamicNameNode(width, next as Expression, parent.expressionAt);
    case Kind.Parenthesised:
      return new ParenthesisedNode(width, next as Expression, parent.innerAt);
    case Kind.List: {
      const [items, itemsAt] = exchange<Expression>(parent.items, parent.itemsAt, old, next, delta);
      return new ListNode(width, items, itemsAt);
    }
    case Kind.AttributePath: {
      const [names, namesAt] = exchange<AttributeName>(parent.names, parent.namesAt, old, next, delta);
      return new AttributePathNode(width, names, namesAt);
    }
    case Kind.Binding: {
      const valueAt = parent.path === old ? parent.valueAt + delta : parent.valueAt;
      return new BindingNode(width, swap(parent.path), swap(parent.value), valueAt);
    }
    case Kind.Inherit:
      return replaceInInherit(parent, width, old, next, delta);
    case Kind.AttributeSet: {
      const [bindings, bindingsAt] = exchange<BindingLike>(
        parent.bindings,
        parent.bindingsAt,
        old,
        next,
        delta,
      );
      return new AttributeSetNode(width, parent.recursive, bindings, bindingsAt);
    }
    case Kind.LegacyLet: {
      const [bindings, bindingsAt] = exchange<BindingLike>(
        parent.bindings,
        parent.bindingsAt,
        old,
        next,
        delta,
      );
      return new LegacyLetNode(width, bindings, bindingsAt);
    }
    case Kind.Let: {
      if (parent.body === old) {
        return new LetNode(width, parent.bindings, parent.bindingsAt, next as Expression, parent.bodyAt);
      }
      const [bindings, bindingsAt] = exchange<BindingLike>(
        parent.bindings,
        parent.bindingsAt,
        old,
        next,
        delta,
      );
      return new LetNode(width, bindings, bindingsAt, parent.body, parent.bodyAt + delta);
    }
    case Kind.With: {
      const bodyAt = parent.body === old ? parent.bodyAt : parent.bodyAt + delta;
      return new WithNode(width, swap(parent.environment), parent.environmentAt, swap(parent.body), bodyAt);
    }
    case Kind.Assert: {
      const bodyAt = parent.body === old ? parent.bodyAt : parent.bodyAt + delta;
      return new AssertNode(width, swap(parent.condition), parent.conditionAt, swap(parent.body), bodyAt);
    }
    case Kind.If: {
      const { condition, consequent, alternative } = parent;
      const consequentAt = parent.consequentAt + (condition === old ? delta : 0);
      const alternativeAt = parent.alternativeAt + (alternative === old ? 0 : delta);
      return new IfNode(
        width,
        swap(condition),
        parent.conditionAt,
        swap(consequent),
        consequentAt,
        swap(alternative),
        alternativeAt,
      );
    }
    case Kind.Formal: {
      const fallback = parent.fallback === undefined ? undefined : swap(parent.fallback);
      return new FormalNode(width, parent.name, fallback, parent.fallbackAt);
    }
    case Kind.Formals: {
      const [formals, formalsAt] = exchange<FormalNode>(parent.formals, parent.formalsAt, old, next, delta);
      return new FormalsNode(width, formals, formalsAt, parent.ellipsis);
    }
    case Kind.Lambda: {
      const { parameter, formals, body } = parent;
      const moved = body === old ? 0 : delta;
      const parameterMoved = parameter !== undefined && parent.parameterAt > parent.formalsAt ? moved : 0;
      return new LambdaNode(
        width,
        parameter,
        parent.parameterAt + parameterMoved,
        formals === undefined ? undefined : swap(formals),
        parent.formalsAt,
        swap(body),
        parent.bodyAt + moved,
      );
    }
    case Kind.Call: {
      if (parent.callee === old) {
        return new CallNode(width, next as Expression, parent.args, shifted(parent.argsAt, 0, delta));
      }
      const [args, argsAt] = exchange<Expression>(parent.args, parent.argsAt, old, next, delta);
      return new CallNode(width, parent.callee, args, argsAt);
    }
    case Kind.Select: {
      const { target, path, fallback } = parent;
      const pathAt = parent.pathAt + (target === old ? delta : 0);
      const fallbackMoved = fallback === undefined || fallback === old ? 0 : delta;
      const newFallback = fallback === undefined ? undefined : swap(fallback);
      return new SelectNode(
        width,
        swap(target),
        swap(path),
        pathAt,
        newFallback,
        parent.fallbackAt + fallbackMoved,
      );
    }
    case Kind.HasAttribute: {
      const pathAt = parent.pathAt + (parent.target === old ? delta : 0);
      return new HasAttributeNode(width, swap(parent.target), swap(parent.path), pathAt);
    }
    case Kind.Not:
      return new NotNode(width, next as Expression, parent.operandAt);
    case Kind.Negate:
      return new NegateNode(width, next as Expression, parent.operandAt);
    case Kind.Binary: {
      const moved = parent.left === old ? delta : 0;
      return new BinaryNode(
        width,
        parent.operator,
        parent.operatorAt + moved,
        swap(parent.left),
        swap(parent.right),
        parent.rightAt + moved,
      );
    }
    default:
      return unreachable('a leaf has no child to replace');
  }
}

function replaceInInherit(
  parent: InheritNode,
  width: number,
  old: Node,
  next: Node,
  delta: number,
): InheritNode {
  const { source, sourceAt } = parent;
  if (source !== undefined && source === old) {
    const namesAt = shifted(parent.namesAt, 0, delta);
    return new InheritNode(width, next as Expression, sourceAt, parent.names, namesAt);
  }
  const [names, namesAt] = exchange<AttributeName>(parent.names, parent.namesAt, old, next, delta);
  return new InheritNode(width, source, sourceAt, names, namesAt);
}

function exchange<T extends Node>(
  children: readonly T[],
  places: readonly number[],
  old: Node,
  next: Node,
  delta: number,
): [readonly T[], readonly number[]] {
  const index = children.indexOf(old as T);
  const changed = children.slice();
  changed[index] = next as T;
  return [changed, shifted(places, index + 1, delta)];
}

/** `places` with those from `first` on moved by `delta`. */
function shifted(places: readonly number[], first: number, delta: number): readonly number[] {
  if (delta === 0 || first >= places.length) return places;
  const result = places.slice();
  for (let i = first; i < result.length; i++) result[i]! += delta;
  return result;
}
