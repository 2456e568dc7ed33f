/**
 * A trace in a handful of lines: the frames of the user's own files first, and for
 * each file of a library one line, which leads to the innermost frame in it.
 */
import type { TraceEntry } from '../evaluator/service';
import type { LibraryFiles } from './library-files';

/** How many frames of the user's own, and how many files of libraries, have a line each. */
const maxOwn = 5;
const maxFiles = 3;

interface Parts {
  readonly own: TraceEntry[];
  /** By the name of the file. */
  readonly files: Map<string, TraceEntry[]>;
}

/** Folds a trace, whose innermost frame comes first; it has a line more for what is left out of each kind. */
export function foldTrace(trace: readonly TraceEntry[], libraries: LibraryFiles): TraceEntry[] {
  const { own, files } = partsOf(trace, libraries);
  const ownLines = shortened(own, maxOwn, (left) => `… ${left.length} more frames in your files …`);
  const fileLines = [...files].map(([name, entries]) => foldOf(entries, `in ${name}`));
  const left = [...files.values()].slice(maxFiles);
  return [
    ...ownLines,
    ...shortened(fileLines, maxFiles, () => `… ${left.flat().length} frames in ${left.length} more files …`),
  ];
}

function partsOf(trace: readonly TraceEntry[], libraries: LibraryFiles): Parts {
  const own: TraceEntry[] = [];
  const files = new Map<string, TraceEntry[]>();
  const seen = new Set<string>();
  let name: string | undefined;
  for (const entry of trace) {
    const { location } = entry;
    // What has no place is about what the frame inside of it is about.
    if (location !== undefined) name = libraries.nameOf(location.path);
    if (name !== undefined) {
      const entries = files.get(name);
      if (entries === undefined) files.set(name, [entry]);
      else entries.push(entry);
      continue;
    }
    // A recursion comes by the same places again and again.
    const key = JSON.stringify(entry);
    if (!seen.has(key)) own.push(entry);
    seen.add(key);
  }
  return { own, files };
}

/** A single frame speaks for itself. */
function foldOf(entries: readonly TraceEntry[], where: string): TraceEntry {
  const first = entries[0]!;
  if (entries.length === 1) return first;
  return lineAt(first, `… ${entries.length} frames ${where} …`);
}

/** The first lines; the others, where there are more than one, are one line. */
function shortened(
  lines: readonly TraceEntry[],
  length: number,
  textOf: (left: readonly TraceEntry[]) => string,
): readonly TraceEntry[] {
  if (lines.length <= length + 1) return lines;
  const left = lines.slice(length);
  return [...lines.slice(0, length), lineAt(left[0]!, textOf(left))];
}

function lineAt({ location }: TraceEntry, message: string): TraceEntry {
  return { message, ...(location && { location }) };
}
