/** Messages are those of C++ Nix for the first error of a text; what follows is this parser's own recovery. */
import assert from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { parse } from '../../../server/src/syntax/parse';
import { treeText } from './tree-text';

interface Expected {
  readonly text: string;
  /** Carets below the text, and a message behind them; one row an error. `|` is an empty range. */
  readonly errors: readonly string[];
  readonly tree?: string;
}

function shown(text: string): string[] {
  const { errors } = parse(encodeUtf8(text));
  return errors.map(({ range, message }) => {
    const mark = range.end > range.start ? '^'.repeat(range.end - range.start) : '|';
    return `${' '.repeat(range.start)}${mark} ${decodeUtf8(message)}`;
  });
}

function check(rows: readonly Expected[]): void {
  for (const { text, errors, tree } of rows) {
    it(JSON.stringify(text), () => {
      assert.deepEqual(shown(text), errors);
      if (tree !== undefined) assert.equal(treeText(parse(encodeUtf8(text)).root), tree);
    });
  }
}

const unexpected = 'syntax error, unexpected';

describe('syntax errors', () => {
  describe('expressions', () => {
    check([
      { text: '', errors: [`| ${unexpected} end of file`], tree: '(missing)' },
      { text: '( ', errors: [`  | ${unexpected} end of file`] },
      { text: '(1', errors: [`  | ${unexpected} end of file, expecting ')'`], tree: '(paren 1)' },
      { text: '1 )', errors: [`  ^ ${unexpected} ')', expecting end of file`], tree: '1' },
      { text: '1 ^', errors: [`  ^ ${unexpected} invalid token, expecting end of file`] },
      { text: 'a + ', errors: [`    | ${unexpected} end of file`], tree: '(+ a (missing))' },
      { text: '( ] )', errors: [`  ^ ${unexpected} ']'`], tree: '(paren (missing))' },
      { text: 'a == b == c', errors: [`       ^^ ${unexpected} '=='`], tree: '(== (== a b) c)' },
      { text: 'if a b', errors: [`      | ${unexpected} end of file, expecting 'then'`] },
      { text: 'if a then b', errors: [`           | ${unexpected} end of file, expecting 'else'`] },
      { text: 'a + if b then c else d', errors: [`    ^^ ${unexpected} 'if'`], tree: '(+ a (if b c d))' },
      {
        text: '[ a let b = 1; in b ]',
        errors: [`        ^ ${unexpected} identifier, expecting '{'`],
        tree: '(list a (let (b = 1) in b))',
      },
      { text: 'rec 1', errors: [`    ^ ${unexpected} integer, expecting '{'`] },
      {
        text: 'a.',
        errors: [`  | ${unexpected} end of file, expecting identifier or 'or' or '\${' or '"'`],
        tree: '(. a ?)',
      },
      { text: '[ a + b ]', errors: [`    ^ ${unexpected} '+'`], tree: '(list a b)' },
      { text: 'x: ', errors: [`   | ${unexpected} end of file`], tree: '(fn x (missing))' },
      { text: '1 /* a', errors: [`   ^ ${unexpected} '*'`] },
    ]);
  });

  describe('bindings', () => {
    check([
      { text: '{ 1 = x; }', errors: [`  ^ ${unexpected} integer, expecting 'inherit'`], tree: '(set)' },
      { text: 'rec { 1 = x; }', errors: [`      ^ ${unexpected} integer, expecting 'inherit' or '}'`] },
      {
        text: 'let 1 = x; in y',
        errors: [`    ^ ${unexpected} integer, expecting 'in' or 'inherit'`],
        tree: '(let in y)',
      },
      { text: '{ a = 1 }', errors: [`        ^ ${unexpected} '}', expecting ';'`], tree: '(set (a = 1))' },
      {
        text: '{ a = ; b = 2; }',
        errors: [`      ^ ${unexpected} ';'`],
        tree: '(set (a = (missing)) (b = 2))',
      },
      {
        text: '{ a = f x b = 2; c = 3; }',
        errors: [`            ^ ${unexpected} '=', expecting ';'`],
        tree: '(set (a = (call f x)) (b = 2) (c = 3))',
      },
      {
        text: '{ a = b.c = 2; }',
        errors: [`          ^ ${unexpected} '=', expecting ';'`],
        tree: '(set (a = (missing)) (b.c = 2))',
      },
      {
        text: '{ a = [ 1 2; b = (3; c = 4; }',
        errors: [`           ^ ${unexpected} ';'`, `                   ^ ${unexpected} ';', expecting ')'`],
        tree: '(set (a = (list 1 2)) (b = (paren 3)) (c = 4))',
      },
      {
        text: '{ a = (1 + b = 2; }',
        errors: [`             ^ ${unexpected} '=', expecting ')'`],
        tree: '(set (a = (paren (+ 1 (missing)))) (b = 2))',
      },
      {
        text: '{ a b = 1; }',
        errors: [`    ^ ${unexpected} identifier, expecting '.' or '='`],
        tree: '(set (a = (missing)) (b = 1))',
      },
      { text: '{ a: 1; }', errors: [`   ^ ${unexpected} ':', expecting '.' or '='`], tree: '(set (a = 1))' },
      {
        text: '{ inherit a b = 1; }',
        errors: [`              ^ ${unexpected} '='`],
        tree: '(set (inherit a) (b = 1))',
      },
      {
        text: '{ inherit http://x; }',
        errors: [`          ^^^^^^^^ ${unexpected} URI`],
        tree: '(set (inherit))',
      },
      {
        text: '{ a = lib.; b = 1; }',
        errors: [`          ^ ${unexpected} ';', expecting identifier or 'or' or '\${' or '"'`],
        tree: '(set (a = (. lib ?)) (b = 1))',
      },
      {
        text: '{ a = { b = 1; ; c = 2; }; }',
        errors: [`               ^ ${unexpected} ';', expecting 'inherit'`],
        tree: '(set (a = (set (b = 1) (c = 2))))',
      },
      {
        text: 'let a = { b = 1; in a',
        errors: [`                 ^^ ${unexpected} 'in', expecting 'inherit'`],
        tree: '(let (a = (set (b = 1))) in a)',
      },
    ]);
  });

  describe('functions', () => {
    check([
      {
        text: '{ a }',
        errors: [`     | ${unexpected} end of file, expecting ':' or '@'`],
        tree: '(set (a = (missing)))',
      },
      { text: '{ a, b }', errors: [`        | ${unexpected} end of file, expecting ':' or '@'`] },
      {
        text: '{ a b }: a',
        errors: [`    ^ ${unexpected} identifier, expecting '.' or '='`],
        tree: '(fn {a b} a)',
      },
      {
        text: '{ a, b c }: a',
        errors: [`       ^ ${unexpected} identifier, expecting '}' or ','`],
        tree: '(fn {a b c} a)',
      },
      {
        text: '{ a, 1 }: a',
        errors: [`     ^ ${unexpected} integer, expecting identifier or '...' or '}'`],
        tree: '(fn {a} a)',
      },
      { text: '{ ..., a }: a', errors: [`     ^ ${unexpected} ',', expecting '}'`], tree: '(fn {a ...} a)' },
      { text: 'x@y: a', errors: [`  ^ ${unexpected} identifier, expecting '{'`] },
      { text: '{ a }@{ b }: a', errors: [`      ^ ${unexpected} '{', expecting identifier`] },
      {
        text: 'x@{ a } a',
        errors: [`        ^ ${unexpected} identifier, expecting ':'`],
        tree: '(fn x@{a} a)',
      },
    ]);
  });

  describe('strings and paths', () => {
    check([
      { text: '"a', errors: [`  | ${unexpected} end of file, expecting '"'`], tree: '(s "a")' },
      {
        text: "''a",
        errors: [
          `   | ${unexpected} end of file, expecting indented string or '\${' or end of an indented string`,
        ],
      },
      {
        text: '"${a"',
        errors: [`     | ${unexpected} end of file, expecting '"'`],
      },
      { text: '"${a ; b}"', errors: [`     ^ ${unexpected} ';', expecting '}'`], tree: '(s ${a})' },
      { text: './a/ ', errors: [`    ^ path has a trailing slash`] },
      { text: './a/', errors: [`^^^^ path has a trailing slash`] },
      { text: '(./a', errors: [` | ${unexpected} end of file, expecting ')'`] },
      { text: './a//b', errors: [`    ^^ ${unexpected} end of path, expecting '\${'`] },
      {
        text: 'a.~/b',
        errors: [`  ^^^ ${unexpected} '~/…' path, expecting identifier or 'or' or '\${' or '"'`],
      },
    ]);
  });

  describe('what the grammar allows and Nix does not', () => {
    check([
      {
        text: '99999999999999999999',
        errors: [`^^^^^^^^^^^^^^^^^^^^ invalid integer '99999999999999999999'`],
      },
      { text: '1.0e999', errors: [`^^^^^^^ invalid float '1.0e999'`] },
      {
        text: 'a |> b',
        errors: [
          `  ^^ experimental Nix feature 'pipe-operators' is disabled; ` +
            `add '--extra-experimental-features pipe-operators' to enable it`,
        ],
        tree: '(|> a b)',
      },
      { text: 'let ${a} = 1; in 2', errors: [`^^^ dynamic attributes not allowed in let`] },
      { text: 'let ${"a"} = 1; b.${c} = 2; in 2', errors: [] },
      { text: '{ inherit ${a}; }', errors: [`          ^^^^ dynamic attributes not allowed in inherit`] },
      { text: '{ inherit ${"a"} ${("b")} "c"; }', errors: [] },
      {
        text: '"a\0b"',
        errors: [
          ` ^^^ input string 'a\u2400b' cannot be represented as Nix string because it contains null bytes`,
        ],
      },
    ]);
  });
});
