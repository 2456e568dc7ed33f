/**
 * Functions as items of a call hierarchy: what calls what. The text alone is looked at;
 * what a name leads to in another file is asked for by whoever uses this.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { Kind, withoutParentheses, type BindingNode, type Expression, type LambdaNode } from '../syntax/tree';
import { nodesAt, resultPath, walk, type PlacedNode } from '../syntax/walk';
import { writtenName } from './document-symbols';

export interface HierarchyItem {
  readonly name: string;
  readonly kind: 'function' | 'variable' | 'file';
  readonly range: Range;
  /** The name where it is bound, or the head of a function without a name. */
  readonly nameRange: Range;
}

/** An application, with the names in it that may be the function that is called. */
export interface NamedCall {
  readonly range: Range;
  /** Where the name ends that is applied, or stands as an argument, which is called by what it is passed to. */
  readonly names: readonly Range[];
}

/** The function that an offset is the name or the head of; a file's own function stands for the file. */
export function functionItemAt(parsed: ParsedFile, path: Bytes, offset: number): HierarchyItem | undefined {
  const nodes = nodesAt(parsed, offset).reverse();
  for (let i = nodes.length - 1; i >= 0; i--) {
    const { node, at } = nodes[i]!;
    if (node.kind === Kind.Binding)
      return offset <= at + node.path.width && isFunction(node.value)
        ? itemOfBinding(parsed, node, at)
        : undefined;
    if (node.kind !== Kind.Lambda) continue;
    // In its body, the offset is about something else; in a default, too.
    if (offset >= at + node.bodyAt || isInDefault(nodes, i)) return undefined;
    return itemOfLambda(parsed, path, nodes.slice(0, i + 1));
  }
  return undefined;
}

/** What an offset stands in that has a name: the innermost function, else the innermost binding, else the file. */
export function callerAt(parsed: ParsedFile, path: Bytes, offset: number): HierarchyItem {
  const nodes = nodesAt(parsed, offset);
  const bindings = nodes.flatMap(({ node, at }) => (node.kind === Kind.Binding ? [{ node, at }] : []));
  const found = bindings.find(({ node }) => isFunction(node.value)) ?? bindings[0];
  return found === undefined ? itemOfFile(parsed, path) : itemOfBinding(parsed, found.node, found.at);
}

/** What a place that a definition leads to stands for: a binding, a function, or a file at its start. */
export function itemAt(parsed: ParsedFile, path: Bytes, offset: number): HierarchyItem | undefined {
  if (offset <= parsed.rootAt && functionOf(parsed)?.at !== offset) return itemOfFile(parsed, path);
  const item = functionItemAt(parsed, path, offset);
  if (item !== undefined) return item;
  const binding = nodesAt(parsed, offset).find(({ node }) => node.kind === Kind.Binding);
  if (binding?.node.kind !== Kind.Binding || offset > binding.at + binding.node.path.width) return undefined;
  return itemOfBinding(parsed, binding.node, binding.at);
}

/** The applications inside of an item, those in functions inside of it included. */
export function callsWithin(parsed: ParsedFile, range: Range): NamedCall[] {
  const calls: NamedCall[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (at >= range.end || at + node.width <= range.start) return 'skip';
    if (node.kind !== Kind.Call || at < range.start || at + node.width > range.end) return;
    const callee = nameRange(node.callee, at);
    if (callee !== undefined) calls.push({ range: { start: at, end: at + node.width }, names: [callee] });
    return;
  });
  return calls;
}

/** The application that starts at an offset, with what is applied and what it is applied to. */
export function callAt(parsed: ParsedFile, offset: number): NamedCall | undefined {
  const placed = nodesAt(parsed, offset).findLast(({ node, at }) => node.kind === Kind.Call && at === offset);
  if (placed?.node.kind !== Kind.Call) return undefined;
  const { node, at } = placed;
  const parts = [
    { node: node.callee, at },
    ...node.args.map((argument, i) => ({ node: argument, at: at + node.argsAt[i]! })),
  ];
  const names = parts.map((part) => nameRange(part.node, part.at)).filter((range) => range !== undefined);
  return { range: { start: at, end: at + node.width }, names };
}

