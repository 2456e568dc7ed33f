import { strictEqual } from 'node:assert/strict';
import { acted } from '../../../kit/code-actions';

const converted = (text: string): string | undefined => acted(text, /string/, false);

describe('converting strings', () => {
  it('writes quoted ones as indented ones', () => {
    strictEqual(converted('"a|b"'), "''ab''");
    strictEqual(converted('"a\\"|\\\\"'), "''a\"\\''");
    strictEqual(converted('"|a\\tb"'), "''a''\\tb''");
    strictEqual(converted('"|\'\' \\${x} $y $$"'), "''''' ''${x} $y $$''");
    strictEqual(converted('x: "$|\\$${x}\'${x}\'"'), "x: ''$''$${x}'${x}''\\'''");
    strictEqual(
      converted('{\n  a = "|x\\n  y\\n\\nz\\n";\n}'),
      "{\n  a = ''\n    x\n      y\n\n    z\n  '';\n}",
    );
    strictEqual(converted('x: "|a\\n${x}\\n"'), "x: ''\n  a\n  ${x}\n''");
    strictEqual(converted('x: "|a\\n${x}"'), "x: ''\n  a\n  ${x}''");
    strictEqual(converted('f: f"|a"'), "f: f ''a''");
  });

  it('writes indented ones as quoted ones', () => {
    strictEqual(converted("''a|b''"), '"ab"');
    strictEqual(converted("''\n  a|\n    b\n''"), '"a\\n  b\\n"');
    strictEqual(
      converted("x: ''\"|\\ ''${x} ''\\t ''' ''$${x} $$''"),
      'x: "\\"\\\\ \\${x} \\t \'\' \\$${x} $$"',
    );
  });

  it('leaves interpolations as they are', () => {
    strictEqual(converted('x: "|a${ /* c */ x + "b" }\\n"'), "x: ''\n  a${ /* c */ x + \"b\" }\n''");
    strictEqual(converted("x: ''|a${ x\n  + ''b'' }''"), "x: \"a${ x\n  + ''b'' }\"");
  });

  it('is not offered where the result would not mean the same, or be no name', () => {
    for (const text of [
      '" |a"',
      '"|a\\n "',
      '"| a\\n  b"',
      '{ "a|" = 1; }',
      'x: x."a|"',
      'x: { inherit "a|"; }',
      'http://a|.b',
    ])
      strictEqual(converted(text), undefined, text);
  });
});
