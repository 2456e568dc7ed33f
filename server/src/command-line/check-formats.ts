/** The output of `nixray check`. Lines and columns count from 1, columns in UTF-16 units as in editors. */
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import type { LineIndex } from '../base/line-index';
import type { Range } from '../base/range';
import type { Diagnostic, Place } from '../diagnostics/diagnostic';
import { lintCodes } from '../diagnostics/lints/registry';
import { renderError } from '../evaluator/render-error';
import type { Host } from '../host/host';
import type { Trace } from '../values/error';
import { linesOf, type Position, type Source } from '../values/position';
import type { ProjectFile } from './project';
import { version } from './version';

export interface CheckedFile {
  readonly file: ProjectFile;
  readonly diagnostics: readonly Diagnostic[];
  /** Whether its text is not known, so that there is none to show. */
  readonly isUnreadable?: true;
}

export type FormatName = 'human' | 'json' | 'sarif';

/** What is written of files that are checked one after the other. */
interface Report {
  /** What is written of a file at once. */
  add(checked: CheckedFile): Bytes;
  /** What is written after the last one. */
  end(): Bytes;
}

/** @param withHints whether hints of lints are printed, for people; programs get all, and choose. */
type Format = (host: Host, withHints: boolean) => Report;

export const checkFormats: Readonly<Record<FormatName, Format>> = {
  human: (host, withHints) => new HumanReport(host, withHints),
  json: asWhole(json),
  sarif: asWhole(sarif),
};

/** A format that is one value. */
function asWhole(write: (checked: readonly CheckedFile[], host: Host) => Bytes): Format {
  return (host) => {
    const all: CheckedFile[] = [];
    return {
      add: (checked) => {
        all.push(checked);
        return '';
      },
      end: () => write(all, host),
    };
  };
}

// --- For people ---------------------------------------------------------------------

/** Of longer lines, which no terminal shows as one, a part is shown: there may be thousands of problems in one. */
export const excerptWidth = 160;

const severities = ['error', 'warning', 'hint'] as const;

class HumanReport implements Report {
  private readonly places: Places;
  private files = 0;
  private readonly counts = { error: 0, warning: 0, hint: 0 };
  private leftOut = 0;

  constructor(
    host: Host,
    private readonly withHints: boolean,
  ) {
    this.places = new Places(host);
  }

  add(checked: CheckedFile): Bytes {
    const { diagnostics } = checked;
    this.files++;
    const parts: Bytes[] = [];
    for (const diagnostic of diagnostics) {
      this.counts[diagnostic.severity]++;
      if (!this.withHints && isHintOfLint(diagnostic)) this.leftOut++;
      else parts.push(`${humanDiagnostic(diagnostic, checked, this.places)}\n\n`);
    }
    return parts.join('');
  }

  end(): Bytes {
    const { counts, leftOut } = this;
    const found = severities.filter((each) => counts[each] > 0).map((each) => counted(counts[each], each));
    const problems = found.length === 0 ? 'no problems' : found.join(', ');
    const note =
      leftOut === 0 ? '' : ` (${leftOut} not shown; --hints shows ${leftOut === 1 ? 'it' : 'them'})`;
    return `${counted(this.files, 'file')} checked, ${problems}${note}\n`;
  }
}

/** There may be many in a file, among which an error would get lost. */
function isHintOfLint({ severity, code }: Diagnostic): boolean {
  return severity === 'hint' && lintCodes.includes(code);
}

