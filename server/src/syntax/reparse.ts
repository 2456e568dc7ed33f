/**
 * Parsing again after an edit, as little as possible. All nodes that the edit
 * does not touch stay the same objects; new ones are made along one path.
 *
 * The law: tree and errors are those of a fresh parse of the new text. It holds
 * since a part is parsed by itself only where the parser's state is known on
 * both sides. Such places are the starts of bindings: there the machine is
 * always in the same state, whatever came before. So the bindings that the edit
 * touches are parsed again, from behind the last one before it, until the start
 * of an old binding behind it is reached in that same state. If that does not
 * come about, the bindings around are tried, and at last the whole text.
 */
import type { Bytes } from '../base/bytes';
import { graft } from './graft';
import { parse, type ParsedFile, type SyntaxError } from './parse';
import { Frame, type BindingsFrame } from './parser/frames';
import { Parser, isDynamicBinding, type ParsedBindings } from './parser';
import { nestingLimit } from './parser/stacks';
import { replaceChild } from './replace-child';
import { Token } from './tokens';
import {
  AttributeSetNode,
  Kind,
  LegacyLetNode,
  LetNode,
  type BindingLike,
  type Expression,
  type Node,
} from './tree';
import { forEachChild, type PlacedNode } from './walk';

/** The bytes from `start` to `end` of the old text become `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: Bytes;
}

/** A text after an edit. */
export function editedText(before: Bytes, { start, end, text }: Edit): Bytes {
  return before.slice(0, start) + text + before.slice(end);
}

/** The smallest edit that makes one text of another. */
export function editBetween(before: Bytes, after: Bytes): Edit {
  const shorter = Math.min(before.length, after.length);
  const start = commonStart(before, after, shorter);
  const tail = commonTail(before, after, shorter - start);
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

/** So many bytes are compared at once, which is much faster than one by one. */
const comparedAtOnce = 4096;

/** How many bytes two texts have in common from their starts, at most `limit`. */
function commonStart(a: Bytes, b: Bytes, limit: number): number {
  let count = 0;
  for (let next = comparedAtOnce; next <= limit; next += comparedAtOnce) {
    if (a.slice(count, next) !== b.slice(count, next)) break;
    count = next;
  }
  while (count < limit && a.charCodeAt(count) === b.charCodeAt(count)) count++;
  return count;
}

/** The same from their ends. */
function commonTail(a: Bytes, b: Bytes, limit: number): number {
  let count = 0;
  for (let next = comparedAtOnce; next <= limit; next += comparedAtOnce) {
    const ofA = a.slice(a.length - next, a.length - count);
    if (ofA !== b.slice(b.length - next, b.length - count)) break;
    count = next;
  }
  while (count < limit && a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count)) count++;
  return count;
}

export interface Reparsed {
  readonly parsed: ParsedFile;
  /** How many bytes of the new text were parsed again. */
  readonly bytesReparsed: number;
}

type BindingsOwner = AttributeSetNode | LegacyLetNode | LetNode;

/** The parse of the text after `edit`. */
export function reparse(previous: ParsedFile, edit: Edit): Reparsed {
  const text = editedText(previous.text, edit);
  let wasted = 0;
  if (!previous.lookedAhead && previous.nesting <= nestingLimit) {
    const path = nodesAround(previous, edit);
    for (let i = path.length - 1; i >= 0; i--) {
      const { node } = path[i]!;
      if (!isBindingsOwner(node)) continue;
      const attempt = new BindingsReparse(previous, edit, text, path.slice(0, i + 1));
      const result = attempt.run();
      if (result !== undefined) return result;
      // An attempt that read most of the text is as dear as reading all of it.
      wasted += attempt.bytesRead;
      if (wasted > text.length / 2) break;
    }
  }
  return { parsed: graft(previous, edit, parse(text, previous.options)), bytesReparsed: text.length };
}

function isBindingsOwner(node: Node): node is BindingsOwner {
  return node.kind === Kind.AttributeSet || node.kind === Kind.Let || node.kind === Kind.LegacyLet;
}

