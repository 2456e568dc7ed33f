// What of a program's messages reaches a terminal; as C++ Nix 2.36 has it.
import assert from 'node:assert/strict';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { terminalText } from '../../../server/src/command-line/terminal-text';

const shown = (text: string, keepsColors = false): string => terminalText(encodeUtf8(text), keepsColors);

describe('text for a terminal', () => {
  it('is left as it is without anything special', () => {
    assert.equal(shown('error: äöü\n  at /a.nix:1:2\n'), encodeUtf8('error: äöü\n  at /a.nix:1:2\n'));
  });

  it('keeps colors where they are wanted, and no other sequence', () => {
    const text =
      'a \x1b[1;31mred\x1b[0m \x1b[2Jb \x1b]8;;http://x\x1b\\link\x1b]8;;\x07 \x1b(c \x1bMd \x07e\rf';
    assert.equal(shown(text), 'a red b link (c d ef');
    assert.equal(shown(text, true), 'a \x1b[1;31mred\x1b[0m b link (c d ef');
  });

  it('drops what a sequence that ends early has of it', () => {
    assert.equal(shown('a\x1b'), 'a');
    assert.equal(shown('a\x1b[1;3', true), 'a');
    assert.equal(shown('a\x1b]8;;b'), 'a');
    assert.equal(shown('a\x1b[1\nb'), 'a\nb');
  });

  it('has spaces up to the next tab stop, counted from its start', () => {
    assert.equal(shown('trace: a\tb\nc\td'), 'trace: a        b\nc      d');
    assert.equal(shown('\t12345678\t.'), '        12345678        .');
    assert.equal(shown('ä\tb'), encodeUtf8('ä       b'));
    assert.equal(shown('漢\te\u0301\tc'), encodeUtf8('漢      e\u0301       c'));
    assert.equal(shown('\x1b[31ma\tb', true), '\x1b[31ma       b');
  });
});
