/**
 * Values as JSON, as `toJSON`, `--json` and structured attributes print them:
 * compact, names sorted, other than ASCII unescaped.
 */
import type { Bytes } from '../base/bytes';
import { Attrs, compareBytes } from '../values/attrs';
import { contextOf, type Context } from '../values/context';
import { EvalError } from '../values/error';
import type { Position } from '../values/position';
import { isApplication, positionOfValue, Thunk, withoutThunk } from '../values/thunk';
import { ContextString, Float, Path, type Forced, type Value } from '../values/value';
import { context as withFrame } from '../vm/failures';
import { describeType } from '../vm/describe';
import type { Vm } from '../vm/vm';
import { peel } from '../vm/peel';
import { placeAt } from '../vm/unwind';
import { firstIllFormed } from './utf8';
import { elementAt, isList, type List } from '../values/list';
import { printAttributeName } from '../base/literals';

export interface JsonText {
  readonly text: Bytes;
  /** What the strings in it depend on. */
  readonly context: Context;
}

/**
 * Forces a value and all its parts, and prints them; unless `strict`, a part that
 * is not evaluated yet is an error. @throws EvalError
 */
export function printJson(vm: Vm, value: Value, copyPaths = true, strict = true): JsonText {
  const writer = new JsonWriter(vm, strict);
  writer.value(value, undefined, copyPaths);
  return writer.finish();
}

/** Prints what was read as data: a set in it is an object, whatever its attributes are called. @throws EvalError */
export function printJsonData(vm: Vm, value: Value): Bytes {
  const writer = new JsonWriter(vm, true, true);
  writer.value(value, undefined, false);
  return writer.finish().text;
}