/** The nodes that hold the whole edit, from the root inwards. */
function nodesAround(file: ParsedFile, edit: Edit): PlacedNode[] {
  const path: PlacedNode[] = [];
  const holds = (node: Node, at: number): boolean => at <= edit.start && edit.end <= at + node.width;
  let current: PlacedNode | undefined = holds(file.root, file.rootAt)
    ? { node: file.root, at: file.rootAt }
    : undefined;
  while (current !== undefined) {
    path.push(current);
    let inner: PlacedNode | undefined;
    forEachChild(current.node, current.at, (node, at) => {
      if (inner === undefined && holds(node, at)) inner = { node, at };
    });
    current = inner;
  }
  return path;
}

/** One attempt, at the bindings of the last node of `path`. Places are absolute, in the old text unless said otherwise. */
class BindingsReparse {
  private readonly owner: BindingsOwner;
  private readonly at: number;
  /** How far the edit moves what is behind it. */
  private readonly delta: number;
  private readonly parser: Parser;
  private read = 0;

  constructor(
    private readonly previous: ParsedFile,
    private readonly edit: Edit,
    private readonly text: Bytes,
    private readonly path: readonly PlacedNode[],
  ) {
    const { node, at } = path[path.length - 1]!;
    this.owner = node as BindingsOwner;
    this.at = at;
    this.delta = edit.text.length - (edit.end - edit.start);
    this.parser = new Parser(text, previous.options);
  }

  /** How much a run has read. */
  get bytesRead(): number {
    return this.read;
  }

  run(): Reparsed | undefined {
    const first = this.firstAffected();
    const from = first > 0 ? this.bindingEnd(first - 1) : this.openingEnd();
    if (from === undefined || from > this.edit.start) return undefined;
    const anchors = this.anchors(first);
    const moved = anchors.map((index) => this.bindingStart(index) + this.delta);
    const recursive = this.owner.kind === Kind.AttributeSet && this.owner.recursive;
    const parsed = this.parser.parseBindings(frameOf(this.owner), recursive, from, moved);
    this.read = this.parser.readTo - from;
    if (parsed === undefined || this.parser.lookedAhead) return undefined;
    if (first === 0 && !this.opensAsBefore(from)) return undefined;
    const last = parsed.anchor === undefined ? this.owner.bindings.length : anchors[parsed.anchor]!;
    if (parsed.anchor === undefined && !this.closesAsBefore(parsed)) return undefined;
    return this.result(first, last, from, parsed);
  }

  private bindingStart(index: number): number {
    return this.at + this.owner.bindingsAt[index]!;
  }

  private bindingEnd(index: number): number {
    return this.bindingStart(index) + this.owner.bindings[index]!.width;
  }

