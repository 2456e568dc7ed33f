/** `nixray check`: what an editor would underline, for a terminal and for programs. */
import type { Bytes } from '../base/bytes';
import type { Diagnostic, RelatedPlace } from '../diagnostics/diagnostic';
import type { EvaluationFinding } from '../diagnostics/evaluation';
import { diagnosticsOf } from '../diagnostics/registry';
import type { EvaluationDiagnostic } from '../evaluator/service';
import { askWithRoom } from '../evaluator/with-room';
import { foldTrace } from '../features/fold-trace';
import { LibraryFiles } from '../features/library-files';
import { traceInwardOut } from '../features/trace';
import type { Host } from '../host/host';
import { compareBytes } from '../values/attrs';
import { checkFormats, type CheckedFile, type FormatName } from './check-formats';
import { ownFlag, parseFlags, rejectNegative, UsageError, type Flag } from './flags';
import { checkHelp } from './help';
import { absolutePath, openProject, type Project, type ProjectFile } from './project';
import type { World } from './world';

interface CheckOptions {
  help: boolean;
  format: FormatName;
  evaluate: boolean;
  hints: boolean;
  reach: 'file' | 'reachable';
  /** Seconds for each file; 0 for the usual time. */
  timeout: number;
  readonly ignored: string[];
  readonly searchPath: string[];
  readonly paths: string[];
}

/** Exits with 1 if there is an error. @throws UsageError, HostError */
export function check(args: readonly string[], world: World): number {
  const options = parseOptions(args);
  if (options.help) {
    world.write(checkHelp);
    return 0;
  }
  if (options.paths.length === 0) throw new UsageError('no file or folder is named');
  const project = openProject(world, options);
  const files = options.paths.flatMap((path) => filesAt(path, project.host));
  const report = checkFormats[options.format](project.host, options.hints);
  let failed = false;
  files.forEach((path, i) => {
    world.showProgress?.(`checking ${i + 1} of ${files.length}: ${path ?? 'standard input'}`);
    const file = path === undefined ? project.openText(world.readInput()) : project.open(path);
    const checked = checkFile(project, file, options);
    failed ||= checked.diagnostics.some(isError);
    // Whoever checks many files sees what is found as soon as it is.
    const text = report.add(checked);
    if (text === '') return;
    world.write(text);
    world.flush?.();
  });
  world.write(report.end());
  return failed ? 1 : 0;
}

/** What an argument names; undefined stands for standard input. */
function filesAt(path: string, host: Host): (Bytes | undefined)[] {
  return path === '-' ? [undefined] : nixFiles(host, absolutePath(host, path));
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function parseOptions(args: readonly string[]): CheckOptions {
  const options: CheckOptions = {
    help: false,
    format: 'human',
    evaluate: true,
    hints: false,
    reach: 'file',
    timeout: 0,
    ignored: [],
    searchPath: [],
    paths: [],
  };
  const include = ownFlag((entry) => options.searchPath.push(entry));
  parseFlags(args, {
    flags: new Map<string, Flag>([
      ['--help', { arity: 0, apply: () => (options.help = true) }],
      ['--format', ownFlag((name) => (options.format = formatNamed(name)))],
      ['--no-evaluation', { arity: 0, apply: () => (options.evaluate = false) }],
      ['--reachable', { arity: 0, apply: () => (options.reach = 'reachable') }],
      ['--hints', { arity: 0, apply: () => (options.hints = true) }],
      ['--ignore', ownFlag((code) => options.ignored.push(code))],
      ['--timeout', ownFlag((value) => (options.timeout = secondsOf(value)))],
      ['-I', include],
      ['--include', include],
    ]),
    positional: (path) => options.paths.push(path),
  });
  return options;
}

function secondsOf(value: string): number {
  if (/^[0-9]+$/.test(value)) return Number(value);
  rejectNegative(value);
  throw new UsageError(`'${value}' is not a number of seconds`);
}

function formatNamed(name: string): FormatName {
  if (name === 'human' || name === 'json' || name === 'sarif') return name;
  throw new UsageError(`there is no format '${name}'; there are human, json and sarif`);
}

/** A file, or the Nix files in a folder and below; what is hidden or installed is left out. */
function nixFiles(host: Host, path: Bytes): Bytes[] {
  const waiting = [path];
  const files: Bytes[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (host.fileType(next) !== 'directory') {
      files.push(next);
      continue;
    }
    for (const { name, type } of host.readDirectory(next)) {
      if (name.startsWith('.') || name === 'node_modules') continue;
      if (type === 'directory' || (type === 'regular' && name.endsWith('.nix')))
        waiting.push(`${next}/${name}`);
    }
  }
  return files.sort(compareBytes);
}

function checkFile(project: Project, file: ProjectFile, options: CheckOptions): CheckedFile {
  const { host, service } = project;
  const libraries =
    options.format === 'human' ? new LibraryFiles(host, [host.workingDirectory], file.path) : undefined;
  const found = options.evaluate ? askWithRoom(service, () => service.diagnose(file.path)) : [];
  const evaluation = found.map((each) => findingOf(each, file, libraries));
  return { file, diagnostics: diagnosticsOf({ parsed: file.parsed, evaluation }, options.ignored) };
}

/**
 * A finding with its trace. Whoever reads it needs the frames of files of their own, and of a
 * library to know that it was there; a program gets all.
 */
function findingOf(
  { range, error, severity }: EvaluationDiagnostic,
  file: ProjectFile,
  libraries: LibraryFiles | undefined,
): EvaluationFinding {
  const told = traceInwardOut(error).filter(({ location }) => {
    return location !== undefined && !(location.path === file.path && location === error.location);
  });
  const folded = libraries === undefined ? told : foldTrace(told, libraries);
  const trace = folded.map(({ message, location }): RelatedPlace => ({
    message,
    place: { kind: 'elsewhere', location: location! },
  }));
  return { range, message: error.message, code: error.code, severity, trace };
}
