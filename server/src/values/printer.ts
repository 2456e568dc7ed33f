/**
 * Values as text, in C++ Nix's three ways:
 *
 * - {@link print}: the printer of messages, `builtins.trace` and the newer
 *   commands (libexpr/print.cc): `{ a = 1; }`, `«lambda f @ /x.nix:1:2»`;
 * - {@link printAmbiguous}: what `nix-instantiate --eval` writes
 *   (libexpr/print-ambiguous.cc): `{ a = 1; }`, `<LAMBDA>`, `<CODE>`;
 * - `within-budget.ts` has a third one, for editors, which is our own.
 *
 * Values can be cyclic and endless. A set or list that was printed before in the
 * same text becomes `«repeated»`, and nothing nests deeper than the limit of
 * calls. Texts are byte strings.
 */
import { defaultMaxCallDepth } from '../base/default-limits';
import { encodeUtf8, type Bytes } from '../base/bytes';
import { Attrs, emptyAttrs } from './attrs';
import { EvalError } from './error';
import { printFloat } from './float';
import { printAttributeName, printString } from '../base/literals';
import { placeOf, type Position } from './position';
import { running, Thunk, withoutThunk, type Forcer } from './thunk';
import { Builtin, Closure, ContextString, Float, PartialApplication, Path, type Value } from './value';
import { elementAt, isList, type List } from './list';

export interface PrintOptions {
  /** Forces every part on the way; without it what is not evaluated prints as `«thunk»`. */
  readonly force?: Pick<Forcer, 'force'>;
  /** Whether derivations print as `«derivation /nix/store/….drv»`; needs `force`. */
  readonly derivationPaths?: boolean;
  /** Levels of sets and lists. */
  readonly maxDepth?: number;
  /** Attributes in the whole text. */
  readonly maxAttrs?: number;
  /** List items in the whole text. */
  readonly maxListItems?: number;
  /** Bytes of each string. */
  readonly maxStringLength?: number;
  /** Spaces for each level of a layout with one part on a line; 0 means all on one line. */
  readonly indent?: number;
  /** What becomes of errors while forcing: `print` puts them in place as `«error: …»`. */
  readonly errors?: 'print' | 'throw' | 'throw-top-level';
  /** Deeper values are an error, as calls deeper than that are. */
  readonly maxCallDepth?: number;
}

/** C++ Nix's `errorPrintOptions`. */
const errorPrintOptions: PrintOptions = {
  maxDepth: 10,
  maxAttrs: 10,
  maxListItems: 10,
  maxStringLength: 1024,
};

export const quote = { open: encodeUtf8('«'), close: encodeUtf8('»') };

export const unevaluated = encodeUtf8('«thunk»');
const repeated = encodeUtf8('«repeated»');
const blackHole = encodeUtf8('«potential infinite recursion»');

/** A value inside an error message; forces nothing. */
export function printForError(value: Value): Bytes {
  return print(value, errorPrintOptions);
}

/** @throws EvalError as `options.errors` says, and when the value nests too deeply */
export function print(value: Value, options: PrintOptions = {}): Bytes {
  const printer = new Printer(options);
  printer.print(value, 0);
  return printer.text();
}

/**
 * What an elided part is replaced by, e.g. `«2 attributes elided»`.
 */
export function printElided(count: number, singular: string, plural: string): Bytes {
  return `${quote.open}${count} ${count === 1 ? singular : plural} elided${quote.close}`;
}

/** A string literal of at most that many bytes, and how many are missing. */
export function printLimitedString(text: Bytes, maxLength: number): Bytes {
  if (text.length <= maxLength) return printString(text);
  const shown = text.slice(0, maxLength);
  return `${printString(shown)} ${printElided(text.length - maxLength, 'byte', 'bytes')}`;
}

/** `/path/to/file.nix:1:2`. */
export function printPosition(position: Position): Bytes {
  const { line, column } = placeOf(position);
  return `${position.source.path}:${line}:${column}`;
}

/** e.g. `«lambda f @ /x.nix:1:2»`, `«primop map»`, `«partially applied primop map»`. */
export function printFunction(value: Closure | Builtin | PartialApplication): Bytes {
  if (value instanceof Builtin) return `${quote.open}primop ${value.record.name}${quote.close}`;
  if (value instanceof PartialApplication) {
    return `${quote.open}partially applied primop ${value.builtin.record.name}${quote.close}`;
  }
  const { blueprint } = value;
  const name = blueprint.name === '' ? '' : ` ${blueprint.name}`;
  return `${quote.open}lambda${name} @ ${printPosition(blueprint.position())}${quote.close}`;
}