  /** The first binding that does not end, with a semicolon of its own, before the edit. */
  private firstAffected(): number {
    const { bindings } = this.owner;
    let low = 0;
    let high = bindings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.bindingEnd(middle) <= this.edit.start) low = middle + 1;
      else high = middle;
    }
    while (low > 0 && !this.endsWithSemicolon(low - 1)) low--;
    return low;
  }

  private endsWithSemicolon(index: number): boolean {
    const binding = this.owner.bindings[index]!;
    const end = this.bindingEnd(index);
    if (this.previous.text[end - 1] !== ';') return false;
    return lastChildEnd(binding) < binding.width;
  }

  /** The offset behind what opens the bindings: `{`, or the word `let`. */
  private openingEnd(): number | undefined {
    const { owner, at, parser } = this;
    if (owner.kind === Kind.Let) {
      // A character right behind `let` would make another word of it.
      return this.edit.start > at + 3 ? at + 3 : undefined;
    }
    if (this.previous.text[at] === '{') return at + 1;
    if (this.edit.start <= at + 3) return undefined;
    const brace = parser.skipTrivia(at + 3);
    return this.text[brace] === '{' && brace < this.edit.start ? brace + 1 : undefined;
  }

  /**
   * Whether the text that opens the owner still opens the same: braces of a
   * set can turn into those of a function, and `let` into `let {`.
   */
  private opensAsBefore(from: number): boolean {
    const { owner, parser } = this;
    const first = parser.skipTrivia(from);
    if (owner.kind === Kind.Let) return this.text[first] !== '{' && !this.startsWithError();
    if (owner.kind === Kind.LegacyLet || owner.recursive) return true;
    return !isHalfBinding(owner) && this.isSet(first);
  }

  /** Whether braces in which `first` is the first token are those of a set, wherever they stand. */
  private isSet(first: number): boolean {
    const { parser } = this;
    const kind = parser.tokenAt(first);
    if (kind === Token.Ellipsis) return false;
    if (kind !== Token.Identifier && kind !== Token.BraceClose) return true;
    const behind = parser.tokenAt(parser.skipTrivia(parser.readTo));
    // An empty set before `:` or `@` is the formals of a function.
    if (kind === Token.BraceClose) return behind !== Token.Colon && behind !== Token.At;
    // Whatever else follows a name, it can be a formal.
    return behind === Token.Assign || behind === Token.Dot;
  }

  /**
   * Whether an error was given before the first binding of the `let`: one that
   * stands where only an operand may has its error there.
   */
  private startsWithError(): boolean {
    const { owner, at } = this;
    const first = owner.bindings.length > 0 ? owner.bindingsAt[0]! : owner.width;
    return this.previous.errors.some(({ range }) => range.start >= at && range.start <= at + first);
  }

  /** The bindings behind the edit that start without any error. */
  private anchors(first: number): number[] {
    const { owner, edit } = this;
    const result: number[] = [];
    for (let index = first; index < owner.bindings.length; index++) {
      if (this.bindingStart(index) >= edit.end && this.startsClean(index)) result.push(index);
    }
    return result;
  }

  private startsClean(index: number): boolean {
    const { errors } = this.previous;
    if (errors.length === 0) return true;
    const start = this.bindingStart(index);
    const binding = this.owner.bindings[index]!;
    const end = start + (binding.kind === Kind.Binding ? binding.valueAt : binding.width);
    return !errors.some(({ range }) => range.start >= start && range.start < end);
  }

  /** Whether what closes the bindings is the same token as before. */
  private closesAsBefore(parsed: ParsedBindings): boolean {
    const { owner, delta } = this;
    if (owner.kind === Kind.Let) {
      const body = this.at + owner.bodyAt;
      if (body < this.edit.end || parsed.end < this.edit.start + this.edit.text.length) return false;
      return this.parser.skipTrivia(parsed.end + 2) === body + delta && owner.body.width > 0;
    }
    const end = this.at + owner.width;
    if (parsed.end + 1 !== end + delta || this.previous.text[end - 1] !== '}') return false;
    if (end - 1 < this.edit.end) return false;
    const count = owner.bindings.length;
    const tail = count === 0 ? this.at : this.bindingEnd(count - 1);
    if (tail >= end) return false;
    // The brace could be part of what was skipped, if anything was.
    return !this.previous.errors.some(({ range }) => range.start >= tail && range.start < end - 1);
  }

  private result(first: number, last: number, from: number, parsed: ParsedBindings): Reparsed | undefined {
    const { previous, parser, delta } = this;
    const nesting = Math.max(previous.nesting, parser.deepest + 2 * depthOf(this.path) + 2);
    if (nesting > nestingLimit) return undefined;
    const replaced = this.newOwner(first, last, parsed);
    // The error about that is found behind the body, so what is around has to find it or not.
    if (hasDynamicName(replaced) !== hasDynamicName(this.owner)) return undefined;
    const root = this.replaceUpwards(replaced);
    // An error at what closes the bindings comes from the last of them; an anchor has none.
    const to = parsed.end - delta + (parsed.anchor === undefined ? 1 : 0);
    const errors = this.mergeErrors(from, to);
    const bytesReparsed = parsed.end - from;
    const { rootAt, lookedAhead, options } = previous;
    const file = { text: this.text, root, rootAt, errors, nesting, lookedAhead, options };
    return { parsed: file, bytesReparsed };
  }

  /** The owner with the bindings from `first` up to `last` exchanged. */
  private newOwner(first: number, last: number, parsed: ParsedBindings): BindingsOwner {
    const { owner, at, delta } = this;
    const bindings = owner.bindings.slice(0, first).concat(parsed.bindings, owner.bindings.slice(last));
    const places = owner.bindingsAt.slice(0, first);
    for (const start of parsed.starts) places.push(start - at);
    for (let i = last; i < owner.bindings.length; i++) places.push(owner.bindingsAt[i]! + delta);
    const width = owner.width + delta;
    switch (owner.kind) {
      case Kind.AttributeSet:
        return new AttributeSetNode(width, owner.recursive, bindings, places);
      case Kind.LegacyLet:
        return new LegacyLetNode(width, bindings, places);
      case Kind.Let:
        return new LetNode(width, bindings, places, owner.body, owner.bodyAt + delta);
    }
  }

  private replaceUpwards(replaced: Node): Expression {
    let node = replaced;
    for (let i = this.path.length - 2; i >= 0; i--) {
      node = replaceChild(this.path[i]!.node, this.path[i + 1]!.node, node);
    }
    return node as Expression;
  }

  /**
   * The old errors outside `from`–`to` with the new ones between them, in the
   * order in which a fresh parse finds them.
   */
  private mergeErrors(from: number, to: number): readonly SyntaxError[] {
    const old = this.previous.errors;
    const fresh = this.parser.errors;
    if (old.length === 0) return fresh;
    const before: SyntaxError[] = [];
    const behind: SyntaxError[] = [];
    for (const error of old) {
      const { start } = error.range;
      if (this.isLate(error)) behind.push(this.stretched(error));
      else if (start < from) before.push(error);
      else if (start >= to) behind.push(this.movedError(error));
    }
    return [...before, ...fresh, ...behind];
  }

  /** Whether the error is about something around the bindings, and is found when that ends. */
  private isLate(error: SyntaxError): boolean {
    if (error.code !== 'dynamic-attribute') return false;
    return this.path.some(({ node, at }) => {
      if (at !== error.range.start) return false;
      return node.kind === Kind.Let || node.kind === Kind.DynamicName || node.kind === Kind.String;
    });
  }

  private stretched(error: SyntaxError): SyntaxError {
    const { start, end } = error.range;
    return end < this.edit.end ? error : { ...error, range: { start, end: end + this.delta } };
  }

  private movedError(error: SyntaxError): SyntaxError {
    const { start, end } = error.range;
    return { ...error, range: { start: start + this.delta, end: end + this.delta } };
  }
}

