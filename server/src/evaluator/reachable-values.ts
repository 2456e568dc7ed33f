/**
 * What the value of a file leads to, beyond the value itself: the results of the
 * functions that the file is, or that are the outputs of a flake, in a call of theirs that
 * is known, and the bindings of the `let`s around its result.
 */
import type { Subject } from './live-values';
import { Kind, staticName, type Expression, type LetNode } from '../syntax/tree';
import { innerOf, type PlacedNode } from '../syntax/walk';
import type { Value } from '../values/value';

export interface ReachableValue {
  readonly value: Value;
  /** What fails in a result is a mistake of the file; a binding may stand behind a condition that keeps it from being evaluated. */
  readonly kind: 'result' | 'binding';
  /** Whether it is so in a call that is only supposed, where what fails may be no mistake of the file. */
  readonly isSupposed: boolean;
}

/** The result of the file's functions, if there are any, then the bindings, those nearest to an offset first. */
export function reachableValues(subject: Subject, nearest: number): ReachableValue[] {
  const found: ReachableValue[] = [];
  const { result, known } = spineOf(subject);
  if (result !== undefined && known.some(({ node }) => node.kind === Kind.Lambda)) {
    const scope = subject.live.scopeAt(known, result);
    const value = subject.live.thunk(scope, result.node as Expression, result.at);
    found.push({ value, kind: 'result', isSupposed: scope.isSupposed });
  }
  return [...found, ...bindings(subject, known, nearest)];
}

interface Spine {
  /** The nodes on the way from the root to the result, as far as the functions among them have a known call. */
  readonly known: readonly PlacedNode[];
  /** The result, unless a function on the way has no known call. */
  readonly result: PlacedNode | undefined;
}

function spineOf({ path, parsed, live }: Subject): Spine {
  const root = { node: parsed.root, at: parsed.rootAt };
  const known: PlacedNode[] = path.endsWith('/flake.nix') ? wayToOutputs(root) : [];
  let current = known.pop() ?? root;
  for (let inner = innerOf(current); inner !== undefined; inner = innerOf(current)) {
    if (current.node.kind === Kind.Lambda) {
      const scope = live.scopeAt([...known, current], inner);
      if (scope.argument === undefined) return { known, result: undefined };
    }
    known.push(current);
    current = inner;
  }
  return { known, result: current };
}

/** The nodes from the set that a flake is to the function that gives its outputs. */
function wayToOutputs(root: PlacedNode): PlacedNode[] {
  const { node, at } = root;
  if (node.kind !== Kind.AttributeSet) return [];
  for (const [i, binding] of node.bindings.entries()) {
    if (binding.kind !== Kind.Binding || binding.path.names.length !== 1) continue;
    if (staticName(binding.path.names[0]!) !== 'outputs') continue;
    const bindingAt = at + node.bindingsAt[i]!;
    return [root, { node: binding, at: bindingAt }, { node: binding.value, at: bindingAt + binding.valueAt }];
  }
  return [];
}

function bindings({ live }: Subject, spine: readonly PlacedNode[], nearest: number): ReachableValue[] {
  const found: (ReachableValue & { readonly distance: number })[] = [];
  spine.forEach(({ node, at }, i) => {
    if (node.kind !== Kind.Let) return;
    const scope = live.scopeAt(spine.slice(0, i + 1), { node: node.body, at: at + node.bodyAt });
    for (const { name, offset } of namesOf(node, at)) {
      const value = scope.find(name);
      const distance = Math.abs(offset - nearest);
      if (value !== undefined) found.push({ value, kind: 'binding', isSupposed: scope.isSupposed, distance });
    }
  });
  return found.sort((a, b) => a.distance - b.distance);
}

function* namesOf(node: LetNode, at: number): Iterable<{ name: string; offset: number }> {
  for (const [i, binding] of node.bindings.entries()) {
    if (binding.kind !== Kind.Binding) continue;
    const name = staticName(binding.path.names[0]!);
    if (name !== undefined) yield { name, offset: at + node.bindingsAt[i]! };
  }
}