/** The values that print the same in every way; undefined for the others. */
export function printScalar(value: Value): Bytes | undefined {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'bigint':
      return String(value);
    case 'string':
      return printString(value);
  }
  if (value === null) return 'null';
  if (value instanceof ContextString) return printString(value.text);
  if (value instanceof Path) return value.path;
  if (value instanceof Float) return printFloat(value.value);
  return undefined;
}

/** How deep a value may nest, as an error. */
function tooDeep(): EvalError {
  return new EvalError('stack-overflow', 'stack overflow; max-call-depth exceeded');
}

class Printer {
  private readonly parts: Bytes[] = [];
  private readonly seen = new Set<object>();
  private attrsPrinted = 0;
  private itemsPrinted = 0;
  private indentation = '';
  private readonly maxDepth: number;
  private readonly maxAttrs: number;
  private readonly maxListItems: number;
  private readonly maxStringLength: number;
  private readonly maxCallDepth: number;

  constructor(private readonly options: PrintOptions) {
    this.maxDepth = options.maxDepth ?? Infinity;
    this.maxAttrs = options.maxAttrs ?? Infinity;
    this.maxListItems = options.maxListItems ?? Infinity;
    this.maxStringLength = options.maxStringLength ?? Infinity;
    this.maxCallDepth = options.maxCallDepth ?? defaultMaxCallDepth;
  }

  text(): Bytes {
    return this.parts.join('');
  }

  print(value: Value, depth: number): void {
    if (depth > this.maxCallDepth) throw tooDeep();
    try {
      this.printForced(this.force(value), value, depth);
    } catch (error) {
      if (!(error instanceof EvalError) || error.kind === 'stack-overflow') throw error;
      const { errors = 'print' } = this.options;
      if (errors === 'throw' || (errors === 'throw-top-level' && depth === 0)) throw error;
      this.parts.push(`${quote.open}error: ${error.message}${quote.close}`);
    }
  }

  private force(value: Value): Value {
    return this.options.force === undefined ? withoutThunk(value) : this.options.force.force(value);
  }

  /** `slot` is where the value came from: lists are told apart by it, as in C++ Nix. */
  private printForced(value: Value, slot: Value, depth: number): void {
    if (value instanceof Attrs) this.printAttrs(value, depth);
    else if (isList(value)) this.printList(value, slot as object, depth);
    else if (value instanceof Thunk) this.parts.push(value.code === running ? blackHole : unevaluated);
    else if (value instanceof Closure || value instanceof Builtin || value instanceof PartialApplication) {
      this.parts.push(printFunction(value));
    } else if (typeof value === 'string') this.parts.push(printLimitedString(value, this.maxStringLength));
    else if (value instanceof ContextString) {
      this.parts.push(printLimitedString(value.text, this.maxStringLength));
    } else this.parts.push(printScalar(value)!);
  }

  private printAttrs(set: Attrs, depth: number): void {
    if (!addNew(this.seen, set.size === 0 ? emptyAttrs : set)) {
      this.parts.push(repeated);
    } else if (this.options.derivationPaths && this.isDerivation(set)) {
      this.printDerivation(set);
    } else if (depth >= this.maxDepth) {
      this.parts.push('{ ... }');
    } else {
      this.parts.push('{');
      this.printParts(set.values, (onLines) => this.printAttributes(set, onLines, depth));
      this.parts.push('}');
    }
  }

  private printAttributes(set: Attrs, onLines: boolean, depth: number): void {
    let printed = 0;
    for (const index of this.order(set)) {
      this.printSpace(onLines);
      if (this.attrsPrinted >= this.maxAttrs) {
        this.parts.push(printElided(set.size - printed, 'attribute', 'attributes'));
        break;
      }
      this.parts.push(printAttributeName(set.shape.names[index]!), ' = ');
      this.print(set.values[index]!, depth + 1);
      this.parts.push(';');
      this.attrsPrinted++;
      printed++;
    }
  }

  /** By name; where not all may be shown, what tells the kind of a set comes first. */
  private order(set: Attrs): number[] {
    const indices = set.values.map((_, index) => index);
    if (this.maxAttrs === Infinity) return indices;
    const { names } = set.shape;
    const important = indices.filter((index) => isImportant(names[index]!));
    return [...important, ...indices.filter((index) => !isImportant(names[index]!))];
  }

