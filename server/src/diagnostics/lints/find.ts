/**
 * Runs all lints over a file.
 *
 * What they find below a binding is remembered at it, and of a long list of bindings for its
 * blocks. After an edit only what is outside of the bindings that were kept is looked at again.
 */
import type { ParsedFile } from '../../syntax/parse';
import { longOwner, type BindingBlock } from '../../names/binding-blocks';
import { bindingBlocks } from '../../names/free-names';
import type { BindingOwner } from '../../names/merge';
import { Kind, type BindingLike, type Node } from '../../syntax/tree';
import { forEachChild } from '../../syntax/walk';
import type { Finding, Lint, PlacedFinding } from './lint';
import { lintsOf } from './registry';
import { isSkipped } from './skip-comments';
import { Surroundings, type Ancestor, type Chain } from './surroundings';

/** How deep a text may nest: free names follow the nesting with calls. */
const maxNesting = 1000;

/** A node and what was found at it, or a binding below which something was found. */
interface Found {
  readonly node: Node;
  /** Counted from where the region starts. */
  readonly at: number;
  readonly around: Ancestor | undefined;
  readonly lint: Lint | undefined;
  readonly finding: Finding | undefined;
}

/** What is remembered at bindings. */
const known = new WeakMap<BindingLike, readonly Found[]>();

/** Which bindings of a block have something found below them, by their places in it. */
const knownOfBlocks = new WeakMap<BindingBlock, readonly number[]>();
const nothing: readonly Found[] = [];

/** What all lints find in a file. In a text with syntax errors what is missing may use any name: there is nothing to say. */
export function lintFindings(parsed: ParsedFile): PlacedFinding[] {
  const { root, rootAt, nesting, errors, text } = parsed;
  if (nesting > maxNesting || errors.some(({ severity }) => severity === 'error')) return [];
  const placed: PlacedFinding[] = [];
  place(search(root), rootAt, undefined, text, placed);
  return placed.filter((found) => !isSkipped(text, found));
}

/** Finds their places in the text, and keeps those that hold there. */
function place(
  all: readonly Found[],
  base: number,
  outer: Chain | undefined,
  text: ParsedFile['text'],
  into: PlacedFinding[],
): void {
  for (const { node, at, around, lint, finding } of all) {
    const chain = { innermost: around, outer };
    if (lint === undefined || finding === undefined) {
      place(belowBinding(node as BindingLike), base + at, chain, text, into);
    } else if (finding.holds === undefined || finding.holds(new Surroundings(chain, text))) {
      into.push({ lint, finding, node, at: base + at });
    }
  }
}

function belowBinding(node: BindingLike): readonly Found[] {
  const remembered = known.get(node);
  if (remembered !== undefined) return remembered;
  const found = search(node);
  known.set(node, found.length === 0 ? nothing : found);
  return found;
}

/** Looks at a node and at all below it; what is in further bindings is left to them. */
function search(region: Node): readonly Found[] {
  const found: Found[] = [];
  const nodes: Node[] = [region];
  const places: number[] = [0];
  const ancestors: (Ancestor | undefined)[] = [undefined];
  while (nodes.length > 0) {
    const node = nodes.pop()!;
    const at = places.pop()!;
    const around = ancestors.pop();
    if ((node.kind === Kind.Binding || node.kind === Kind.Inherit) && node !== region) {
      if (belowBinding(node).length > 0)
        found.push({ node, at, around, lint: undefined, finding: undefined });
      continue;
    }
    for (const lint of lintsOf(node.kind))
      for (const finding of lint.find(node)) found.push({ node, at, around, lint, finding });
    const inner = aroundChildren(node, around);
    const visit = (child: Node, childAt: number): void => {
      nodes.push(child);
      places.push(childAt);
      ancestors.push(inner);
    };
    if (isLong(node)) {
      for (const index of foundInBlocks(node)) visit(node.bindings[index]!, at + node.bindingsAt[index]!);
      if (node.kind === Kind.Let) visit(node.body, at + node.bodyAt);
    } else forEachChild(node, at, visit);
  }
  return found;
}

function isLong(node: Node): node is BindingOwner {
  const { kind } = node;
  const isOwner = kind === Kind.AttributeSet || kind === Kind.Let || kind === Kind.LegacyLet;
  return isOwner && node.bindings.length >= longOwner;
}

/** Which bindings of a long list have something found below them. */
function foundInBlocks(node: BindingOwner): number[] {
  const indices: number[] = [];
  let first = 0;
  for (const block of bindingBlocks(node).blocks) {
    let inBlock = knownOfBlocks.get(block);
    if (inBlock === undefined) {
      inBlock = block.bindings.flatMap((binding, i) => (belowBinding(binding).length > 0 ? [i] : []));
      knownOfBlocks.set(block, inBlock);
    }
    for (const index of inBlock) indices.push(first + index);
    first += block.bindings.length;
  }
  return indices;
}

/** One node stands for all in a row that neither bind names nor are bound, so the operators of a chain are one. */
function aroundChildren(node: Node, around: Ancestor | undefined): Ancestor {
  const isOneOfMany = around !== undefined && !matters(node) && !matters(around.node);
  return isOneOfMany ? around : { node, outer: around };
}

function matters({ kind }: Node): boolean {
  switch (kind) {
    case Kind.AttributeSet:
    case Kind.Binding:
    case Kind.Lambda:
    case Kind.LegacyLet:
    case Kind.Let:
      return true;
    default:
      return false;
  }
}
