/**
 * Flags in the manner of Nix's commands (libutil/args.cc): `-A x` and `--attr x`
 * but no `--attr=x`, which only flags of Nixray's own take; short flags joined (`-vA x`),
 * `--` before what is no flag.
 */

/** The arguments make no sense; whoever typed them is told where to find help. */
export class UsageError {
  constructor(readonly message: string) {}
}

/** @throws UsageError for a negative number, which C++ Nix only says is no integer */
export function rejectNegative(text: string): void {
  if (/^-[0-9]/.test(text))
    throw new UsageError(`'${text}' is negative, which a number of seconds must not be`);
}

export interface Flag {
  /** How many arguments it takes. */
  readonly arity: number;
  /** Whether it is one of the old flags, which word a missing argument in their own way. */
  readonly old?: boolean;
  /** Whether it is one that Nix does not have and that takes `--name=value`, too. */
  readonly own?: boolean;
  apply(...args: string[]): void;
}

export interface FlagTable {
  /** With their dashes. */
  readonly flags: ReadonlyMap<string, Flag>;
  /** Hears every argument that is no flag, in order. */
  positional(argument: string): void;
}

/** A flag of Nixray's own with a value. */
export function ownFlag(apply: (value: string) => void): Flag {
  return { arity: 1, own: true, apply: (value) => apply(value) };
}

/** @throws UsageError */
export function parseFlags(args: readonly string[], table: FlagTable): void {
  const rest = [...args].reverse();
  let onlyPositional = false;
  while (rest.length > 0) {
    const argument = rest.pop()!;
    if (onlyPositional || argument === '-' || !argument.startsWith('-')) {
      table.positional(argument);
    } else if (argument === '--') {
      onlyPositional = true;
    } else {
      const split = splitJoined(argument, table) ?? splitShortFlags(argument);
      rest.push(...split.slice(1).reverse());
      applyFlag(split[0]!, rest, table);
    }
  }
}

/** `--format=json` as `--format`, `json`. */
function splitJoined(argument: string, { flags }: FlagTable): string[] | undefined {
  const end = argument.indexOf('=');
  if (end < 0 || !argument.startsWith('--')) return undefined;
  const name = argument.slice(0, end);
  return flags.get(name)?.own ? [name, argument.slice(end + 1)] : undefined;
}

/** `-qA` as `-q`, `-A`; `-j3` as `-j`, `3`. */
function splitShortFlags(argument: string): string[] {
  if (!/^-[a-zA-Z]./.test(argument)) return [argument];
  const letters = /^[a-zA-Z]*/.exec(argument.slice(1))![0];
  const value = argument.slice(1 + letters.length);
  const flags = [...letters].map((letter) => `-${letter}`);
  return value === '' ? flags : [...flags, value];
}

function applyFlag(name: string, rest: string[], table: FlagTable): void {
  const flag = table.flags.get(name);
  if (flag === undefined) throw new UsageError(`unrecognised flag '${name}'`);
  const given = Math.min(flag.arity, rest.length);
  if (given < flag.arity) {
    if (flag.old) throw new UsageError(`'${name}' requires an argument`);
    throw new UsageError(`flag '${name}' requires ${flag.arity} argument(s), but only ${given} were given`);
  }
  flag.apply(...rest.splice(rest.length - given).reverse());
}
