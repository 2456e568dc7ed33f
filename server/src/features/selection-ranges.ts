/** The ranges that a selection grows through: from the node at a place outwards. */
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { nodesAt } from '../syntax/walk';

/** An editor draws a level for each; nobody grows a selection a hundred times. */
const maxLevels = 200;

/** The innermost range first, each one larger than the one before it; the last is the whole text. */
export function selectionRanges(parsed: ParsedFile, offset: number): Range[] {
  const ranges: Range[] = [];
  const add = (range: Range): void => {
    const last = ranges.at(-1);
    if (last === undefined || range.start !== last.start || range.end !== last.end) ranges.push(range);
  };
  for (const { node, at } of nodesAt(parsed, offset).slice(0, maxLevels)) {
    add({ start: at, end: at + node.width });
  }
  add({ start: 0, end: parsed.text.length });
  return ranges;
}
