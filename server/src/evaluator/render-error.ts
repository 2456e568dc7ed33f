/**
 * Errors and warnings as C++ Nix writes them to a terminal (libutil/error.cc):
 * the frames of the trace with their places, the message, an excerpt of the
 * source with a caret, and what the user may have meant.
 *
 *     error:
 *            … while calling the 'head' builtin
 *              at /x.nix:1:1:
 *                 1| builtins.head [ ]
 *                  | ^
 *
 *            error: 'builtins.head' called on an empty list
 *
 * Texts are byte strings.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { didYouMean } from '../base/suggestions';
import type { Trace, TraceFrame } from '../values/error';
import { lineAndColumn, linesOf, type Position, type Source } from '../values/position';

export interface Report {
  readonly message: Bytes;
  readonly position: Position | undefined;
  readonly trace?: Trace | undefined;
  /** Names that are near to one that was not found. */
  readonly suggestions?: readonly string[];
}

export interface RenderOptions {
  /** Whether all frames are shown; otherwise only the outermost few. */
  readonly showTrace: boolean;
  /** What stands before the message and, alone, before the trace. */
  readonly prefix?: 'error' | 'warning' | 'evaluation warning' | 'hint';
  /** How many bytes of each line of the source are shown, around the column; all unless it is given. */
  readonly excerptWidth?: number;
  /** Whether lines after the first start below the message; false for a message that lays itself out. */
  readonly indent?: boolean;
}

const ellipsis = encodeUtf8('…');
const frameIndent = '  ';

/** So many frames that repeat earlier ones are left out; fewer are shown. */
const fewestOmitted = 6;

/**
 * Frames beyond this length of a trace, in bytes, are left out. Each shows its lines, so a
 * thousand frames in a huge file of one line are more than a string can hold.
 */
const maxTraceLength = 2 ** 24;

/** The whole text, without a line end behind it. */
export function renderError(report: Report, options: RenderOptions): Bytes {
  const prefix = `${options.prefix ?? 'error'}: `;
  const { showTrace, excerptWidth = Infinity } = options;
  const frames = framesOf(report.trace).filter((frame) => showTrace || !frame.detail);
  let text = '';
  if (frames.length > 0) text = `${renderTrace(frames, showTrace, excerptWidth)}\n${prefix}`;
  text += `${report.message}\n`;
  if (report.position !== undefined) text += renderPlace(report.position, '', excerptWidth);
  const question = didYouMean(report.suggestions ?? []);
  if (question !== '') text += `${question}\n`;
  const body = chomp(text);
  return options.indent === false ? chomp(prefix) + body : indentLines(body, prefix);
}

/** The frames, the outermost first. */
export function framesOf(trace: Trace | undefined): TraceFrame[] {
  const frames: TraceFrame[] = [];
  for (let rest = trace; rest !== undefined; rest = rest.inner) frames.push(rest.frame);
  return frames;
}

function renderTrace(frames: readonly TraceFrame[], showTrace: boolean, excerptWidth: number): Bytes {
  const writer = new TraceWriter(excerptWidth);
  let truncated = false;
  for (const frame of frames) {
    if (frame.message === '') continue;
    if (!showTrace && writer.count > 3) truncated = true;
    if (!truncated || frame.always) writer.add(frame);
  }
  writer.finish();
  return truncated
    ? `${writer.text}\n(stack trace truncated; use '--show-trace' to show the full, detailed trace)\n`
    : writer.text;
}

/** Leaves out long runs of frames that were there before, as recursion makes them. */
class TraceWriter {
  text: Bytes = '';
  /** Frames, those with a place counted twice since they take more room. */
  count = 0;
  private readonly seen = new Set<string>();
  private repeated: TraceFrame[] = [];
  private leftOut = 0;

  constructor(private readonly excerptWidth: number) {}

