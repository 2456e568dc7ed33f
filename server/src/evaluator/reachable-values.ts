/**
 * What the value of a file leads to, beyond the value itself: the results of the
 * functions that the file is, or that are the outputs of a flake, in a call of theirs that
 * is known, those of the modules and overlays among these outputs, and the bindings of the
 * `let`s around its result.
 */
import { isFlake } from '../host/path';
import type { Subject } from './live-values';
import { Kind, staticName, type Expression, type LetNode } from '../syntax/tree';
import { innerOf, type PlacedNode } from '../syntax/walk';
import type { Value } from '../values/value';
import { flakeFunctions, wayToOutputs } from './flake-functions';

export interface ReachableValue {
  readonly value: Value;
  /** What fails in a result is a mistake of the file; a binding may stand behind a condition that keeps it from being evaluated. */
  readonly kind: 'result' | 'binding';
  /** Whether it is so in a call that is only supposed, where what fails may be no mistake of the file. */
  readonly isSupposed: boolean;
}

/**
 * The result of the file's functions, if there are any, then the bindings, those nearest to an offset first.
 * @param modules the ways to functions in the file that are modules
 * @param mistaken where functions start that are likely to be called otherwise than it is supposed; nothing in them counts
 */
export function reachableValues(
  subject: Subject,
  nearest: number,
  modules: readonly (readonly PlacedNode[])[],
  mistaken: ReadonlySet<number>,
): ReachableValue[] {
  const spines = spinesOf(subject, modules).filter(
    ({ known }) => !known.some(({ node, at }) => node.kind === Kind.Lambda && mistaken.has(at)),
  );
  return [
    ...spines.flatMap((spine) => resultOf(subject, spine)),
    ...spines.flatMap((spine) => bindings(subject, spine, nearest)),
  ];
}

interface Spine {
  /** The nodes on the way from the root to the result, as far as the functions among them have a known call. */
  readonly known: readonly PlacedNode[];
  /** How many of them belong to a spine further out. */
  readonly outer: number;
  /** The result, unless a function on the way has no known call. */
  readonly result: PlacedNode | undefined;
}

/** The way to the result of a file; in a flake to that of its outputs, and to those of the functions among them; and of modules. */
function spinesOf(subject: Subject, modules: readonly (readonly PlacedNode[])[]): Spine[] {
  const { path, parsed } = subject;
  const root = { node: parsed.root, at: parsed.rootAt };
  const way = isFlake(path) ? wayToOutputs(root) : [];
  const whole = spineOf(subject, way.length > 0 ? way : [root]);
  const functions = isFlake(path) ? flakeFunctions(parsed).map((each) => each.path) : [];
  const inner = [...functions, ...modules].map((each) => spineOf(subject, each));
  return [whole, ...inner.map((spine) => ({ ...spine, outer: outerCount(spine, whole) }))];
}

function outerCount({ known }: Spine, outer: Spine): number {
  const first = known.findIndex(({ node }, i) => node !== outer.known[i]?.node);
  return first < 0 ? known.length : first;
}

/** @param way the nodes on the way from the root to where the spine begins */
function spineOf({ live }: Subject, way: readonly PlacedNode[]): Spine {
  const known = way.slice(0, -1);
  let current = way.at(-1)!;
  for (let inner = innerOf(current); inner !== undefined; inner = innerOf(current)) {
    if (current.node.kind === Kind.Lambda) {
      const scope = live.scopeAt([...known, current], inner);
      // In a call that the file speaks against, anything may fail.
      if (scope.argument === undefined || scope.isDoubtful) return { known, outer: 0, result: undefined };
    }
    known.push(current);
    current = inner;
  }
  return { known, outer: 0, result: current };
}

function resultOf({ live }: Subject, { known, outer, result }: Spine): ReachableValue[] {
  if (result === undefined || !known.slice(outer).some(({ node }) => node.kind === Kind.Lambda)) return [];
  const scope = live.scopeAt(known, result);
  const value = live.thunk(scope, result.node as Expression, result.at);
  return [{ value, kind: 'result', isSupposed: scope.isSupposed }];
}

function bindings({ live }: Subject, { known, outer }: Spine, nearest: number): ReachableValue[] {
  const found: (ReachableValue & { readonly distance: number })[] = [];
  known.forEach(({ node, at }, i) => {
    if (node.kind !== Kind.Let || i < outer) return;
    const scope = live.scopeAt(known.slice(0, i + 1), { node: node.body, at: at + node.bodyAt });
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
