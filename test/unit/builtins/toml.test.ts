// TOML beyond the example of the record.
import assert from 'node:assert/strict';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { readToml, TomlError, type TomlTimestamp } from '../../../server/src/builtins/toml-reader';
import { printJson } from '../../../server/src/builtins/json-writer';
import { createWorld } from './support';

const { vm } = createWorld().evaluator;

function read(text: string): unknown {
  const value = readToml(encodeUtf8(text), (timestamp: TomlTimestamp) => timestamp.text);
  return JSON.parse(Buffer.from(printJson(vm, value).text, 'latin1').toString('utf8'));
}

function fails(text: string): boolean {
  try {
    read(text);
    return false;
  } catch (error) {
    if (error instanceof TomlError) return true;
    throw error;
  }
}

describe('the reader of TOML', () => {
  it('nests tables by headers and by dotted keys', () => {
    assert.deepEqual(read('a.b = 1\n[c]\nx.y = 2\n[c.d]\n[[e]]\nz = 1\n[[e]]\n[e.f]\ng = 1'), {
      a: { b: 1 },
      c: { x: { y: 2 }, d: {} },
      e: [{ z: 1 }, { f: { g: 1 } }],
    });
  });

  it('reads numbers in every base', () => {
    assert.deepEqual(read('a = [0xf]'), { a: [15] });
    assert.deepEqual(read('a = [+1_000, 0o17, 0b11, -0, 1e3, 6.626e-34]'), {
      a: [1000, 15, 3, 0, 1000, 6.626e-34],
    });
  });

  it('reads strings of four kinds', () => {
    assert.deepEqual(
      read(`a = "x\\u00e9\\n"\nb = 'c:\\d'\nc = """\nfirst\\\n   second"""\nd = '''\n'quoted''''`),
      {
        a: 'xé\n',
        b: 'c:\\d',
        c: 'firstsecond',
        d: "'quoted'",
      },
    );
  });

  it('keeps nine digits of a second', () => {
    assert.deepEqual(
      read('a = 1979-05-27 07:32:00.1234567Z\nb = 07:32:00.5\nc = 1979-05-27\nd = 1979-05-27T00:32:00-07:00'),
      {
        a: '1979-05-27T07:32:00.123456700Z',
        b: '07:32:00.500',
        c: '1979-05-27',
        d: '1979-05-27T00:32:00-07:00',
      },
    );
  });

  it('refuses what is no TOML 1.0', () => {
    const wrong = [
      'a = 1\na = 2',
      '[a]\n[a]',
      'a = {b = 1}\n[a.c]',
      'a.b = 1\na = 2',
      '[[a]]\n[a]',
      'a = [1, 2',
      'a = {b = 1,}',
      'a = 01',
      'a = 1__0',
      'a = "\\q"',
      'a = "x\ny"',
      'a =',
      'a = 1 b = 2',
      'a = 1979-02-30',
      'a = 9223372036854775808',
      '= 1',
      'a',
    ];
    for (const text of wrong) assert.ok(fails(text), text);
  });

  it('shows the line of an error', () => {
    const messages = {
      'a = 1\r\nattr = 9223372036854775808\r\n':
        '[error] The integer does not fit into 64 bits\n --> fromTOML\n   |\n 2 | attr = 9223372036854775808\n   |        ^-- here\n',
      'é = 1e400': '[error] Unexpected character\n --> fromTOML\n   |\n 1 | Ã© = 1e400\n   | ^-- here\n',
      '"é" = -1e400':
        '[error] The float is out of range\n --> fromTOML\n   |\n 1 | "Ã©" = -1e400\n   |        ^-- here\n',
    };
    for (const [text, message] of Object.entries(messages)) {
      assert.throws(
        () => read(text),
        (error: TomlError) => {
          assert.equal(error.message, message);
          return true;
        },
      );
    }
  });

  it('reads numbers up to the limits of Nix', () => {
    assert.deepEqual(read('a = [1e-400, 1.7976931348623157e308]'), { a: [0, Number.MAX_VALUE] });
    const limits = readToml('a = [9223372036854775807, -0, -9223372036854775808]', () => null);
    assert.equal(printJson(vm, limits).text, '{"a":[9223372036854775807,0,-9223372036854775808]}');
  });

  it('refuses bytes that are not UTF-8, with their line', () => {
    assert.throws(
      () => readToml('a = 1\nb = "x\xff"', () => null),
      ({ message }: TomlError) => message.includes('not UTF-8') && message.includes('\n 2 | b = "x\xff"\n'),
    );
  });

  it('takes no name for what JavaScript knows by it', () => {
    assert.deepEqual(
      read('__proto__ = 1\n[constructor]\ntoString = 2\n[[x.__proto__]]\nq = 3'),
      JSON.parse('{"__proto__":1,"constructor":{"toString":2},"x":{"__proto__":[{"q":3}]}}'),
    );
  });
});
