import fc from 'fast-check';
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { diagnosticsOf } from '../../../server/src/diagnostics/registry';
import { parse, type ParsedFile } from '../../../server/src/syntax/parse';
import { reparse } from '../../../server/src/syntax/reparse';
import { seeded } from '../../kit/seed';

const lintsIn = (parsed: ParsedFile) => diagnosticsOf({ path: '/file.nix', parsed, evaluation: [] }, []);

/** Each problem as its code and the text that it is about. */
function of(text: string): string[] {
  return lintsIn(parse(text)).map(({ code, range }) => `${code} ${text.slice(range.start, range.end)}`);
}

/** Texts with what is found in them. */
function finds(cases: Readonly<Record<string, readonly string[]>>): () => void {
  return () => {
    for (const [text, expected] of Object.entries(cases)) deepStrictEqual(of(text), expected, text);
  };
}

describe('lints', () => {
  it(
    'find bindings of a let that nothing uses',
    finds({
      'let a = 1; b = 2; in b': ['unused-binding a'],
      'let a = b; b = 2; in 1': ['unused-binding a'],
      'let f = x: f x; in 1': ['unused-binding f'],
      'let inherit (builtins) map filter; in map': ['unused-binding filter'],
      'let a.x = 1; a.y = 2; in 1': ['unused-binding a'],
      'let a = 1; in with { }; a': ['unused-with with { }'],
      'let a = 1; in { inherit a; }': [],
      'let a = 1; in { x, y ? a }: [ x y ]': [],
      'let _a = 1; in 1': [],
      'let __sub = a: b: a; in 1 - 2': [],
      'rec { a = 1; b = a; c = 2; }': [],
      'let a = 1; in "${toString a}"': [],
    }),
  );

  it(
    'find arguments that nothing uses, but for customary ones',
    finds({
      '{ a, b }: a': ['unused-formal b'],
      '{ a, b ? a }: b': [],
      '{ a ? a, ... }: 1': ['unused-formal a'],
      '{ config, pkgs, lib, inputs, ... }: { }': ['unused-formal inputs'],
      '{ self, nixpkgs }: nixpkgs': [],
      '{ _a }: 1': [],
      'x: 1': [],
      'args@{ a, ... }: args': [],
      'args@{ a, ... }: a': ['unused-argument args'],
      '{ a, ... }@args: a': ['unused-argument args'],
      'args@{ a ? args, ... }: a': [],
    }),
  );

  it(
    'heed the comments of deadnix',
    finds({
      'let\n  # deadnix: skip\n  a = 1;\n  b = 2;\nin 1': ['unused-binding b'],
      '# deadnix: skip\n{ a, b }: 1': [],
      '{ /* deadnix: skip */ a }: 1': [],
      '# deadnix: skip\nrec { }': [],
      '# skip\nrec { }': ['unused-rec rec'],
    }),
  );

  it(
    'find with, from which nothing comes',
    finds({
      'with { }; 1': ['unused-with with { }'],
      'with builtins; map': ['unused-with with builtins'],
      'a: with builtins; a': ['unused-with with builtins'],
      'with { a = 1; }; a': [],
      'with { a = 1; }; with { b = 1; }; a': [],
      'a: with { a = 1; }; b: a': ['unused-with with { a = 1; }'],
      'a: with { b = 1; }; with builtins; b': [],
      'with { b = 1; }; { inherit b; }': [],
    }),
  );

  it(
    'find rec that does nothing',
    finds({
      'rec { a = 1; b = 2; }': ['unused-rec rec'],
      'rec { a = 1; b = a; }': [],
      'rec { a = a; }': [],
      'rec { a = with builtins; { x = length a; }; }': [],
      'rec { a = "n"; ${a} = 1; }': [],
      'rec { a = { x = 1; }; inherit (a) x; }': [],
      'rec { a = 1; inherit a2; } // { }': ['undefined-variable a2', 'unused-rec rec'].toReversed(),
      'rec { __overrides = { b = 1; }; a = 1; }': [],
      'rec { x.a = 1; x.b = x.a; }': [],
      // What belongs to the set stands elsewhere.
      'a: { b = rec { a = 2; }; b.c = a; }': [],
      'a: { x.b = rec { a = 2; }; x.b.c = a; }': [],
      'a: { x = { b = rec { a = 2; }; }; x.b.c = a; }': [],
      '{ b = rec { a = 2; }; c.d = 1; }': ['unused-rec rec'],
    }),
  );

  it(
    'find what is empty, deprecated or written in a roundabout way',
    finds({
      '{ inherit; }': ['empty-inherit inherit;'],
      '{ inherit (builtins); }': ['empty-inherit inherit (builtins);'],
      'let in 1': ['empty-let let'],
      'let { body = 1; }': ['deprecated-let let'],
      'http://example.org/x': ['deprecated-url-literal http://example.org/x'],
      'x: { x = x; }': ['use-inherit x = x;'],
      'x: { x.y = x; y = x; "x" = x; }': ['duplicate-attribute "x"'],
      'let x = x; in x': [],
      'x: { a = rec { x = 1; }; a = { x2 = 1; x2b = x2b; }; }': [],
      'x: { a = rec { y = 1; }; a = { x = x; }; }': [],
      'a: !(a == 1)': ['negated-comparison !(a == 1)'],
      'a: !(a != 1)': ['negated-comparison !(a != 1)'],
      'a: !(a < 1)': [],
      'a: if a == 1 then true else false': ['redundant-if if'],
      'a: if !a then false else true': ['redundant-if if'],
      'a: if a then true else false': [],
      'true: if true == 1 then true else false': [],
      'x: if x ? a then x.a else 1': ['use-or if'],
      'x: if x ? a."b c" then x.a."b c" else 1': ['use-or if'],
      'x: if x ? a then x.b else 1': [],
      'x: if x ? a then x.a.b else 1': [],
      'x: if x ? a then x.a or 2 else 1': [],
      'x: y: if x ? a then y.a else 1': [],
      'x: n: if x ? ${n} then x.${n} else 1': [],
      'x: if x.y ? a then x.y.a else 1': [],
      'x: isNull x': ['deprecated-is-null isNull'],
      'x: builtins.isNull x': ['deprecated-is-null builtins.isNull'],
      'x: map isNull x': [],
      'isNull: isNull 1': [],
      'builtins: builtins.isNull 1': [],
      'null: isNull 1': [],
    }),
  );

  it('find parentheses that are redundant, and only those', () => {
    const count = (text: string): number =>
      of(text).filter((each) => each.startsWith('redundant-par')).length;
    const redundant = ['[ ((1)) ]', 'a: (a a)', '{ a = (1 + 1); }', 'a: a (a)', 'a: [ (a) (a.b) ]'];
    redundant.push('a: (a) + 1', 'a: (a).b', '{ a ? (1 + 1) }: a', 'a: if (a a) then 1 else 2', 'a: !(a.b)');
    redundant.push(
      'a: "${(a a)}"',
      'a: { inherit ((a a)) b; }',
      'with (builtins.x or { }); y',
      '{ ${("a")} = 1; }',
    );
    for (const text of redundant) ok(count(text) > 0, text);
    const needed = [
      'a: a (a a)',
      'a: [ (a a) (a.b or a) (-1) ]',
      'a: (a.b).c or 1',
      '-(-1)',
      'a: (a) / a',
      '(1).a',
      '[ (-1) ]',
    ];
    needed.push(
      '(a: a) 1',
      'a: (a + a) + a',
      'a: [ (a.b) or ]',
      'a: (a) or',
      'a: a ? b && (a ? c)',
      '(./a) + "b"',
    );
    for (const text of needed) strictEqual(count(text), 0, text);
  });

  it(
    'find builtins that there are not, unless somebody asks for them',
    finds({
      'builtins.lenght': ['unknown-builtin lenght'],
      'builtins.map': [],
      'builtins.exec': [],
      'builtins.lenght or 1': [],
      'builtins ? lenght && builtins.lenght': [],
      'if builtins.hasAttr "nope" builtins then builtins.nope else 1': [],
      'builtins: builtins.lenght': [],
      '{ inherit (builtins) nope map; }': ['unknown-builtin nope'],
    }),
  );

  it('say which builtin may be meant', () => {
    strictEqual(
      lintsIn(parse('builtins.lenght'))[0]!.message,
      "there is no builtin 'lenght'\nDid you mean length?",
    );
  });

  it('are tagged as editors show them, and none is an error', () => {
    const [found] = lintsIn(parse('let { body = 1; }'));
    deepStrictEqual([found!.severity, found!.deprecated, found!.unnecessary], ['warning', true, undefined]);
    const [unused] = lintsIn(parse('let a = 1; in 2'));
    deepStrictEqual([unused!.severity, unused!.deprecated, unused!.unnecessary], ['hint', undefined, true]);
  });

  it('say nothing of a text with syntax errors, which may lack the use of a name', () => {
    deepStrictEqual(
      of('let a = 1; in ').filter((each) => each.includes('unused')),
      [],
    );
  });

  it('can be ignored one by one', () => {
    deepStrictEqual(
      diagnosticsOf({ path: '/file.nix', parsed: parse('rec { inherit; }'), evaluation: [] }, ['unused-rec'])
        .length,
      1,
    );
  });

  it('take linear time in long chains and lists, and survive deep nesting', function () {
    this.timeout(60_000);
    const chain = Array(15_000).fill('(with { }; a)').join(' + ');
    strictEqual(of(`a: ${chain}`).length, 15_000);
    const bindings = Array.from({ length: 14_000 }, (_, i) => `a${i} = a${i + 1};`).join(' ');
    deepStrictEqual(of(`let b = 1; ${bindings} a14000 = 1; in a0`), ['unused-binding b']);
    strictEqual(of('('.repeat(900) + '1' + ')'.repeat(900)).length, 899);
    of('[ '.repeat(9000) + ']'.repeat(9000));
  });

  it('say nothing of huge texts, whose diagnostics should come as soon as others', () => {
    strictEqual(of(`a: ${Array(16_000).fill('(with { }; a)').join(' + ')}`).length, 16_000);
    deepStrictEqual(of(`a: ${Array(17_000).fill('(with { }; a)').join(' + ')}`), []);
  });

  it('are after any edits what they are in a fresh parse', function () {
    this.timeout(60_000);
    const values = [
      'with lib; a',
      'rec { a = (1); b = x2; }',
      'with x2; 1',
      'let d = 1; in d',
      '{ x1 = x1; }',
      '!(x1 == 1)',
    ];
    const bindings = Array.from({ length: 300 }, (_, i) => `x${i} = ${values[i % values.length]};\n`);
    const first = parse(
      `{ lib, ... }: let ${bindings.join('')} x300 = (1); in rec { a = x1; c = let d = 1; in a; }`,
    );
    lintsIn(first);
    const value = fc.constantFrom(...values, 'x7', '');
    let whole = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(299), value), { minLength: 1, maxLength: 8 }), (edits) => {
        let parsed = first;
        for (const [index, text] of edits) {
          const start = parsed.text.indexOf(`x${index} = `) + `x${index} = `.length;
          const end = parsed.text.indexOf(';\n', start);
          parsed = reparse(parsed, { start, end, text }).parsed;
          deepStrictEqual(lintsIn(parsed), lintsIn(parse(parsed.text)));
          if (parsed.errors.length === 0) whole++;
        }
      }),
      seeded(25),
    );
    // In texts with errors nothing is found, so many have to be without.
    ok(whole > 10);
  });
});
