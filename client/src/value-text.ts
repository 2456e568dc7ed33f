// How the answer of an evaluation is put into words: short for the line's end,
// in full for a hover, a document and the output.
//
// Knows nothing of the editor.
import type { EvaluateResult, Location, TraceFrame } from '../../shared/src/protocol';

/** What is longer does not fit behind a line of code. */
const inlineLength = 100;

/** The answer on one line; `complete` says whether it is the whole of it. */
export function inlineAnswer(result: EvaluateResult): { text: string; complete: boolean } {
  const whole = answer(result);
  const firstLine = whole.split('\n', 1)[0]!;
  const complete = firstLine === whole && whole.length <= inlineLength;
  return { text: complete ? whole : `${[...firstLine].slice(0, inlineLength).join('')} …`, complete };
}

/** Where a row has room for one line only, as much of an answer as it can hold. */
const rowLength = 160;

/** The whole answer put into one line, cut where it gets too long. */
export function rowAnswer(result: EvaluateResult): string {
  const line = [...answer(result).replace(/\s*\n\s*/g, ' ')];
  return line.length <= rowLength ? line.join('') : `${line.slice(0, rowLength - 1).join('')}…`;
}

/** The answer in full, with the trace of an error. */
export function fullAnswer(result: EvaluateResult): string {
  const lines = [answer(result)];
  for (const frame of result.error?.trace ?? []) lines.push(`  ${frameText(frame)}`);
  if (result.source !== undefined) lines.push(`  (${result.source})`);
  return lines.join('\n');
}

/** A piece of a line that leads somewhere; columns are in UTF-16 units. */
export interface TextLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly target: Location;
}

/** What follows the heading of a document that shows an answer; it is Nix, and all else are comments. */
export function documentBody(result: EvaluateResult): { text: string; links: TextLink[] } {
  const { error, source, call } = result;
  const lines = error === undefined ? result.value.split('\n') : commented(`error: ${error.message}`);
  const links: TextLink[] = [];
  for (const frame of error?.trace ?? []) {
    const line = commented(`  ${frameText(frame)}`).join(' ');
    if (frame.location !== undefined) {
      const shown = placeText(frame.location.uri, frame.location.range.start.line + 1);
      const start = line.length - shown.length;
      links.push({ line: lines.length, start, end: line.length, target: frame.location });
    }
    lines.push(line);
  }
  for (const line of source === undefined ? [] : commented(source)) {
    const start = call === undefined ? -1 : line.indexOf(call.text);
    if (start >= 0)
      links.push({ line: lines.length, start, end: start + call!.text.length, target: call!.location });
    lines.push(line);
  }
  return { text: lines.join('\n'), links };
}

function commented(text: string): string[] {
  return text.split('\n').map((line) => `# ${line}`);
}

function answer({ value, error }: EvaluateResult): string {
  return error === undefined ? value : `error: ${error.message}`;
}

export function frameText({ message, location }: TraceFrame): string {
  return location === undefined
    ? message
    : `${message}, at ${placeText(location.uri, location.range.start.line + 1)}`;
}

/** A file's name and a line, for a reader. */
export function placeText(uri: string, line: number): string {
  const encoded = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return `${decodeURIComponent(encoded)}:${line}`;
  } catch {
    return `${encoded}:${line}`;
  }
}
