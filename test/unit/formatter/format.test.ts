// The format of nixfmt: what it looks like, and that nothing is lost.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { format } from '../../../server/src/formatter/format';
import { codeOf, commentWords, disturbed, parsed } from '../../kit/code-of';
import { randomProgram } from '../../kit/random-programs';
import { seeded } from '../../kit/seed';

/** The text in its format, or the problem. */
function formatted(text: string, width?: number): string {
  const result = format(parsed(encodeUtf8(text)), width);
  return 'text' in result ? decodeUtf8(result.text) : `not formatted: ${result.problem}`;
}

/** A text of lines. */
const lines = (...all: string[]): string => `${all.join('\n')}\n`;

type Table = readonly (readonly [string, string, string])[];

function itFormats(table: Table, width?: number): void {
  for (const [what, text, expected] of table) {
    it(what, () => {
      assert.equal(formatted(text, width), expected);
      assert.equal(formatted(expected, width), expected, 'the format of what is formatted');
    });
  }
}

describe('the format of', () => {
  itFormats([
    ['a name', '  x ', 'x\n'],
    ['an empty set and an empty list', '[{}[]]', lines('[', '  { }', '  [ ]', ']')],
    ['a binding', '{a=1;}', '{ a = 1; }\n'],
    ['bindings', '{a=1;b=2;}', lines('{', '  a = 1;', '  b = 2;', '}')],
    ['a set that had lines', '{\na=1;}', lines('{', '  a = 1;', '}')],
    ['a recursive set', 'rec{a=1;}', 'rec { a = 1; }\n'],
    ['a list of one', '[a]', '[ a ]\n'],
    ['an argument that is a list', 'f [a b] c', 'f [ a b ] c\n'],
    ['a selection', 'a . b or c', 'a.b or c\n'],
    ['a question', 'a?b . c', 'a ? b.c\n'],
    ['operators', '1+2*3==-4&&!a', '1 + 2 * 3 == -4 && !a\n'],
    ['a URI, which is a string', 'http://a.b/c', '"http://a.b/c"\n'],
    ['a text that needs no indentation', "''a ''${b} ''' ${c}''", '"a \\${b} \'\' ${c}"\n'],
    ['a text that has what would be escaped', "''a\"b''", "''a\"b''\n"],
    ['a let', 'let a=1;in a', lines('let', '  a = 1;', 'in', 'a')],
    ['an old let', 'let{body=1;}', 'let { body = 1; }\n'],
    ['a with', 'with a;b', 'with a; b\n'],
    ['an assertion', 'assert a;b', lines('assert a;', 'b')],
    ['a condition', 'if a then b else c', 'if a then b else c\n'],
    ['a function', 'a:\nb : c', 'a: b: c\n'],
    ['a function with formals', '{a,b}:c', '{ a, b }: c\n'],
    ['formals with a default', '{a?1}:a', lines('{', '  a ? 1,', '}:', 'a')],
    ['three formals', '{a,b,c,...}:a', lines('{', '  a,', '  b,', '  c,', '  ...', '}:', 'a')],
    ['a name for all formals', 'x@{a,...}:x', 'x@{ a, ... }: x\n'],
    ['inherited names', '{inherit a;inherit(b)c d;}', lines('{', '  inherit a;', '  inherit (b) c d;', '}')],
    ['a pipe', 'a|>b', 'a |> b\n'],
    ['text that is not of ASCII', '{"ä"="ö";# ü\n}', lines('{', '  "ä" = "ö"; # ü', '}')],
  ]);
});

describe('lines are broken', () => {
  const width = 30;
  itFormats(
    [
      [
        'at the last argument, if it has brackets',
        'map (x: x + 1 + 2222222222222222) { a = 1; }',
        lines('map (', '  x: x + 1 + 2222222222222222', ') { a = 1; }'),
      ],
      [
        'before each argument where none is enough',
        'aaaaaaaaaaaa bbbbbbbbbbbbb ccccccccccc ddddddddddd',
        lines('aaaaaaaaaaaa bbbbbbbbbbbbb', '  ccccccccccc', '  ddddddddddd'),
      ],
      [
        'before operators',
        'aaaaaaaaaaaa + bbbbbbbbbbbbb + ccccccccccccc',
        lines('aaaaaaaaaaaa', '+ bbbbbbbbbbbbb', '+ ccccccccccccc'),
      ],
      [
        'behind an equals sign',
        '{ aaaaaaaaaaaa = bbbbbbbbbbbb + ccccccccccc; }',
        lines('{', '  aaaaaaaaaaaa =', '    bbbbbbbbbbbb + ccccccccccc;', '}'),
      ],
      [
        'in conditions',
        'if aaaaaaaaaa then bbbbbbbbbbbb else cccccccccc',
        lines('if aaaaaaaaaa then', '  bbbbbbbbbbbb', 'else', '  cccccccccc'),
      ],
      [
        'in parentheses',
        'f (aaaaaaaaaaaaaaaa.bbbbbb 1 + 2)',
        lines('f (', '  aaaaaaaaaaaaaaaa.bbbbbb 1 + 2', ')'),
      ],
      [
        'in no string',
        '"aaaaaaaaaaaaaaaaaaaaaaaa ${b} ccccccccccccccccc"',
        '"aaaaaaaaaaaaaaaaaaaaaaaa ${b} ccccccccccccccccc"\n',
      ],
      [
        'in what is inherited, a line for each name',
        '{ inherit aaaaaaaaaa bbbbbbbbbb cccccccccc; }',
        lines('{', '  inherit', '    aaaaaaaaaa', '    bbbbbbbbbb', '    cccccccccc', '    ;', '}'),
      ],
    ],
    width,
  );
});

