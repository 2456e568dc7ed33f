/**
 * Reads JSON from a byte string. JavaScript's own reader would make `1` of `1.0`
 * and lose integers beyond 53 bits, and it words errors otherwise.
 *
 * Errors are worded as the library words them that C++ Nix uses. Nesting takes no
 * JavaScript stack.
 */
import type { Bytes } from '../base/bytes';
import { Attrs, attrsFromMap, compareBytes, emptyAttrs, roomFor } from '../values/attrs';
import { EvalError } from '../values/error';
import { Shape } from '../values/shape';
import { Float, type Integer, type Value } from '../values/value';
import { requireNoNullByte } from './null-byte';
import { firstIllFormed } from './utf8';

/** A text that is no JSON; `fromJSON` adds a frame to it, but not to other errors. */
export class JsonSyntaxError {
  constructor(readonly message: Bytes) {}
}

type Token =
  | '{'
  | '}'
  | '['
  | ']'
  | ':'
  | ','
  | 'string literal'
  | 'number literal'
  | 'true literal'
  | 'false literal'
  | 'null literal'
  | 'end of input'
  /** What cannot be read; {@link JsonReader.problem} says why. */
  | 'invalid';

type Container =
  | { readonly kind: 'array'; readonly elements: Value[] }
  | { readonly kind: 'object'; readonly entries: Map<string, Value>; key: string };

const maxInteger = 0x7fff_ffff_ffff_ffffn;
const minInteger = -0x8000_0000_0000_0000n;
const maxUnsigned = 0xffff_ffff_ffff_ffffn;

/** Larger objects are rarely many of the same names. */
const sharedShapeLimit = 32;

const literals = { t: 'true', f: 'false', n: 'null' } as const;

/** The value of a JSON text. @throws JsonSyntaxError, EvalError */
export function readJson(text: Bytes): Value {
  return new JsonReader(text, false).read();
}

/**
 * The value of a JSON text that becomes JSON again, and no value of a program: its strings may have null
 * bytes, and its integers are those of 64 bits with or without a sign. @throws JsonSyntaxError
 */
export function readJsonData(text: Bytes): Value {
  return new JsonReader(text, true).read();
}

class JsonReader {
  /** The first character that was not read. */
  private at = 0;
  private tokenStart = 0;
  /** Where the last number or string started: messages show what was read since. */
  private shownFrom = 0;
  private string = '';
  private number: Value = 0;
  private problem = '';
  /** By the names in the order of the text, joined by a byte that no name has. */
  private readonly shapes = new Map<string, { readonly shape: Shape; readonly order: readonly number[] }>();

  constructor(
    private readonly text: Bytes,
    private readonly isData: boolean,
  ) {}

  read(): Value {
    this.skipMark();
    const containers: Container[] = [];
    let token = this.next();
    for (;;) {
      // Here a value begins.
      let value: Value;
      switch (token) {
        case '{':
          if ((token = this.next()) === '}') {
            value = emptyAttrs;
            break;
          }
          containers.push({ kind: 'object', entries: new Map(), key: this.key(token) });
          token = this.next();
          continue;
        case '[':
          if ((token = this.next()) === ']') {
            value = [];
            break;
          }
          containers.push({ kind: 'array', elements: [] });
          continue;
        default:
          value = this.scalar(token);
      }
      // Here a value has ended, and with it perhaps what contains it.
      for (;;) {
        const container = containers[containers.length - 1];
        if (container === undefined) {
          if ((token = this.next()) !== 'end of input') throw this.unexpected(token, 'value', 'end of input');
          return value;
        }
        token = this.next();
        if (container.kind === 'array') {
          container.elements.push(value);
          if (token === ',') {
            token = this.next();
            break;
          }
          if (token !== ']') throw this.unexpected(token, 'array', "']'");
          value = container.elements;
        } else {
          container.entries.set(container.key, value);
          if (token === ',') {
            container.key = this.key(this.next());
            token = this.next();
            break;
          }
          if (token !== '}') throw this.unexpected(token, 'object', "'}'");
          value = this.attrs(container.entries);
        }
        containers.pop();
      }
    }
  }

  /** Objects of the same names in the same order, as a list has them, share a shape. */
  private attrs(entries: ReadonlyMap<string, Value>): Attrs {
    if (this.isData || entries.size > sharedShapeLimit) return attrsFromMap(entries);
    const names = [...entries.keys()];
    const key = names.join('\0');
    let known = this.shapes.get(key);
    if (known === undefined) {
      const sorted = [...names].sort(compareBytes);
      known = { shape: new Shape(sorted), order: sorted.map((name) => names.indexOf(name)) };
      this.shapes.set(key, known);
    }
    const { shape, order } = known;
    const inOrderOfText = [...entries.values()];
    const values = roomFor(order.length);
    for (let i = 0; i < order.length; i++) values[i] = inOrderOfText[order[i]!]!;
    return new Attrs(shape, values);
  }

