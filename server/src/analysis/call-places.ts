/**
 * Places whose evaluation may call a function: the application around it, uses
 * of the name it is bound to, and for a file's function the places that name the
 * file. Only the text decides; whether a place really calls the function is seen
 * when it is evaluated.
 */
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type Expression, type LambdaNode, type Node } from '../syntax/tree';
import { nodesAt, walk, type PlacedNode } from '../syntax/walk';

/** An expression to evaluate, and the nodes around it, the root first. */
export interface CallPlace {
  readonly node: Expression;
  readonly at: number;
  readonly ancestors: readonly PlacedNode[];
}

/** The places in the function's own file; those inside the function itself come last. */
export function placesInFile(file: ParsedFile, lambda: { node: LambdaNode; at: number }): CallPlace[] {
  const path = pathTo(file, lambda);
  const outer = outermostFunction(path);
  const places: CallPlace[] = [...applications(path, path.length - 1)];
  const name = boundName(path, path.indexOf(outer));
  if (name !== undefined) places.push(...uses(file, name, outer));
  places.push(...surroundings(path, path.indexOf(outer)));
  const inside = (place: CallPlace): boolean =>
    place.at > lambda.at && place.at < lambda.at + lambda.node.width;
  return [...places.filter((place) => !inside(place)), ...places.filter(inside)];
}

/** The name that a function is bound to, as a variable or as an attribute. */
export function nameOfFunction(
  file: ParsedFile,
  lambda: { node: LambdaNode; at: number },
): string | undefined {
  const path = pathTo(file, lambda);
  return boundName(path, path.indexOf(outermostFunction(path)));
}

/** The applications of a name in another file, to which it came by an import. */
export function placesOfName(file: ParsedFile, name: string): CallPlace[] {
  return [...uses(file, name, undefined)];
}

/** The places around a path literal of another file that may call what the path names. */
export function placesAround(file: ParsedFile, offset: number): CallPlace[] {
  const path = nodesAt(file, offset).reverse();
  const index = path.findLastIndex(({ node }) => node.kind === Kind.Path);
  if (index < 0) return [];
  return [...applications(path, index)];
}

/** The nodes from the root to a function, which is the last one. */
function pathTo(file: ParsedFile, { node, at }: { node: LambdaNode; at: number }): PlacedNode[] {
  const path = nodesAt(file, at).reverse();
  const index = path.findIndex((placed) => placed.node === node);
  return index < 0 ? path : path.slice(0, index + 1);
}

/** The function that a function is the body of, if it is one of several arguments: `a: b: …`. */
function outermostFunction(path: readonly PlacedNode[]): PlacedNode {
  let index = path.length - 1;
  while (index > 0) {
    const { node } = path[index - 1]!;
    if (node.kind === Kind.Lambda && node.body !== path[index]!.node) break;
    if (node.kind !== Kind.Lambda && node.kind !== Kind.Parenthesised) break;
    index--;
  }
  while (path[index]!.node.kind === Kind.Parenthesised) index++;
  return path[index]!;
}

/** The applications around a node, the innermost first, and at last what they are bound to. */
function* applications(path: readonly PlacedNode[], index: number): Iterable<CallPlace> {
  for (let i = index - 1; i >= 0; i--) {
    const { node, at } = path[i]!;
    if (node.kind === Kind.Call) yield { node, at, ancestors: path.slice(0, i) };
    else if (node.kind === Kind.Binding) return;
    else if (node.kind === Kind.Lambda) return;
  }
}

/** What the functions around a node compute, the innermost first, and the whole file: they may call it in the end. */
function* surroundings(path: readonly PlacedNode[], index: number): Iterable<CallPlace> {
  for (let i = index - 1; i >= 0; i--) {
    const { node, at } = path[i]!;
    if (node.kind === Kind.Lambda && node.body.kind !== Kind.Lambda) {
      yield { node: node.body, at: at + node.bodyAt, ancestors: path.slice(0, i + 1) };
    }
  }
  const [root] = path;
  if (root !== undefined && root.node.kind !== Kind.Lambda && index > 0) {
    yield { node: root.node as Expression, at: root.at, ancestors: [] };
  }
}

/** The name that a node of a path, or an application around it, is bound to: `sum = foldl' (a: b: …) 0`. */
function boundName(path: readonly PlacedNode[], index: number): string | undefined {
  let i = index - 1;
  while (i >= 0 && (path[i]!.node.kind === Kind.Parenthesised || path[i]!.node.kind === Kind.Call)) i--;
  const owner = path[i]?.node;
  if (owner?.kind !== Kind.Binding) return undefined;
  return staticName(owner.path.names.at(-1)!);
}

/** The applications in which a name, or an attribute of that name, stands. */
function* uses(file: ParsedFile, name: string, definition: PlacedNode | undefined): Iterable<CallPlace> {
  const offsets: number[] = [];
  walk(file.root, file.rootAt, (node, at) => {
    const offset = useOf(node, at, name);
    if (offset !== undefined && at !== definition?.at) offsets.push(offset);
  });
  for (const offset of offsets) {
    const path = nodesAt(file, offset).reverse();
    const last = path.findLastIndex(({ node }) => node.kind === Kind.Identifier || node.kind === Kind.Select);
    const [application] = applications(path, last);
    if (application !== undefined) yield application;
  }
}

/** Where a node uses a name, as a variable or as the last part of a selection. */
function useOf(node: Node, at: number, name: string): number | undefined {
  if (node.kind === Kind.Identifier && node.name === name) return at;
  if (node.kind === Kind.Select && staticName(node.path.names.at(-1)!) === name) {
    return at + node.pathAt + node.path.namesAt.at(-1)!;
  }
  return undefined;
}