describe('the format of strings of several lines', () => {
  itFormats([
    [
      'is indented with what is around',
      "{a=''\n      b\n        c ${d}\n\n    '';}",
      lines('{', "  a = ''", '    b', '      c ${d}', '', "  '';", '}'),
    ],
    ['leaves quoted lines alone', '{a="b\n c";}', lines('{', '  a = "b', ' c";', '}')],
  ]);
});

describe('comments', () => {
  itFormats([
    ['stay behind their line', '{a=1;  #   b\n}', lines('{', '  a = 1; # b', '}')],
    [
      'stay before what they are about',
      '{\n#b\n\n#  c\na=1;}',
      lines('{', '  #b', '', '  #  c', '  a = 1;', '}'),
    ],
    ['of one line begin with #', '/* a */ b', lines('# a', 'b')],
    [
      'of several lines are indented',
      '{ /* a\n     b\n   */ c = 1; }',
      lines('{', '  /*', '    a', '    b', '  */', '  c = 1;', '}'),
    ],
    [
      'of documentation stay such',
      '{\n/** a\n  b */\nc=1;}',
      lines('{', '  /**', '    a', '    b', '  */', '  c = 1;', '}'),
    ],
    [
      'that name a language stay before the string',
      "{ a = /* sh */ ''\n  b\n''; }",
      lines('{', "  a = /* sh */ ''", '    b', "  '';", '}'),
    ],
    ['alone are all there is', '{ # a\n}', lines('{', '  # a', '}')],
    ['behind a comma follow it', '{ a # b\n, c }: a', lines('{', '  a, # b', '  c,', '}:', 'a')],
    ['behind in go to the body', 'let a=1; in # b\na', lines('let', '  a = 1;', 'in', '# b', 'a')],
    ['behind everything stay there', 'a\n# b\n', lines('a', '# b')],
  ]);

  it('switch the format off and on', () => {
    const text = '{\n/*nixfmt:disable*/\n  a  =  [ 1  2 ];\n/*nixfmt:enable*/\n  b  =  2;\n}\n';
    assert.equal(formatted(text), text.replace('b  =  2', 'b = 2'));
    assert.equal(formatted('a.  b\n/*nixfmt:disable*/\n  #   b'), 'a.b\n/*nixfmt:disable*/\n  #   b');
  });
});

describe('a text is not formatted', () => {
  it('that has syntax errors', () => {
    assert.equal(formatted('{ a = ; }'), 'not formatted: its text has syntax errors');
  });

  it('that has a string which would be another one', () => {
    // What is behind an escaped line break counts as the indentation of a line.
    const text = "{\n  a = ''\nb''\\n c\n'';\n}";
    assert.equal(
      formatted(text),
      'not formatted: a string would mean something else with another indentation',
    );
    assert.match(formatted(text.replace('n c', 'nc')), /^\{\n {2}a = ''\n {4}b''\\nc\n/);
  });

  it('that nests too deeply', () => {
    const depth = 9_000;
    const text = formatted(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    assert.match(text, /^not formatted: it nests too deeply$/);
  });
});

describe('formatting', () => {
  it('keeps the code and the comments, and leaves what is formatted as it is', () => {
    fc.assert(
      fc.property(
        randomProgram,
        fc.array(fc.nat(100), { maxLength: 40 }),
        fc.integer({ min: 20, max: 100 }),
        (program, choices, width) => {
          const before = parsed(disturbed(encodeUtf8(program), choices));
          assert.deepEqual(before.errors, []);
          const result = format(before, width);
          assert.ok('text' in result);
          const after = parsed(result.text);
          assert.deepEqual(after.errors, []);
          assert.equal(codeOf(after), codeOf(before));
          assert.deepEqual(commentWords(after), commentWords(before));
        },
      ),
      seeded(300),
    );
  });

  it('takes no longer the longer a line is: what stands before a token is not read again', () => {
    const items = Array.from({ length: 150_000 }, (_, i) => String(i));
    const expected = `[\n${items.map((item) => `  ${item}\n`).join('')}]\n`;
    assert.ok(formatted(`[ ${items.join(' ')} ]`, 80) === expected);
  });

  it('of what is formatted changes nothing', () => {
    fc.assert(
      fc.property(randomProgram, fc.integer({ min: 20, max: 100 }), (program, width) => {
        const once = formatted(program, width);
        assert.equal(formatted(once, width), once);
      }),
      seeded(300),
    );
  });
});
