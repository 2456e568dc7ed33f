// The TextMate grammars, checked by tokenising with VS Code's own engine.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tokenize, type Token } from './tokenizer';

const sample = join(__dirname, '..', '..', '..', 'sample');

/**
 * Checks that the text has these tokens, in this order, each with a scope that
 * starts with the given words (`string.quoted`). Tokens in between are skipped.
 */
async function check(text: string, expected: readonly (readonly [string, string])[], scope?: string) {
  const tokens = await tokenize(text, scope);
  let from = 0;
  for (const [word, wanted] of expected) {
    const index = tokens.findIndex((token, i) => i >= from && token.text.trim() === word);
    assert.notEqual(index, -1, `no token ${JSON.stringify(word)} in\n${show(tokens.slice(from))}`);
    const { scopes } = tokens[index]!;
    const found = scopes.some((name) => name === wanted || name.startsWith(`${wanted}.`));
    assert.ok(found, `${JSON.stringify(word)} is not ${wanted} but ${scopes.join(' ')}, in\n${show(tokens)}`);
    from = index + 1;
  }
}

/** Checks that none of the tokens of this text has the scope. */
async function checkNone(text: string, word: string, unwanted: string) {
  for (const token of await tokenize(text)) {
    if (token.text.trim() !== word) continue;
    assert.ok(!token.scopes.some((name) => name.startsWith(unwanted)), show([token]));
  }
}

function show(tokens: readonly Token[]): string {
  return tokens.map(({ text, scopes }) => `  ${JSON.stringify(text)}  ${scopes.join(' ')}`).join('\n');
}

