/**
 * Whether an edit left a chunk's own code as it was.
 *
 * The chunk's old and new piece of the tree are walked side by side. Where they
 * are one and the same node nothing changed; where a function or a thunk of the
 * chunk stands, its content is the business of its own chunk, as long as it is
 * still made in the same way and takes the same names. Anything else that
 * differs means other code.
 */
import { isBlueprint } from '../bytecode/disassemble';
import type { Chunk } from '../bytecode/chunk';
import type { Constant } from '../bytecode/constant';
import { NodeBlueprint, type Body } from '../compiler/blueprint';
import { freeNames } from '../names/free-names';
import { Kind, PathStyle, staticString, type Expression, type Node } from '../syntax/tree';
import { forEachChild, type PlacedNode } from '../syntax/walk';

/** A part of the old text that stands unchanged, `delta` bytes further on, in the new one. */
interface Segment {
  readonly from: number;
  readonly to: number;
  readonly delta: number;
}

/**
 * The children of a chunk after an edit, in the order of the constants, or
 * undefined if the chunk has to be compiled again. `old` and `now` are the nodes
 * that the chunk was and is compiled from.
 */
export function alignChunk(
  chunk: Chunk,
  old: Node,
  now: Node,
  parent: NodeBlueprint,
): { readonly constants: readonly Constant[]; readonly replaced: ReadonlyMap<Node, Node> } | undefined {
  const children = chunk.constants.filter(isBlueprint) as NodeBlueprint[];
  const alignment = new Alignment(children);
  if (!alignment.body(old, now)) return undefined;
  const constants: Constant[] = [];
  for (const constant of chunk.constants) {
    const moved = isBlueprint(constant) ? alignment.child(constant as NodeBlueprint, parent) : constant;
    if (moved === undefined) return undefined;
    constants.push(moved);
  }
  return { constants, replaced: alignment.replaced };
}

/** Two nodes that have to be the same code. */
interface Pair {
  readonly old: PlacedNode;
  readonly now: PlacedNode;
}

class Alignment {
  private readonly roots = new Set<Node>();
  private readonly segments: Segment[] = [];
  /** The children whose content changed. */
  readonly replaced = new Map<Node, Node>();

  constructor(children: readonly NodeBlueprint[]) {
    for (const child of children) if (child.body.kind !== 'group') this.roots.add(child.body.node);
  }

  /** The nodes that the chunk was and is compiled from. A chunk that only makes a function has its node in common with it. */
  body(old: Node, now: Node): boolean {
    const waiting: Pair[] = [{ old: { node: old, at: 0 }, now: { node: now, at: 0 } }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (!this.same(next, waiting)) return false;
    }
    return true;
  }

  /** Whether two nodes are the same code, but for the parts that are left to `waiting`. */
  private same(pair: Pair, waiting: Pair[]): boolean {
    const { old, now } = pair;
    if (old.node !== now.node) {
      if (!this.roots.has(old.node)) return inside(pair, waiting);
      if (!isMadeAlike(old.node as Expression, now.node as Expression)) return false;
      this.replaced.set(old.node, now.node);
    }
    this.segments.push({ from: old.at, to: old.at + old.node.width, delta: now.at - old.at });
    return true;
  }

  /** A child as it is after the edit; undefined where that cannot be told. */
  child(child: NodeBlueprint, parent: NodeBlueprint): NodeBlueprint | undefined {
    const { kind, name, body, at, captures, capturesWith } = child;
    const segment = this.segmentAt(body.kind === 'group' ? body.group.at : at);
    if (segment === undefined) return undefined;
    // All parts of a nested path's set have to move alike, since they know their places.
    if (body.kind === 'group' && this.segmentAt(body.width - 1)?.delta !== segment.delta) return undefined;
    const node = body.kind === 'group' ? undefined : this.replaced.get(body.node);
    if (node === undefined && segment.delta === 0) return child;
    const moved = node === undefined ? body : ({ kind: body.kind, node } as Body);
    return NodeBlueprint.of(
      kind,
      name,
      parent.unit,
      parent,
      at + segment.delta,
      moved,
      captures,
      capturesWith,
    );
  }

  /** The segment that holds a place. Segments are in the order of the text. */
  private segmentAt(place: number): Segment | undefined {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.segments[middle]!.from <= place) low = middle;
      else high = middle - 1;
    }
    const found = this.segments[low];
    return found !== undefined && found.from <= place && place <= found.to ? found : undefined;
  }
}

/** Leaves the parts of two nodes to `waiting`, the first on top; false where the nodes themselves differ. */
function inside({ old, now }: Pair, waiting: Pair[]): boolean {
  if (old.node.kind !== now.node.kind || !sameWords(old.node, now.node)) return false;
  const before = childrenOf(old);
  const after = childrenOf(now);
  if (before.length !== after.length) return false;
  for (let i = before.length - 1; i >= 0; i--) waiting.push({ old: before[i]!, now: after[i]! });
  return true;
}

function childrenOf({ node, at }: PlacedNode): PlacedNode[] {
  const found: PlacedNode[] = [];
  forEachChild(node, at, (child, childAt) => found.push({ node: child, at: childAt }));
  return found;
}

/** Whether two nodes say the same, their children apart. */
function sameWords(old: Node, now: Node): boolean {
  switch (old.kind) {
    case Kind.Integer:
    case Kind.Float:
      return old.value === (now as typeof old).value;
    case Kind.TextPart:
      return old.text === (now as typeof old).text;
    case Kind.Identifier:
      return old.name === (now as typeof old).name;
    case Kind.SearchPath:
      return old.path === (now as typeof old).path;
    case Kind.String:
    case Kind.Path:
      return old.style === (now as typeof old).style;
    case Kind.AttributeSet:
      return old.recursive === (now as typeof old).recursive;
    case Kind.Binary:
      return old.operator === (now as typeof old).operator;
    case Kind.Formals:
      return old.ellipsis === (now as typeof old).ellipsis;
    case Kind.Formal:
    case Kind.Select:
      return (old.fallback === undefined) === ((now as typeof old).fallback === undefined);
    case Kind.Inherit:
      return (old.source === undefined) === ((now as typeof old).source === undefined);
    case Kind.Lambda: {
      const other = now as typeof old;
      return (
        (old.parameter === undefined) === (other.parameter === undefined) &&
        (old.formals === undefined) === (other.formals === undefined)
      );
    }
    case Kind.Missing:
      return false;
    default:
      return true;
  }
}

/** Whether an expression is still made a thunk or a function in the same way, with the same captures. */
function isMadeAlike(old: Expression, now: Expression): boolean {
  if (old.kind !== now.kind || isConstant(old) !== isConstant(now)) return false;
  const before = freeNames(old);
  const after = freeNames(now);
  return sameNames(before.lexical, after.lexical) && sameNames(before.dynamic, after.dynamic);
}

/** Whether an expression of a kind that can be a constant is one. */
function isConstant(node: Expression): boolean {
  switch (node.kind) {
    case Kind.String:
      return staticString(node) !== undefined;
    case Kind.Path:
      return node.style !== PathStyle.Home && node.parts.length === 1;
    case Kind.List:
      return node.items.length === 0;
    default:
      return false;
  }
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
