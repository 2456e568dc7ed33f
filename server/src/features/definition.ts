/**
 * Where a name is defined. What the text decides is answered from the tree alone
 * and at once: a variable leads to its binding or parameter, also through
 * `inherit`. For attributes, paths, and names from `with`, this file only says
 * what the evaluator has to be asked.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { optionOfBinding, optionOfInherited, optionOfSelection } from '../analysis/option-path';
import { pathOfLiteral } from '../analysis/path-of-literal';
import { globalNames } from '../builtins/global-names';
import type { PlaceQuestion, ValuePath } from '../evaluator/service';
import { lookUp, meaningOf, nameAt, type Declaration, type NameInText } from '../names/declarations';
import type { ParsedFile } from '../syntax/parse';
import {
  Kind,
  staticName,
  type AttributeName,
  type AttributePathNode,
  type InheritNode,
  type Node,
} from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';
import { localInput } from './flake-pages';

/** What the text alone says. */
export type TextDefinition =
  | { readonly kind: 'here'; readonly range: Range }
  /** A file, or a folder that stands for its `default.nix`. */
  | { readonly kind: 'file'; readonly path: Bytes };

export type Definition =
  | TextDefinition
  /** The evaluator knows; where it does not, the text's own answer holds. */
  | { readonly kind: 'ask'; readonly question: PlaceQuestion; readonly otherwise?: TextDefinition };

/** What the name or path at an offset of a document leads to; undefined where there is nothing to go to. */
export function definitionAt(parsed: ParsedFile, path: Bytes, offset: number): Definition | undefined {
  const name = nameAt(parsed, offset);
  const nodes = nodesAt(parsed, offset).reverse();
  if (name !== undefined) return imported(nodes, path) ?? definitionOfName(name);
  return attributeAt(nodes) ?? pathAt(nodes, path) ?? inputAt(nodes, path);
}

/** Of a name that is inherited at an offset, what that takes; undefined where no other place is known. */
export function inheritedAt(parsed: ParsedFile, path: Bytes, offset: number): Definition | undefined {
  const nodes = nodesAt(parsed, offset).reverse();
  const parent = nodes[nodes.findLastIndex(({ node }) => node.kind !== Kind.TextPart) - 1];
  if (parent?.node.kind !== Kind.Inherit) return undefined;
  const found = definitionAt(parsed, path, offset);
  const isOwn =
    found?.kind === 'here' &&
    found.range.start >= parent.at &&
    found.range.end <= parent.at + parent.node.width;
  return isOwn ? undefined : found;
}

/** In a flake, where another one is that is an input. */
function inputAt(nodes: readonly PlacedNode[], documentPath: Bytes): TextDefinition | undefined {
  const path = localInput(nodes, documentPath);
  return path === undefined ? undefined : { kind: 'file', path };
}

/** A value path up to and without one name of an attribute path. */
export function valueBefore(
  target: PlacedNode,
  path: AttributePathNode,
  pathAt: number,
  index: number,
): ValuePath {
  const names = path.names.slice(0, index).map(staticName);
  if (names.every((name) => name !== undefined)) return { target: rangeOf(target), names };
  // What a computed name selects is only known by evaluating the text up to it.
  const end = pathAt + path.namesAt[index - 1]! + path.names[index - 1]!.width;
  return { target: { start: target.at, end }, names: [] };
}

function rangeOf({ node, at }: PlacedNode): Range {
  return { start: at, end: at + node.width };
}

function definitionOfName(name: NameInText): Definition | undefined {
  const { declaration, withs } = meaningOf(name);
  if (name.role === 'declared') return declaration && ofOwnDeclaration(name, declaration);
  if (declaration !== undefined) return followInherits(declaration, name.around);
  if (withs.length === 0 || globalNames.has(name.name)) return undefined;
  return { kind: 'ask', question: { kind: 'with', offset: name.range.start, name: name.name } };
}

/** From a declaration itself one goes on to what it takes its value from. */
function ofOwnDeclaration(name: NameInText, declaration: Declaration): Definition {
  const here = { kind: 'here', range: name.range } as const;
  if (declaration.kind === 'formal') {
    const question = { kind: 'argument', offset: name.range.start, name: name.name } as const;
    return { kind: 'ask', question, otherwise: here };
  }
  return ofInherited(declaration, name.around, here) ?? here;
}

/** What an `inherit (source)` that declares a name takes. */
function ofInherited(
  { bound, binder, name }: Declaration,
  around: readonly PlacedNode[],
  otherwise: TextDefinition,
): Definition | undefined {
  if (bound?.binding.kind !== Kind.Inherit) return undefined;
  const { binding, bindingAt } = bound;
  const outer = around.slice(0, around.findIndex(({ node }) => node === binder.node) + 1);
  const nameNode = binding.names.find((each) => staticName(each) === name)!;
  return inheritedFrom(outer, binding, bindingAt, nameNode, otherwise);
}

