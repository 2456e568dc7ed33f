/**
 * What the value of a file leads to, beyond the value itself: the results of the
 * functions that the file is, in a call of theirs that is known, and the bindings
 * of the `let`s around its result.
 */
import type { Subject } from './live-values';
import { Kind, staticName, type Expression, type LetNode } from '../syntax/tree';
import { innerOf, type PlacedNode } from '../syntax/walk';
import type { Value } from '../values/value';

export interface ReachableValue {
  readonly value: Value;
  /**
   * How far what fails in it is a mistake of the file: a `result` in a call that is
   * there is, in a call that was only supposed it may not be, and a binding may stand
   * behind a condition that keeps it from being evaluated.
   */
  readonly kind: 'result' | 'supposed-result' | 'binding';
}

/** The result of the file's functions, if there are any, then the bindings, those nearest to an offset first. */
export function reachableValues(subject: Subject, nearest: number): ReachableValue[] {
  const spine = spineOf(subject);
  const found: ReachableValue[] = [];
  const { result, known } = spine;
  if (result !== undefined && spine.callsSupposed !== undefined) {
    const scope = subject.live.scopeAt(known, result);
    const value = subject.live.thunk(scope, result.node as Expression, result.at);
    found.push({ value, kind: spine.callsSupposed ? 'supposed-result' : 'result' });
  }
  return [...found, ...bindings(subject, known, nearest)];
}

interface Spine {
  /** The nodes on the way from the root to the result, as far as the functions among them have a known call. */
  readonly known: readonly PlacedNode[];
  /** The result, unless a function on the way has no known call. */
  readonly result: PlacedNode | undefined;
  /** Whether one of the calls is only supposed; undefined where there is no function. */
  readonly callsSupposed: boolean | undefined;
}

function spineOf({ parsed, live }: Subject): Spine {
  const known: PlacedNode[] = [];
  let callsSupposed: boolean | undefined;
  let current: PlacedNode = { node: parsed.root, at: parsed.rootAt };
  for (let inner = innerOf(current); inner !== undefined; inner = innerOf(current)) {
    if (current.node.kind === Kind.Lambda) {
      const scope = live.scopeAt([...known, current], inner);
      if (scope.argument === undefined) return { known, result: undefined, callsSupposed };
      callsSupposed = callsSupposed === true || scope.function?.with.isSupposed === true;
    }
    known.push(current);
    current = inner;
  }
  return { known, result: current, callsSupposed };
}

function bindings({ live }: Subject, spine: readonly PlacedNode[], nearest: number): ReachableValue[] {
  const found: { value: Value; distance: number }[] = [];
  spine.forEach(({ node, at }, i) => {
    if (node.kind !== Kind.Let) return;
    const scope = live.scopeAt(spine.slice(0, i + 1), { node: node.body, at: at + node.bodyAt });
    for (const { name, offset } of namesOf(node, at)) {
      const value = scope.find(name);
      if (value !== undefined) found.push({ value, distance: Math.abs(offset - nearest) });
    }
  });
  found.sort((a, b) => a.distance - b.distance);
  return found.map(({ value }) => ({ value, kind: 'binding' }));
}

function* namesOf(node: LetNode, at: number): Iterable<{ name: string; offset: number }> {
  for (const [i, binding] of node.bindings.entries()) {
    if (binding.kind !== Kind.Binding) continue;
    const name = staticName(binding.path.names[0]!);
    if (name !== undefined) yield { name, offset: at + node.bindingsAt[i]! };
  }
}
