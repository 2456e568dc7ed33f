import { deepStrictEqual } from 'node:assert/strict';
import { blockNames } from '../../../server/src/features/block-names';
import { parse } from '../../../server/src/syntax/parse';

/** A set of so many lines, from the brace on. */
const block = (lines: number): string => `{\n${'  # …\n'.repeat(lines - 2)}}`;

/** Each name with the line that it is shown in, lines from 1. */
function names(text: string, from = 0, to = text.length): string[] {
  return blockNames(parse(text), { start: from, end: to }).map(
    ({ at, name }) => `${text.slice(0, at).split('\n').length}:${name}`,
  );
}

describe('the names of blocks', () => {
  it('stand behind bindings of 25 lines and more', () => {
    deepStrictEqual(names(`{ a.b = ${block(24)}; }`), []);
    deepStrictEqual(names(`{ a.b = ${block(25)};\n}`), ['25:a.b']);
    deepStrictEqual(names(`{ a."b c".\${"d"} = ${block(25)}; \r\n}`), ['25:a."b c".d']);
    const inner = `{ outer = {\n  inner = ${block(30)};\n  short = { };\n};\n}`;
    deepStrictEqual(names(inner), ['33:outer', '31:inner']);
  });

  it('stand where nothing follows, and where they are whole and known', () => {
    deepStrictEqual(names(`{ a = ${block(25)}; b = 1; }`), []);
    deepStrictEqual(names(`{ a = ${block(25)}; # a\n}`), []);
    deepStrictEqual(names(`x: { \${x} = ${block(25)};\n}`), []);
    deepStrictEqual(names(`{ a = ${block(25)}\n}`), []);
  });

  it('are those of a range', () => {
    const text = `{\na = ${block(25)};\nb = ${block(25)};\n}`;
    deepStrictEqual(names(text), ['26:a', '51:b']);
    const middle = text.indexOf('b =');
    deepStrictEqual(names(text, 0, middle), ['26:a']);
    deepStrictEqual(names(text, middle), ['51:b']);
  });
});