/** How deep the last node of a path nests; the operators of a chain are all at one depth. */
function depthOf(path: readonly PlacedNode[]): number {
  const isChained = ({ node }: PlacedNode, i: number): boolean => {
    const next = path[i + 1]?.node;
    return node.kind === Kind.Binary && next?.kind === Kind.Binary && node.left === next;
  };
  return path.filter((placed, i) => !isChained(placed, i)).length;
}

function frameOf(owner: BindingsOwner): BindingsFrame {
  if (owner.kind === Kind.Let) return Frame.Let;
  return owner.kind === Kind.LegacyLet ? Frame.LegacyLet : Frame.AttributeSet;
}

/**
 * Whether a set can be one that was read as formals, `{ name }`: its error, that
 * no function follows, is at the token behind its brace.
 */
function isHalfBinding({ bindings }: AttributeSetNode): boolean {
  if (bindings.length !== 1 || bindings[0]!.kind !== Kind.Binding) return false;
  const { value, valueAt, path } = bindings[0]!;
  return value.kind === Kind.Missing && valueAt === path.width;
}

/** Whether it is a `let` that an error is given for, since one of its names is not known before it is evaluated. */
function hasDynamicName(owner: BindingsOwner): boolean {
  return owner.kind === Kind.Let && owner.bindings.some(isDynamicBinding);
}

/** Where the last child of a binding ends, from the binding's start. */
function lastChildEnd(binding: BindingLike): number {
  if (binding.kind === Kind.Binding) return binding.valueAt + binding.value.width;
  const { names, namesAt, source, sourceAt } = binding;
  if (names.length > 0) return namesAt[names.length - 1]! + names[names.length - 1]!.width;
  return source === undefined ? 'inherit'.length : sourceAt + source.width;
}
