/**
 * Going about in a tree: the children of a node with their places, the nodes
 * at an offset, and what kind of text an offset is in.
 *
 * A walk is a loop or a callback of one level; nothing here recurs, so trees of
 * any depth are safe.
 */
import { Lexer } from './lexer';
import type { ParsedFile } from './parse';
import { Token } from './tokens';
import { Kind, StringStyle, type Node } from './tree';

/** A node and its absolute start, in bytes of the whole text. */
export interface PlacedNode {
  readonly node: Node;
  readonly at: number;
}

/** Calls `visit` for each child of `node` in source order; `at` and the starts given are absolute. */
export function forEachChild(node: Node, at: number, visit: (child: Node, at: number) => void): void {
  const all = (children: readonly Node[], places: readonly number[]): void => {
    for (let i = 0; i < children.length; i++) visit(children[i]!, at + places[i]!);
  };
  switch (node.kind) {
    case Kind.String:
    case Kind.Path:
      return all(node.parts, node.partsAt);
    case Kind.Interpolation:
    case Kind.DynamicName:
      return visit(node.expression, at + node.expressionAt);
    case Kind.Parenthesised:
      return visit(node.inner, at + node.innerAt);
    case Kind.List:
      return all(node.items, node.itemsAt);
    case Kind.AttributePath:
      return all(node.names, node.namesAt);
    case Kind.Binding:
      visit(node.path, at);
      return visit(node.value, at + node.valueAt);
    case Kind.Inherit:
      if (node.source !== undefined) visit(node.source, at + node.sourceAt);
      return all(node.names, node.namesAt);
    case Kind.AttributeSet:
    case Kind.LegacyLet:
      return all(node.bindings, node.bindingsAt);
    case Kind.Let:
      all(node.bindings, node.bindingsAt);
      return visit(node.body, at + node.bodyAt);
    case Kind.With:
      visit(node.environment, at + node.environmentAt);
      return visit(node.body, at + node.bodyAt);
    case Kind.Assert:
      visit(node.condition, at + node.conditionAt);
      return visit(node.body, at + node.bodyAt);
    case Kind.If:
      visit(node.condition, at + node.conditionAt);
      visit(node.consequent, at + node.consequentAt);
      return visit(node.alternative, at + node.alternativeAt);
    case Kind.Formal:
      visit(node.name, at);
      if (node.fallback !== undefined) visit(node.fallback, at + node.fallbackAt);
      return;
    case Kind.Formals:
      return all(node.formals, node.formalsAt);
    case Kind.Lambda: {
      const { parameter, formals } = node;
      const parameterFirst = formals === undefined || node.parameterAt < node.formalsAt;
      if (parameter !== undefined && parameterFirst) visit(parameter, at + node.parameterAt);
      if (formals !== undefined) visit(formals, at + node.formalsAt);
      if (parameter !== undefined && !parameterFirst) visit(parameter, at + node.parameterAt);
      return visit(node.body, at + node.bodyAt);
    }
    case Kind.Call:
      visit(node.callee, at);
      return all(node.args, node.argsAt);
    case Kind.Select:
      visit(node.target, at);
      visit(node.path, at + node.pathAt);
      if (node.fallback !== undefined) visit(node.fallback, at + node.fallbackAt);
      return;
    case Kind.HasAttribute:
      visit(node.target, at);
      return visit(node.path, at + node.pathAt);
    case Kind.Not:
    case Kind.Negate:
      return visit(node.operand, at + node.operandAt);
    case Kind.Binary:
      visit(node.left, at);
      return visit(node.right, at + node.rightAt);
    default:
      return;
  }
}

/**
 * The nodes whose text holds `offset`, the innermost first, the root last. An
 * offset between two nodes belongs to the one that starts there, and else to
 * the one that ends there: a cursor behind a name is at the name.
 */
export function nodesAt(file: ParsedFile, offset: number): PlacedNode[] {
  const path: PlacedNode[] = [];
  let current: PlacedNode | undefined = holds(file.root, file.rootAt, offset)
    ? { node: file.root, at: file.rootAt }
    : undefined;
  while (current !== undefined) {
    path.push(current);
    current = childAt(current, offset);
  }
  return path.reverse();
}

function holds(node: Node, at: number, offset: number): boolean {
  return at <= offset && offset <= at + node.width;
}

function childAt(parent: PlacedNode, offset: number): PlacedNode | undefined {
  let found: PlacedNode | undefined;
  forEachChild(parent.node, parent.at, (node, at) => {
    // Later children win, since they are the ones that start at the offset.
    if (holds(node, at, offset) && (found === undefined || node.width > 0)) found = { node, at };
  });
  return found;
}

/** What an expression has its value from: the body of a function, `let`, `with` or `assert`, or what is in parentheses. */
export function innerOf({ node, at }: PlacedNode): PlacedNode | undefined {
  switch (node.kind) {
    case Kind.Lambda:
    case Kind.Let:
    case Kind.With:
    case Kind.Assert:
      return { node: node.body, at: at + node.bodyAt };
    case Kind.Parenthesised:
      return { node: node.inner, at: at + node.innerAt };
    default:
      return undefined;
  }
}

