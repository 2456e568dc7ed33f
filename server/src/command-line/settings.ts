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
  /** What has been renamed is known to `--option`, and is no flag. */
  readonly kind: 'boolean' | 'text' | 'list' | 'old name';
  readonly apply: Apply;
}

/** What each setting does to `settings`. @param warn hears of values that have no effect */
export function settingTable(
  settings: Settings,
  warn: (message: string) => void,
): ReadonlyMap<string, Setting> {
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
        apply: (value, _name, append) => {
          const named = words(value);
          for (const name of named) {
            if (!experimentalFeatures.has(name)) warn(`unknown experimental feature '${name}'`);
          }
          settings.features = new Set([...(append ? settings.features : []), ...named]);
        },
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
  for (const name of restrictions) {
    const message = `Nixray does not restrict what an evaluation can read, so '${name}' changes nothing`;
    table.set(
      name,
      boolean((value) => {
        if (value) warn(message);
      }),
    );
  }
  for (const name of ignoredTexts) table.set(name, { kind: 'text', apply: () => undefined });
  for (const name of ignoredLists) table.set(name, { kind: 'list', apply: () => undefined });
  for (const name of ignoredOldNames) table.set(name, { kind: 'old name', apply: () => undefined });
  return table;
}

/** Sets what `--option` names. @throws UsageError, which is a warning there */
export function applyOption(table: ReadonlyMap<string, Setting>, name: string, value: string): void {
  const setting = table.get(name);
  if (setting !== undefined) return setting.apply(value, name, false);
  const appended = name.startsWith('extra-') ? table.get(name.slice('extra-'.length)) : undefined;
  if (appended?.kind !== 'list') throw new UsageError(`unknown setting '${name}'`);
  appended.apply(value, name, true);
}

/** The flags that the settings are. */
export function settingFlags(table: ReadonlyMap<string, Setting>): [string, Flag][] {
  return [...table].flatMap(([name, { kind, apply }]): [string, Flag][] => {
    if (kind === 'old name') return [];
    if (name === 'sandbox') return sandboxFlags;
    if (kind === 'boolean') {
      return [
        [`--${name}`, { arity: 0, apply: () => apply('true', name, false) }],
        [`--no-${name}`, { arity: 0, apply: () => apply('false', name, false) }],
      ];
    }
    const set: [string, Flag] = [`--${name}`, { arity: 1, apply: (value) => apply(value, name, false) }];
    if (kind === 'text') return [set];
    return [set, [`--extra-${name}`, { arity: 1, apply: (value) => apply(value, name, true) }]];
  });
}

/** The only setting with three values, each of which is a flag. */
const sandboxFlags = ['--sandbox', '--no-sandbox', '--relaxed-sandbox'].map((name): [string, Flag] => [
  name,
  { arity: 0, apply: () => undefined },
]);

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
  'accept-flake-config',
  'allow-dirty',
  'allow-dirty-locks',
  'allow-import-from-derivation',
  'allow-new-privileges',
  'allow-symlinked-store',
  'allow-unsafe-native-code-during-evaluation',
  'always-allow-substitutes',
  'auto-allocate-uids',
  'auto-optimise-store',
  'builders-use-substitutes',
  'compress-build-log',
  'darwin-log-sandbox-violations',
  'debugger-on-trace',
  'debugger-on-warn',
  'eval-cache',
  'fallback',
  'filetransfer-retry-jitter',
  'filter-syscalls',
  'fsync-metadata',
  'fsync-store-paths',
  'http2',
  'http3',
  'ignore-try',
  'impersonate-linux-26',
  'impure-env',
  'keep-build-log',
  'keep-derivations',
  'keep-env-derivations',
  'keep-failed',
  'keep-going',
  'keep-outputs',
  'nix-shell-always-looks-for-shell-nix',
  'nix-shell-shebang-arguments-relative-to-script',
  'preallocate-contents',
  'print-missing',
  'require-drop-supplementary-groups',
  'require-sigs',
  'run-diff-hook',
  'sandbox-fallback',
  'substitute',
  'sync-before-registering',
  'trace-function-calls',
  'trace-import-from-derivation',
  'trust-tarballs-from-git-forges',
  'use-case-hack',
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
  'build-dir',
  'build-hook',
  'build-hook-kill-timeout',
  'build-poll-interval',
  'build-users-group',
  'builders',
  'commit-lock-file-summary',
  'connect-timeout',
  'cores',
  'diff-hook',
  'download-attempts',
  'download-buffer-size',
  'download-speed',
  'eval-attrset-update-layer-rhs-threshold',
  'eval-profile-file',
  'eval-profiler',
  'eval-profiler-frequency',
  'external-builders',
  'filetransfer-retry-attempts',
  'filetransfer-retry-delay',
  'filetransfer-retry-delay-rate-limited',
  'filetransfer-retry-max-delay',
  'flake-registry',
  'gc-reserved-space',
  'http-connections',
  'id-count',
  'json-log-path',
  'log-lines',
  'max-build-log-size',
  'max-free',
  'max-jobs',
  'max-silent-time',
  'max-substitution-jobs',
  'min-free',
  'min-free-check-interval',
  'nar-buffer-size',
  'narinfo-cache-meta-ttl',
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
  'timeout',
  'upgrade-nix-store-path-url',
  'user-agent-suffix',
  'verbosity',
  'warn-large-path-threshold',
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

const ignoredOldNames = [
  'binary-cache-public-keys',
  'binary-caches',
  'binary-caches-parallel-connections',
  'build-chroot-dirs',
  'build-compress-log',
  'build-cores',
  'build-fallback',
  'build-keep-log',
  'build-max-jobs',
  'build-max-log-size',
  'build-max-silent-time',
  'build-sandbox-paths',
  'build-timeout',
  'build-use-chroot',
  'build-use-sandbox',
  'build-use-substitutes',
  'commit-lockfile-summary',
  'gc-keep-derivations',
  'gc-keep-outputs',
  'substitution-max-jobs',
  'trusted-binary-caches',
];

/** With these, C++ Nix refuses some of what an evaluation could read. */
const restrictions = ['pure-eval', 'restrict-eval'];

/** Those of Nix 2.36. */
const experimentalFeatures: ReadonlySet<string> = new Set([
  'auto-allocate-uids',
  'blake3-hashes',
  'ca-derivations',
  'cgroups',
  'configurable-impure-env',
  'daemon-trust-override',
  'dynamic-derivations',
  'external-builders',
  'fetch-closure',
  'fetch-tree',
  'flakes',
  'git-hashing',
  'impure-derivations',
  'local-overlay-store',
  'mounted-ssh-store',
  'nix-command',
  'parse-toml-timestamps',
  'pipe-operators',
  'read-only-local-store',
  'recursive-nix',
  'verified-fetches',
]);
