// JSON both ways: what is exact beyond the examples of the records.
import assert from 'node:assert/strict';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { JsonSyntaxError, readJson } from '../../../server/src/builtins/json-reader';
import { printFloat } from '../../../server/src/builtins/json-writer';
import { Float } from '../../../server/src/values/value';
import { evaluate, messageOf } from './support';

function syntaxError(text: string): string {
  try {
    readJson(encodeUtf8(text));
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      return error.message.replace('[json.exception.parse_error.101] parse error at ', '');
    }
    throw error;
  }
  throw new Error(`no error in ${text}`);
}

describe('the reader of JSON', () => {
  it('tells integers from floats, and keeps 64 bits', () => {
    assert.equal(readJson('9223372036854775807'), 9223372036854775807n);
    assert.equal(readJson('-9223372036854775808'), -9223372036854775808n);
    assert.deepEqual(readJson('1.0'), new Float(1));
    assert.deepEqual(readJson('1e2'), new Float(100));
    assert.ok(Object.is(readJson('-0'), 0));
    assert.deepEqual(readJson('99999999999999999999'), new Float(1e20));
    assert.throws(() => readJson('9223372036854775808'), {
      message: 'unsigned json number 9223372036854775808 outside of Nix integer range',
    });
  });

  it('decodes escapes to UTF-8', () => {
    assert.equal(readJson(String.raw`"\u00e9\ud83d\ude00\/\n"`), encodeUtf8('é😀/\n'));
  });

  it('says what is wrong where', () => {
    const expected: readonly (readonly [string, string])[] = [
      [
        '',
        'line 1, column 1: attempting to parse an empty input; check that your input string or file is valid JSON',
      ],
      [
        ' ',
        "line 1, column 2: syntax error while parsing value - unexpected end of input; expected '[', '{', or a literal",
      ],
      [
        '[1,}',
        "line 1, column 4: syntax error while parsing value - unexpected '}'; expected '[', '{', or a literal",
      ],
      ['[1', "line 1, column 3: syntax error while parsing array - unexpected end of input; expected ']'"],
      [
        '{"a" 1}',
        "line 1, column 6: syntax error while parsing object separator - unexpected number literal; expected ':'",
      ],
      [
        '{1:2}',
        'line 1, column 2: syntax error while parsing object key - unexpected number literal; expected string literal',
      ],
      [
        '{"a":1,}',
        "line 1, column 8: syntax error while parsing object key - unexpected '}'; expected string literal",
      ],
      [
        '1 2',
        'line 1, column 3: syntax error while parsing value - unexpected number literal; expected end of input',
      ],
      ['tru', "line 1, column 4: syntax error while parsing value - invalid literal; last read: 'tru'"],
      [
        '01',
        'line 1, column 2: syntax error while parsing value - unexpected number literal; expected end of input',
      ],
      [
        '-',
        "line 1, column 2: syntax error while parsing value - invalid number; expected digit after '-'; last read: '-'",
      ],
      [
        '"a\n"',
        "line 2, column 0: syntax error while parsing value - invalid string: control character U+000A (LF) must be escaped to \\u000A or \\n; last read: '\"a<U+000A>'",
      ],
      [
        '"a',
        "line 1, column 3: syntax error while parsing value - invalid string: missing closing quote; last read: '\"a'",
      ],
    ];
    for (const [text, message] of expected) assert.equal(syntaxError(text), message);
  });

  it('takes any depth', () => {
    const deep = readJson('['.repeat(100_000) + ']'.repeat(100_000));
    assert.ok(Array.isArray(deep));
  });
});

describe('the writer of JSON', () => {
  it('prints floats with the shortest digits', () => {
    const expected: readonly (readonly [number, string])[] = [
      [1, '1.0'],
      [0.1, '0.1'],
      [-0, '-0.0'],
      [1e15, '1e+15'],
      [123456789012345, '123456789012345.0'],
      [1.5e300, '1.5e+300'],
      [0.0001, '0.0001'],
      [0.00001, '1e-05'],
      [NaN, 'null'],
    ];
    for (const [value, text] of expected) assert.equal(printFloat(value), text);
  });

  it('looks through sets that stand for a string', () => {
    assert.equal(evaluate('builtins.toJSON { outPath.foo = true; }'), String.raw`"{\"foo\":true}"`);
    assert.equal(evaluate('builtins.toJSON { __toString = _: "x"; }'), String.raw`"\"x\""`);
  });

  it('refuses functions and what is no UTF-8', () => {
    assert.match(messageOf('builtins.toJSON (x: x)'), /cannot convert a function to JSON/);
    assert.match(
      messageOf('builtins.toJSON { __toString = _: 42; }'),
      /`__toString` should return a string, but got an integer: 42/,
    );
    assert.match(
      messageOf('builtins.toJSON (builtins.substring 0 1 "é")'),
      /incomplete UTF-8 string; last byte: 0xC3/,
    );
  });

  it('ends in a deep list with a clear error', () => {
    assert.match(
      messageOf("builtins.toJSON (builtins.foldl' (x: _: [ x ]) null (builtins.genList (x: x) 100000))"),
      /stack overflow/,
    );
  });
});
