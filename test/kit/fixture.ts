/**
 * Marked Nix text for tests.
 *
 * - A single `|` is a cursor: it is taken out of the text, and its offset is
 *   remembered. `||`, `|>` and `<|` stay operators; `|||` is a cursor before `||`.
 * - `«label:…»` is a labelled range: the marks are taken out, what stands between
 *   them stays. Ranges can hold others, and cursors.
 *
 * Offsets are bytes of the UTF-8 text, as everywhere inside the server.
 */
import { encodeUtf8, type Bytes } from '../../server/src/base/bytes';
import type { Range } from '../../server/src/base/range';

export interface Fixture {
  /** The text without its marks. */
  readonly text: Bytes;
  /** The offsets of all cursors, in text order. */
  readonly cursors: readonly number[];
  /** The offset of the only cursor. @throws if there is not exactly one */
  readonly cursor: number;
  /** The range with that label. @throws if there is none */
  range(label: string): Range;
  readonly ranges: ReadonlyMap<string, Range>;
}

const marks = /«([A-Za-z0-9-]+):|»|\|\|\||\|\||\|>|<\||\|/g;

/** Takes a marked text apart. */
export function fixture(marked: string): Fixture {
  const cursors: number[] = [];
  const ranges = new Map<string, Range>();
  const open: { label: string; start: number }[] = [];
  let text: Bytes = '';
  let read = 0;
  for (const match of marked.matchAll(marks)) {
    text += encodeUtf8(marked.slice(read, match.index));
    read = match.index + match[0].length;
    const [mark, label] = match;
    if (label !== undefined) open.push({ label, start: text.length });
    else if (mark === '»') close(text.length);
    else if (mark === '|' || mark === '|||') {
      cursors.push(text.length);
      text += mark.slice(1);
    } else text += mark;
  }
  text += encodeUtf8(marked.slice(read));
  if (open.length > 0) throw new Error(`the range '${open.at(-1)!.label}' of the fixture has no end`);
  return {
    text,
    cursors,
    ranges,
    get cursor() {
      if (cursors.length !== 1) throw new Error(`the fixture has ${cursors.length} cursors`);
      return cursors[0]!;
    },
    range(label) {
      const range = ranges.get(label);
      if (range === undefined) throw new Error(`the fixture has no range '${label}'`);
      return range;
    },
  };

  function close(end: number): void {
    const range = open.pop();
    if (range === undefined) throw new Error('the fixture has a » without its «label:');
    if (ranges.has(range.label)) throw new Error(`the fixture has two ranges '${range.label}'`);
    ranges.set(range.label, { start: range.start, end });
  }
}
