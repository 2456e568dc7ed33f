/**
 * Reads TOML 1.0 from a byte string, to values. A reader of its own, since dates
 * have to keep up to nine digits of a second, integers have 64 bits and `1.0` is
 * no integer. Specification: toml.io, version 1.0.0.
 */
import type { Bytes } from '../base/bytes';
import { attrsFromMap } from '../values/attrs';
import { Float, type Forced, type Integer, type Value } from '../values/value';
import { requireNoNullByte } from './null-byte';

/** A text that is no TOML; the message is laid out with the line that is wrong. */
export class TomlError {
  constructor(readonly message: Bytes) {}
}

export class TomlTimestamp {
  /** In the form of RFC 3339, with no, 3, 6 or 9 digits behind the second. */
  constructor(readonly text: Bytes) {}
}

/**
 * How a table came to be, which decides how it can grow: `implicit` as the parent
 * of a header's table, `dotted` by a dotted key, `closed` as an inline table.
 */
type TableKind = 'implicit' | 'header' | 'dotted' | 'closed';

class Table {
  readonly entries = new Map<Bytes, Node>();
  constructor(public kind: TableKind) {}
}

/** An array of tables by `[[…]]` headers; other arrays are plain. */
class TableArray {
  readonly tables: Table[] = [];
}

type Node = Table | TableArray | Node[] | Bytes | boolean | Integer | Float | TomlTimestamp;

/** Makes a value of a timestamp, or throws where they are not wanted. */
export type TimestampValue = (timestamp: TomlTimestamp) => Value;

/** @throws TomlError, EvalError for what Nix's strings cannot hold */
export function readToml(text: Bytes, timestampValue: TimestampValue): Forced {
  return valueOf(new TomlReader(text).document(), timestampValue) as Forced;
}

function valueOf(node: Node, timestampValue: TimestampValue): Value {
  if (typeof node === 'string') return requireNoNullByte(node);
  if (typeof node !== 'object' || node instanceof Float) return node;
  if (node instanceof TomlTimestamp) return timestampValue(node);
  if (node instanceof TableArray) return node.tables.map((table) => valueOf(table, timestampValue));
  if (node instanceof Table) {
    const attrs = new Map<string, Value>();
    for (const [name, entry] of node.entries) {
      attrs.set(requireNoNullByte(name), valueOf(entry, timestampValue));
    }
    return attrsFromMap(attrs);
  }
  return node.map((element) => valueOf(element, timestampValue));
}

