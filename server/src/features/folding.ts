/** What can be folded: sets, lists, `let`s, functions' parameters and indented strings over several lines, and comments. */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { commentsBetween } from '../syntax/comments';
import { Kind, StringStyle, type Node } from '../syntax/tree';
import { forEachChild, walk } from '../syntax/walk';

export interface Fold {
  readonly range: Range;
  readonly kind: 'code' | 'comment';
}

/** How many folds a document has at most. */
const budget = 5000;

export function folds(parsed: ParsedFile): Fold[] {
  const { text, root, rootAt } = parsed;
  const found: Fold[] = [];
  const add = (range: Range, kind: Fold['kind']): void => {
    if (found.length < budget && isMultiline(text, range)) found.push({ range, kind });
  };
  const addComments = (from: number, to: number): void => {
    for (const range of commentRuns(text, from, to)) add(range, 'comment');
  };
  addComments(0, rootAt);
  walk(root, rootAt, (node, at) => {
    if (isFoldable(node)) add({ start: at, end: at + node.width }, 'code');
    if (hasEntries(node)) forEachGap(text, node, at, addComments);
  });
  addComments(rootAt + root.width, text.length);
  return found;
}

function isFoldable(node: Node): boolean {
  switch (node.kind) {
    case Kind.AttributeSet:
    case Kind.List:
    case Kind.Let:
    case Kind.LegacyLet:
    case Kind.Formals:
    case Kind.Parenthesised:
      return true;
    case Kind.String:
      return node.style === StringStyle.Indented;
    default:
      return false;
  }
}

/** What has its entries below each other, with comments and nothing else between them. */
function hasEntries({ kind }: Node): boolean {
  return kind === Kind.AttributeSet || kind === Kind.List || kind === Kind.Let || kind === Kind.LegacyLet;
}

/** What a node begins with, before its first entry. */
const opening = /(?:rec|let)?\s*[{[]?/y;

/** The text between the entries of a node, before the first and behind the last of them. */
function forEachGap(text: Bytes, node: Node, at: number, visit: (from: number, to: number) => void): void {
  opening.lastIndex = at;
  opening.test(text);
  let from = opening.lastIndex;
  forEachChild(node, at, (child, childAt) => {
    visit(from, childAt);
    from = childAt + child.width;
  });
  visit(from, at + node.width);
}

/** Block comments, and line comments on lines that follow one another. */
function commentRuns(text: Bytes, from: number, to: number): Range[] {
  const found: { start: number; end: number }[] = [];
  for (const { start, end, style } of commentsBetween(text, from, to)) {
    const last = found.at(-1);
    if (last !== undefined && /^[ \t]*\r?\n?[ \t]*$/.test(text.slice(last.end, start))) last.end = end;
    // What stands behind an entry on its line is about that entry.
    else if (style !== 'line' || from === 0 || text.slice(from, start).includes('\n'))
      found.push({ start, end });
  }
  return found;
}

function isMultiline(text: Bytes, { start, end }: Range): boolean {
  const lineBreak = text.indexOf('\n', start);
  return lineBreak >= 0 && lineBreak < end;
}
