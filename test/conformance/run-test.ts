// One test of a suite: what it runs, and what it expects.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runCommand } from '../../server/src/command-line/run-command';
import type { HostSettings, World } from '../../server/src/command-line/world';
import { DiskHost } from '../../server/src/host/disk-host';

export type TestKind = 'eval-okay' | 'eval-fail' | 'parse-okay' | 'parse-fail' | 'identity';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TestResult {
  readonly name: string;
  readonly kind: TestKind;
  readonly pass: boolean;
  /** Undefined where no text is expected on standard error. */
  readonly message: boolean | undefined;
  readonly exact: boolean | undefined;
  readonly outcome: Outcome;
  /** The text that `outcome.out` or, where that passes, `outcome.err` should be. */
  readonly wanted: string;
}

class SuiteHost extends DiskHost {
  override readonly home: string;

  constructor(
    settings: HostSettings,
    private readonly variables: Readonly<Record<string, string>>,
  ) {
    super(settings);
    this.home = variables['HOME'] ?? '/fake-home';
  }

  override getEnvironment(name: string): string | undefined {
    return this.variables[name] ?? (name === 'NIX_PATH' ? undefined : super.getEnvironment(name));
  }
}

class SuiteWorld implements World {
  out = '';
  err = '';

  constructor(
    private readonly input: string,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  createHost(settings: HostSettings): SuiteHost {
    return new SuiteHost(settings, this.variables);
  }
  readonly codeStorage = undefined;
  afterwards(work: () => void): void {
    work();
  }
  readInput(): string {
    return this.input;
  }
  write(text: string): void {
    this.out += text;
  }
  writeFile(name: string): never {
    throw new Error(`no test of the suite writes a file such as '${name}'`);
  }
  writeError(text: string): void {
    this.err += text;
  }
}

function runInstantiate(args: readonly string[], input: string, variables: Record<string, string>): Outcome {
  const world = new SuiteWorld(input, { TEST_VAR: 'foo', ...variables });
  try {
    const code = runCommand(['instantiate', '--timeout', '30', ...args], world);
    return { code, out: world.out, err: world.err };
  } catch (error) {
    const text = error instanceof Error ? error.stack : String(error);
    return { code: 70, out: world.out, err: `${world.err}${text}\n` };
  }
}

/** Undefined for a file that is no test. */
export function runTest(suite: string, name: string): TestResult | undefined {
  const kind = /^(eval-okay|eval-fail|parse-okay|parse-fail|identity)/.exec(name)?.[1] as
    TestKind | undefined;
  switch (kind) {
    case 'eval-okay':
      return runEvalOkay(new Files(suite, name));
    case 'eval-fail':
      return runEvalFail(new Files(suite, name));
    case 'parse-okay':
      return runParseOkay(new Files(suite, name));
    case 'parse-fail': {
      const files = new Files(suite, name);
      return failure('parse-fail', files, runInstantiate(['--parse', '-'], files.read('nix')!, {}));
    }
    case 'identity':
      return runIdentity(new Files(suite, name));
    case undefined:
      return undefined;
  }
}

/** The files of one test. */
class Files {
  /** As the command line names it. */
  readonly file: string;

  constructor(
    readonly suite: string,
    readonly name: string,
  ) {
    this.file = `${basename(suite)}/${name}.nix`;
  }

  read(extension: string): string | undefined {
    const path = join(this.suite, `${this.name}.${extension}`);
    return existsSync(path) ? readFileSync(path, 'latin1') : undefined;
  }

  flags(fallback: readonly string[]): readonly string[] {
    const text = this.read('flags');
    return text === undefined ? fallback : text.replace(/#.*/g, '').trim().split(/\s+/);
  }

  /** Texts are compared with the folder of the suite called `/pwd`, without colours. */
  normalise(text: string): string {
    return text
      .split(dirname(this.suite))
      .join('/pwd')
      .replace(/\x1b\[[0-9;]*m/g, '')
      .trimEnd();
  }
}

function runEvalOkay(files: Files): TestResult | undefined {
  const variables = { NIX_PATH: 'lang/dir3:lang/dir4', HOME: '/fake-home' };
  if (files.read('exp-disabled') !== undefined) return undefined;
  const xml = files.read('exp.xml');
  const wanted = xml ?? files.read('exp');
  if (wanted === undefined) return undefined;
  const flags = xml === undefined ? files.flags([]) : ['--xml', '--no-location'];
  const outcome = runInstantiate([...flags, '--eval', '--strict', files.file], '', variables);
  const warnings = files.read('err.exp');
  const normal = (text: string): string => files.normalise(text);
  return {
    name: files.name,
    kind: 'eval-okay',
    pass: outcome.code === 0 && normal(outcome.out) === normal(wanted),
    message:
      warnings === undefined ? undefined : firstLine(normal(outcome.err)) === firstLine(normal(warnings)),
    exact: warnings === undefined ? undefined : normal(outcome.err) === normal(warnings),
    outcome,
    wanted: outcome.code === 0 && normal(outcome.out) === normal(wanted) ? (warnings ?? '') : wanted,
  };
}

function runEvalFail(files: Files): TestResult {
  const flags = files.flags(['--eval', '--strict', '--show-trace']);
  // C++ Nix's own suite turns traces on in its configuration.
  const trace = flags.some((flag) => flag.endsWith('show-trace')) ? [] : ['--show-trace'];
  return failure('eval-fail', files, runInstantiate([...flags, ...trace, files.file], '', {}));
}

function runParseOkay(files: Files): TestResult {
  const outcome = runInstantiate(['--parse', '-'], files.read('nix')!, {});
  const wanted = files.read('exp');
  const pass =
    outcome.code === 0 && (wanted === undefined || files.normalise(outcome.out) === files.normalise(wanted));
  return {
    name: files.name,
    kind: 'parse-okay',
    pass,
    message: undefined,
    exact: undefined,
    outcome,
    wanted: wanted ?? '',
  };
}

function runIdentity(files: Files): TestResult {
  const outcome = runInstantiate(['--eval', '--strict', files.file], '', {});
  const wanted = files.read('nix')!;
  const pass = outcome.code === 0 && outcome.out.trim() === wanted.trim();
  return { name: files.name, kind: 'identity', pass, message: undefined, exact: undefined, outcome, wanted };
}

function failure(kind: TestKind, files: Files, outcome: Outcome): TestResult {
  const wanted = files.read('err.exp');
  const failed = outcome.code === 1;
  const normal = (text: string): string => files.normalise(text);
  return {
    name: files.name,
    kind,
    pass: failed,
    message:
      wanted === undefined
        ? undefined
        : failed && lastError(normal(outcome.err)) === lastError(normal(wanted)),
    exact: wanted === undefined ? undefined : failed && normal(outcome.err) === normal(wanted),
    outcome: { ...outcome, err: normal(outcome.err) },
    wanted: normal(wanted ?? ''),
  };
}

function firstLine(text: string): string {
  return text.split('\n')[0]!;
}

/** The last line that names an error. */
export function lastError(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('error:') && line !== 'error:')
    .at(-1);
}
