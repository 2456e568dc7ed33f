/**
 * The path literals of a document, as links. Where a link leads is found out when
 * somebody follows it: it takes the disk, and for `<…>` and interpolations the
 * evaluator.
 */
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { Kind } from '../syntax/tree';
import { walk } from '../syntax/walk';

/** An editor draws every link of a document. */
const maxLinks = 2000;

export function documentLinks({ root, rootAt }: ParsedFile): Range[] {
  const links: Range[] = [];
  walk(root, rootAt, (node, at) => {
    if (node.kind !== Kind.Path && node.kind !== Kind.SearchPath) return;
    if (links.length < maxLinks) links.push({ start: at, end: at + node.width });
  });
  return links;
}
