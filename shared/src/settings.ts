// The settings of section `nixray`: one table of names, types, defaults and
// descriptions. The server reads settings through it, the manifest's
// `contributes.configuration` is generated from it, and the documentation is
// checked against it.
//
// It leaves out on purpose how settings travel: that is the protocol's matter.

/** The section that all settings share; a row's name follows it after a dot. */
export const settingsSection = 'nixray';

/**
 * Where a user may set a value. `machine-overridable` is for what names programs
 * and folders of one machine, which therefore is not carried to another one.
 */
export type SettingScope = 'window' | 'machine-overridable';

interface Row {
  readonly description: string;
  readonly scope: SettingScope;
  /** The workspace's own value counts only once the workspace is trusted. */
  readonly restricted?: true;
}

export interface BooleanSetting extends Row {
  readonly type: 'boolean';
  readonly default: boolean;
}

export interface IntegerSetting extends Row {
  readonly type: 'integer';
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface StringSetting extends Row {
  readonly type: 'string';
  readonly default: string;
}

/** One of a few words, each with its meaning. */
export interface ChoiceSetting extends Row {
  readonly type: 'choice';
  readonly default: string;
  readonly choices: { readonly [word: string]: string };
}

export interface ListSetting extends Row {
  readonly type: 'list';
  readonly default: readonly string[];
}

/** A table from string to string. */
export interface TableSetting extends Row {
  readonly type: 'table';
  readonly default: { readonly [name: string]: string };
}

export type Setting =
  BooleanSetting | IntegerSetting | StringSetting | ChoiceSetting | ListSetting | TableSetting;

/** Every setting, in the order in which an editor lists them. */
export const settingsTable = {
  'evaluation.enabled': {
    type: 'boolean',
    default: true,
    scope: 'window',
    description:
      'Evaluate the open files. When off, Nixray still reports syntax errors and unknown names and shows byte code.',
  },
  'evaluation.timeout': {
    type: 'integer',
    default: 10_000,
    minimum: 10,
    maximum: 3_600_000,
    scope: 'window',
    description: 'How long one evaluation may take, in milliseconds.',
  },
  'evaluation.memory': {
    type: 'integer',
    default: 2048,
    minimum: 64,
    maximum: 1_048_576,
    scope: 'window',
    description:
      'How much memory the process that evaluates may use, in MiB. When it needs more, it is replaced by a new one.',
  },
  'evaluation.maxCallDepth': {
    type: 'integer',
    default: 10_000,
    minimum: 10,
    maximum: 1_000_000,
    scope: 'window',
    description: 'How many function calls may be under way inside one another before evaluation fails.',
  },
  'evaluation.environment': {
    type: 'list',
    default: ['HOME', 'USER', 'NIXPKGS_CONFIG', 'NIXPKGS_ALLOW_UNFREE', 'NIXPKGS_ALLOW_BROKEN'],
    scope: 'window',
    restricted: true,
    description:
      'The environment variables that `builtins.getEnv` may read. Every other variable reads as an empty string.',
  },
  'evaluation.system': {
    type: 'string',
    default: '',
    scope: 'window',
    description:
      'The value of `builtins.currentSystem`, such as `x86_64-linux`. When empty, it is the system of this machine.',
  },
  'diagnostics.evaluation': {
    type: 'choice',
    default: 'reachable',
    choices: {
      off: 'Evaluation reports no problems.',
      file: 'Report what fails when an open file is evaluated by itself.',
      reachable:
        'Report also what fails in the functions of an open file when they are called as its hovers show, and, as hints, what fails in its bindings.',
    },
    scope: 'window',
    description: 'Which problems of evaluation are reported.',
  },
  'diagnostics.ignored': {
    type: 'list',
    default: [],
    scope: 'window',
    description: 'The codes of problems that are not reported, such as `undefined-variable`.',
  },
  searchPath: {
    type: 'list',
    default: [],
    scope: 'window',
    restricted: true,
    description:
      'Where `<…>` looks for files, as entries `name=path` or `path`; they come before those of `NIX_PATH`.',
  },
  arguments: {
    type: 'table',
    default: {},
    scope: 'window',
    restricted: true,
    description:
      'The arguments of functions: from a glob of file paths to the Nix expression of the argument, such as `"pkgs/*.nix": "{ debug = true; }"`. It is for the function that a file consists of, or for one inside of it with the names around and its parameter behind a `#`, such as `"lib/lists.nix#sum:numbers"`. The command *Pin Arguments…* writes it.',
  },
  'hover.depth': {
    type: 'integer',
    default: 3,
    minimum: 0,
    maximum: 20,
    scope: 'window',
    description: 'How many levels of a list or an attribute set a hover shows.',
  },
  'inlayHints.values': {
    type: 'boolean',
    default: false,
    scope: 'window',
    description:
      "Show values at the end of bindings' lines. The editor's own setting for inlay hints applies, too.",
  },
  'inlayHints.comments': {
    type: 'boolean',
    default: true,
    scope: 'window',
    description:
      "Show behind a comment `#=> expression` the value that the expression has there. The editor's own setting for inlay hints applies, too.",
  },
  'inlayHints.packages': {
    type: 'boolean',
    default: true,
    scope: 'window',
    description:
      "Show behind a package in a list its version. The editor's own setting for inlay hints applies, too.",
  },
  'inlayHints.blocks': {
    type: 'boolean',
    default: true,
    scope: 'window',
    description:
      "Show the name of a binding of 25 lines or more where it ends. The editor's own setting for inlay hints applies, too.",
  },
  'codeLens.enabled': {
    type: 'boolean',
    default: true,
    scope: 'window',
    description:
      'Show above a function where the arguments of the shown values come from, and above the expression of a file a command that shows its value.',
  },
  'formatting.command': {
    type: 'list',
    default: [],
    scope: 'machine-overridable',
    restricted: true,
    description:
      'The program that formats a document, followed by its arguments. It reads the text from its standard input and writes the result to its standard output. When empty, Nixray formats as nixfmt does.',
  },
  'cache.directory': {
    type: 'string',
    default: '',
    scope: 'machine-overridable',
    restricted: true,
    description:
      "The folder for what Nixray keeps between two starts. When empty, it is the user's cache folder. There Nixray keeps the compiled code of libraries, and *Nixray: Fetch nixpkgs…* what it has downloaded.",
  },
  'trace.server': {
    type: 'choice',
    default: 'off',
    choices: {
      off: 'Write nothing.',
      messages: 'Write the name of each message.',
      verbose: 'Write each message with its content.',
    },
    scope: 'window',
    description: 'What the output channel shows of the messages between the editor and the server.',
  },
} as const satisfies { readonly [name: string]: Setting };

export type SettingName = keyof typeof settingsTable;

type ValueOf<S extends Setting> = S extends { type: 'boolean' }
  ? boolean
  : S extends { type: 'integer' }
    ? number
    : S extends { type: 'string' }
      ? string
      : S extends ChoiceSetting
        ? keyof S['choices'] & string
        : S extends { type: 'list' }
          ? readonly string[]
          : Readonly<Record<string, string>>;

/** A value for every setting, by its full name below the section: `settings['hover.depth']`. */
export type Settings = { readonly [N in SettingName]: ValueOf<(typeof settingsTable)[N]> };

/** The table's rows with their general type, for code that treats all settings alike. */
export function settingRows(): readonly (readonly [SettingName, Setting])[] {
  return Object.entries(settingsTable) as [SettingName, Setting][];
}

/**
 * Settings from what an editor sent for the section: an object of objects
 * (`{ hover: { depth: 3 } }`), or with dotted names (`{ 'hover.depth': 3 }`),
 * or a mixture. A value that is absent or null is the default; one of the wrong
 * type is the default as well, and `problems` says so in a sentence.
 */
export function readSettings(given: unknown): { settings: Settings; problems: string[] } {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, row] of settingRows()) {
    const value = lookUp(given, name.split('.'));
    const wanted = value === undefined || value === null ? undefined : complaint(row, value);
    if (wanted !== undefined) problems.push(`The setting ${settingsSection}.${name} must be ${wanted}.`);
    values[name] = value === undefined || value === null || wanted !== undefined ? row.default : value;
  }
  return { settings: values as unknown as Settings, problems };
}

