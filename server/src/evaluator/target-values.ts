/** The values of what a place in a document asks about, in the live scopes around it. */
import type { Range } from '../base/range';
import { freeNames } from '../names/free-names';
import { IdentifierNode, Kind, staticName, type AttributeName } from '../syntax/tree';
import type { PlacedNode } from '../syntax/walk';
import { EvalError } from '../values/error';
import { lazily } from '../values/thunk';
import type { Value } from '../values/value';
import type { Vm } from '../vm/vm';
import type { Evaluator } from './evaluator';
import type { LiveFile, LiveScope } from './live-scopes';
import type { Subject } from './live-values';
import { selectPath } from './select-path';
import type { PlacedTarget, Target } from './target';

/** The value that is asked about, unevaluated. Entering its scope can fail. @throws EvalError, Interruption */
export function valueOfTarget(
  evaluator: Evaluator,
  { live }: Subject,
  { target, ancestors }: PlacedTarget,
): Value {
  const scope = live.scopeAt(ancestors, placeOf(target));
  switch (target.kind) {
    case 'expression':
      return live.thunk(scope, target.node, target.at);
    case 'binding':
      return boundValue(evaluator.vm, live, scope, target, ancestors);
    case 'inherited':
      return inheritedValue(evaluator.vm, live, scope, target, ancestors);
    case 'parameter':
      return scope.find(target.name)!;
  }
}

/** What the first names of a binding's path are bound to. */
function boundValue(
  vm: Vm,
  live: LiveFile,
  scope: LiveScope,
  { node, at, count }: Target & { kind: 'binding' },
  ancestors: readonly PlacedNode[],
): Value {
  const names = node.path.names.slice(0, count);
  const isScope = bindsNames(ancestors.at(-1)!);
  const first = staticName(names[0]!);
  if (isScope && first !== undefined) {
    const start = scope.find(first);
    if (start !== undefined) return selected(vm, start, names.slice(1));
  }
  if (count === node.path.names.length) return live.thunk(scope, node.value, at + node.valueAt);
  const owner = ancestors.at(-1)!;
  const set = live.thunk(live.scopeAt(ancestors.slice(0, -1), owner), owner.node as never, owner.at);
  return selected(vm, set, names);
}

function selected(vm: Vm, value: Value, names: readonly AttributeName[]): Value {
  return lazily(() => selectPath(vm, value, names.map(knownName), ''));
}

/** @throws EvalError for a name that is computed */
function knownName(node: AttributeName): string {
  const name = staticName(node);
  if (name === undefined) throw new EvalError('unsupported', 'the value of a computed name is not shown');
  return name;
}

function inheritedValue(
  vm: Vm,
  live: LiveFile,
  scope: LiveScope,
  { node, at, index }: Target & { kind: 'inherited' },
  ancestors: readonly PlacedNode[],
): Value {
  const nameNode = node.names[index]!;
  const name = knownName(nameNode);
  if (node.source !== undefined) {
    return selected(vm, live.thunk(scope, node.source, at + node.sourceAt), [nameNode]);
  }
  // A plain `inherit` means the variable outside of the set or `let` it stands in.
  const outer = live.scopeAt(ancestors.slice(0, -1), ancestors.at(-1)!);
  const variable = new IdentifierNode(nameNode.width, name);
  return live.suspend(
    outer,
    { kind: 'expression', node: variable },
    freeNames(variable),
    at + node.namesAt[index]!,
  );
}

/** The node that is asked about, and where it is. */
export function placeOf(target: Target): PlacedNode {
  // A parameter stands in the scope of its function, which its ancestors end with.
  return target.kind === 'parameter'
    ? { node: new IdentifierNode(target.width, target.name), at: target.at }
    : { node: target.node, at: target.at };
}

/** What of the text the value belongs to. */
export function rangeOf(target: Target): Range {
  switch (target.kind) {
    case 'expression':
      return { start: target.at, end: target.at + target.node.width };
    case 'binding': {
      const last = target.count - 1;
      const { names, namesAt } = target.node.path;
      return { start: target.at, end: target.at + namesAt[last]! + names[last]!.width };
    }
    case 'inherited': {
      const start = target.at + target.node.namesAt[target.index]!;
      return { start, end: start + target.node.names[target.index]!.width };
    }
    case 'parameter':
      return { start: target.at, end: target.at + target.width };
  }
}

/** Whether the bindings of a node are names of the scope inside of it. */
function bindsNames({ node }: PlacedNode): boolean {
  return (
    node.kind === Kind.Let ||
    node.kind === Kind.LegacyLet ||
    (node.kind === Kind.AttributeSet && node.recursive)
  );
}
