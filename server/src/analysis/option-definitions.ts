/** Where the text of a module defines an option, as far as the text alone tells. */
import type { Bytes } from '../base/bytes';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type InheritNode, type Node } from '../syntax/tree';
import { forEachChild } from '../syntax/walk';
import { anyName, leadsTo, structure } from './option-path';

export interface OptionDefinitions {
  /** Where bindings start that define the option or a part of it, ascending; else one that leads to it, if there is any. */
  readonly places: readonly number[];
  /** Whether the places are definitions, and not only on the way there. */
  readonly isExact: boolean;
}

interface Step {
  readonly node: Node;
  readonly at: number;
  readonly parent: Node | undefined;
  /** The names that lead from the module to the node's value. */
  readonly path: readonly Bytes[];
}

/** @param names those of the option; `*` stands for any */
export function definitionsIn({ root, rootAt }: ParsedFile, names: readonly Bytes[]): OptionDefinitions {
  const places: number[] = [];
  let nearest: { readonly at: number; readonly length: number } | undefined;
  const waiting: Step[] = [{ node: root, at: rootAt, parent: undefined, path: [] }];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const { node, at, path } = step;
    if (node.kind === Kind.Inherit) places.push(...inheritedPlaces(node, at, path, names));
    for (const inner of innerSteps(step)) {
      if (!agree(inner.path, names)) continue;
      if (node.kind === Kind.Binding && inner.path.length >= names.length) places.push(at);
      else {
        const isNearer = inner.path.length > (nearest?.length ?? 0);
        if (node.kind === Kind.Binding && isNearer) nearest = { at, length: inner.path.length };
        waiting.push(inner);
      }
    }
  }
  if (places.length > 0) return { places: places.sort((a, b) => a - b), isExact: true };
  return { places: nearest === undefined ? [] : [nearest.at], isExact: false };
}

/** The parts of a node's value; of a module's function, its body. */
function innerSteps({ node, at, parent, path }: Step): Step[] {
  const inner: Step[] = [];
  forEachChild(node, at, (child, childAt) => {
    const isBody = node.kind === Kind.Lambda && path.length === 0 && child === node.body;
    const more = isBody ? [] : leadsTo(node, child, parent);
    const next = more && inModule([...path, ...more]);
    if (next !== undefined) inner.push({ node: child, at: childAt, parent: node, path: next });
  });
  return inner;
}

/** The names of an option, from those that lead to a value in a module; undefined for what is no definition. */
function inModule(path: readonly Bytes[]): readonly Bytes[] | undefined {
  const [first] = path;
  if (first === 'config') return path.slice(1);
  return first !== undefined && structure.has(first) ? undefined : path;
}

function inheritedPlaces(
  { names: nodes, namesAt }: InheritNode,
  at: number,
  path: readonly Bytes[],
  names: readonly Bytes[],
): number[] {
  const isDefinition = nodes.map((node) => {
    const inner = [...path, staticName(node) ?? anyName];
    return inner.length >= names.length && agree(inner, names);
  });
  return namesAt.filter((_, i) => isDefinition[i]).map((nameAt) => at + nameAt);
}

/** Whether one path leads to the other, or they are the same. */
function agree(path: readonly Bytes[], names: readonly Bytes[]): boolean {
  const count = Math.min(path.length, names.length);
  for (let i = 0; i < count; i++)
    if (path[i] !== names[i] && path[i] !== anyName && names[i] !== anyName) return false;
  return true;
}
