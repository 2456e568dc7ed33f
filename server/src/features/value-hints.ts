/**
 * Which values are worth showing beside the source, and where: those of bindings
 * that do not say themselves what they are, those of comments `#=> expression`, and the
 * versions of packages in lists.
 * The values are the evaluator's; this file knows where they belong.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import type { ValueRequest } from '../evaluator/service';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type AttributePathNode, type BindingNode, type Expression } from '../syntax/tree';
import { classifyAt, walk } from '../syntax/walk';

/** How many values are shown in one range. */
const maxHints = 100;

export interface ValueHint {
  /** Where the value is shown: behind the binding, the comment, or the package. */
  readonly at: number;
  readonly request: ValueRequest;
}

/** The rest of a line in which nothing but a comment follows. */
const onlyComment = /[ \t\r]*(?:#[^\n]*)?(?:\n|$)/y;

/** A comment that asks for a value. */
const question = /^#=>\s*(\S.*?)\s*$/;

/** The bindings whose end is in a range, the value of which the text does not show. */
export function bindingHints(parsed: ParsedFile, range: Range): ValueHint[] {
  const hints: ValueHint[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    const isOutside = at >= range.end || at + node.width <= range.start;
    if (isOutside || hints.length >= maxHints) return 'skip';
    if (node.kind === Kind.Binding && isShown(parsed.text, node, at, range))
      hints.push({ at: at + node.width, request: { kind: 'binding', offset: lastNameOf(node, at) } });
    return;
  });
  return hints;
}

function lastNameOf({ path }: BindingNode, at: number): number {
  return at + path.namesAt.at(-1)!;
}

/** The items of lists in a range that name something, which may be a package. */
export function packageHints(parsed: ParsedFile, range: Range): ValueHint[] {
  const hints: ValueHint[] = [];
  walk(parsed.root, parsed.rootAt, (node, at) => {
    if (at >= range.end || at + node.width <= range.start) return 'skip';
    if (node.kind !== Kind.List) return;
    for (let i = 0; i < node.items.length && hints.length < maxHints; i++) {
      const start = at + node.itemsAt[i]!;
      const end = start + node.items[i]!.width;
      const offset = end > range.start && end <= range.end ? nameIn(node.items[i]!, start) : undefined;
      if (offset !== undefined) hints.push({ at: end, request: { kind: 'version', offset } });
    }
    return;
  });
  return hints;
}

/** Where the name stands that says what is meant: the last one of a selection. */
function nameIn(item: Expression, at: number): number | undefined {
  if (item.kind === Kind.Identifier) return at;
  if (item.kind !== Kind.Select || item.fallback !== undefined || !isStatic(item.path)) return undefined;
  return at + item.pathAt + item.path.namesAt.at(-1)!;
}

function isStatic({ names }: AttributePathNode): boolean {
  return names.every((name) => staticName(name) !== undefined);
}

function isShown(text: Bytes, binding: BindingNode, at: number, range: Range): boolean {
  const end = at + binding.width;
  if (end < range.start || end > range.end || text[end - 1] !== ';') return false;
  if (!isStatic(binding.path)) return false;
  // What follows on the line would be pushed away from it.
  onlyComment.lastIndex = end;
  return onlyComment.test(text) && !isPlain(binding.value);
}

/** Whether an expression is its own value to the eye. */
function isPlain(value: Expression): boolean {
  switch (value.kind) {
    case Kind.Integer:
    case Kind.Float:
    case Kind.Path:
    case Kind.Lambda:
    // A literal set has a hint for each of its own bindings.
    case Kind.AttributeSet:
    case Kind.Missing:
      return true;
    case Kind.String:
      return value.parts.every(({ kind }) => kind === Kind.TextPart);
    case Kind.List:
      return value.items.every(isPlain);
    case Kind.Parenthesised:
      return isPlain(value.inner);
    case Kind.Negate:
      return isPlain(value.operand);
    case Kind.Identifier:
      return value.name === 'true' || value.name === 'false' || value.name === 'null';
    default:
      return false;
  }
}

/** The comments of a range that ask for the value of an expression. */
export function commentHints(parsed: ParsedFile, range: Range): ValueHint[] {
  const { text } = parsed;
  const hints: ValueHint[] = [];
  const marks = /#=>/g;
  marks.lastIndex = text.lastIndexOf('\n', range.start - 1) + 1;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    if (match.index >= range.end || hints.length >= maxHints) break;
    const start = match.index;
    const end = lineEnd(text, start);
    marks.lastIndex = end;
    const [, expression] = question.exec(text.slice(start, end)) ?? [];
    if (expression === undefined) continue;
    // In a string, or inside of another comment, the same letters ask for nothing.
    const around = classifyAt(parsed, start);
    if (around.class !== 'comment' || around.start !== start) continue;
    hints.push({ at: end, request: { kind: 'expression', offset: start, expression } });
  }
  return hints;
}

function lineEnd(text: Bytes, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end;
}
