/**
 * What an option may be set to, as it is proposed: the values of an enumeration, the default and
 * the example. Nixpkgs: `lib/options.nix`.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import type { Member } from '../evaluator/service';
import { parse, workspaceSyntax } from '../syntax/parse';
import { Kind } from '../syntax/tree';
import { Attrs } from '../values/attrs';
import { printScalar } from '../values/printer';
import { ContextString, type Forced, type Value } from '../values/value';
import type { OptionNode, Options } from './options';
import { bytesOf } from './told-values';

/** What marks a text as Nix code, today and before. */
const marksOfCode = new Set(['literalExpression', 'literalExample']);

/** Where an option says what a definition may look like. */
const shownValues = ['default', 'example'] as const;

/**
 * By what is written: code, or the text of a string.
 * @param print writes a value, as far as it is short enough
 * @throws Interruption
 */
export function valuesOfOption(
  options: Options,
  node: OptionNode,
  inString: boolean,
  print: (value: Value) => Bytes,
): ReadonlyMap<Bytes, Member> {
  const members = new Map<Bytes, Member>();
  const write = (value: Forced): Bytes | undefined => (inString ? textOf(value) : printScalar(value));
  for (const value of options.values(node)) {
    const name = write(value);
    if (name !== undefined) members.set(name, { name });
  }
  if (node.kind !== 'option') return members;
  for (const kind of shownValues) {
    const name = inString
      ? shownText(options, node.option, kind)
      : shownCode(options, node.option, kind, print);
    if (name !== undefined && members.get(name)?.detail === undefined)
      members.set(name, { name, detail: kind });
  }
  return members;
}

/** The text of a string; undefined where it would have to be escaped, and so is not found again by what is typed. */
function textOf(value: Forced): Bytes | undefined {
  const text = value instanceof ContextString ? undefined : bytesOf(value);
  return text === undefined || /[\n"\\$]/.test(text) ? undefined : text;
}

type ShownValue = (typeof shownValues)[number];

function shownText(options: Options, option: Attrs, kind: ShownValue): Bytes | undefined {
  const value = options.attribute(option, kind);
  return value === undefined ? undefined : textOf(value);
}

/** The default or the example as code: as its author has written it, or printed. */
function shownCode(
  options: Options,
  option: Attrs,
  kind: ShownValue,
  print: (value: Value) => Bytes,
): Bytes | undefined {
  const written = options.attribute(option, `${kind}Text`);
  if (written !== undefined) return writtenCode(options, written);
  const value = options.attribute(option, kind);
  if (value instanceof Attrs && value.has('_type')) return writtenCode(options, value);
  const code = value === undefined ? undefined : print(value);
  // What is built cannot be written down, and what is left out or no data is printed as no code.
  return code === undefined || code.includes('/nix/store/') || !isCode(code) ? undefined : code;
}

/** A text that is marked as code, or has no mark and looks like it. */
function writtenCode(options: Options, value: Forced): Bytes | undefined {
  const mark = options.attribute(value, '_type');
  const isMarked = typeof mark === 'string' && marksOfCode.has(mark);
  if (mark !== undefined && !isMarked) return undefined;
  const text = options.text(value)?.trim();
  const code = text === undefined ? undefined : encodeUtf8(text);
  return code !== undefined && isCode(code, isMarked) ? code : undefined;
}

/** Whether a text is an expression. @param isMarked whether it is said to be one: words in a row may be a sentence */
function isCode(text: Bytes, isMarked = true): boolean {
  const { errors, root } = parse(text, workspaceSyntax);
  return errors.length === 0 && (isMarked || root.kind !== Kind.Call);
}
