/**
 * What a file offers by a name: the attributes of its value and the names around
 * that, as the text alone shows them.
 *
 * The value of a file is followed through functions, `let`, `with`, `//`, and functions
 * that are passed to something (`makeScope newScope (self: { … })`). A set that is
 * passed is an argument and no part of the value: of a package, that are the arguments
 * of `mkDerivation`, which nobody looks for by name.
 */
import type { Bytes } from '../base/bytes';
import type { ParsedFile } from '../syntax/parse';
import {
  BinaryOperator,
  Kind,
  withoutParentheses,
  type BindingLike,
  type BindingNode,
  type Expression,
} from '../syntax/tree';
import type { PlacedNode } from '../syntax/walk';
import { kindOf, writtenName, type SymbolKind } from './document-symbols';

export interface FileSymbol {
  /** The attribute path as it is written. */
  readonly name: string;
  readonly kind: SymbolKind;
  /** Where the name stands, in bytes. */
  readonly at: number;
  readonly width: number;
  /** The names around it with dots between them; empty at the top. */
  readonly container: string;
}

/** How far into nested sets names count. */
const maxDepth = 4;

/** How many symbols one file has at most. */
const maxSymbols = 50_000;

interface Waiting extends PlacedNode {
  readonly container: string;
  readonly depth: number;
}

export function fileSymbols({ root, rootAt, text }: ParsedFile): FileSymbol[] {
  const found: FileSymbol[] = [];
  const waiting: Waiting[] = [{ node: root, at: rootAt, container: '', depth: 0 }];
  const addAll = (
    bindings: readonly BindingLike[],
    bindingsAt: readonly number[],
    { at, container, depth }: Waiting,
  ): void => {
    const inner: Waiting[] = [];
    for (let i = 0; i < bindings.length && found.length < maxSymbols; i++) {
      const binding = bindings[i]!;
      if (binding.kind !== Kind.Binding || binding.path.width === 0) continue;
      const symbol = symbolOf(binding, at + bindingsAt[i]!, text, container);
      found.push(symbol);
      if (depth + 1 >= maxDepth) continue;
      const path = container === '' ? symbol.name : `${container}.${symbol.name}`;
      const valueAt = symbol.at + binding.valueAt;
      inner.push({ node: binding.value, at: valueAt, container: path, depth: depth + 1 });
    }
    for (const next of inner.reverse()) waiting.push(next);
  };
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, at } = next;
    if (node.kind === Kind.AttributeSet) addAll(node.bindings, node.bindingsAt, next);
    // What a function deep inside has for itself is nobody else's.
    if (node.kind === Kind.Let && next.depth === 0) addAll(node.bindings, node.bindingsAt, next);
    if (found.length < maxSymbols)
      for (const { node: inner, at: innerAt } of valuesOf({ node, at }))
        waiting.push({ ...next, node: inner, at: innerAt });
  }
  return found;
}

/** The nodes whose names are names of a node's value; the last one first. */
function valuesOf({ node, at }: PlacedNode): PlacedNode[] {
  switch (node.kind) {
    case Kind.Lambda:
    case Kind.Let:
    case Kind.With:
    case Kind.Assert:
      return [{ node: node.body, at: at + node.bodyAt }];
    case Kind.Parenthesised:
      return [{ node: node.inner, at: at + node.innerAt }];
    case Kind.If:
      return [
        { node: node.alternative, at: at + node.alternativeAt },
        { node: node.consequent, at: at + node.consequentAt },
      ];
    case Kind.Binary:
      if (node.operator !== BinaryOperator.Update) return [];
      return [
        { node: node.right, at: at + node.rightAt },
        { node: node.left, at },
      ];
    case Kind.Call:
      return node.args.flatMap((node_, i) =>
        isFunction(node_) ? [{ node: node_, at: at + node.argsAt[i]! }] : [],
      );
    default:
      return [];
  }
}

function isFunction(node: Expression): boolean {
  return withoutParentheses(node).kind === Kind.Lambda;
}

function symbolOf({ path, value }: BindingNode, at: number, text: Bytes, container: string): FileSymbol {
  return { name: writtenName(text, at, path.width), kind: kindOf(value), at, width: path.width, container };
}

/** Whether the name of a symbol still stands in a text where it did. */
export function standsIn(text: Bytes, { name, at, width }: FileSymbol): boolean {
  return writtenName(text, at, width) === name;
}