function humanDiagnostic(diagnostic: Diagnostic, { file, isUnreadable }: CheckedFile, places: Places): Bytes {
  const { message, code, severity, range, related } = diagnostic;
  let trace: Trace | undefined;
  // What is related comes from the inside out, and a trace is read from the outside in.
  for (const { message: what, place } of related) {
    const position = places.position(place, file);
    // A line for several frames has the dots that the renderer puts before each.
    trace = { frame: { message: encodeUtf8(what.replace(/^… /, '')), position }, inner: trace };
  }
  const position = { source: file.source, offset: range.start, end: range.end };
  return renderError(
    {
      message: encodeUtf8(`${message} [${code}]`),
      position: isUnreadable === true ? undefined : position,
      trace,
    },
    { showTrace: true, prefix: severity, excerptWidth },
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

// --- For programs ---------------------------------------------------------------------

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

function json(checked: readonly CheckedFile[], host: Host): Bytes {
  const places = new Places(host);
  const found = checked.flatMap(({ file, diagnostics }) =>
    diagnostics.map(({ message, code, severity, range, related }) => ({
      path: decodeUtf8(file.source.path),
      range: regionOf(range, file.lines),
      severity,
      code,
      message,
      related: related.map((other) => ({ message: other.message, ...places.region(other.place, file) })),
    })),
  );
  return encodeUtf8(`${JSON.stringify(found, undefined, 2)}\n`);
}

const sarifSchema = 'https://json.schemastore.org/sarif-2.1.0.json';
const levels = { error: 'error', warning: 'warning', hint: 'note' } as const;

function sarif(checked: readonly CheckedFile[], host: Host): Bytes {
  const places = new Places(host);
  const location = (path: string, region: Region): object => ({
    physicalLocation: { artifactLocation: { uri: places.uri(path) }, region },
  });
  const results = checked.flatMap(({ file, diagnostics }) =>
    diagnostics.map(({ message, code, severity, range, related }) => ({
      ruleId: code,
      level: levels[severity],
      message: { text: message },
      locations: [location(decodeUtf8(file.source.path), regionOf(range, file.lines))],
      relatedLocations: related.map((other, id) => {
        const { path, range: region } = places.region(other.place, file);
        return { id, message: { text: other.message }, ...location(path, region) };
      }),
    })),
  );
  const rules = [...new Set(results.map(({ ruleId }) => ruleId))].sort().map((id) => ({ id }));
  const run = { tool: { driver: { name: 'Nixray', version, rules } }, columnKind: 'utf16CodeUnits', results };
  return encodeUtf8(
    `${JSON.stringify({ $schema: sarifSchema, version: '2.1.0', runs: [run] }, undefined, 2)}\n`,
  );
}

function regionOf(range: Range, lines: LineIndex): Region {
  const start = lines.utf16Position(range.start);
  const end = lines.utf16Position(range.end);
  return {
    startLine: start.line + 1,
    startColumn: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
  };
}

/** Places in other files; their text is read for excerpts. */
class Places {
  private readonly sources = new Map<Bytes, Source>();

  constructor(private readonly host: Host) {}

  position(place: Place, file: ProjectFile): Position {
    if (place.kind === 'here') return { source: file.source, offset: place.range.start };
    const { path, range } = place.location;
    const source = path === file.path ? file.source : this.sourceOf(path);
    return { source, offset: linesOf(source).utf16Offset(range.start.line, range.start.character) };
  }

  region(place: Place, file: ProjectFile): { path: string; range: Region } {
    if (place.kind === 'here') {
      return { path: decodeUtf8(file.source.path), range: regionOf(place.range, file.lines) };
    }
    const { path, range } = place.location;
    return {
      path: decodeUtf8(path === file.path ? file.source.path : path),
      range: {
        startLine: range.start.line + 1,
        startColumn: range.start.character + 1,
        endLine: range.end.line + 1,
        endColumn: range.end.character + 1,
      },
    };
  }

  /** Relative to the working folder where it is below, so that results are the same on every machine. */
  uri(path: string): string {
    const folder = `${decodeUtf8(this.host.workingDirectory)}/`;
    const encoded = (text: string): string => text.split('/').map(encodeURIComponent).join('/');
    if (path.startsWith(folder)) return encoded(path.slice(folder.length));
    return path.startsWith('/') ? `file://${encoded(path)}` : encoded(path);
  }

  private sourceOf(path: Bytes): Source {
    let source = this.sources.get(path);
    if (source === undefined)
      this.sources.set(path, (source = { kind: 'file', path, text: this.textOf(path) }));
    return source;
  }

  /** A file that is gone has no text to show. */
  private textOf(path: Bytes): Bytes {
    try {
      return this.host.readFile(path);
    } catch {
      return '';
    }
  }
}