  private printList(list: List, slot: object, depth: number): void {
    if (list.length > 0 && !addNew(this.seen, slot)) {
      this.parts.push(repeated);
    } else if (depth >= this.maxDepth) {
      this.parts.push('[ ... ]');
    } else {
      this.parts.push('[');
      this.printParts(list, (onLines) => this.printItems(list, onLines, depth));
      this.parts.push(']');
    }
  }

  private printItems(list: List, onLines: boolean, depth: number): void {
    let printed = 0;
    for (let i = 0; i < list.length; i++) {
      this.printSpace(onLines);
      if (this.itemsPrinted >= this.maxListItems) {
        this.parts.push(printElided(list.length - printed, 'item', 'items'));
        break;
      }
      this.print(elementAt(list, i), depth + 1);
      this.itemsPrinted++;
      printed++;
    }
  }

  /** The parts between two brackets, indented, and the space before the closing one. */
  private printParts(parts: List, printAll: (onLines: boolean) => void): void {
    const onLines = this.isMultiLine(parts);
    const outer = this.indentation;
    this.indentation += ' '.repeat(this.options.indent ?? 0);
    printAll(onLines);
    this.indentation = outer;
    this.printSpace(onLines);
  }

  private printSpace(onLines: boolean): void {
    this.parts.push(onLines ? `\n${this.indentation}` : ' ');
  }

  /** More than one part, or one that nests, gets a line for each. */
  private isMultiLine(parts: List): boolean {
    if ((this.options.indent ?? 0) === 0 || parts.length === 0) return false;
    if (parts.length > 1) return true;
    const only = this.force(elementAt(parts, 0));
    return isList(only) || only instanceof Attrs || only instanceof Thunk;
  }

  private isDerivation(set: Attrs): boolean {
    const type = set.get('type');
    return type !== undefined && this.force(type) === 'derivation';
  }

  private printDerivation(set: Attrs): void {
    const drvPath = set.get('drvPath');
    const path = drvPath === undefined ? '' : printedPath(this.force(drvPath));
    this.parts.push(`${quote.open}derivation${path}${quote.close}`);
  }
}

/** The path of a derivation with a space before it, if it is a string as it should be. */
export function printedPath(value: Value): Bytes {
  if (typeof value === 'string') return ` ${value}`;
  return value instanceof ContextString ? ` ${value.text}` : '';
}

function isImportant(name: string): boolean {
  return name === 'type' || name === '_type';
}

function addNew(seen: Set<object>, object: object): boolean {
  if (seen.has(object)) return false;
  seen.add(object);
  return true;
}

/**
 * What `nix-instantiate --eval` writes; forces nothing.
 * @throws EvalError if the value nests deeper than `maxCallDepth`
 */
export function printAmbiguous(value: Value, maxCallDepth = defaultMaxCallDepth): Bytes {
  const parts: Bytes[] = [];
  appendAmbiguous(parts, value, new Set(), maxCallDepth);
  return parts.join('');
}

function appendAmbiguous(parts: Bytes[], slot: Value, seen: Set<object>, depthLeft: number): void {
  if (depthLeft < 0) throw tooDeep();
  const value = withoutThunk(slot);
  if (value instanceof Attrs) {
    if (value.size > 0 && !addNew(seen, value)) {
      parts.push(repeated);
      return;
    }
    parts.push('{ ');
    for (let i = 0; i < value.size; i++) {
      parts.push(printAttributeName(value.shape.names[i]!), ' = ');
      appendAmbiguous(parts, value.values[i]!, seen, depthLeft - 1);
      parts.push('; ');
    }
    parts.push('}');
  } else if (isList(value)) {
    if (value.length > 0 && !addNew(seen, slot as object)) {
      parts.push(repeated);
      return;
    }
    parts.push('[ ');
    for (let i = 0; i < value.length; i++) {
      appendAmbiguous(parts, elementAt(value, i), seen, depthLeft - 1);
      parts.push(' ');
    }
    parts.push(']');
  } else if (value instanceof Thunk) parts.push(value.code === running ? blackHole : '<CODE>');
  else if (value instanceof Closure) parts.push('<LAMBDA>');
  else if (value instanceof Builtin) parts.push('<PRIMOP>');
  else if (value instanceof PartialApplication) parts.push('<PRIMOP-APP>');
  else parts.push(printScalar(value)!);
}
