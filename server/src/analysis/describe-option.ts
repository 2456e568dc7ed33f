/** What there is to say about an option: its description, its type, its default and where it is declared. */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { locationOf } from '../evaluator/report';
import type { Location } from '../evaluator/service';
import { Kind, staticName } from '../syntax/tree';
import type { ParsedFile } from '../syntax/parse';
import { forEachChild, type PlacedNode } from '../syntax/walk';
import { Attrs } from '../values/attrs';
import { elementAt, isList } from '../values/list';
import type { Source } from '../values/position';
import { Path, type Value } from '../values/value';
import type { Description } from './describe-value';
import type { Options } from './options';
import { bytesOf, inlineCode } from './told-values';

export interface OptionContext {
  readonly options: Options;
  /** A value in short. */
  readonly print: (value: Value) => Bytes;
  /** A file that declares options; undefined where there is none. */
  readonly file: (path: Bytes) => { readonly parsed: ParsedFile; readonly source: Source } | undefined;
}

/** A longer text of a default or an example has lines of its own. */
const inlineLength = 80;

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
function declarationOf(context: OptionContext, option: Attrs): Location | undefined {
  const { options, file } = context;
  const declarations = options.attribute(option, 'declarations');
  const first = isList(declarations) ? options.tryForce(elementAt(declarations, 0)) : undefined;
  const path = first instanceof Path ? first.path : bytesOf(first);
  const declaring = path?.startsWith('/') === true ? file(path) : undefined;
  const offset = declaring && declarationIn(declaring.parsed, options.namesOf(option));
  if (offset !== undefined) return locationOf({ source: declaring!.source, offset });
  const described = option.positionOf('description');
  if (described !== undefined && !described.source.path.endsWith('/lib/options.nix'))
    return locationOf(described);
  return declaring && locationOf({ source: declaring.source, offset: declaring.parsed.rootAt });
}

/** The binding below `options` whose names are the last ones of an option's. */
function declarationIn({ root, rootAt }: ParsedFile, names: readonly Bytes[]): number | undefined {
  const waiting: (PlacedNode & { readonly path: readonly Bytes[] | undefined })[] = [
    { node: root, at: rootAt, path: undefined },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, at } = next;
    let { path } = next;
    if (node.kind === Kind.Binding) {
      const own = node.path.names.map((name) => staticName(name) ?? '');
      if (path !== undefined) path = [...path, ...own];
      const start = own.indexOf('options');
      // Options of a submodule are declared below `options` again.
      if (start >= 0) path = own.slice(start + 1);
      if (path !== undefined && path.length > 0 && endsWith(names, path) && isOption(node.value)) return at;
    }
    forEachChild(node, at, (child, childAt) => waiting.push({ node: child, at: childAt, path }));
  }
  return undefined;
}

/** Whether a binding's value is none of the sets on the way to options. */
function isOption({ kind }: { readonly kind: Kind }): boolean {
  return kind !== Kind.AttributeSet;
}

function endsWith(names: readonly Bytes[], last: readonly Bytes[]): boolean {
  const from = names.length - last.length;
  return from >= 0 && last.every((name, i) => name === names[from + i] || name === '');
}