  private key(token: Token): string {
    if (token !== 'string literal') throw this.unexpected(token, 'object key', 'string literal');
    const key = this.readableString();
    if ((token = this.next()) !== ':') throw this.unexpected(token, 'object separator', "':'");
    return key;
  }

  private scalar(token: Token): Value {
    switch (token) {
      case 'string literal':
        return this.readableString();
      case 'number literal':
        return this.number;
      case 'true literal':
        return true;
      case 'false literal':
        return false;
      case 'null literal':
        return null;
      case 'invalid':
        throw this.unexpected(token, 'value');
      case 'end of input':
        if (this.at === 0) {
          throw this.error(
            'attempting to parse an empty input; check that your input string or file is valid JSON',
            1,
          );
        }
    }
    throw this.unexpected(token, 'value', "'[', '{', or a literal");
  }

  /** The last string, which a program must be able to have. */
  private readableString(): Bytes {
    return this.isData ? this.string : requireNoNullByte(this.string);
  }

  // --- Tokens -----------------------------------------------------------------

  /** A byte order mark may come first. */
  private skipMark(): void {
    if (this.text.startsWith('\xef\xbb\xbf')) this.at = 3;
    else if (this.text.startsWith('\xef')) {
      this.at = Math.min(this.text.length, this.text[1] === '\xbb' ? 3 : 2);
      this.problem = 'invalid BOM; must be 0xEF 0xBB 0xBF if given';
      throw this.unexpected('invalid', 'value');
    }
  }

  private next(): Token {
    const { text } = this;
    let code = text.charCodeAt(this.at);
    while (code === 32 || code === 10 || code === 13 || code === 9) code = text.charCodeAt(++this.at);
    this.tokenStart = this.at;
    switch (code) {
      case 123:
      case 125:
      case 91:
      case 93:
      case 58:
      case 44:
        this.at++;
        return text[this.tokenStart] as Token;
      case 34:
        this.shownFrom = this.at;
        return this.readString();
      case 116:
      case 102:
      case 110:
        return this.literal(literals[text[this.at] as keyof typeof literals]);
    }
    if (code === 45 || isDigit(code)) {
      this.shownFrom = this.at;
      return this.readNumber();
    }
    // A zero byte ends the text as its end does.
    if (Number.isNaN(code) || code === 0) return 'end of input';
    this.at++;
    return this.invalid('invalid literal');
  }

  private literal(word: 'true' | 'false' | 'null'): Token {
    for (let i = 0; i < word.length; i++, this.at++) {
      if (this.text[this.at] === word[i]) continue;
      this.take();
      return this.invalid('invalid literal');
    }
    return `${word} literal`;
  }

  /** Counts a character as read that turned out wrong; there is none at the end. */
  private take(): void {
    this.at = Math.min(this.at + 1, this.text.length + 1);
  }

  private invalid(problem: string): Token {
    this.problem = problem;
    return 'invalid';
  }

  private readNumber(): Token {
    const { text } = this;
    let isFloat = false;
    if (text[this.at] === '-') this.at++;
    if (text[this.at] === '0') this.at++;
    else if (!this.skipDigits()) return this.badNumber("expected digit after '-'");
    if (text[this.at] === '.') {
      isFloat = true;
      this.at++;
      if (!this.skipDigits()) return this.badNumber("expected digit after '.'");
    }
    if (text[this.at] === 'e' || text[this.at] === 'E') {
      isFloat = true;
      this.at++;
      const signed = text[this.at] === '+' || text[this.at] === '-';
      if (signed) this.at++;
      if (!this.skipDigits()) {
        return this.badNumber(
          signed ? 'expected digit after exponent sign' : "expected '+', '-', or digit after exponent",
        );
      }
    }
    this.number = this.numberOf(text.slice(this.tokenStart, this.at), isFloat);
    return 'number literal';
  }

  private skipDigits(): boolean {
    const start = this.at;
    while (isDigit(this.text.charCodeAt(this.at))) this.at++;
    return this.at > start;
  }

  private badNumber(problem: string): Token {
    this.take();
    return this.invalid(`invalid number; ${problem}`);
  }

  private numberOf(digits: string, isFloat: boolean): Value {
    if (!isFloat) {
      const integer = integerOf(digits, this.isData);
      if (integer !== undefined) return integer;
    }
    const value = Number(digits);
    if (!Number.isFinite(value)) {
      throw new JsonSyntaxError(`[json.exception.out_of_range.406] number overflow parsing '${digits}'`);
    }
    return new Float(value);
  }