/** @param around the nodes around the `inherit`, the root first */
function inheritedFrom(
  around: readonly PlacedNode[],
  node: InheritNode,
  at: number,
  nameNode: AttributeName,
  otherwise?: TextDefinition,
): Definition | undefined {
  const name = staticName(nameNode);
  if (node.source === undefined || name === undefined) return undefined;
  const target = rangeOf({ node: node.source, at: at + node.sourceAt });
  const attribute = { kind: 'attribute', of: { target, names: [] }, name } as const;
  const option = optionOfInherited(around, node, nameNode);
  const question =
    option === undefined ? attribute : ({ kind: 'option', of: option, otherwise: attribute } as const);
  return { kind: 'ask', question, ...(otherwise && { otherwise }) };
}

/** Where a variable's declaration is an `inherit`, what that takes is meant. */
function followInherits(found: Declaration, around: readonly PlacedNode[]): Definition {
  let declaration = found;
  for (;;) {
    const here = { kind: 'here', range: declaration.range } as const;
    const { bound, binder, name } = declaration;
    if (bound?.binding.kind !== Kind.Inherit) return here;
    const inherited = ofInherited(declaration, around, here);
    if (inherited !== undefined) return inherited;
    const index = around.findIndex(({ node }) => node === binder.node);
    const outer = lookUp(around.slice(0, index), binder.node, name);
    if (outer.declaration === undefined) {
      if (outer.withs.length === 0) return here;
      return { kind: 'ask', question: { kind: 'with', offset: binder.at, name }, otherwise: here };
    }
    declaration = outer.declaration;
  }
}

/** The name of a selection, of a binding's path, or of an `inherit`. */
export function attributeAt(nodes: readonly PlacedNode[]): Definition | undefined {
  const last = nodes.findLastIndex(({ node }) => node.kind !== Kind.TextPart);
  const node = nodes[last]?.node;
  const parent = nodes[last - 1];
  const owner = nodes[last - 2];
  if (node === undefined || parent === undefined) return undefined;
  if (parent.node.kind === Kind.Inherit && node !== parent.node.source) {
    return inheritedFrom(nodes.slice(0, last - 1), parent.node, parent.at, node as AttributeName);
  }
  if (parent.node.kind !== Kind.AttributePath || owner === undefined) return undefined;
  return inPath(nodes.slice(0, last - 2), owner, parent, node as AttributeName);
}

function inPath(
  around: readonly PlacedNode[],
  { node: owner, at }: PlacedNode,
  { node, at: pathAt }: PlacedNode,
  nameNode: AttributeName,
): Definition | undefined {
  const path = node as AttributePathNode;
  const index = path.names.indexOf(nameNode);
  const name = staticName(nameNode);
  if (owner.kind === Kind.Binding) {
    const start = pathAt + path.namesAt[index]!;
    const here = { kind: 'here', range: { start, end: start + nameNode.width } } as const;
    const of = optionOfBinding(around, path.names.slice(0, index + 1));
    return of === undefined ? here : { kind: 'ask', question: { kind: 'option', of }, otherwise: here };
  }
  if (name === undefined || (owner.kind !== Kind.Select && owner.kind !== Kind.HasAttribute))
    return undefined;
  const of = valueBefore({ node: owner.target, at }, path, pathAt, index);
  const attribute = { kind: 'attribute', of, name } as const;
  const option = optionOfSelection(around, owner.target, path.names.slice(0, index + 1));
  if (option === undefined) return { kind: 'ask', question: attribute };
  return { kind: 'ask', question: { kind: 'option', of: option, otherwise: attribute } };
}

/** A path literal or `<…>`. */
function pathAt(nodes: readonly PlacedNode[], documentPath: Bytes): Definition | undefined {
  const placed = nodes.findLast(({ node }) => node.kind !== Kind.TextPart);
  return placed && ofPath(placed, documentPath);
}

function ofPath(placed: PlacedNode, documentPath: Bytes): Definition | undefined {
  const { node } = placed;
  if (node.kind !== Kind.Path && node.kind !== Kind.SearchPath) return undefined;
  const question = { kind: 'value', of: { target: rangeOf(placed), names: [] } } as const;
  const path = node.kind === Kind.Path ? pathOfLiteral(node, documentPath) : undefined;
  return { kind: 'ask', question, ...(path !== undefined && { otherwise: { kind: 'file', path } }) };
}

/** On the word `import`, the file that is imported. */
function imported(nodes: readonly PlacedNode[], documentPath: Bytes): Definition | undefined {
  const callee: Node | undefined = nodes.at(-1)?.node;
  const call = nodes.at(-2);
  if (callee?.kind !== Kind.Identifier || callee.name !== 'import') return undefined;
  if (call?.node.kind !== Kind.Call || call.node.callee !== callee) return undefined;
  return ofPath({ node: call.node.args[0]!, at: call.at + call.node.argsAt[0]! }, documentPath);
}