describe('the Nix grammar', () => {
  it('knows the three kinds of comments', async () => {
    await check('a # note', [['note', 'comment.line']]);
    await check('/* one\n two */ a', [
      ['two', 'comment.block'],
      ['a', 'variable.other'],
    ]);
    await check('/** what\n it does */ x', [['it does', 'comment.block.documentation']]);
    await check('/**/ x', [['x', 'variable.other']]);
    await checkNone('/* one */ x', 'one', 'comment.block.documentation');
  });

  it('knows the escapes of a string', async () => {
    await check('"a\\n\\"b" c', [
      ['\\n', 'constant.character.escape'],
      ['\\"', 'constant.character.escape'],
      ['b', 'string.quoted.double'],
      ['c', 'variable.other'],
    ]);
    await checkNone('"a \\${b}"', '${', 'punctuation.section.embedded');
    await checkNone('"a $${b}"', 'b', 'variable');
    await check('"$$${b}"', [['b', 'variable.other']]);
  });

  it('nests interpolations', async () => {
    await check('"a ${f "b ${toString (1 + 2)} c"} d" e', [
      ['${', 'punctuation.section.embedded.begin'],
      ['f', 'variable.other'],
      ['b', 'string.quoted.double'],
      ['toString', 'support.function.builtin'],
      ['+', 'keyword.operator.arithmetic'],
      ['c', 'string.quoted.double'],
      ['}', 'punctuation.section.embedded.end'],
      ['d', 'string.quoted.double'],
      ['e', 'variable.other'],
    ]);
    await check('"${ { a = { }; }.a or "x" }" y', [['y', 'variable.other']]);
  });

  it('knows the escapes of an indented string', async () => {
    for (const escape of ["''$", "'''", "''\\n", "''\\\\", "''\\$"]) {
      await check(`'' a ${escape}{b} c '' d`, [
        [escape, 'constant.character.escape'],
        ['d', 'variable.other'],
      ]);
    }
    await check("''\n  echo ${pkg}/bin ''${HOME} $$ '''quoted'''\n'' rest", [
      ['pkg', 'variable.other'],
      ["''$", 'constant.character.escape'],
      ["'''", 'constant.character.escape'],
      ['rest', 'variable.other'],
    ]);
    await check("''$'' x", [['x', 'variable.other']]);
    await check("''it's '' x", [['x', 'variable.other']]);
  });

  it('tells paths from divisions and updates', async () => {
    for (const path of ['./a', '../b/c.nix', '/etc/nixos', '~/x', 'a/b', '1/2', './x-1.0_z+y']) {
      const tokens = await tokenize(`${path} z`);
      const parts = tokens.filter(({ scopes }) =>
        scopes.some((name) => name.startsWith('string.unquoted.path')),
      );
      assert.equal(parts.map(({ text }) => text).join(''), path, show(tokens));
    }
    await check('a / b', [['/', 'keyword.operator.arithmetic']]);
    await check('a//b', [
      ['//', 'keyword.operator.update'],
      ['b', 'variable.other'],
    ]);
    await check('./a//{ }', [
      ['./', 'string.unquoted.path'],
      ['//', 'keyword.operator.update'],
    ]);
  });

  it('interpolates in paths', async () => {
    await check('./a${x}b/${y} + z', [
      ['x', 'variable.other'],
      ['b', 'string.unquoted.path'],
      ['y', 'variable.other'],
      ['+', 'keyword.operator.arithmetic'],
    ]);
    await check('[ ./${name} ]', [
      ['name', 'variable.other'],
      [']', 'punctuation.section.list.end'],
    ]);
  });

  it('knows search paths and URIs', async () => {
    await check('import <nixpkgs/lib> a', [
      ['nixpkgs/lib', 'string.unquoted.search-path'],
      ['a', 'variable.other'],
    ]);
    await check('a <b', [['<', 'keyword.operator.comparison']]);
    await check('[ https://nixos.org/x?y=1 a:b ]', [
      ['https://nixos.org/x?y=1', 'string.unquoted.uri'],
      ['a:b', 'string.unquoted.uri'],
    ]);
  });

  it('knows keywords only as whole words', async () => {
    const text = 'let a = if b then c else d; in with e; assert f; rec { inherit (g) h; }';
    await check(text, [
      ['let', 'keyword.control'],
      ['a', 'variable.other.property'],
      ['if', 'keyword.control.conditional'],
      ['then', 'keyword.control.conditional'],
      ['else', 'keyword.control.conditional'],
      ['in', 'keyword.control.in'],
      ['with', 'keyword.control.with'],
      ['assert', 'keyword.control.assert'],
      ['rec', 'keyword.other.rec'],
      ['inherit', 'keyword.other.inherit'],
      ['g', 'variable.other'],
      ['h', 'variable.other.member.inherited'],
    ]);
    for (const word of ['let-it', "in'", 'if_', 'record', 'nulls', 'map-attrs']) {
      await check(word, [[word, 'variable.other']]);
    }
  });

  it('ends a binding where it ends, with every nested semicolon', async () => {
    await check('{ a = with x; let y = 1; in assert z; y; b = 2; }', [
      ['a', 'variable.other.property'],
      ['y', 'variable.other.property'],
      ['b', 'variable.other.property'],
      ['2', 'constant.numeric.integer'],
    ]);
    await check('let a = { b.c."d".${e} = 1; }; in a.b or c', [
      ['b', 'variable.other.property'],
      ['c', 'variable.other.property'],
      ['d', 'string.quoted.double'],
      ['e', 'variable.other'],
      ['in', 'keyword.control.in'],
      ['a', 'variable.other'],
      ['b', 'variable.other.member'],
      ['or', 'keyword.operator.or'],
    ]);
  });

  it('knows the old form of let, which has braces and no in', async () => {
    await check('let { body = a; a = 1; } + b', [
      ['body', 'variable.other.property'],
      ['+', 'keyword.operator.arithmetic'],
      ['b', 'variable.other'],
    ]);
  });

  it('recovers from a missing semicolon', async () => {
    await check('let a = (1 in b', [['in', 'keyword.control.in']]);
    await check('{ a = { b = 1 }; c = 2; }', [['c', 'variable.other.property']]);
  });

  it('knows operators', async () => {
    const operators = {
      '++': 'concat',
      '//': 'update',
      '->': 'logical',
      '&&': 'logical',
      '||': 'logical',
      '==': 'comparison',
      '!=': 'comparison',
      '<=': 'comparison',
      '>=': 'comparison',
      '|>': 'pipe',
      '<|': 'pipe',
      '*': 'arithmetic',
      '-': 'arithmetic',
    };
    for (const [operator, kind] of Object.entries(operators)) {
      await check(`a ${operator} b`, [[operator, `keyword.operator.${kind}`]]);
    }
    await check('!a', [['!', 'keyword.operator.logical']]);
    await check('a ? b', [
      ['?', 'keyword.operator.has-attribute'],
      ['b', 'variable.other.member'],
    ]);
  });

  it('knows numbers, constants and builtins', async () => {
    await check('[ 12 1.5 .5e-3 true null ]', [
      ['12', 'constant.numeric.integer'],
      ['1.5', 'constant.numeric.float'],
      ['.5e-3', 'constant.numeric.float'],
      ['true', 'constant.language'],
      ['null', 'constant.language'],
    ]);
    await check("builtins.foldl' __sub __curPos throw", [
      ['builtins', 'support.class'],
      ["foldl'", 'support.function.builtin'],
      ['__sub', 'support.function.builtin'],
      ['__curPos', 'variable.language'],
      ['throw', 'support.function.builtin'],
    ]);
    await check('x.map', [['map', 'variable.other.member']]);
  });

  it('knows the parameters of functions', async () => {
    await check('a: b: a', [
      ['a', 'variable.parameter'],
      [':', 'keyword.operator.lambda'],
      ['b', 'variable.parameter'],
      ['a', 'variable.other'],
    ]);
    await check('{ lib, x ? 1 + y, ... }@args: args', [
      ['lib', 'variable.parameter'],
      ['x', 'variable.parameter'],
      ['?', 'keyword.operator.default'],
      ['y', 'variable.other'],
      ['...', 'keyword.operator.ellipsis'],
      ['@', 'keyword.operator.at'],
      ['args', 'variable.parameter'],
    ]);
    await check('self@{ a }: a', [
      ['self', 'variable.parameter'],
      ['a', 'variable.parameter'],
    ]);
    await check('{ lib\n, stdenv # why\n, x ? { }\n}:\nlib', [
      ['lib', 'variable.parameter'],
      ['stdenv', 'variable.parameter'],
      ['x', 'variable.parameter'],
      ['lib', 'variable.other'],
    ]);
  });

  it('shows a name bound to a function as a function', async () => {
    await check('{ f = x: x; g = { a }: a; h = 1; i = a@{ b }: b; }', [
      ['f', 'entity.name.function'],
      ['g', 'entity.name.function'],
      ['h', 'variable.other.property'],
      ['i', 'entity.name.function'],
    ]);
  });

  it('leaves no string and no comment open in the sample', async () => {
    const files = readdirSync(sample, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.nix'),
    );
    assert.ok(files.length > 5);
    for (const file of files) {
      const text = readFileSync(join(sample, file), 'utf8');
      const tokens = await tokenize(`${text}\nend-of-file`);
      assert.deepEqual(tokens.at(-1)?.scopes, ['variable.other.nix'], file);
    }
  });

  it('takes time in proportion to a long line', async function () {
    this.timeout(120_000);
    await tokenize(`[ ${'a.b/c "x${y}" '.repeat(4000)}]`);
    await tokenize('{'.repeat(2000));
  });
});

