/** What there is to say about an option: its description, its type, its default and where it is declared. */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { locationOf } from '../evaluator/report';
import type { Location } from '../evaluator/service';
import type { ParsedFile } from '../syntax/parse';
import { Attrs } from '../values/attrs';
import type { Source } from '../values/position';
import type { Value } from '../values/value';
import type { Description } from './describe-value';
import { bindingsBelowOptions, declaresOption } from './option-bindings';
import type { Options } from './options';
import { definitionsIn } from './option-definitions';
import { inlineCode } from './told-values';

export interface OptionContext {
  readonly options: Options;
  /** A value in short. */
  readonly print: (value: Value) => Bytes;
  /** A file that declares options; undefined where there is none. */
  readonly file: (path: Bytes) => { readonly parsed: ParsedFile; readonly source: Source } | undefined;
  /** Whether a file is one that the user works on. */
  readonly isOwn: (path: Bytes) => boolean;
}

/** A longer text of a default or an example has lines of its own. */
const inlineLength = 80;

/** As many options a file declares at most in a set whose declaration is looked for. */
const maxOptionsOfFile = 200;

/** @throws EvalError, Interruption */
export function describeOption(context: OptionContext, option: Attrs): Description {
  const { options } = context;
  const blocks: string[] = [];
  const description = options.text(option.get('description'));
  if (description !== undefined) blocks.push(readable(description));
  const rows: string[] = [];
  const type = options.attribute(option, 'type');
  const typeName = type instanceof Attrs ? options.text(type.get('description')) : undefined;
  if (typeName !== undefined) rows.push(`- type: ${typeName.replace(/[\\`*_<>[\]]/g, '\\$&')}`);
  for (const name of ['default', 'example']) {
    const text = expressionText(context, option, name);
    if (text !== undefined) rows.push(`- ${name}: ${code(text)}`);
  }
  if (rows.length > 0) blocks.push(rows.join('\n'));
  const definition = declarationOf(context, option);
  return {
    ...(blocks.length > 0 && { details: blocks.join('\n\n') }),
    ...(definition && { definition }),
  };
}

/** A default or an example as Nix code: as its author has written it, or else its value. */
function expressionText({ options, print }: OptionContext, option: Attrs, name: string): string | undefined {
  const written = options.text(option.get(`${name}Text`));
  if (written !== undefined) return written;
  const value = option.get(name);
  const forced = value === undefined ? undefined : options.tryForce(value);
  if (forced === undefined) return undefined;
  const isMarked = forced instanceof Attrs && forced.has('_type') && forced.has('text');
  return (isMarked ? options.text(forced) : undefined) ?? decodeUtf8(print(forced));
}

function code(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.includes('\n') && trimmed.length <= inlineLength) return inlineCode(trimmed);
  const lines = ['```nix', ...trimmed.replaceAll('```', "'''").split('\n'), '```'];
  return `\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** A description without the marks that only the tools of the manuals know, of today's Markdown and of the DocBook before it. */
function readable(description: string): string {
  return description
    .replace(/\{(?:option|command|file|var|env|manpage)\}(?=`)/g, '')
    .replace(/<(literal|option|command|filename|varname|envar|code|replaceable)>(.*?)<\/\1>/gs, '`$2`')
    .replace(/<link xlink:href="([^"]*)"\s*\/>/g, '$1')
    .replace(/<\/?[a-z][a-z:]*(?:\s[^<>]*)?\/?>/gi, '')
    .replace(/^:{3,}.*$\n?/gm, '')
    .trim();
}

/**
 * Where an option is declared: the binding, where the text of the declaring file shows it, or else
 * its description. What a library writes for an option is no place that says anything.
 */
function declarationOf({ options, file }: OptionContext, option: Attrs): Location | undefined {
  const described = option.positionOf('description');
  const paths = options.declaringFiles(option);
  // Of several files, the one that describes the option says more than those that add to it.
  const path = paths.find((each) => each === described?.source.path) ?? paths[0];
  const declaring = path === undefined ? undefined : file(path);
  const names = options.namesOf(option);
  const binding =
    declaring &&
    bindingsBelowOptions(declaring.parsed).find(
      (each) => declaresOption(each) && endsWith(names, each.names),
    );
  if (binding !== undefined) return locationOf({ source: declaring!.source, offset: binding.at });
  if (described !== undefined && !/\/lib\/(?:options|modules)\.nix$/.test(described.source.path))
    return locationOf(described);
  return declaring && locationOf({ source: declaring.source, offset: declaring.parsed.rootAt });
}

/**
 * Where modules define an option or a part of its value, file by file: first the user's own, then in the
 * order of the module system. A file that defines the option in a way that its text does not show has the
 * place nearest to it, and one that declares the option with the default that counts has none.
 * @param names those that lead to what is asked about
 * @param isPart whether it is a part of the option's value, which not every file defines that defines the option
 * @throws EvalError, Interruption
 */
export function* definitionsOf(
  { options, file, isOwn }: OptionContext,
  option: Attrs,
  names: readonly Bytes[],
  isPart: boolean,
): Iterable<readonly Location[]> {
  const declaring = new Set(options.declaringFiles(option));
  const files = options.definingFiles(option);
  for (const path of [...files.filter(isOwn), ...files.filter((each) => !isOwn(each))]) {
    const defining = file(path);
    if (defining === undefined) continue;
    const { parsed, source } = defining;
    const { places, isExact } = definitionsIn(parsed, names);
    if (!isExact && (isPart || declaring.has(path))) continue;
    const offsets = places.length > 0 ? places : [parsed.rootAt];
    yield offsets.map((offset) => locationOf({ source, offset })).filter((each) => each !== undefined);
  }
}

/** Where a set of options begins, where a single file declares all of them. @throws EvalError, Interruption */
export function declarationOfSet(
  { options, file }: OptionContext,
  set: Attrs,
  names: readonly Bytes[],
): Location | undefined {
  const path = commonFile(options, set);
  const declaring = path === undefined ? undefined : file(path);
  const binding =
    declaring &&
    bindingsBelowOptions(declaring.parsed).find(
      (each) => startsWith(each.names, names) || endsWith(names, each.names),
    );
  return binding && locationOf({ source: declaring.source, offset: binding.at });
}

/** The file that declares each option of a set; undefined where there are several, or too many options. */
function commonFile(options: Options, set: Attrs): Bytes | undefined {
  let common: Bytes | undefined;
  let left = maxOptionsOfFile;
  const waiting = [set];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of next.shape.names) {
      const found = options.step({ kind: 'set', set: next }, name);
      if (found?.kind === 'set') waiting.push(found.set);
      if (found?.kind !== 'option') continue;
      const files = options.declaringFiles(found.option);
      common ??= files[0];
      if (left-- === 0 || files.length !== 1 || files[0] !== common) return undefined;
    }
  }
  return common;
}

function startsWith(names: readonly Bytes[], first: readonly Bytes[]): boolean {
  return first.length <= names.length && first.every((name, i) => name === names[i]);
}

function endsWith(names: readonly Bytes[], last: readonly Bytes[]): boolean {
  const from = names.length - last.length;
  return from >= 0 && last.every((name, i) => name === names[from + i] || name === '');
}
