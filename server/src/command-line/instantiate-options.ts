/** The flags of `nix-instantiate` and what they ask for. */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { defaultMaxCallDepth } from '../base/default-limits';
import { searchPathEntry } from '../evaluator/search-path';
import { ownFlag, parseFlags, rejectNegative, UsageError, type Flag } from './flags';
import { applyOption, settingFlags, settingTable, type Settings } from './settings';

export type AutoArgument =
  | { readonly kind: 'expression'; readonly text: Bytes }
  | { readonly kind: 'string'; readonly text: Bytes }
  | { readonly kind: 'file'; readonly path: Bytes }
  | { readonly kind: 'input' };

export interface InstantiateOptions extends Settings {
  information: 'help' | 'version' | undefined;
  readInput: boolean;
  fromArguments: boolean;
  findFile: boolean;
  evaluateOnly: boolean;
  parseOnly: boolean;
  output: 'plain' | 'raw' | 'xml' | 'json';
  locations: boolean;
  strict: boolean;
  /** Print the texts of derivations instead of their paths. */
  dumpDerivations: boolean;
  statistics: boolean;
  /** The name of the file for a profile. */
  profile: string | undefined;
  readonly files: Bytes[];
  readonly attributePaths: Bytes[];
  readonly autoArguments: Map<Bytes, AutoArgument>;
  /** Of `-I`, in order. */
  readonly includes: Bytes[];
  /** Seconds that evaluation may take. */
  timeout: number;
  /** Warnings about the arguments themselves. */
  readonly warnings: string[];
}

/** @throws UsageError */
export function parseInstantiateOptions(
  args: readonly string[],
  featuresByDefault: Iterable<string>,
): InstantiateOptions {
  const options = defaultOptions(featuresByDefault);
  const settings = settingTable(options, (message) => options.warnings.push(message));
  const flags = new Map<string, Flag>([...settingFlags(settings), ...ownFlags(options)]);
  const option: Flag = {
    arity: 2,
    apply: (name, value) => {
      try {
        applyOption(settings, name, value);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        options.warnings.push(error.message);
      }
    },
  };
  flags.set('--option', option);
  parseFlags(args, {
    flags,
    positional: (argument) => {
      if (argument === '-') options.readInput = true;
      else options.files.push(encodeUtf8(argument));
    },
  });
  return options;
}

function defaultOptions(features: Iterable<string>): InstantiateOptions {
  return {
    information: undefined,
    readInput: false,
    fromArguments: false,
    findFile: false,
    evaluateOnly: false,
    parseOnly: false,
    output: 'plain',
    locations: true,
    strict: false,
    dumpDerivations: false,
    statistics: false,
    profile: undefined,
    files: [],
    attributePaths: [],
    autoArguments: new Map(),
    includes: [],
    timeout: Infinity,
    warnings: [],
    showTrace: false,
    traceVerbose: false,
    abortOnWarn: false,
    maxCallDepth: defaultMaxCallDepth,
    system: '',
    features: new Set(features),
    nixPath: undefined,
    lintShortPathLiterals: 'ignore',
    lintAbsolutePathLiterals: 'ignore',
    lintUrlLiterals: 'ignore',
  };
}

function ownFlags(options: InstantiateOptions): [string, Flag][] {
  const on = (apply: () => void): Flag => ({ arity: 0, apply });
  const one = (apply: (value: string) => void): Flag => ({ arity: 1, apply: (value) => apply(value) });
  const ignored = on(() => undefined);
  const argument = (name: string, value: AutoArgument): void => {
    options.autoArguments.set(encodeUtf8(name), value);
  };
  const attribute: Flag = {
    arity: 1,
    old: true,
    apply: (path) => options.attributePaths.push(encodeUtf8(path)),
  };
  const expressions = on(() => (options.fromArguments = true));
  const evaluate = on(() => (options.evaluateOnly = true));
  const parse = on(() => (options.parseOnly = options.evaluateOnly = true));
  const include = one((entry) => options.includes.push(searchPathEntry(entry)));
  return [
    ['--help', on(() => (options.information ??= 'help'))],
    ['--version', on(() => (options.information ??= 'version'))],
    ['--expr', expressions],
    ['-E', expressions],
    ['--eval', evaluate],
    ['--eval-only', evaluate],
    ['--parse', parse],
    ['--parse-only', parse],
    ['--find-file', on(() => (options.findFile = true))],
    ['--attr', attribute],
    ['-A', attribute],
    ['--raw', on(() => (options.output = 'raw'))],
    ['--xml', on(() => (options.output = 'xml'))],
    ['--json', on(() => (options.output = 'json'))],
    ['--no-location', on(() => (options.locations = false))],
    ['--strict', on(() => (options.strict = true))],
    ['--dump-drv', on(() => (options.dumpDerivations = true))],
    ['--stats', on(() => (options.statistics = true))],
    ['--profile', ownFlag((file) => (options.profile = file))],
    ['--include', include],
    ['-I', include],
    [
      '--arg',
      {
        arity: 2,
        apply: (name, text) => argument(name, { kind: 'expression', text: encodeUtf8(text) }),
      },
    ],
    [
      '--argstr',
      { arity: 2, apply: (name, text) => argument(name, { kind: 'string', text: encodeUtf8(text) }) },
    ],
    [
      '--arg-from-file',
      { arity: 2, apply: (name, path) => argument(name, { kind: 'file', path: encodeUtf8(path) }) },
    ],
    ['--arg-from-stdin', one((name) => argument(name, { kind: 'input' }))],
    ['--timeout', one((value) => (options.timeout = parseSeconds(value)))],
    // What follows changes nothing where nothing is built and no store is written to.
    ...['--read-write-mode', '--readonly-mode', '--dry-run', '--impure', '--indirect', '--no-gc-warning'].map(
      (name): [string, Flag] => [name, ignored],
    ),
    ...['--verbose', '-v', '--quiet', '--debug', '--no-build-output', '-Q', '-K', '-k'].map(
      (name): [string, Flag] => [name, ignored],
    ),
    ...['--add-root', '--eval-store', '--log-format', '-j'].map((name): [string, Flag] => [
      name,
      one(() => undefined),
    ]),
    ['--override-flake', { arity: 2, apply: () => undefined }],
  ];
}

const unitPrefixes: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

function parseSeconds(text: string): number {
  rejectNegative(text);
  const [, digits, unit] = /^([0-9]+)([a-zA-Z]?)$/.exec(text) ?? [];
  const factor = unit === '' ? 1 : unitPrefixes[(unit ?? '').toUpperCase()];
  if (digits === undefined) throw new UsageError(`'${text}' is not an integer`);
  if (factor === undefined) throw new UsageError(`invalid unit specifier '${unit}'`);
  const seconds = Number(digits) * factor;
  return seconds === 0 ? Infinity : seconds;
}