  add(frame: TraceFrame): void {
    if (this.text.length > maxTraceLength) {
      this.leftOut++;
      return;
    }
    const key = frameKey(frame);
    if (this.seen.has(key)) {
      this.repeated.push(frame);
      return;
    }
    this.seen.add(key);
    this.flushRepeated();
    this.count++;
    this.write(frame);
  }

  finish(): void {
    this.flushRepeated();
    if (this.leftOut > 0) this.text += `\n(${this.leftOut} more frames omitted, since the trace is long)\n`;
  }

  private flushRepeated(): void {
    if (this.repeated.length >= fewestOmitted) {
      this.text += `\n(${this.repeated.length} duplicate frames omitted)\n`;
    } else {
      for (const frame of this.repeated) this.write(frame);
    }
    this.repeated = [];
  }

  private write({ message, position }: TraceFrame): void {
    this.text += `\n${ellipsis} ${message}\n`;
    if (position === undefined) return;
    this.text += renderPlace(position, frameIndent, this.excerptWidth);
    this.count++;
  }
}

/** Equal for frames that say the same of the same place. */
function frameKey({ message, position }: TraceFrame): string {
  return position === undefined ? message : `${position.source.path}\n${position.offset}\n${message}`;
}

/** `at PATH:LINE:COLUMN:` and the lines around, with a caret below the column. */
function renderPlace({ source, offset }: Position, indent: string, width: number): Bytes {
  const { line, column } = lineAndColumn(source, offset);
  const { text: before, caret } = cut(lineOf(source, line - 1) ?? '', column - 1, width);
  const shown = (number: number): string | undefined => {
    const text = lineOf(source, number);
    return text && cut(text, 0, width).text;
  };
  return [
    `${indent}at ${source.path}:${line}:${column}:`,
    renderLine(line - 1, shown(line - 2)),
    renderLine(line, before),
    `\n      |${' '.repeat(caret + 1)}^`,
    renderLine(line + 1, shown(line)),
    '\n',
  ].join('');
}

function renderLine(number: number, line: string | undefined): Bytes {
  return line === undefined ? '' : `\n ${String(number).padStart(5)}| ${line}`;
}

/** A line by its number from 0, without its end; undefined if there is none. */
function lineOf(source: Source, line: number): Bytes | undefined {
  const lines = linesOf(source);
  if (line < 0 || line >= lines.lineCount) return undefined;
  return source.text.slice(lines.lineStart(line), lines.lineEnd(line));
}

/**
 * A part of a line that is about as long as a width, with the column in its middle, and how far
 * right that is then: in a whole line as many as its bytes, as in C++ Nix, in a part its characters.
 */
function cut(line: Bytes, column: number, width: number): { readonly text: Bytes; readonly caret: number } {
  if (line.length <= width) return { text: line, caret: column };
  let start = Math.max(0, Math.min(column - Math.floor(width / 2), line.length - width));
  let end = start + width;
  // No character is cut in two.
  while (start > 0 && isContinuation(line, start)) start--;
  while (end < line.length && isContinuation(line, end)) end++;
  const before = start > 0 ? ellipsis : '';
  const text = before + line.slice(start, end) + (end < line.length ? ellipsis : '');
  const left = line.slice(start, column);
  const bytesWithin = [...left].filter((_, i) => isContinuation(left, i)).length;
  return { text, caret: left.length - bytesWithin + (before === '' ? 0 : 1) };
}

function isContinuation(text: Bytes, at: number): boolean {
  return (text.charCodeAt(at) & 0xc0) === 0x80;
}

/** The prefix, then the lines, those after the first as far to the right as the first. */
function indentLines(text: Bytes, prefix: string): Bytes {
  const indent = ' '.repeat(prefix.length);
  return text
    .split('\n')
    .map((line, i) => chomp((i === 0 ? prefix : indent) + line))
    .join('\n');
}

/**
 * Without white space at its end, as C++ Nix's `chomp` has it. No regular expression: one
 * that is bound to the end is tried at each space, and below a long line is a long indent.
 */
function chomp(text: Bytes): Bytes {
  let end = text.length;
  while (end > 0 && ' \n\r\t'.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}