const plain = /^[\x20\x21\x23-\x5b\x5d-\x7f]*$/;
const special = /["\\\x00-\x1f]/g;
const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escaped(character: string): string {
  return escapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

class JsonWriter {
  private readonly parts: string[] = [];
  private readonly context = new Set<Bytes>();
  /** The first string that is no UTF-8; it counts when all has been evaluated. */
  private invalid: Bytes | undefined;

  constructor(
    private readonly vm: Vm,
    private readonly strict: boolean,
    private readonly isData = false,
  ) {}

  finish(): JsonText {
    if (this.invalid !== undefined) throw notUtf8(this.invalid);
    return { text: this.parts.join(''), context: [...this.context].sort(compareBytes) };
  }

  value(value: Value, position: Position | undefined, copyPaths: boolean): void {
    this.enter(position);
    const forced = this.force(value, position);
    switch (typeof forced) {
      case 'string':
        this.string(forced);
        break;
      case 'number':
      case 'bigint':
      case 'boolean':
        this.parts.push(String(forced));
        break;
      default:
        this.object(forced, position, copyPaths);
    }
    this.vm.depth--;
  }

  private enter(position: Position | undefined): void {
    try {
      this.vm.enterCall();
    } catch (error) {
      if (error instanceof EvalError) error.position = position;
      throw error;
    }
  }

  private force(value: Value, position: Position | undefined): Forced {
    if (!this.strict) return this.forced(value, position);
    try {
      return this.vm.force(value);
    } catch (error) {
      if (error instanceof EvalError) placeAt(error, position);
      throw error;
    }
  }

  /** The value if it is evaluated already. */
  private forced(value: Value, position: Position | undefined): Forced {
    const known = withoutThunk(value);
    if (!(known instanceof Thunk)) return known;
    const type = isApplication(known) ? 'a function application' : 'a thunk';
    throw new EvalError('type-error', `cannot convert ${type} to JSON`, position);
  }

  private object(forced: Forced, position: Position | undefined, copyPaths: boolean): void {
    if (forced === null) this.parts.push('null');
    else if (forced instanceof ContextString) {
      for (const element of contextOf(forced)) this.context.add(element);
      this.string(forced.text);
    } else if (forced instanceof Attrs) this.attrs(forced, position, copyPaths);
    else if (isList(forced)) this.list(forced, position, copyPaths);
    else if (forced instanceof Float) this.parts.push(printFloat(forced.value));
    else if (forced instanceof Path) this.path(forced, copyPaths);
    else {
      const place = positionOfValue(forced) ?? position;
      throw new EvalError('type-error', `cannot convert ${describeType(forced)} to JSON`, place);
    }
  }

  private path({ path }: Path, copyPaths: boolean): void {
    if (!copyPaths) return this.string(path);
    const storePath = this.vm.store.copyPath(path);
    this.context.add(storePath);
    this.string(storePath);
  }

  private string(text: Bytes): void {
    if (plain.test(text)) {
      this.parts.push('"', text, '"');
      return;
    }
    if (this.invalid === undefined && firstIllFormed(text) !== undefined) this.invalid = text;
    this.parts.push('"', text.replace(special, escaped), '"');
  }

  private attrs(set: Attrs, position: Position | undefined, copyPaths: boolean): void {
    if (this.isData) return this.members(set, copyPaths);
    peel(this.vm, set, true, (peeled, throughToString) => {
      // A path that `__toString` gives is not copied.
      if (peeled instanceof Attrs) this.members(peeled, copyPaths);
      else this.value(peeled, position, copyPaths && !throughToString);
    });
  }

  private members(set: Attrs, copyPaths: boolean): void {
    const { names, origin } = set.shape;
    this.parts.push('{');
    for (let i = 0; i < names.length; i++) {
      if (i > 0) this.parts.push(',');
      this.string(names[i]!);
      this.parts.push(':');
      const position = origin?.positionOf(i);
      try {
        this.value(set.values[i]!, position, copyPaths);
      } catch (error) {
        throw withFrame(error, `while evaluating attribute '${printAttributeName(names[i]!)}'`, position);
      }
    }
    this.parts.push('}');
  }

  private list(list: List, position: Position | undefined, copyPaths: boolean): void {
    this.parts.push('[');
    for (let i = 0; i < list.length; i++) {
      if (i > 0) this.parts.push(',');
      try {
        this.value(elementAt(list, i), position, copyPaths);
      } catch (error) {
        throw withFrame(error, `while evaluating list element at index ${i}`, position);
      }
    }
    this.parts.push(']');
  }
}

function notUtf8(text: Bytes): EvalError {
  const at = firstIllFormed(text) ?? 0;
  const problem =
    at < text.length
      ? `invalid UTF-8 byte at index ${at}: 0x${hexByte(text, at)}`
      : `incomplete UTF-8 string; last byte: 0x${hexByte(text, text.length - 1)}`;
  return new EvalError(
    'evaluation-error',
    `JSON serialization error: [json.exception.type_error.316] ${problem}`,
  );
}

function hexByte(text: Bytes, at: number): string {
  return text.charCodeAt(at).toString(16).toUpperCase().padStart(2, '0');
}

/**
 * A float as the library prints it that C++ Nix uses: the shortest digits that
 * mean the number, always with a point or an exponent; `null` for what JSON lacks.
 */
export function printFloat(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa, exponentText] = Math.abs(value).toExponential().split('e') as [string, string];
  const digits = mantissa.replace('.', '');
  const sign = value < 0 ? '-' : '';
  // The point stands behind that many digits.
  const point = Number(exponentText) + 1;
  if (digits.length <= point && point <= 15) return `${sign}${digits.padEnd(point, '0')}.0`;
  if (0 < point && point <= 15) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  if (-4 < point && point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  const exponent = point - 1;
  const fraction = digits.length === 1 ? '' : `.${digits.slice(1)}`;
  const magnitude = String(Math.abs(exponent)).padStart(2, '0');
  return `${sign}${digits[0]!}${fraction}e${exponent < 0 ? '-' : '+'}${magnitude}`;
}
