import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { renameAt, renameTarget } from '../../../server/src/features/rename';
import { applyEdits } from '../../../server/src/features/text-edit';
import { parse } from '../../../server/src/syntax/parse';
import { fixture } from '../../kit/fixture';

/** The text after a rename, or why it is refused. */
function renamed(text: string, newName: string): string {
  const { text: bytes, cursor } = fixture(text);
  const edits = renameAt(parse(bytes), cursor, encodeUtf8(newName));
  return 'problem' in edits ? edits.problem : decodeUtf8(applyEdits(bytes, edits));
}

describe('rename', () => {
  it('changes all of them', () => {
    strictEqual(renamed('let a| = 1; in a + (a: a) a', 'b'), 'let b = 1; in b + (a: a) b');
    strictEqual(renamed('{ a, b ? a| }: a', 'xyz'), '{ xyz, b ? xyz }: xyz');
    strictEqual(renamed('let x.a = 1; x.b = x|.a; in x', 'y'), 'let y.a = 1; y.b = y.a; in y');
    strictEqual(renamed('let a| = 1; in a', 'a'), 'let a = 1; in a');
  });

  it('of a formal changes what calls of the function pass', () => {
    strictEqual(renamed('let f = { |a }: a; in f { a = 1; }', 'b'), 'let f = { b }: b; in f { b = 1; }');
    strictEqual(
      renamed('a: let f = { |a, c }: a; in f { inherit a c; } + a', 'b'),
      'a: let f = { b, c }: b; in f { inherit c; b = a; } + a',
    );
    strictEqual(
      renamed('let f = { a, n }: a| + f { inherit a; n = 0; }; in f', 'b'),
      'let f = { b, n }: b + f { inherit b; n = 0; }; in f',
    );
    strictEqual(
      renamed('let f = x: let y = x; in { |a }: a; g = f { a = 1; }; in f 1 ({ a.c = 1; a.d = 2; })', 'b'),
      'let f = x: let y = x; in { b }: b; g = f { a = 1; }; in f 1 ({ b.c = 1; b.d = 2; })',
    );
    strictEqual(renamed('({ |a }: a) rec { a = 1; c = a; }', 'b'), '({ b }: b) rec { b = 1; c = b; }');
    strictEqual(
      renamed('rec { lib.f = { |a }: a; g = lib.f { a = 1; }; inherit (lib) f; h = f { a = 1; }; }', 'b'),
      'rec { lib.f = { b }: b; g = lib.f { b = 1; }; inherit (lib) f; h = f { b = 1; }; }',
    );
    strictEqual(
      renamed(
        'let f = { |a }: a; l = { inherit f; g = f; }; in l.f { a = 1; } + l.g { a = 1; } + l.h { a = 1; }',
        'b',
      ),
      'let f = { b }: b; l = { inherit f; g = f; }; in l.f { b = 1; } + l.g { b = 1; } + l.h { a = 1; }',
    );
  });

  it('of a formal changes what is selected from the whole argument', () => {
    strictEqual(
      renamed('args@{ |a, ... }: args.a + (args.c.a or 1) + (args ? a.d)', 'b'),
      'args@{ b, ... }: args.b + (args.c.a or 1) + (args ? b.d)',
    );
    strictEqual(
      renamed('{ |a, ... }@args: let inherit (args) a c; in a + (with args; a)', 'b'),
      '{ b, ... }@args: let inherit (args) c; a = args.b; in a + (with args; a)',
    );
    strictEqual(
      renamed('{ |a }@args: { inherit (args) a; x = args: args.a; }', 'b'),
      '{ b }@args: { a = args.b; x = args: args.a; }',
    );
  });

  it('of a binding of a set changes what is selected from it', () => {
    strictEqual(renamed('(rec { |a = 1; b = a; }).a', 'c'), '(rec { c = 1; b = c; }).c');
    strictEqual(
      renamed('let t.u = rec { |a = 1; b = a; }; v = t.u; in t.u.a + v.a + t.a + t.u.b.a', 'c'),
      'let t.u = rec { c = 1; b = c; }; v = t.u; in t.u.c + v.c + t.a + t.u.b.a',
    );
    strictEqual(
      renamed('let t = rec { |a = 1; b = a; }; in with { }; with t; a + (with { }; a)', 'c'),
      'let t = rec { c = 1; b = c; }; in with { }; with t; c + (with { }; c)',
    );
    strictEqual(
      renamed('let t = rec { |a = 1; }; in { inherit (t) a; x = (t // { d = 2; }).d; }', 'c'),
      'let t = rec { c = 1; }; in { a = t.c; x = (t // { d = 2; }).d; }',
    );
    strictEqual(renamed('let t = rec { |a = t; }; in t.a.a.a', 'c'), 'let t = rec { c = t; }; in t.c.c.c');
  });

  it('is refused for a formal of a function whose calls are not all known', () => {
    for (const text of [
      'let f = { |a }: a; s = { a = 1; }; in\nf s',
      'let f = { |a }: a; in\nmap f [ { a = 1; } ]',
      'let\ng = h ({ |a, ... }: a); in g',
      'let f = { |a }: a; in\n[ f ]',
      'let f = { |a }: a; in\nf { ${n} = 1; }',
      'let f = { |a }: a; in\n(x: if x then f else g) true { a = 1; }',
    ])
      match(renamed(text, 'b'), /not all its calls are known: see line 2\.$/, text);
    // Who imports a file is told from the text of no file.
    strictEqual(renamed('{ |a }: a', 'b'), '{ b }: b');
    strictEqual(renamed('{ f = { |a }: a; }', 'b'), '{ f = { b }: b; }');
  });

  it('is refused where a set is used as a whole and the file names such an attribute', () => {
    for (const text of [
      'let r = rec { |a = 1; }; in f r\n({ a }: a)',
      'let r = rec { |a = 1; }; in (r // { b = 2; }).\na',
      'let r = rec { |a = 1; }; in r // {\na = 2; }',
      'let r = rec { |a = 1; }; in r.${n} +\ns.a',
      'let r = rec { |a = 1; }; in\nr ? ${n} -> r ? ${n}.a || h.a',
      'let r = rec { |a = 1; }; in [ r ] == [ s.\na ]',
      'let r = rec { |a = 1; }; in builtins.hasAttr\n"a" r',
      'let r = rec { |a = 1; }; in [ r s.\n${"a"} ]',
      'let r = rec { |a = 1; }; in [ r { inherit\na; } ]',
      'f rec { |a = 1; c = a; } (g@{\na, ... }: 1)',
      'let r = rec { |a = 1; }; in\n{ ${n} = r; }.x.a',
      '{ x ? rec { |a = 1; } }:\nx.a',
    ])
      match(renamed(text, 'c'), /is used as a whole in line \d+, so 'a' in line 2 may be/, text);
    match(renamed('let r = rec { |a = 1; }; in (r // { })\n.b or 2', 'b'), /so 'b' in line 2 may be an attr/);
    const packaged = (name: string, asked = name): string =>
      `let ${name}2 = 1; in derive rec { ${asked} = "1"; src = fetch { inherit v; url = "\${${name}}"; }; }`;
    strictEqual(renamed(packaged('version', '|version'), 'v3'), packaged('v3').replace('v32', 'version2'));
    strictEqual(
      renamed('let r = rec { |a = 1; }; in let a = r; in a', 'b'),
      'let r = rec { b = 1; }; in let a = r; in a',
    );
  });

  it('follows a set through several withs, where the text shows what the nearer ones have', () => {
    const data = 'let lib = { id = x: x; }; data = rec { |list = [ 1 ]; n = list; }; in with data; ';
    const after = data.replace('|', '').replaceAll('list', 'zzz');
    strictEqual(renamed(`${data}{ v = with lib; id list; }`, 'zzz'), `${after}{ v = with lib; id zzz; }`);
    strictEqual(
      renamed(`${data}with { a = 1; inherit (lib) id; }; list`, 'zzz'),
      `${after}with { a = 1; inherit (lib) id; }; zzz`,
    );
    const refused = "'list' in line 1 may come from another 'with', which is nearer.";
    for (const inner of ['import ./x.nix', '{ ${a} = 1; }', 'lib // { }', '(x: x)'])
      strictEqual(renamed(`${data}with ${inner}; list`, 'zzz'), refused, inner);
    // What the nearer one has is another attribute.
    strictEqual(renamed(`${data}with { list = 1; }; n`, 'zzz'), `${after}with { list = 1; }; n`);
    match(renamed(`${data}with { zzz = 1; }; list`, 'zzz'), /zzz|list/);
    strictEqual(/^let/.test(renamed(`${data}with { zzz = 1; }; list`, 'zzz')), false);
  });

  it('ends where sets hold themselves by many names', () => {
    const names = Array.from({ length: 30 }, (_, i) => `n${i}`);
    const text = (name: string, asked = name): string =>
      `let t = { f = { ${asked} }: ${name}; ${names.map((each) => `${each} = t;`).join(' ')} }; in t.n1.f { ${name} = 1; }`;
    strictEqual(renamed(text('a', '|a'), 'b'), text('b'));
  });

  it('goes through deep nesting', () => {
    const deep = (name: string, asked = name): string =>
      `let f = ${'('.repeat(9000)}{ ${asked} }: ${name}${')'.repeat(9000)}; in ${'{ x = '.repeat(900)}f { ${name} = 1; }${'; }'.repeat(900)}`;
    strictEqual(renamed(deep('a', '|a'), 'b'), deep('b'));
  });

  it('is refused where an attribute of the new name is there', () => {
    for (const text of [
      'let f = { |a, ... }: a; in f { a = 1; b = 2; }',
      'args@{ |a, ... }: args.b',
      'let t = rec { |a = 1; }; in t.a + t.b or 1',
      'let t = rec { |a = 1; }; in let b = 2; in with t; a',
    ])
      match(renamed(text, 'b'), /^'b' already has a meaning/, text);
    match(renamed('let t = rec { |a = 1; }; in with t; a', 'map'), /^'map' already/);
  });

  it('writes inherited names out', () => {
    strictEqual(renamed('let a| = 1; in { inherit a; }', 'b'), 'let b = 1; in { a = b; }');
    strictEqual(
      renamed('let a| = 1; c = 2; in { inherit c a; }', 'b'),
      'let b = 1; c = 2; in { inherit c; a = b; }',
    );
    strictEqual(
      renamed('let a| = 1; in { inherit c # città\n  a; }', 'b'),
      'let b = 1; in { inherit c # città\n  ; a = b; }',
    );
    strictEqual(renamed('let inherit (s) a; in a|', 'b'), 'let b = s.a; in b');
    strictEqual(renamed('let inherit (f x) a c; in a|', 'b'), 'let inherit (f x) c; b = (f x).a; in b');
    strictEqual(renamed('b: let inherit (b) a; in a|', 'c'), 'b: let c = b.a; in c');
    strictEqual(renamed('a: let inherit a; in a|', 'b'), 'a: let b = a; in b');
    strictEqual(renamed('a|: let inherit a; in a', 'b'), 'b: let a = b; in a');
  });

  it('is refused where it would change what names mean', () => {
    for (const text of [
      'let a| = 1; b = 2; in a',
      'let a| = 1; in b: a',
      'let b = 1; in let a| = 2; in a + b',
      'let a| = 1; in with x; b',
      '{ a|, b }: a',
      'let a| = 1; in { inherit b; }',
    ])
      match(renamed(text, 'b'), /^'b' already has a meaning/, text);
    match(renamed('let a| = map; in a map', 'map'), /^'map' already/);
    strictEqual(renamed('let a| = 1; in { b = a; }', 'b'), 'let b = 1; in { b = b; }');
    strictEqual(renamed('let a| = 1; in (b: b) a', 'b'), 'let b = 1; in (b: b) b');
  });

  it('is refused for what the file does not define, and for what is no name', () => {
    match(renamed('with x; y|', 'b'), /comes from a 'with'/);
    match(renamed('map|', 'b'), /is a builtin/);
    match(renamed('y|', 'b'), /Nothing in this file defines 'y'/);
    match(renamed('a.b|', 'c'), /no variable, binding or parameter/);
    for (const name of ['', 'a b', '1a', 'let', 'or', '${x}', 'ä'])
      match(renamed('let a| = 1; in a', name), /is not a name/);
  });

  it('is refused for names that say what the bindings around are for', () => {
    for (const [text, name] of [
      ['let { body| = x; x = 1; }', 'b'],
      ['let { body = body|; }', 'b'],
      ['let { x| = 1; }', 'body'],
      ['rec { __overrides| = { }; }', 'b'],
      ['rec { x| = { }; }', '__overrides'],
    ] as const)
      match(renamed(text, name), /a meaning of its own/, text);
    const { text, cursor } = fixture('let { body| = 1; }');
    ok('problem' in renameTarget(parse(text), cursor));
    strictEqual(renamed('let body| = 1; in body', 'b'), 'let b = 1; in b');
    strictEqual(renamed('let { a = body: body|; body = a 1; }', 'b'), 'let { a = b: b; body = a 1; }');
  });

  it('says what it would rename', () => {
    const { text, cursor } = fixture('let abc = 1; in ab|c');
    deepStrictEqual(renameTarget(parse(text), cursor), { range: { start: 16, end: 19 } });
    ok('problem' in renameTarget(parse('1'), 0));
  });
});
