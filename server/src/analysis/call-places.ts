/**
 * Places whose evaluation may call a function: the application around it, uses
 * of the name it is bound to, and for a file's function the places that name the
 * file. Only the text decides; whether a place really calls the function is seen
 * when it is evaluated.
 */
import type { ParsedFile } from '../syntax/parse';
import {
  Kind,
  staticName,
  type AttributeName,
  type Expression,
  type LambdaNode,
  type Node,
} from '../syntax/tree';
import { nodesAt, walk, type PlacedNode } from '../syntax/walk';

/** An expression to evaluate, and the nodes around it, the root first. */
export interface CallPlace {
  readonly node: Expression;
  readonly at: number;
  readonly ancestors: readonly PlacedNode[];
  /** Whether it is only around the function, and no application of it. */
  readonly isAround?: boolean;
}

/** Places by how much they say about a call. */
export interface CallPlaces {
  /** Applications: of the function, or with it, or with what it is part of. */
  readonly calls: readonly CallPlace[];
  /** What is around, the innermost first; its value may call the function in the end. */
  readonly around: readonly CallPlace[];
}

/** The places in the function's own file; those inside the function itself come last. */
export function placesInFile(file: ParsedFile, lambda: { node: LambdaNode; at: number }): CallPlaces {
  const path = pathTo(file, lambda);
  const outer = outermostFunction(path);
  const index = path.indexOf(outer);
  const inside = (place: CallPlace): boolean => place.at > outer.at && place.at < outer.at + outer.node.width;
  const calls = callsWith(file, path, index);
  return {
    calls: [...calls.filter((place) => !inside(place)), ...calls.filter(inside)],
    around: [...surroundings(path, index)],
  };
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

/**
 * The places around a path literal of another file that may call what the path names.
 * @param mayHave whether the value of that file may have an attribute; uses of its name that
 *   select another one are not about it, such as those of any other `lib`
 */
export function placesAround(
  file: ParsedFile,
  offset: number,
  mayHave: (name: string) => boolean = () => true,
): CallPlaces {
  const path = nodesAt(file, offset).reverse();
  const index = path.findLastIndex(({ node }) => node.kind === Kind.Path);
  if (index < 0) return { calls: [], around: [] };
  return { calls: callsWith(file, path, index, mayHave), around: [...surroundings(path, index)] };
}

/** The application that a path literal at the end of a path is an argument of. */
export function applicationAround(path: readonly PlacedNode[]): CallPlace | undefined {
  const [place] = applications(
    path,
    path.findLastIndex(({ node }) => node.kind === Kind.Path),
  );
  return place;
}

/** The applications of a node of a path, or of the name it is bound to, or of the set it stands in. */
function callsWith(
  file: ParsedFile,
  path: readonly PlacedNode[],
  index: number,
  mayHave?: (name: string) => boolean,
): CallPlace[] {
  const calls = [...applications(path, index)];
  const name = boundName(path, index);
  if (name !== undefined) calls.push(...uses(file, name, path[index], mayHave));
  return [...calls, ...applications(path, index, true)];
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

/**
 * The applications around a node, the innermost first. A function that is bound to
 * an attribute may be called by whoever gets the set, if these count, too.
 */
function* applications(path: readonly PlacedNode[], index: number, throughSets = false): Iterable<CallPlace> {
  for (let i = index - 1; i >= 0; i--) {
    const { node, at } = path[i]!;
    if (node.kind === Kind.Call) yield { node, at, ancestors: path.slice(0, i) };
    else if (node.kind === Kind.Binding && !(throughSets && path[i - 1]?.node.kind === Kind.AttributeSet))
      return;
    else if (node.kind === Kind.Lambda) return;
  }
}

/** What the functions around a node compute, the innermost first, and the whole file: they may call it in the end. */
function* surroundings(path: readonly PlacedNode[], index: number): Iterable<CallPlace> {
  for (let i = index - 1; i >= 0; i--) {
    const { node, at } = path[i]!;
    if (node.kind === Kind.Lambda && node.body.kind !== Kind.Lambda) {
      yield { node: node.body, at: at + node.bodyAt, ancestors: path.slice(0, i + 1), isAround: true };
    }
  }
  const [root] = path;
  if (root !== undefined && root.node.kind !== Kind.Lambda && index > 0) {
    yield { node: root.node as Expression, at: root.at, ancestors: [], isAround: true };
  }
}

/** The name that a node of a path, or an application around it, is bound to: `sum = foldl' (a: b: …) 0`. */
function boundName(path: readonly PlacedNode[], index: number): string | undefined {
  let i = index - 1;
  while (i >= 0 && (path[i]!.node.kind === Kind.Parenthesised || path[i]!.node.kind === Kind.Call)) i--;
  const owner = path[i]?.node;
  if (owner?.kind !== Kind.Binding) return undefined;
  const name = staticName(owner.path.names.at(-1)!);
  // Whoever calls a set means its functor.
  return name === '__functor' && owner.path.names.length === 1 ? boundName(path, i - 1) : name;
}

/** The applications in which a name, or an attribute of that name, stands. */
function* uses(
  file: ParsedFile,
  name: string,
  definition: PlacedNode | undefined,
  mayHave: (name: string) => boolean = () => true,
): Iterable<CallPlace> {
  const offsets: number[] = [];
  walk(file.root, file.rootAt, (node, at) => {
    const offset = useOf(node, at, name);
    if (offset !== undefined && at !== definition?.at) offsets.push(offset);
  });
  for (const offset of offsets) {
    const path = nodesAt(file, offset).reverse();
    const selected = selectedFrom(path);
    if (selected !== undefined && !mayHave(selected)) continue;
    const last = path.findLastIndex(({ node }) => node.kind === Kind.Identifier || node.kind === Kind.Select);
    const [application] = [...applications(path, last), ...applications(path, last, true)];
    if (application !== undefined) yield application;
  }
}

/** The name that is selected from the name at the end of a path, if one is. */
function selectedFrom(path: readonly PlacedNode[]): string | undefined {
  const name = path.at(-1)?.node;
  const parent = path.at(-2)?.node;
  if (parent?.kind === Kind.Select && parent.target === name) return staticName(parent.path.names[0]!);
  if (parent?.kind !== Kind.AttributePath) return undefined;
  const next = parent.names[parent.names.indexOf(name as AttributeName) + 1];
  return next && staticName(next);
}

/** Where a node uses a name, as a variable or as the last part of a selection. */
function useOf(node: Node, at: number, name: string): number | undefined {
  if (node.kind === Kind.Identifier && node.name === name) return at;
  if (node.kind === Kind.Select && staticName(node.path.names.at(-1)!) === name) {
    return at + node.pathAt + node.path.namesAt.at(-1)!;
  }
  return undefined;
}
