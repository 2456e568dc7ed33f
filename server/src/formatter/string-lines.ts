/** The lines of strings, as they are written. */
import type { Bytes } from '../base/bytes';
import type { StringLine, TextOrInterpolation } from './elements';

/** In lines, of which there is at least one. */
export function linesOf(parts: StringLine): StringLine[] {
  const lines: TextOrInterpolation[][] = [[]];
  for (const part of parts) {
    if (part.kind === 'interpolation') {
      lines.at(-1)!.push(part);
      continue;
    }
    part.text.split('\n').forEach((text, i) => {
      if (i > 0) lines.push([]);
      if (text !== '') lines.at(-1)!.push({ kind: 'text', text });
    });
  }
  return lines;
}

export interface IndentedLines {
  readonly indentation: Bytes;
  /** Without the indentation. */
  readonly lines: readonly StringLine[];
}

/** The lines of an indented string and their common indentation, without a first one that is empty. */
export function indentedLines(parts: StringLine): IndentedLines {
  let lines: readonly StringLine[] = linesOf(parts);
  if (lines.length > 1 && isEmpty(lines[0]!)) lines = lines.slice(1);
  if (isEmpty(lines.at(-1)!)) lines = [...lines.slice(0, -1), []];
  const indentation = commonIndentation(lines);
  if (indentation === undefined) return { indentation: '', lines: lines.map(() => []) };
  return { indentation, lines: lines.map((line) => withoutStart(line, indentation)) };
}

function isEmpty(line: StringLine): boolean {
  return line.every((part) => part.kind === 'text' && /^ *$/.test(part.text));
}

/** Undefined where no line has more than blanks. */
function commonIndentation(lines: readonly StringLine[]): Bytes | undefined {
  let common: Bytes | undefined;
  for (const line of lines) {
    if (isEmpty(line)) continue;
    const [head] = line;
    const start = head?.kind === 'text' ? /^ */.exec(head.text)![0] : '';
    if (common === undefined || start.length < common.length) common = start;
  }
  return common;
}

function withoutStart(line: StringLine, start: Bytes): StringLine {
  const [head, ...others] = line;
  if (head?.kind !== 'text') return line;
  const text = head.text.startsWith(start) ? head.text.slice(start.length) : '';
  return text === '' ? others : [{ kind: 'text', text }, ...others];
}

/** Whether an indented string may as well stand between simple quotes: it has one line, and nothing to escape. */
export function isPlain(lines: readonly StringLine[]): boolean {
  return (
    lines.length <= 1 &&
    lines.every((line) => line.every((part) => part.kind !== 'text' || !/["\\]/.test(part.text)))
  );
}

/** The line of an indented string as it is written between simple quotes. */
export function withPlainEscapes(line: StringLine): StringLine {
  return line.map((part) =>
    part.kind === 'text'
      ? { kind: 'text', text: part.text.replace(/''\$|'''/g, (escape) => (escape === "''$" ? '\\$' : "''")) }
      : part,
  );
}
