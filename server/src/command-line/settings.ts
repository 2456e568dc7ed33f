/**
 * Nix's settings, as far as the command line takes them: `--option NAME VALUE`,
 * `--NAME VALUE`, and for what is on or off `--NAME` and `--no-NAME`. Settings
 * that only matter to stores and builds are accepted and change nothing.
 */
import type { LintLevel } from '../syntax/lint';
import { UsageError, type Flag } from './flags';

export interface Settings {
  showTrace: boolean;
  traceVerbose: boolean;
  abortOnWarn: boolean;
  maxCallDepth: number;
  system: string;
  /** Those named besides the ones that are always on. */
  features: Set<string>;
  /** NIX_PATH's place, if the setting was given. */
  nixPath: string[] | undefined;
  lintShortPathLiterals: LintLevel;
  lintAbsolutePathLiterals: LintLevel;
  lintUrlLiterals: LintLevel;
}

type Apply = (value: string, name: string, append: boolean) => void;

interface Setting {
  readonly kind: 'boolean' | 'text' | 'list';
  readonly apply: Apply;
}

/** What each setting does to `settings`. */
export function settingTable(settings: Settings): ReadonlyMap<string, Setting> {
  const boolean = (set: (value: boolean) => void): Setting => ({
    kind: 'boolean',
    apply: (value, name) => set(parseBoolean(value, name)),
  });
  const lint = (set: (value: LintLevel) => void): Setting => ({
    kind: 'text',
    apply: (value, name) => set(parseLint(value, name)),
  });
  const table = new Map<string, Setting>([
    ['show-trace', boolean((value) => (settings.showTrace = value))],
    ['trace-verbose', boolean((value) => (settings.traceVerbose = value))],
    ['abort-on-warn', boolean((value) => (settings.abortOnWarn = value))],
    [
      'max-call-depth',
      { kind: 'text', apply: (value, name) => (settings.maxCallDepth = parseCount(value, name)) },
    ],
    ['system', { kind: 'text', apply: (value) => (settings.system ||= value) }],
    ['eval-system', { kind: 'text', apply: (value) => (settings.system = value) }],
    [
      'experimental-features',
      {
        kind: 'list',
        apply: (value, _name, append) =>
          (settings.features = new Set([...(append ? settings.features : []), ...words(value)])),
      },
    ],
    [
      'nix-path',
      {
        kind: 'list',
        apply: (value, _name, append) =>
          (settings.nixPath = [...(append ? (settings.nixPath ?? []) : []), ...words(value)]),
      },
    ],
    ['lint-short-path-literals', lint((value) => (settings.lintShortPathLiterals = value))],
    ['lint-absolute-path-literals', lint((value) => (settings.lintAbsolutePathLiterals = value))],
    ['lint-url-literals', lint((value) => (settings.lintUrlLiterals = value))],
    [
      'warn-short-path-literals',
      boolean((value) => (settings.lintShortPathLiterals = value ? 'warn' : 'ignore')),
    ],
  ]);
  for (const name of ignoredSwitches)
    table.set(
      name,
      boolean(() => undefined),
    );
  for (const name of ignoredTexts) table.set(name, { kind: 'text', apply: () => undefined });
  for (const name of ignoredLists) table.set(name, { kind: 'list', apply: () => undefined });
  return table;
}

/** Sets what `--option` names; a name that Nix does not know is no error there either. */
export function applyOption(table: ReadonlyMap<string, Setting>, name: string, value: string): void {
  const setting = table.get(name);
  if (setting !== undefined) return setting.apply(value, name, false);
  const appended = name.startsWith('extra-') ? table.get(name.slice('extra-'.length)) : undefined;
  if (appended?.kind === 'list') appended.apply(value, name, true);
}