  private readString(): Token {
    const { text } = this;
    let start = ++this.at;
    let result = '';
    let ascii = true;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 34) {
        result += text.slice(start, this.at++);
        this.string = result;
        return ascii ? 'string literal' : this.checkUtf8();
      }
      if (code === 92) {
        result += text.slice(start, this.at++);
        const escaped = this.readEscape();
        if (escaped === undefined) return 'invalid';
        result += escaped;
        start = this.at;
        continue;
      }
      if (!(code >= 32)) return this.badStringCharacter(code);
      if (code > 127) ascii = false;
      this.at++;
    }
  }

  private badStringCharacter(code: number): Token {
    this.take();
    if (Number.isNaN(code)) return this.invalid('invalid string: missing closing quote');
    const hex = code.toString(16).toUpperCase().padStart(4, '0');
    const short = shortEscapes[code];
    return this.invalid(
      `invalid string: control character U+${hex} (${controlNames[code]!}) must be escaped to \\u${hex}${short === undefined ? '' : ` or ${short}`}`,
    );
  }

  /** The text of a token has to be UTF-8 where it was not escaped. */
  private checkUtf8(): Token {
    const source = this.text.slice(this.tokenStart, this.at);
    const end = firstIllFormed(source);
    if (end === undefined) return 'string literal';
    this.at = this.tokenStart + end + 1;
    return this.invalid('invalid string: ill-formed UTF-8 byte');
  }

  /** What an escape stands for, in UTF-8; undefined if it is none. The backslash was read. */
  private readEscape(): string | undefined {
    const character = this.text[this.at++] ?? '';
    const simple = simpleEscapes[character];
    if (simple !== undefined) return simple;
    if (character !== 'u') {
      this.problem = 'invalid string: forbidden character after backslash';
      return undefined;
    }
    const first = this.readHex();
    if (first === undefined) return undefined;
    if (first < 0xd800 || first > 0xdfff) return utf8Of(first);
    if (first > 0xdbff) {
      this.problem = 'invalid string: surrogate U+DC00..U+DFFF must follow U+D800..U+DBFF';
      return undefined;
    }
    return this.readSecondSurrogate(first);
  }

  private readSecondSurrogate(first: number): string | undefined {
    this.problem = 'invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF';
    for (const expected of '\\u') if (this.text[this.at++] !== expected) return undefined;
    const second = this.readHex();
    if (second === undefined) return undefined;
    if (second < 0xdc00 || second > 0xdfff) return undefined;
    return utf8Of(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
  }

  private readHex(): number | undefined {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const digit = hexDigit(this.text.charCodeAt(this.at++));
      if (digit < 0) {
        this.problem = "invalid string: '\\u' must be followed by 4 hex digits";
        return undefined;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  // --- Errors ------------------------------------------------------------------

  private unexpected(token: Token, what: string, expected?: string): JsonSyntaxError {
    if (token === 'invalid') {
      const read = this.text.slice(this.shownFrom, this.at);
      const suffix = expected === undefined ? '' : `; expected ${expected}`;
      return this.error(
        `syntax error while parsing ${what} - ${this.problem}; last read: '${showToken(read)}'${suffix}`,
        this.at,
      );
    }
    const name = token.length === 1 ? `'${token}'` : token;
    const end = token === 'end of input' ? this.at + 1 : this.at;
    return this.error(`syntax error while parsing ${what} - unexpected ${name}; expected ${expected}`, end);
  }

  /** `end` is how many characters were read, the end of the text counted as one. */
  private error(message: Bytes, end: number): JsonSyntaxError {
    const read = this.text.slice(0, end);
    const line = read.split('\n').length;
    const column = end - (read.lastIndexOf('\n') + 1);
    return new JsonSyntaxError(
      `[json.exception.parse_error.101] parse error at line ${line}, column ${column}: ${message}`,
    );
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function hexDigit(code: number): number {
  if (isDigit(code)) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** The integer of these digits, or undefined where it has to be a float. */
function integerOf(digits: string, isData: boolean): Integer | undefined {
  if (digits.length < 16) return Number(digits) + 0 || 0;
  const big = BigInt(digits);
  if (digits.startsWith('-')) return big < minInteger ? undefined : integer(big);
  if (big > maxUnsigned) return undefined;
  if (isData || big <= maxInteger) return integer(big);
  throw new EvalError('evaluation-error', `unsigned json number ${digits} outside of Nix integer range`);
}

function integer(big: bigint): Integer {
  const small = Number(big);
  return Number.isSafeInteger(small) ? small : big;
}

function utf8Of(codePoint: number): Bytes {
  if (codePoint < 0x80) return String.fromCharCode(codePoint);
  return Buffer.from(String.fromCodePoint(codePoint), 'utf8').toString('latin1');
}

/** A token in an error, its control characters made visible. */
function showToken(text: Bytes): Bytes {
  return text.replace(
    /[\x00-\x1f]/g,
    (character) => `<U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

const simpleEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const shortEscapes: Readonly<Record<number, string>> = {
  8: '\\b',
  9: '\\t',
  10: '\\n',
  12: '\\f',
  13: '\\r',
};

const controlNames =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );
