/**
 * Long lists of bindings in blocks, so that an edit of one binding costs no work
 * on the others.
 *
 * What a block knows is a matter of its bindings alone. An edit keeps the binding
 * nodes that it does not touch, so a block is known again by the identity of its
 * bindings: nobody has to say which node an edited one comes from.
 */
import type { BindingLike, FreeNames } from '../syntax/tree';
import { Kind } from '../syntax/tree';
import { isRecursive, mergeSomeBindings, type BindingGroup, type BindingOwner } from './merge';

/** From so many bindings on, blocks are worth their while. */
export const longOwner = 256;

/** How many bindings a block has at most. */
const longestBlock = 128;

/** What the bindings of a block define, and take from their surroundings. */
export interface BlockSummary {
  /** The names that they define, each once. */
  readonly defined: readonly string[];
  /** Whether Nix rejects them together; their values count for themselves. */
  readonly faulty: boolean;
  /** What is looked up outside of a recursive owner. */
  readonly outer: FreeNames;
  /** What entries, sources of `inherit`s and dynamic attributes take, in this order. */
  readonly inner: readonly [FreeNames, FreeNames, FreeNames];
}

export interface BindingBlock {
  readonly bindings: readonly BindingLike[];
  /** Blocks depend on what they stand in. */
  readonly recursive: boolean;
  readonly isLet: boolean;
  readonly summary: BlockSummary;
  /** The names of a list that it is part of. */
  readonly defined: DefinedNames;
}

/** The blocks of all bindings of a node. */
export interface BindingBlocks {
  readonly recursive: boolean;
  readonly blocks: readonly BindingBlock[];
  /** True to these blocks until those of another node are asked for. */
  readonly defined: DefinedNames;
  /**
   * Whether no two blocks define the same name. Then nothing has to be merged
   * across blocks, and all bindings together mean what their blocks mean.
   */
  readonly areApart: boolean;
}

/** The blocks that are known, by their first bindings. */
const known = new WeakMap<BindingLike, BindingBlock>();

/** The blocks of a node, of which those that are new are summarised. */
export function blocksOf(
  node: BindingOwner,
  summarise: (group: BindingGroup) => BlockSummary,
): BindingBlocks {
  const places = placesOfBlocks(node);
  const defined = places.find(({ block }) => block !== undefined)?.block?.defined ?? new DefinedNames();
  const recursive = isRecursive(node);
  const blocks = places.map(({ block, from, to }) => {
    if (block !== undefined) return block;
    const summary = summarise(mergeSomeBindings(node, from, to));
    const bindings = node.bindings.slice(from, to);
    const made = { bindings, recursive, isLet: node.kind === Kind.Let, summary, defined };
    known.set(bindings[0]!, made);
    return made;
  });
  defined.follow(blocks);
  return { recursive, blocks, defined, areApart: defined.areApart };
}

interface BlockPlace {
  readonly from: number;
  readonly to: number;
  /** Undefined for a new one. */
  readonly block: BindingBlock | undefined;
}

/** Known blocks wherever they are, and new ones for the bindings between them. */
function placesOfBlocks(node: BindingOwner): BlockPlace[] {
  const { bindings } = node;
  const places: BlockPlace[] = [];
  let from = 0;
  let at = 0;
  while (at < bindings.length) {
    const block = knownBlock(node, at);
    if (block === undefined) {
      at++;
      continue;
    }
    addNewPlaces(places, from, at);
    from = at + block.bindings.length;
    places.push({ from: at, to: from, block });
    at = from;
  }
  addNewPlaces(places, from, bindings.length);
  return places;
}

/** New blocks are about equally long, so that lists do not crumble with edits. */
function addNewPlaces(places: BlockPlace[], from: number, to: number): void {
  const count = Math.ceil((to - from) / longestBlock);
  const place = (index: number): number => from + Math.floor(((to - from) * index) / count);
  for (let i = 0; i < count; i++) places.push({ from: place(i), to: place(i + 1), block: undefined });
}

/** The block that is known for the bindings from `at` on, all of which have to be there. */
function knownBlock(node: BindingOwner, at: number): BindingBlock | undefined {
  const block = known.get(node.bindings[at]!);
  if (block === undefined || block.isLet !== (node.kind === Kind.Let)) return undefined;
  if (block.recursive !== isRecursive(node)) return undefined;
  const { bindings } = block;
  for (let i = 0; i < bindings.length; i++) if (bindings[i] !== node.bindings[at + i]) return undefined;
  return block;
}

/** The names that the blocks of a list define, which follows the list as it changes. */
class DefinedNames {
  private blocks: readonly BindingBlock[] = [];
  /** In how many blocks each name is defined. */
  private readonly counts = new Map<string, number>();
  /** How many definitions are not the first ones of their names. */
  private repetitions = 0;

  has(name: string): boolean {
    return this.counts.has(name);
  }

  get areApart(): boolean {
    return this.repetitions === 0;
  }

  /** Another list takes the place of the one before it; only where they differ there is something to do. */
  follow(blocks: readonly BindingBlock[]): void {
    const before = this.blocks;
    const shorter = Math.min(before.length, blocks.length);
    let start = 0;
    while (start < shorter && before[start] === blocks[start]) start++;
    let tail = 0;
    while (tail < shorter - start && before.at(-1 - tail) === blocks.at(-1 - tail)) tail++;
    // Most names are in both; a map from which nothing is deleted need not be built anew.
    for (let i = start; i < blocks.length - tail; i++) this.add(blocks[i]!);
    for (let i = start; i < before.length - tail; i++) this.remove(before[i]!);
    this.blocks = blocks;
  }

  private add({ summary }: BindingBlock): void {
    for (const name of summary.defined) {
      const count = this.counts.get(name) ?? 0;
      if (count > 0) this.repetitions++;
      this.counts.set(name, count + 1);
    }
  }

  private remove({ summary }: BindingBlock): void {
    for (const name of summary.defined) {
      const count = this.counts.get(name)!;
      if (count > 1) this.repetitions--;
      if (count > 1) this.counts.set(name, count - 1);
      else this.counts.delete(name);
    }
  }
}
