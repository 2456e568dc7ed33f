/** `nixray check`: what an editor would underline, for a terminal and for programs. */
import { decodeUtf8 } from '../base/bytes';
import type { Diagnostic, RelatedPlace } from '../diagnostics/diagnostic';
import type { EvaluationFinding } from '../diagnostics/evaluation';
import { diagnosticsOf } from '../diagnostics/registry';
import type { EvaluationDiagnostic } from '../evaluator/service';
import { askWithRoom } from '../evaluator/with-room';
import { foldTrace } from '../features/fold-trace';
import { LibraryFiles } from '../features/library-files';
import { traceInwardOut } from '../features/trace';
import { HostError } from '../host/host';
import { checkFormats, type CheckedFile, type FormatName } from './check-formats';
import { ownFlag, parseFlags, rejectNegative, UsageError, type Flag } from './flags';
import { checkHelp } from './help';
import { eachOnce, inputsAt, type Input } from './inputs';
import { openProject, unreadableFile, type Project, type ProjectFile } from './project';
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

/** Exits with 1 if there is an error, or a file or folder that cannot be read. @throws UsageError */
export function check(args: readonly string[], world: World): number {
  const options = parseOptions(args);
  if (options.help) {
    world.write(checkHelp);
    return 0;
  }
  if (options.paths.length === 0) throw new UsageError('no file or folder is named');
  const project = openProject(world, options);
  const files = eachOnce(options.paths.flatMap((path) => inputsAt(path, project.host)));
  const report = checkFormats[options.format](project.host, options.hints);
  let failed = false;
  files.forEach((input, i) => {
    world.showProgress?.(`checking ${i + 1} of ${files.length}: ${input.path ?? 'standard input'}`);
    const checked = checkInput(project, input, world, options);
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

/** What cannot be read is a problem like others, which keeps nobody from those of other files. */
function checkInput(
  project: Project,
  { path, problem }: Input,
  world: World,
  options: CheckOptions,
): CheckedFile {
  if (path === undefined) return checkFile(project, project.openText(world.readInput()), options);
  try {
    if (problem !== undefined) throw problem;
    return checkFile(project, project.open(path), options);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { file: unreadableFile(path), diagnostics: [unreadable(error)], isUnreadable: true };
  }
}

function unreadable({ message }: HostError): Diagnostic {
  return {
    range: { start: 0, end: 0 },
    message: decodeUtf8(message),
    code: 'file-error',
    severity: 'error',
    related: [],
  };
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

function checkFile(project: Project, file: ProjectFile, options: CheckOptions): CheckedFile {
  const { host, service } = project;
  const libraries =
    options.format === 'human' ? new LibraryFiles(host, [host.workingDirectory], file.path) : undefined;
  const found = options.evaluate ? askWithRoom(service, () => service.diagnose(file.path).diagnostics) : [];
  service.forget(file.path);
  const evaluation = found.map((each) => findingOf(each, file, libraries));
  return {
    file,
    diagnostics: diagnosticsOf({ path: file.path, parsed: file.parsed, evaluation }, options.ignored),
  };
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