describe('the grammar of Nix in Markdown', () => {
  const scope = 'text.html.markdown';

  it('highlights a block, and nothing behind it', async () => {
    const text = ['text', '```nix', 'let a = 1; in a', '```', 'let'].join('\n');
    await check(
      text,
      [
        ['nix', 'fenced_code.block.language'],
        ['let', 'keyword.control.let'],
        ['in', 'keyword.control.in'],
        ['a', 'variable.other'],
      ],
      scope,
    );
    const tokens = await tokenize(text, scope);
    assert.deepEqual(tokens.at(-1), { text: 'let', scopes: [] });
  });

  it('ends a block whose code is unfinished', async () => {
    const tokens = await tokenize('~~~nix\n"open ${ {\n~~~\ntext', scope);
    assert.deepEqual(tokens.at(-1), { text: 'text', scopes: [] });
  });

  it('leaves other languages alone', async () => {
    const tokens = await tokenize('```nixos\nlet\n```', scope);
    assert.ok(tokens.every(({ scopes }) => scopes.length === 0));
  });
});

describe('the grammar of byte code', () => {
  it('highlights chunks, constants and instructions', async () => {
    const text = [
      '# tour.nix: 1 chunk, 3 bytes',
      'lambda twice  # at 3:4, 3 bytes',
      '  constants',
      '       0  "text"',
      '  code',
      '    0000  01 00           Constant                 0  # "text"',
      '    0002  2f              Return',
    ].join('\n');
    await check(
      text,
      [
        ['lambda', 'keyword.control'],
        ['twice', 'entity.name.function'],
        ['constants', 'keyword.other.section'],
        ['text', 'string.quoted.double'],
        ['0000', 'constant.numeric'],
        ['Constant', 'support.function.instruction'],
        ['# "text"', 'comment.line'],
        ['Return', 'support.function.instruction'],
      ],
      'source.nixray-bytecode',
    );
    await check(
      'lambda  # at 3:4, 3 bytes',
      [['# at 3:4, 3 bytes', 'comment.line']],
      'source.nixray-bytecode',
    );
  });
});