/** The flags that the settings are. */
export function settingFlags(table: ReadonlyMap<string, Setting>): [string, Flag][] {
  return [...table].flatMap(([name, { kind, apply }]): [string, Flag][] => {
    if (kind === 'boolean') {
      return [
        [`--${name}`, { arity: 0, apply: () => apply('true', name, false) }],
        [`--no-${name}`, { arity: 0, apply: () => apply('false', name, false) }],
      ];
    }
    const set: [string, Flag] = [`--${name}`, { arity: 1, apply: (value) => apply(value!, name, false) }];
    if (kind === 'text') return [set];
    return [set, [`--extra-${name}`, { arity: 1, apply: (value) => apply(value!, name, true) }]];
  });
}

function words(text: string): string[] {
  return text.split(/[ \t\n\r]+/).filter((word) => word !== '');
}

function parseBoolean(value: string, name: string): boolean {
  if (['true', 'yes', '1'].includes(value)) return true;
  if (['false', 'no', '0'].includes(value)) return false;
  throw new UsageError(`Boolean setting '${name}' has invalid value '${value}'`);
}

function parseLint(value: string, name: string): LintLevel {
  if (value === 'ignore' || value === 'warn' || value === 'fatal') return value;
  throw new UsageError(
    `option '${name}' has invalid value '${value}' (expected 'ignore', 'warn', or 'fatal')`,
  );
}

function parseCount(value: string, name: string): number {
  if (/^[0-9]+$/.test(value)) return Number(value);
  throw new UsageError(`setting '${name}' has invalid value '${value}'`);
}

const ignoredSwitches = [
  'allow-dirty',
  'allow-import-from-derivation',
  'allow-symlinked-store',
  'always-allow-substitutes',
  'auto-optimise-store',
  'builders-use-substitutes',
  'compress-build-log',
  'eval-cache',
  'fallback',
  'fsync-metadata',
  'fsync-store-paths',
  'http2',
  'ignore-try',
  'impure-env',
  'keep-build-log',
  'keep-derivations',
  'keep-env-derivations',
  'keep-failed',
  'keep-going',
  'keep-outputs',
  'preallocate-contents',
  'print-missing',
  'pure-eval',
  'require-drop-supplementary-groups',
  'require-sigs',
  'restrict-eval',
  'run-diff-hook',
  'sandbox-fallback',
  'substitute',
  'sync-before-registering',
  'trace-function-calls',
  'trace-import-from-derivation',
  'use-cgroups',
  'use-registries',
  'use-sqlite-wal',
  'use-xdg-base-directories',
  'warn-dirty',
];

const ignoredTexts = [
  'bash-prompt',
  'bash-prompt-prefix',
  'bash-prompt-suffix',
  'build-hook',
  'build-users-group',
  'builders',
  'connect-timeout',
  'cores',
  'diff-hook',
  'download-attempts',
  'download-speed',
  'eval-profile-file',
  'eval-profiler',
  'eval-profiler-frequency',
  'flake-registry',
  'http-connections',
  'json-log-path',
  'log-lines',
  'max-build-log-size',
  'max-free',
  'max-jobs',
  'max-silent-time',
  'max-substitution-jobs',
  'min-free',
  'min-free-check-interval',
  'narinfo-cache-negative-ttl',
  'narinfo-cache-positive-ttl',
  'netrc-file',
  'plugin-files',
  'post-build-hook',
  'pre-build-hook',
  'sandbox',
  'sandbox-build-dir',
  'sandbox-dev-shm-size',
  'ssl-cert-file',
  'stalled-download-timeout',
  'start-id',
  'store',
  'tarball-ttl',
  'upgrade-nix-store-path-url',
  'user-agent-suffix',
  'verbosity',
];

const ignoredLists = [
  'access-tokens',
  'allowed-impure-host-deps',
  'allowed-uris',
  'allowed-users',
  'extra-platforms',
  'hashed-mirrors',
  'ignored-acls',
  'sandbox-paths',
  'secret-key-files',
  'substituters',
  'system-features',
  'trusted-public-keys',
  'trusted-substituters',
  'trusted-users',
];
