/** `nixray format PATH…`: rewrites files in the format of nixfmt, or tells which ones are not in it. */
import { encodeUtf8 } from '../base/bytes';
import { renderError } from '../evaluator/render-error';
import { format as formatted } from '../formatter/format';
import { defaultFeatures } from '../host/disk-host';
import { HostError, type Host } from '../host/host';
import { parse, workspaceSyntax } from '../syntax/parse';
import type { Source } from '../values/position';
import { excerptWidth } from './check-formats';
import { ownFlag, parseFlags, rejectNegative, UsageError, type Flag } from './flags';
import { formatHelp } from './help';
import { eachOnce, inputsAt, type Input } from './inputs';
import type { World } from './world';

interface FormatOptions {
  help: boolean;
  /** Whether files are only looked at. */
  check: boolean;
  /** Of lines, in characters; undefined for the usual one. */
  width: number | undefined;
  readonly paths: string[];
}

/** Exits with 1 where a file cannot be formatted, or with `--check` is not. @throws UsageError */
export function format(args: readonly string[], world: World): number {
  const options = parseOptions(args);
  if (options.help) {
    world.write(formatHelp);
    return 0;
  }
  if (options.paths.length === 0) throw new UsageError('no file or folder is named');
  const host = world.createHost({ features: new Set(defaultFeatures), system: '' });
  const inputs = eachOnce(options.paths.flatMap((path) => inputsAt(path, host)));
  const results = inputs.map((input) => formatInput(input, host, world, options));
  return results.every((isWell) => isWell) ? 0 : 1;
}

function parseOptions(args: readonly string[]): FormatOptions {
  const options: FormatOptions = { help: false, check: false, width: undefined, paths: [] };
  parseFlags(args, {
    flags: new Map<string, Flag>([
      ['--help', { arity: 0, apply: () => (options.help = true) }],
      ['--check', { arity: 0, apply: () => (options.check = true) }],
      ['--width', ownFlag((value) => (options.width = widthOf(value)))],
    ]),
    positional: (path) => options.paths.push(path),
  });
  return options;
}

function widthOf(value: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(value)) return Number(value);
  rejectNegative(value);
  throw new UsageError(`'${value}' is not a number of characters`);
}

/** Whether all is as it should be; what cannot be read keeps nobody from other files. */
function formatInput(input: Input, host: Host, world: World, options: FormatOptions): boolean {
  try {
    if (input.problem !== undefined) throw input.problem;
    return formatSource(sourceOf(input, host, world), world, options);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    world.writeError(`error: ${error.message}\n`);
    return false;
  }
}

function sourceOf({ path }: Input, host: Host, world: World): Source {
  return path === undefined
    ? { kind: 'stdin', path: encodeUtf8('«stdin»'), text: world.readInput() }
    : { kind: 'file', path, text: host.readFile(path) };
}

function formatSource(source: Source, world: World, { check, width }: FormatOptions): boolean {
  const parsed = parse(source.text, workspaceSyntax);
  const result = formatted(parsed, width);
  if ('problem' in result) {
    const error = parsed.errors.find(({ severity }) => severity === 'error');
    const message = error?.message ?? `not formatted: ${result.problem}`;
    const position = { source, offset: error?.range.start ?? 0 };
    world.writeError(`${renderError({ message, position }, { showTrace: false, excerptWidth })}\n`);
    return false;
  }
  const isFormatted = result.text === source.text;
  if (source.kind === 'stdin' && !check) world.write(result.text);
  else if (!isFormatted) {
    if (!check) world.writeFile(source.path, result.text);
    world.write(`${source.path}\n`);
  }
  return isFormatted || !check;
}
