/** What can be folded: sets, lists, `let`s, functions' parameters and indented strings over several lines, and comments. */
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { commentsBetween } from '../syntax/comments';
import { Kind, StringStyle, type Node } from '../syntax/tree';
import { walk } from '../syntax/walk';

export interface Fold {
  readonly range: Range;
  readonly kind: 'code' | 'comment';
}

/** How many folds a document has at most. */
const budget = 5000;

export function folds(parsed: ParsedFile): Fold[] {
  const found: Fold[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (found.length < budget && isFoldable(node)) {
      found.push({ range: { start: at, end: at + node.width }, kind: 'code' });
    }
  });
  return [...found, ...commentFolds(parsed)].filter(({ range }) => isMultiline(parsed.text, range));
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

/** Block comments, and line comments that follow one another. Only those before the expression and after it. */
function commentFolds({ text, root, rootAt }: ParsedFile): Fold[] {
  const comments = [
    ...commentsBetween(text, 0, rootAt),
    ...commentsBetween(text, rootAt + root.width, text.length),
  ];
  const found: { start: number; end: number }[] = [];
  for (const { start, end } of comments) {
    const last = found.at(-1);
    if (last !== undefined && /^[ \t]*\r?\n?[ \t]*$/.test(text.slice(last.end, start))) last.end = end;
    else found.push({ start, end });
  }
  return found.map((range) => ({ range, kind: 'comment' }));
}

function isMultiline(text: string, { start, end }: Range): boolean {
  const lineBreak = text.indexOf('\n', start);
  return lineBreak >= 0 && lineBreak < end;
}
