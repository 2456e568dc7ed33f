import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { codeActionsAt } from '../../../../server/src/features/code-actions/registry';
import { applyEdits } from '../../../../server/src/features/text-edit';
import { parse } from '../../../../server/src/syntax/parse';
import { acted, actionsIn, titlesIn } from '../../../kit/code-actions';

/** The text after the first fix that is offered at the cursor. */
function mended(marked: string): string | undefined {
  return acted(marked, /^(?!Fix all|Pack into|Convert to '.* = )/);
}

describe('fixes of what lints find', () => {
  it('remove bindings, each with its line', () => {
    strictEqual(mended('let\n  a| = 1;\n  b = 2;\nin b'), 'let\n  b = 2;\nin b');
    strictEqual(mended('let a| = 1; b = 2; in b'), 'let b = 2; in b');
    strictEqual(mended('let a| = 1;in 1'), 'let in 1');
    strictEqual(mended('let\n  a| = 1; # why\nin 1'), 'let\n  # why\nin 1');
    strictEqual(mended('let a|.x = 1; b = 2; a.y = 3; in b'), 'let b = 2; in b');
    strictEqual(mended('lib: let inherit (lib) |a b; in b'), 'lib: let inherit (lib) b; in b');
    strictEqual(mended('lib: let inherit (lib)\n  # c\n  |a; in 1'), 'lib: let in 1');
    strictEqual(mended('lib: let inherit (lib) b # c\n  |a; in b'), 'lib: let inherit (lib) b # c\n  ; in b');
  });

  it('remove arguments, but never with a comment', () => {
    strictEqual(mended('{ |a, b, ... }: b'), '{ b, ... }: b');
    strictEqual(mended('{ b, |a, ... }: b'), '{ b, ... }: b');
    strictEqual(mended('{ b, |a ? 1 }: b'), '{ b }: b');
    strictEqual(mended('{ |a }: 1'), '{ }: 1');
    strictEqual(mended('{ b\n, |a\n, ...\n}: b'), '{ b\n, ...\n}: b');
    strictEqual(mended('{ |a, # c\n b, ... }: b'), undefined);
    strictEqual(mended('|args@{ a, ... }: a'), '{ a, ... }: a');
    strictEqual(mended('{ a, ... }@|args: a'), '{ a, ... }: a');
    strictEqual(mended('{ a, ... } /* c */ @ |args: a'), undefined);
  });

  it('warn where callers may notice, and then are no first choice', () => {
    deepStrictEqual(
      actionsIn('{ |a, b }: b').offered.map(({ title, isPreferred }) => [title, isPreferred]),
      [["Remove 'a', which callers can then pass no more", undefined]],
    );
    deepStrictEqual(
      actionsIn('{ |a, b, ... }: b').offered.map(({ title, isPreferred }) => [title, isPreferred]),
      [["Remove 'a'", true]],
    );
  });

  it('write or where a name is asked for before it is taken', () => {
    strictEqual(mended('x: |if x ? a then x.a else 1'), 'x: x.a or 1');
    strictEqual(mended('x: [ (|if x ? a.b then (x.a.b) else f 1) ]'), 'x: [ (x.a.b or (f 1)) ]');
    strictEqual(mended('x: |if (x ? a) then x.a else x.b'), 'x: x.a or x.b');
    strictEqual(mended('x: |if x ? a then x.a else x.b or 2'), 'x: x.a or (x.b or 2)');
    strictEqual(mended('x: |if x ? a then x.a else -1'), 'x: x.a or (-1)');
    for (const commented of [
      'x ? a # c\n then x.a else',
      'x ? a then (/* c */ x.a) else',
      'x ? a then x.a else /* c */',
    ])
      strictEqual(mended(`x: |if ${commented} 1`), undefined, commented);
  });

  it('compare with null', () => {
    strictEqual(mended('x: |isNull x'), 'x: x == null');
    strictEqual(mended('x: |builtins.isNull (x 1)'), 'x: (x 1) == null');
    strictEqual(mended('x: x ++ [ (|isNull x.a) ]'), 'x: x ++ [ (x.a == null) ]');
    strictEqual(mended('x: !|isNull x'), 'x: x != null');
    strictEqual(mended('x: ! (|isNull x)'), 'x: ! (x == null)');
    strictEqual(mended('x: !!|isNull x'), 'x: !(x != null)');
    strictEqual(mended('x: !|isNull x -> x'), 'x: x != null -> x');
    strictEqual(mended('x: ! /* c */ |isNull x'), undefined);
    strictEqual(mended('x: |isNull x == true'), 'x: (x == null) == true');
    strictEqual(mended('x: |isNull x || x.a'), 'x: x == null || x.a');
    strictEqual(mended('x: if |isNull x then 1 else 2'), 'x: if x == null then 1 else 2');
    strictEqual(mended('x: |isNull /* c */ x'), undefined);
  });

  it('take no text away twice where the bindings of a name share a line', () => {
    const text = 'let |c.i =\n  y; c = { b = 1; };\n        c.s = 2;\n  y = 3; in y';
    strictEqual(mended(text), 'let \n  y = 3; in y');
    const { offered } = actionsIn(text);
    const { edits } = offered.find(({ title }) => title === "Remove 'c'")!;
    for (const [i, { range }] of edits.entries()) ok(i === 0 || range.start >= edits[i - 1]!.range.end);
  });

  it('remove let, rec and with, and keep words apart', () => {
    strictEqual(mended('|let in 1'), '1');
    strictEqual(mended('a: |with { }; a'), 'a: a');
    strictEqual(mended('with { }; /* c */ |1'), undefined);
    strictEqual(mended('[ |rec { } ]'), '[ { } ]');
    strictEqual(mended('{\n  |inherit;\n  a = 1;\n}'), '{\n  a = 1;\n}');
  });

  it('write a deprecated let as let in, or as what it means', () => {
    strictEqual(mended('[ |let { a = 1; body = a; } ]'), '[ (let a = 1; in a) ]');
    strictEqual(mended('|let { body = 1; a = body; }'), 'rec { body = 1; a = body; }.body');
    strictEqual(mended('|let { a = 1; }'), undefined);
  });

  it('simplify expressions', () => {
    strictEqual(mended('[ |http://example.org ]'), '[ "http://example.org" ]');
    strictEqual(mended('{ a = |(1 + 1); }'), '{ a = 1 + 1; }');
    strictEqual(mended('a: a|(a)a'), 'a: a a a');
    strictEqual(mended('a: assert|(a == a);a'), 'a: assert a == a;a');
    strictEqual(mended('a: |!(a == 1) == false'), 'a: (a != 1) == false');
    strictEqual(mended('a: |if a == 1 then false else true'), 'a: !(a == 1)');
    strictEqual(mended('a: |if (a == 1) then true else false'), 'a: (a == 1)');
    strictEqual(mended('a: |if a == 1 then /* c */ true else false'), undefined);
    strictEqual(mended('builtins.|lenght'), 'builtins.length');
  });

  it('convert to inherit, once', () => {
    deepStrictEqual(titlesIn('x: { |x = x; }'), ["Convert to 'inherit x'"]);
    strictEqual(mended('x: { |x = x; }'), 'x: { inherit x; }');
  });

  it('can be made all at once, where one does not touch another', () => {
    const all = (marked: string): string | undefined => acted(marked, /^Fix all/);
    strictEqual(all('{ |a, b, c, ... }: c'), '{ c, ... }: c');
    strictEqual(all('let |a = 1; b = 2; c = 3; in c'), 'let c = 3; in c');
    strictEqual(all('{ a = |((1)); b = (2); }'), '{ a = 1; b = 2; }');
    strictEqual(all('{ |a, b }: 1'), undefined);
    deepStrictEqual(titlesIn('let |a = 1; in 1'), ["Remove 'a'"]);
  });

  it('of a whole file change what says the same in fewer words, and remove nothing that may yet be used', () => {
    const text =
      'let used = 1; unused = (2); in if used == 1 then { inherit; a = if used == 1 then true else false; } else x: http://a.b';
    strictEqual(
      saved(text),
      'let used = 1; unused = 2; in if used == 1 then { a = (used == 1); } else x: "http://a.b"',
    );
    strictEqual(saved('let unused = 1; in { a, b }: with a; rec { c = 1; }'), undefined);
  });

  it('of a whole file leave alone what is ignored, and texts that have no lints', () => {
    const text = '[ ((1)) http://a.b ]';
    strictEqual(saved(text, ['redundant-parentheses']), '[ ((1)) "http://a.b" ]');
    strictEqual(saved(text, ['redundant-parentheses', 'deprecated-url-literal']), undefined);
    strictEqual(saved(`${text} `), '[ (1) "http://a.b" ] ');
    strictEqual(saved(`${text}${' '.repeat(2 ** 18)}`), undefined);
    strictEqual(saved(`${text} +`), undefined);
  });
});

/** The text as it is after its fixes on save. */
function saved(text: string, ignored: readonly string[] = []): string | undefined {
  const selection = { start: 0, end: 0 };
  const wants = (kind: string): boolean => kind === 'source.fixAll';
  const offered = codeActionsAt(parse(text), { selection, problems: [], ignored, wants });
  return offered.length === 0 ? undefined : applyEdits(text, offered[0]!.edits);
}
