/**
 * What the module system says where it refuses a part of a configuration: it throws when that part is
 * read, and its message names the option and the files. Nixpkgs: `lib/modules.nix`, today's and older ones.
 */
import type { Bytes } from '../base/bytes';
import { directoryOf } from '../host/path';
import { Attrs } from '../values/attrs';
import { EvalError } from '../values/error';
import { elementAt, isList } from '../values/list';
import type { Forced, Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { anyName } from './option-path';
import type { OptionNode, Options } from './options';

/** How many elements of an option's value are looked at. */
export const maxElements = 400;

/** An option that modules declare. */
export type DeclaredOption = OptionNode & { readonly kind: 'option' };

/** An option that a path leads to, and the names that follow in its value. */
export interface OptionPart {
  readonly option: DeclaredOption;
  readonly rest: readonly Bytes[];
}

export class OptionMessages {
  /** @param path the file of the module */
  constructor(
    private readonly vm: Vm,
    private readonly options: Options,
    private readonly path: Bytes,
  ) {}

  /**
   * What the module system says when it puts together the definitions of a part of an option, if it
   * names the part and this module: that an element is not of its type, that a submodule has no such
   * option, or that definitions are in conflict.
   */
  refusal({ option, rest }: OptionPart): Bytes | undefined {
    const message = this.failure({ option, rest });
    if (message === undefined) return undefined;
    if (!namesOfFile(this.path).some((file) => message.includes(`${file}'`))) return undefined;
    return isAbout(message, this.options.namesOf(option.option), rest) ? message : undefined;
  }

  /** What the module system throws where a part of an option's value is read. */
  failure({ option: { option }, rest }: OptionPart): Bytes | undefined {
    let value = option.get('value');
    const { vm } = this;
    const forceElements = (forced: Forced): void => {
      // Elements have types of their own, which are looked at when somebody reads them.
      const parts = isList(forced) ? forced : forced instanceof Attrs ? forced.values : [];
      for (let i = 0; i < Math.min(parts.length, maxElements); i++) vm.force(elementAt(parts, i));
    };
    try {
      for (const name of rest) {
        const set = value === undefined ? undefined : vm.force(value);
        // Which of the elements is meant is not to be told.
        if (name === anyName && isList(set)) forceElements(set);
        value = set instanceof Attrs ? set.get(name) : undefined;
      }
      if (value !== undefined) forceElements(vm.force(value));
      return undefined;
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      return error.kind === 'throw' ? error.message : undefined;
    }
  }
}

/** What the program throws where an attribute of a set is read; undefined if it is no `throw`. @throws Interruption */
export function failureOf(vm: Vm, set: Value, name: Bytes): Bytes | undefined {
  try {
    const forced = vm.force(set);
    const value = forced instanceof Attrs ? forced.get(name) : undefined;
    if (value !== undefined) vm.force(value);
    return undefined;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return error.kind === 'throw' ? error.message : undefined;
  }
}

/** How the module system names a file: by the path that imports it, which may be that of its folder. */
export function namesOfFile(path: Bytes): Bytes[] {
  return path.endsWith('/default.nix') ? [path, directoryOf(path)] : [path];
}

/** The option that there is not, if a message says that there is none. */
export function unknownOptionIn(message: Bytes): Bytes | undefined {
  return /^The option `([^']*)'(?: defined in `[^']*')? does not exist/.exec(message)?.[1];
}

/** Whether the option that a message names first is a part of another one's value, or around or in that part. */
function isAbout(message: Bytes, option: readonly Bytes[], part: readonly Bytes[]): boolean {
  const named = /`([^']*)'/.exec(message)?.[1];
  const rest = named === undefined ? undefined : nameBelow(named, option);
  if (rest === undefined) return false;
  return part.some((_, i) => nameBelow(rest, part.slice(0, i)) === '') || nameBelow(rest, part) !== undefined;
}

/** Whether a message's name of an option is that of an option below others. */
export function isPartOf(named: Bytes, names: readonly Bytes[]): boolean {
  const rest = nameBelow(named, names);
  return rest !== undefined && rest !== '';
}

/**
 * What follows some names in the name of an option as a message has it: names that are no identifiers
 * are in quotes, or, by older module systems, not. Undefined where other names come first.
 */
function nameBelow(named: Bytes, names: readonly Bytes[]): Bytes | undefined {
  let rest = named;
  for (const name of names) {
    const shown =
      name === anyName
        ? element.exec(rest)?.[0]
        : [name, `"${name}"`].find((each) => startsWithName(rest, each));
    if (shown === undefined) return undefined;
    rest = rest.slice(shown.length + 1);
  }
  return rest;
}

function startsWithName(named: Bytes, name: Bytes): boolean {
  return `${named}.`.startsWith(`${name}.`);
}

/** How messages name an element of a list. */
const element = /^"?\[definition \d+-entry \d+\]"?(?=\.|$)/;
