/**
 * Reads TOML 1.0 from a byte string, to values. The library gives a syntax tree,
 * which has what values cannot do without: integers of 64 bits, `1.0` as a float,
 * and each digit of a second. Specification: toml.io, version 1.0.0.
 */
import { ParseError, parseTOML, type AST } from 'toml-eslint-parser';
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import { attrsFromMap } from '../values/attrs';
import { Float, type Forced, type Integer, type Value } from '../values/value';
import { requireNoNullByte } from './null-byte';
import { firstIllFormed } from './utf8';

/** A text that is no TOML; the message is laid out with the line that is wrong. */
export class TomlError {
  constructor(readonly message: Bytes) {}
}

export class TomlTimestamp {
  /** In the form of RFC 3339, with no, 3, 6 or 9 digits behind the second. */
  constructor(readonly text: Bytes) {}
}

/** Makes a value of a timestamp, or throws where they are not wanted. */
export type TimestampValue = (timestamp: TomlTimestamp) => Value;

/** A table while its keys are gathered, which may stand in several places of the text. */
class Table {
  readonly entries = new Map<string | number, Table | Value>();
  /** An array of tables, by `[[…]]` headers, has indexes as its keys. */
  isArray = false;
}

/** @throws TomlError, EvalError for what Nix's strings cannot hold */
export function readToml(text: Bytes, timestampValue: TimestampValue): Forced {
  const illFormed = firstIllFormed(text);
  if (illFormed !== undefined) throw tomlError(text, illFormed, 'the text is not UTF-8');
  return new TomlReader(text, timestampValue).document();
}

class TomlReader {
  private readonly decoded: string;

  constructor(
    private readonly text: Bytes,
    private readonly timestampValue: TimestampValue,
  ) {
    this.decoded = decodeUtf8(text);
  }

  document(): Forced {
    const root = new Table();
    for (const item of this.syntaxTree().body) {
      if (item.type === 'TOMLKeyValue') this.addEntry(root, item);
      else this.addTable(root, item);
    }
    return valueOf(root);
  }

  private syntaxTree(): AST.TOMLTopLevelTable {
    try {
      return parseTOML(this.decoded, { tomlVersion: '1.0' }).body[0];
    } catch (error) {
      if (error instanceof ParseError) throw this.error(error.index, error.message);
      throw error;
    }
  }

  /** The parser has refused keys that are defined twice and tables that are closed. */
  private addTable(root: Table, header: AST.TOMLTable): void {
    const table = tableAt(root, header.resolvedKey);
    for (const entry of header.body) this.addEntry(table, entry);
  }

  private addEntry(table: Table, { key, value }: AST.TOMLKeyValue): void {
    const names = key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
    tableAt(table, names.slice(0, -1)).entries.set(names.at(-1)!, this.contentValue(value));
  }

  private contentValue(node: AST.TOMLContentNode): Value {
    if (node.type === 'TOMLArray') return node.elements.map((element) => this.contentValue(element));
    if (node.type === 'TOMLValue') return this.scalarValue(node);
    const table = new Table();
    for (const entry of node.body) this.addEntry(table, entry);
    return valueOf(table);
  }

  private scalarValue(node: AST.TOMLValue): Value {
    switch (node.kind) {
      case 'string':
        return requireNoNullByte(encodeUtf8(node.value));
      case 'boolean':
        return node.value;
      case 'integer':
        return this.integerValue(node);
      case 'float':
        return this.floatValue(node);
      default:
        return this.timestampValue(new TomlTimestamp(timestampText(node.datetime)));
    }
  }

  private integerValue(node: AST.TOMLIntegerValue): Integer {
    if (BigInt.asIntN(64, node.bigint) !== node.bigint) {
      throw this.error(node.range[0], 'The integer does not fit into 64 bits');
    }
    // The text may be "-0", which no integer of Nix is.
    return Number.isSafeInteger(node.value) ? Number(node.bigint) : node.bigint;
  }

  private floatValue(node: AST.TOMLFloatValue): Float {
    if (!Number.isFinite(node.value) && /\d/.test(node.number)) {
      throw this.error(node.range[0], 'The float is out of range');
    }
    return new Float(node.value);
  }

  /** @param at in UTF-16 units */
  private error(at: number, message: string): TomlError {
    return tomlError(this.text, encodeUtf8(this.decoded.slice(0, at)).length, message);
  }
}

/** The table at the end of `path`; what is not there yet is made. */
function tableAt(root: Table, path: readonly (string | number)[]): Table {
  let table = root;
  for (const key of path) {
    if (typeof key === 'number') table.isArray = true;
    let next = table.entries.get(key);
    if (!(next instanceof Table)) table.entries.set(key, (next = new Table()));
    table = next;
  }
  return table;
}

function valueOf(table: Table): Forced {
  const values = Array.from(table.entries, ([key, entry]): [string, Value] => [
    requireNoNullByte(encodeUtf8(String(key))),
    entry instanceof Table ? valueOf(entry) : entry,
  ]);
  return table.isArray ? values.map(([, value]) => value) : attrsFromMap(new Map(values));
}

/** `T` before the time, `Z` for UTC, and thousandths, millionths or billionths, whichever are needed. */
function timestampText(text: string): string {
  return text
    .replace(/^(\S+)[ t](?=\d)/, '$1T')
    .replace(/z$|[+-]00:00$/i, 'Z')
    .replace(/\.\d+/, (fraction) => roundedFraction(fraction.slice(1)));
}

/** Digits behind the ninth are cut off. */
function roundedFraction(digits: string): string {
  const nine = digits.slice(0, 9).padEnd(9, '0');
  const precision = Math.ceil(nine.replace(/0+$/, '').length / 3) * 3;
  return precision === 0 ? '' : `.${nine.slice(0, precision)}`;
}

/** @param at in bytes */
function tomlError(text: Bytes, at: number, message: string): TomlError {
  const before = text.slice(0, at);
  const start = before.lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', at);
  const line = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
  const number = String(before.split('\n').length);
  const margin = ' '.repeat(number.length + 2);
  const mark = ' '.repeat(at - start + 1);
  return new TomlError(
    `[error] ${message}\n --> fromTOML\n${margin}|\n ${number} | ${line}\n${margin}|${mark}^-- here\n`,
  );
}