/** The last name of a variable or a selection, or a path. */
export function nameRange(node: Expression, at: number): Range | undefined {
  if (node.kind === Kind.Parenthesised) return nameRange(node.inner, at + node.innerAt);
  if (node.kind === Kind.Identifier) return { start: at, end: at + node.width };
  if (node.kind === Kind.Path) return { start: at, end: at + node.width };
  if (node.kind !== Kind.Select) return undefined;
  const start = at + node.pathAt + node.path.namesAt.at(-1)!;
  return { start, end: start + node.path.names.at(-1)!.width };
}

function isFunction(node: Expression): boolean {
  return withoutParentheses(node).kind === Kind.Lambda;
}

function isInDefault(nodes: readonly PlacedNode[], lambda: number): boolean {
  return nodes.slice(lambda + 1).some(({ node }, i) => {
    const parent = nodes[lambda + i]!.node;
    return parent.kind === Kind.Formal && node === parent.fallback;
  });
}

function itemOfBinding({ text }: ParsedFile, { path, value, width }: BindingNode, at: number): HierarchyItem {
  return {
    name: writtenName(text, at, path.width),
    kind: isFunction(value) ? 'function' : 'variable',
    range: { start: at, end: at + width },
    nameRange: { start: at, end: at + path.width },
  };
}

/** A function by the file that it is, or by the binding that it is the value of; else by its head. */
function itemOfLambda(parsed: ParsedFile, path: Bytes, nodes: readonly PlacedNode[]): HierarchyItem {
  const index = nodes.findLastIndex(
    ({ node }) => node.kind !== Kind.Lambda && node.kind !== Kind.Parenthesised,
  );
  const owner = nodes[index];
  if (owner?.node.kind === Kind.Binding) return itemOfBinding(parsed, owner.node, owner.at);
  const lambda = nodes.slice(index + 1).find(({ node }) => node.kind === Kind.Lambda)!;
  if (functionOf(parsed)?.node === lambda.node) return itemOfFile(parsed, path);
  const { node, at } = lambda as PlacedNode & { node: LambdaNode };
  const nameRange = headOf(node, at);
  return {
    name: writtenName(parsed.text, at, nameRange.end - at),
    kind: 'function',
    range: { start: at, end: at + node.width },
    nameRange,
  };
}

/** A file by its last names: `default.nix` alone says nothing. */
function itemOfFile(parsed: ParsedFile, path: Bytes): HierarchyItem {
  const { root, rootAt } = parsed;
  const names = path.split('/');
  const shown = names.at(-1) === 'default.nix' ? names.slice(-2) : names.slice(-1);
  const lambda = functionOf(parsed);
  return {
    name: decodeUtf8(shown.join('/')),
    kind: lambda === undefined ? 'file' : 'function',
    range: { start: rootAt, end: rootAt + root.width },
    nameRange: lambda === undefined ? { start: rootAt, end: rootAt } : headOf(lambda.node, lambda.at),
  };
}

/** The function that a file is, maybe behind a `let` or a `with`. */
function functionOf({ root, rootAt }: ParsedFile): { node: LambdaNode; at: number } | undefined {
  for (const { node, at } of resultPath({ node: root, at: rootAt }))
    if (node.kind === Kind.Lambda) return { node, at };
  return undefined;
}

/** The parameters that a function itself takes. */
function headOf({ parameter, parameterAt, formals, formalsAt }: LambdaNode, at: number): Range {
  const ends = [
    parameter === undefined ? 0 : parameterAt + parameter.width,
    formals === undefined ? 0 : formalsAt + formals.width,
  ];
  return { start: at, end: at + Math.max(...ends) };
}
