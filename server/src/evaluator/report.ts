/** Errors of evaluation as plain data, ready to be sent to an editor. */
import { decodeUtf8 } from '../base/bytes';
import { didYouMean } from '../base/suggestions';
import { EvalError, Interruption, type Trace } from '../values/error';
import { isOnDisk, linesOf, presentPosition, type Position } from '../values/position';
import { placeAt } from '../vm/unwind';
import type { ErrorReport, Location, TraceEntry } from './service';

/** Where a position is, for an editor; undefined where it is in no file that can be opened, such as Nix's own. */
export function locationOf(position: Position | undefined): Location | undefined {
  if (position === undefined || !isOnDisk(position.source)) return undefined;
  const { source, offset, end } = presentPosition(position);
  const index = linesOf(source);
  const place = (offset: number) => {
    const { line, column } = index.utf16Position(offset);
    return { line, character: column };
  };
  const path = source.placeOnDisk === undefined ? source.path : source.placeOnDisk;
  if (path === null) return undefined;
  return { path, range: { start: place(offset), end: place(Math.max(offset, end ?? offset)) } };
}

/** The report of an error or of an interruption; anything else is thrown again. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof Interruption) return { message: error.message, code: error.reason, trace: [] };
  if (!(error instanceof EvalError)) throw error;
  placeAt(error, undefined);
  const location = locationOf(error.position ?? error.place);
  return {
    message: messageOf(error),
    code: error.kind,
    ...(location && { location }),
    ...similarNames(error),
    trace: [...frames(error.trace)],
  };
}

function similarNames({ misspelt, suggestions }: EvalError): Pick<ErrorReport, 'similar'> {
  if (misspelt === undefined || suggestions.length === 0) return {};
  return { similar: { name: decodeUtf8(misspelt), candidates: suggestions.map(decodeUtf8) } };
}

function messageOf(error: EvalError): string {
  const message = decodeUtf8(error.message);
  const question = didYouMean(error.suggestions.map(decodeUtf8));
  return question === '' ? message : `${message}\n${question}`;
}

/** So many frames are reported of the outer and of the inner end of a trace: an endless recursion has thousands. */
const outerFrames = 60;
const innerFrames = 40;

function* frames(trace: Trace | undefined): Iterable<TraceEntry> {
  let count = 0;
  for (let rest = trace; rest !== undefined; rest = rest.inner) count++;
  const left = count > outerFrames + innerFrames + 1 ? count - outerFrames - innerFrames : 0;
  let index = 0;
  for (let rest = trace; rest !== undefined; rest = rest.inner, index++) {
    if (left > 0 && index >= outerFrames && index < outerFrames + left) {
      if (index === outerFrames) yield { message: `… ${left} frames are left out …` };
      continue;
    }
    const location = locationOf(rest.frame.position);
    yield { message: decodeUtf8(rest.frame.message), ...(location && { location }) };
  }
}

/** The innermost place of an error that is in the given file, in its present text. */
export function placeIn(path: string, error: EvalError): Position | undefined {
  const place = error.position ?? error.place;
  if (place?.source.path === path) return presentPosition(place);
  let found: Position | undefined;
  for (let rest = error.trace; rest !== undefined; rest = rest.inner) {
    if (rest.frame.position?.source.path === path) found = rest.frame.position;
  }
  return found && presentPosition(found);
}
