/** The trace of an error in the order in which a reader follows it: from where it arose outwards. */
import type { ErrorReport, TraceEntry } from '../evaluator/service';

/** The innermost frame first; before it the place of the error, unless that frame stands there itself. */
export function traceInwardOut({ location, trace }: ErrorReport): TraceEntry[] {
  const frames = [...trace].reverse();
  if (location === undefined || isSamePlace(frames[0], location)) return frames;
  return [{ message: 'the error arises here', location }, ...frames];
}

function isSamePlace(frame: TraceEntry | undefined, location: NonNullable<TraceEntry['location']>): boolean {
  if (frame?.location?.path !== location.path) return false;
  const { start } = frame.location.range;
  return start.line === location.range.start.line && start.character === location.range.start.character;
}
