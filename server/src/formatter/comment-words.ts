/** The words of the comments in a part of a text: the format may write a comment in another way, and loses none. */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { Lexer } from '../syntax/lexer';
import type { ParsedFile } from '../syntax/parse';
import { Kind } from '../syntax/tree';
import { forEachChild, type PlacedNode } from '../syntax/walk';

/** In source order, as one text. @param around a node that holds the range, whose ends are between tokens */
export function commentWordsIn({ text }: ParsedFile, around: PlacedNode, range: Range): Bytes {
  const words: Bytes[] = [];
  for (const gap of gapsOf(around)) {
    const start = Math.max(gap.start, range.start);
    const end = Math.min(gap.end, range.end);
    if (start < end) for (const comment of commentsIn(text, start, end)) words.push(...wordsOf(comment));
  }
  return words.join(' ');
}

/** What of a node is in none of its children, and of these likewise, in source order; strings have no comments of their own. */
function gapsOf(root: PlacedNode): Range[] {
  const gaps: Range[] = [];
  const waiting: (PlacedNode | Range)[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!('node' in next)) {
      gaps.push(next);
      continue;
    }
    waiting.push(...partsOf(next).reverse());
  }
  return gaps;
}

function partsOf({ node, at }: PlacedNode): (PlacedNode | Range)[] {
  const parts: (PlacedNode | Range)[] = [];
  const isText = node.kind === Kind.String || node.kind === Kind.Path;
  let end = at;
  forEachChild(node, at, (child, childAt) => {
    if (!isText) parts.push({ start: end, end: childAt });
    parts.push({ node: child, at: childAt });
    end = childAt + child.width;
  });
  if (!isText && !tokens.has(node.kind)) parts.push({ start: end, end: at + node.width });
  return parts;
}

/** The nodes that are single tokens. */
const tokens: ReadonlySet<Kind> = new Set([
  Kind.Identifier,
  Kind.Integer,
  Kind.Float,
  Kind.SearchPath,
  Kind.CurrentPosition,
  Kind.TextPart,
]);

function* commentsIn(text: Bytes, start: number, end: number): Iterable<Bytes> {
  const lexer = new Lexer(text, true, { lexicalError() {} });
  for (let at = start; at < end;) {
    const comment = lexer.skipBlanks(at);
    const behind = lexer.skipComment(comment);
    if (behind > comment) yield text.slice(comment, behind);
    // Between children there are names, brackets and operators, and nothing else that has text in it.
    at = behind > comment ? behind : comment + 1;
  }
}

function wordsOf(comment: Bytes): Bytes[] {
  return comment
    .replace(/\*\/$/, ' ')
    .split(/[\s#*/]+/)
    .filter((word) => word !== '');
}
