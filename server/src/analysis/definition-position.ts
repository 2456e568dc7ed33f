/**
 * Where what a hover is about was defined: the binding of a variable, the place
 * of an attribute in the set that has it.
 */
import type { Evaluator } from '../evaluator/evaluator';
import type { Subject } from '../evaluator/live-values';
import type { PlacedTarget } from '../evaluator/target';
import { lookUp } from '../names/declarations';
import { Kind, staticName, type AttributeName, type Expression } from '../syntax/tree';
import { Attrs } from '../values/attrs';
import { EvalError } from '../values/error';
import type { Position } from '../values/position';

/** Undefined where it is an expression without a name, or where finding it fails. @throws Interruption */
export function definitionPosition(
  evaluator: Evaluator,
  subject: Subject,
  { target, ancestors }: PlacedTarget,
): Position | undefined {
  const { source } = subject.unit;
  try {
    switch (target.kind) {
      case 'binding':
        return { source, offset: target.at };
      case 'inherited': {
        const { node, at } = target;
        if (node.source === undefined) return undefined;
        const names = [node.names[target.index]!];
        return ofAttribute(evaluator, subject, ancestors, node.source, at + node.sourceAt, names);
      }
      case 'expression': {
        const { node, at } = target;
        if (node.kind === Kind.Identifier) {
          const { declaration } = lookUp(ancestors, node, node.name);
          const bound = declaration?.bound;
          return bound?.binding.kind === Kind.Binding ? { source, offset: bound.bindingAt } : undefined;
        }
        if (node.kind !== Kind.Select) return undefined;
        return ofAttribute(evaluator, subject, ancestors, node.target, at, node.path.names);
      }
      case 'parameter':
        return undefined;
    }
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

function ofAttribute(
  { vm }: Evaluator,
  { live }: Subject,
  ancestors: PlacedTarget['ancestors'],
  set: Expression,
  at: number,
  path: readonly AttributeName[],
): Position | undefined {
  const scope = live.scopeAt(ancestors, { node: set, at });
  // A variable needs no thunk of its own.
  const variable = set.kind === Kind.Identifier ? scope.find(set.name) : undefined;
  let value = vm.force(variable ?? live.thunk(scope, set, at));
  for (const [i, node] of path.entries()) {
    const name = staticName(node);
    if (name === undefined || !(value instanceof Attrs) || !value.has(name)) return undefined;
    if (i === path.length - 1) return value.positionOf(name);
    value = vm.force(value.get(name)!);
  }
  return undefined;
}