/** The settings of a user who has set none. */
export const defaultSettings: Settings = readSettings(undefined).settings;

/** Looks a dotted name up, however its parts are spread over nested objects. */
function lookUp(given: unknown, path: readonly string[]): unknown {
  if (path.length === 0) return given;
  if (typeof given !== 'object' || given === null) return undefined;
  for (let taken = path.length; taken > 0; taken--) {
    const key = path.slice(0, taken).join('.');
    if (!Object.hasOwn(given, key)) continue;
    const found = lookUp((given as Record<string, unknown>)[key], path.slice(taken));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a value of the setting must be, if this one is not; otherwise undefined. */
function complaint(row: Setting, value: unknown): string | undefined {
  switch (row.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'integer': {
      const fits =
        Number.isInteger(value) && row.minimum <= (value as number) && (value as number) <= row.maximum;
      return fits ? undefined : `an integer from ${row.minimum} to ${row.maximum}`;
    }
    case 'string':
      return typeof value === 'string' ? undefined : 'a string';
    case 'choice': {
      const fits = typeof value === 'string' && Object.hasOwn(row.choices, value);
      return fits ? undefined : `one of ${Object.keys(row.choices).join(', ')}`;
    }
    case 'list':
      return Array.isArray(value) && value.every(isString) ? undefined : 'a list of strings';
    case 'table': {
      const fits =
        typeof value === 'object' && !Array.isArray(value) && Object.values(value as object).every(isString);
      return fits ? undefined : 'an object whose values are strings';
    }
  }
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}
