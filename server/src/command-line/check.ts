/** `nixray check`: what an editor would underline, for a terminal and for programs. */
import type { Bytes } from '../base/bytes';
import type { Diagnostic, RelatedPlace } from '../diagnostics/diagnostic';
import type { EvaluationFinding } from '../diagnostics/evaluation';
import { diagnosticsOf } from '../diagnostics/registry';
import type { EvaluationDiagnostic } from '../evaluator/service';
import { askWithRoom } from '../evaluator/with-room';
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
  const evaluation = options.evaluate
    ? askWithRoom(project.service, () => project.service.diagnose(file.path)).map((found) =>
        findingOf(found, file),
      )
    : [];
  return { file, diagnostics: diagnosticsOf({ parsed: file.parsed, evaluation }, options.ignored) };
}

function findingOf({ range, error, severity }: EvaluationDiagnostic, file: ProjectFile): EvaluationFinding {
  const trace: RelatedPlace[] = [];
  for (const { message, location } of traceInwardOut(error)) {
    if (location === undefined) continue;
    const here = location.path === file.path;
    if (here && location === error.location) continue;
    trace.push({ message, place: { kind: 'elsewhere', location } });
  }
  return { range, message: error.message, code: error.code, severity, trace };
}
