/** The names of bindings that end far below where they begin, to be shown where they end. */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type AttributePathNode } from '../syntax/tree';
import { walk } from '../syntax/walk';
import { printAttributeName } from '../base/literals';

/** A binding with fewer lines is seen as a whole. */
const longBlock = 25;

/** How many names are shown in one range. */
const maxNames = 100;

export interface BlockName {
  /** Behind the binding. */
  readonly at: number;
  readonly name: string;
}

/** The rest of a line in which nothing follows. */
const nothingMore = /[ \t\r]*(?:\n|$)/y;

/** The names of the long bindings whose end is in a range. */
export function blockNames({ root, rootAt, text }: ParsedFile, range: Range): BlockName[] {
  const found: BlockName[] = [];
  walk(root, rootAt, (node, at) => {
    const end = at + node.width;
    if (at >= range.end || end < range.start || found.length >= maxNames) return 'skip';
    if (node.kind !== Kind.Binding || end > range.end || text[end - 1] !== ';') return;
    nothingMore.lastIndex = end;
    if (!nothingMore.test(text) || !isLong(text, at, end)) return;
    const name = writtenName(node.path);
    if (name !== undefined) found.push({ at: end, name });
    return;
  });
  return found;
}

function isLong(text: Bytes, start: number, end: number): boolean {
  let at = start;
  for (let line = 1; line < longBlock; line++) {
    at = text.indexOf('\n', at) + 1;
    if (at === 0 || at >= end) return false;
  }
  return true;
}

/** Undefined where a name is computed. */
function writtenName({ names }: AttributePathNode): string | undefined {
  const known = names.map(staticName);
  if (!known.every((name) => name !== undefined)) return undefined;
  return decodeUtf8(known.map(printAttributeName).join('.'));
}