const bareKey = /[A-Za-z0-9_-]+/y;
const scalarText = /[A-Za-z0-9_+.:-]+/y;
const blanks = /[ \t]*/y;
/** White space, comments and the ends of lines, between the elements of an array. */
const gaps = /(?:[ \t\n]|\r\n|#[^\n]*)*/y;
const lineEnd = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const timeBehindBlank = / \d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?/y;

const decimal = /^[+-]?(?:0|[1-9](?:_?\d)*)$/;
const prefixed = /^0(?:x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|o[0-7](?:_?[0-7])*|b[01](?:_?[01])*)$/;
const float = /^[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?$/;
const dateAndTime =
  /^(?:(\d{4})-(\d\d)-(\d\d))?(?:(^|[Tt ])(\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?)?$/;

const maxInteger = 0x7fff_ffff_ffff_ffffn;
const minInteger = -0x8000_0000_0000_0000n;

class TomlReader {
  private at = 0;

  constructor(private readonly text: Bytes) {}

  document(): Table {
    const root = new Table('header');
    let current = root;
    while (this.at < this.text.length) {
      this.skip(blanks);
      if (this.skipLineEnd()) continue;
      if (this.text[this.at] === '[') current = this.header(root);
      else this.keyAndValue(current);
      if (!this.skipLineEnd()) throw this.error('toml::parse_file: unexpected text', 'expected a newline');
    }
    return root;
  }

  // --- Space -----------------------------------------------------------------------

  private skip(pattern: RegExp): Bytes {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private skipLineEnd(): boolean {
    lineEnd.lastIndex = this.at;
    const found = lineEnd.exec(this.text)?.[0];
    if (found === undefined) return false;
    const comment = found.indexOf('#');
    if (comment >= 0) this.checkComment(this.at + comment, this.at + found.trimEnd().length);
    this.at += found.length;
    return true;
  }

  private checkComment(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const code = this.text.charCodeAt(i);
      if ((code < 32 && code !== 9 && code !== 13) || code === 127) {
        this.at = i;
        throw this.error(
          'toml::parse_comment: invalid character in comment',
          'control characters cannot stand here',
        );
      }
    }
  }

  private expect(character: string, what: string): void {
    if (this.text[this.at] !== character) throw this.error(what, `expected '${character}'`);
    this.at++;
  }

  // --- Tables and keys ------------------------------------------------------------------

  private header(root: Table): Table {
    const isArray = this.text.startsWith('[[', this.at);
    const start = this.at;
    this.at += isArray ? 2 : 1;
    this.skip(blanks);
    const path = this.key();
    this.expect(']', 'toml::parse_table: invalid table key');
    if (isArray) this.expect(']', 'toml::parse_array_table: invalid array-of-tables key');
    const end = this.at;
    this.at = start;
    const last = path.pop()!;
    let table = root;
    for (const name of path) table = this.enter(table, name);
    const entered = isArray ? this.appendTable(table, last) : this.openTable(table, last);
    this.at = end;
    return entered;
  }

  /** The table of that name on the way of a header, made where there is none. */
  private enter(table: Table, name: Bytes): Table {
    const found = table.entries.get(name);
    if (found === undefined) {
      const made = new Table('implicit');
      table.entries.set(name, made);
      return made;
    }
    if (found instanceof TableArray) return found.tables[found.tables.length - 1]!;
    if (found instanceof Table && found.kind !== 'closed') return found;
    throw this.redefined(name);
  }

  private openTable(table: Table, name: Bytes): Table {
    const found = table.entries.get(name);
    if (found === undefined) {
      const made = new Table('header');
      table.entries.set(name, made);
      return made;
    }
    if (!(found instanceof Table) || found.kind !== 'implicit') throw this.redefined(name);
    found.kind = 'header';
    return found;
  }

  private appendTable(table: Table, name: Bytes): Table {
    let found = table.entries.get(name);
    if (found === undefined) table.entries.set(name, (found = new TableArray()));
    if (!(found instanceof TableArray)) throw this.redefined(name);
    const made = new Table('header');
    found.tables.push(made);
    return made;
  }

  private redefined(name: Bytes): TomlError {
    return this.error(`toml::insert_value: value ("${name}") already exists.`, 'defined here again');
  }

  private keyAndValue(table: Table): void {
    const start = this.at;
    const path = this.key();
    this.expect('=', 'toml::parse_key_value_pair: invalid key value separator `=`');
    this.skip(blanks);
    const value = this.value();
    const end = this.at;
    this.at = start;
    const last = path.pop()!;
    let owner = table;
    for (const name of path) owner = this.enterDotted(owner, name);
    if (owner.entries.has(last)) throw this.redefined(last);
    owner.entries.set(last, value);
    this.at = end;
  }

  private enterDotted(table: Table, name: Bytes): Table {
    const found = table.entries.get(name);
    if (found === undefined) {
      const made = new Table('dotted');
      table.entries.set(name, made);
      return made;
    }
    if (found instanceof Table && (found.kind === 'dotted' || found.kind === 'implicit')) return found;
    throw this.redefined(name);
  }

  /** A key with its dots, and the blanks behind it. */
  private key(): Bytes[] {
    const path = [this.simpleKey()];
    this.skip(blanks);
    while (this.text[this.at] === '.') {
      this.at++;
      this.skip(blanks);
      path.push(this.simpleKey());
      this.skip(blanks);
    }
    return path;
  }

  private simpleKey(): Bytes {
    const character = this.text[this.at];
    if (character === '"') return this.basicString();
    if (character === "'") return this.literalString();
    const key = this.skip(bareKey);
    if (key === '') throw this.error('toml::parse_simple_key: invalid key format', 'expected a key');
    return key;
  }

  // --- Values ---------------------------------------------------------------------------

  private value(): Node {
    switch (this.text[this.at]) {
      case '"':
        return this.text.startsWith('"""', this.at) ? this.multilineBasic() : this.basicString();
      case "'":
        return this.text.startsWith("'''", this.at) ? this.multilineLiteral() : this.literalString();
      case '[':
        return this.array();
      case '{':
        return this.inlineTable();
      default:
        return this.scalar();
    }
  }

  private array(): Node[] {
    this.at++;
    const elements: Node[] = [];
    for (;;) {
      this.skip(gaps);
      if (this.text[this.at] === ']') break;
      elements.push(this.value());
      this.skip(gaps);
      if (this.text[this.at] !== ',') break;
      this.at++;
    }
    this.expect(']', 'toml::parse_array: missing closing bracket `]`');
    return elements;
  }

  private inlineTable(): Table {
    this.at++;
    const table = new Table('dotted');
    this.skip(blanks);
    if (this.text[this.at] !== '}') {
      for (;;) {
        this.keyAndValue(table);
        this.skip(blanks);
        if (this.text[this.at] !== ',') break;
        this.at++;
        this.skip(blanks);
      }
    }
    this.expect('}', 'toml::parse_inline_table: missing closing bracket `}`');
    close(table);
    return table;
  }

  private scalar(): Node {
    const start = this.at;
    let word = this.skip(scalarText);
    if (/^\d{4}-\d\d-\d\d$/.test(word)) word += this.skip(timeBehindBlank);
    const value = this.scalarOf(word);
    if (value !== undefined) return value;
    this.at = start;
    throw this.error('toml::parse_value: unknown value appeared', 'here');
  }

  private scalarOf(word: Bytes): Node | undefined {
    if (word === 'true' || word === 'false') return word === 'true';
    if (decimal.test(word)) return this.integer(word);
    if (prefixed.test(word)) return this.integer(word);
    if (float.test(word)) return this.float(word);
    const special = specialFloats.get(word.replace(/^\+/, ''));
    if (special !== undefined) return new Float(special);
    return timestampOf(word);
  }

  private float(word: Bytes): Float {
    const value = Number(word.replaceAll('_', ''));
    if (!Number.isFinite(value)) {
      throw this.error('toml::parse_floating: failed to read floating point value from stream', 'here');
    }
    return new Float(value);
  }

  private integer(word: Bytes): Integer {
    const digits = word.replaceAll('_', '').replace(/^\+/, '');
    if (digits.length < 16) {
      const small = digits.startsWith('-') ? -Number(digits.slice(1)) : Number(digits);
      // Zero has no sign.
      if (Number.isSafeInteger(small)) return small === 0 ? 0 : small;
    }
    const big = BigInt(digits);
    if (big > maxInteger || big < minInteger) {
      const base = { x: 'hex', o: 'oct', b: 'bin' }[digits[1]!] ?? 'dec';
      throw this.error(
        `toml::parse_${base}_integer: too large integer: current max digits = 2^63`,
        'must be < 2^63',
      );
    }
    const safe = Number(big);
    return Number.isSafeInteger(safe) ? safe : big;
  }

  // --- Strings -----------------------------------------------------------------------------

  private basicString(): Bytes {
    this.at++;
    let result = '';
    for (;;) {
      const character = this.stringCharacter('toml::parse_basic_string: invalid string format');
      if (character === '"') return result;
      result += character === '\\' ? this.escape() : character + this.plainRun(basicRun);
    }
  }

  private multilineBasic(): Bytes {
    this.at += 3;
    this.skipFirstNewline();
    let result = '';
    for (;;) {
      if (this.text.startsWith('"""', this.at)) return result + this.closingQuotes('"');
      const character = this.multilineCharacter('toml::parse_ml_basic_string: invalid string format');
      if (character !== '\\') result += character + this.plainRun(basicRun);
      else if (!this.skipLineContinuation()) result += this.escape();
    }
  }

  private literalString(): Bytes {
    this.at++;
    let result = '';
    for (;;) {
      const character = this.stringCharacter('toml::parse_literal_string: invalid string format');
      if (character === "'") return result;
      result += character + this.plainRun(literalRun);
    }
  }

  private multilineLiteral(): Bytes {
    this.at += 3;
    this.skipFirstNewline();
    let result = '';
    for (;;) {
      if (this.text.startsWith("'''", this.at)) return result + this.closingQuotes("'");
      result +=
        this.multilineCharacter('toml::parse_ml_literal_string: invalid string format') +
        this.plainRun(literalRun);
    }
  }

  /** Up to two quotes can stand right before the three that close a string. */
  private closingQuotes(quote: string): Bytes {
    let count = 3;
    while (count < 5 && this.text[this.at + count] === quote) count++;
    this.at += count;
    return quote.repeat(count - 3);
  }

  private plainRun(pattern: RegExp): Bytes {
    return this.skip(pattern);
  }

  private stringCharacter(what: string): string {
    const code = this.text.charCodeAt(this.at);
    if (!(code >= 32 || code === 9) || code === 127) {
      throw this.error(
        what,
        Number.isNaN(code) || code === 10 ? 'the string is not closed' : 'control character',
      );
    }
    return this.text[this.at++]!;
  }

  private multilineCharacter(what: string): string {
    if (this.text[this.at] === '\n') return this.text[this.at++]!;
    if (this.text.startsWith('\r\n', this.at)) {
      this.at += 2;
      return '\r\n';
    }
    return this.stringCharacter(what);
  }

  private skipFirstNewline(): void {
    if (this.text[this.at] === '\n') this.at++;
    else if (this.text.startsWith('\r\n', this.at)) this.at += 2;
  }

  /** A backslash at the end of a line takes away all white space that follows. The backslash was read. */
  private skipLineContinuation(): boolean {
    continuation.lastIndex = this.at;
    if (!continuation.test(this.text)) return false;
    this.at = continuation.lastIndex;
    return true;
  }

  private escape(): Bytes {
    const character = this.text[this.at++] ?? '';
    const simple = simpleEscapes[character];
    if (simple !== undefined) return simple;
    const length = character === 'u' ? 4 : character === 'U' ? 8 : 0;
    const hex = this.text.slice(this.at, this.at + length);
    const code = /^[0-9A-Fa-f]+$/.test(hex) && hex.length === length ? Number.parseInt(hex, 16) : -1;
    if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      this.at--;
      throw this.error('toml::parse_escape_sequence: unknown escape sequence.', 'here');
    }
    this.at += length;
    return Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1');
  }

  // --- Errors -----------------------------------------------------------------------------

  /** The message with the line of the text and a mark under the place. */
  private error(title: string, hint: string): TomlError {
    const before = this.text.slice(0, this.at);
    const start = before.lastIndexOf('\n') + 1;
    const end = this.text.indexOf('\n', this.at);
    const line = this.text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
    const number = String(before.split('\n').length);
    const margin = ' '.repeat(number.length + 2);
    const mark = ' '.repeat(this.at - start + 1);
    return new TomlError(
      `[error] ${title}\n --> fromTOML\n${margin}|\n ${number} | ${line}\n${margin}|${mark}^-- ${hint}\n`,
    );
  }
}

const basicRun = /[^"\\\x00-\x1f\x7f]*/y;
const literalRun = /[^'\x00-\x1f\x7f]*/y;
const continuation = /[ \t]*\r?\n(?:[ \t\n]|\r\n)*/y;

const simpleEscapes: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  '\\': '\\',
};

const specialFloats: ReadonlyMap<string, number> = new Map([
  ['inf', Infinity],
  ['-inf', -Infinity],
  ['nan', NaN],
  ['-nan', NaN],
]);

/** Nothing can be added to an inline table, nor to the tables that its dotted keys made. */
function close(table: Table): void {
  table.kind = 'closed';
  for (const entry of table.entries.values()) {
    if (entry instanceof Table && entry.kind === 'dotted') close(entry);
  }
}

function timestampOf(word: Bytes): TomlTimestamp | undefined {
  const match = dateAndTime.exec(word);
  if (match === null || word === '') return undefined;
  const [, year, month, day, separator, hour, minute, second, fraction, offset] = match;
  if (year === undefined && (hour === undefined || offset !== undefined)) return undefined;
  if (year !== undefined && hour !== undefined && separator === '') return undefined;
  if (year !== undefined && !isDate(Number(year), Number(month), Number(day))) return undefined;
  if (hour !== undefined && !(Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60)) {
    return undefined;
  }
  const date = year === undefined ? '' : `${year}-${month!}-${day!}`;
  const time =
    hour === undefined
      ? ''
      : `${hour}:${minute!}:${second!}${printFraction(fraction ?? '')}${printOffset(offset)}`;
  return new TomlTimestamp(date !== '' && time !== '' ? `${date}T${time}` : date + time);
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Thousandths, millionths or billionths, whichever are needed; smaller ones are cut off. */
function printFraction(digits: string): string {
  const nine = digits.slice(0, 9).padEnd(9, '0');
  for (const precision of [0, 3, 6]) {
    if (/^0*$/.test(nine.slice(precision))) return precision === 0 ? '' : `.${nine.slice(0, precision)}`;
  }
  return `.${nine}`;
}

function printOffset(offset: string | undefined): string {
  if (offset === undefined) return '';
  return /^([Zz]|[+-]00:00)$/.test(offset) ? 'Z' : offset;
}