/** The way from an expression to where its value comes from in the end; each node has its value from the next. */
export function resultPath(root: PlacedNode): PlacedNode[] {
  const path: PlacedNode[] = [];
  for (let next: PlacedNode | undefined = root; next !== undefined; next = innerOf(next)) path.push(next);
  return path;
}

/**
 * Calls `visit` for every node of the tree, parents before children, in source order.
 * What is below a node is left out where it answers `skip`.
 */
export function walk(root: Node, rootAt: number, visit: (node: Node, at: number) => 'skip' | void): void {
  const nodes: Node[] = [root];
  const places: number[] = [rootAt];
  while (nodes.length > 0) {
    const node = nodes.pop()!;
    const at = places.pop()!;
    if (visit(node, at) === 'skip') continue;
    const first = nodes.length;
    forEachChild(node, at, (child, childStart) => {
      nodes.push(child);
      places.push(childStart);
    });
    // The first child has to be on top.
    for (let low = first, high = nodes.length - 1; low < high; low++, high--) {
      [nodes[low], nodes[high]] = [nodes[high]!, nodes[low]!];
      [places[low], places[high]] = [places[high]!, places[low]!];
    }
  }
}

/** What an offset is in. */
export type TextClass = 'white-space' | 'comment' | 'string-text' | 'path-text' | 'token';

export interface ClassifiedText {
  readonly class: TextClass;
  /** The white space, comment, piece of text or token that holds the offset. */
  readonly start: number;
  readonly end: number;
  /** The kind, for a token. */
  readonly token?: Token;
}

/**
 * What the byte at `offset` belongs to. Quotes are tokens, and so are `${` and
 * the brace that closes it.
 */
export function classifyAt(file: ParsedFile, offset: number): ClassifiedText {
  const inner = nodesAt(file, offset);
  const text = inner.find(
    ({ node, at }) => node.kind === Kind.TextPart && at <= offset && offset < at + node.width,
  );
  if (text !== undefined) {
    const end = text.at + text.node.width;
    const isPath = inner.some(({ node }) => node.kind === Kind.Path);
    return { class: isPath ? 'path-text' : 'string-text', start: text.at, end };
  }
  const string = inner.find(
    ({ node, at }) => node.kind === Kind.String && at <= offset && offset < at + node.width,
  );
  const holder = inner.find(({ node }) => node.kind !== Kind.TextPart);
  if (string !== undefined && string.node === holder?.node) return inQuotes(file, string, offset);
  return scan(file, holder, offset);
}

/** In a string, but in none of its parts: a quote, or text that stripping took away. */
function inQuotes(file: ParsedFile, string: PlacedNode, offset: number): ClassifiedText {
  const { node, at } = string;
  if (node.kind !== Kind.String || node.style === StringStyle.Uri) return scan(file, string, offset);
  const quote = node.style === StringStyle.Quoted ? 1 : 2;
  const end = at + node.width;
  if (offset < at + quote) {
    const token = quote === 1 ? Token.Quote : Token.IndentedOpen;
    return { class: 'token', start: at, end: at + quote, token };
  }
  if (offset >= end - quote) {
    const token = quote === 1 ? Token.Quote : Token.IndentedOpen;
    return { class: 'token', start: end - quote, end, token };
  }
  return { class: 'string-text', start: at + quote, end: end - quote };
}

/** Reads tokens between the children of `holder` up to the offset. */
function scan(file: ParsedFile, holder: PlacedNode | undefined, offset: number): ClassifiedText {
  const { text } = file;
  let from = 0;
  const holderEnd = holder === undefined ? file.rootAt + file.root.width : holder.at + holder.node.width;
  // Quotes are read as tokens only where a string begins: what ends at the offset is not gone into.
  if (holderEnd <= offset) from = holderEnd;
  else if (holder !== undefined) {
    from = holder.at;
    forEachChild(holder.node, holder.at, (child, at) => {
      if (at + child.width <= offset) from = Math.max(from, at + child.width);
    });
  }
  const lexer = new Lexer(text, true, { lexicalError() {} });
  lexer.seek(from);
  for (;;) {
    const before = lexer.end;
    lexer.next();
    if (offset < lexer.start) return trivia(lexer, before, offset);
    if (offset < lexer.end || lexer.kind === Token.End) {
      return { class: 'token', start: lexer.start, end: lexer.end, token: lexer.kind };
    }
  }
}

function trivia(lexer: Lexer, from: number, offset: number): ClassifiedText {
  let at = from;
  for (;;) {
    const space = lexer.skipBlanks(at);
    if (offset < space) return { class: 'white-space', start: at, end: space };
    at = lexer.skipComment(space);
    // A comment without an end is no comment for the lexer, which skips the rest of the text with it.
    if (at === space) return { class: 'comment', start: space, end: lexer.start };
    if (offset < at) return { class: 'comment', start: space, end: at };
  }
}
