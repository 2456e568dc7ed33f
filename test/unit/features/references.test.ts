import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { highlightsAt, referencesAt, renameAt, renameTarget } from '../../../server/src/features/references';
import { applyEdits } from '../../../server/src/features/text-edit';
import { parse } from '../../../server/src/syntax/parse';
import { fixture } from '../../kit/fixture';

/** The text with all references at the cursor in brackets, declarations in double ones. */
function marked(text: string): string {
  const { text: bytes, cursor } = fixture(text);
  const edits = highlightsAt(parse(bytes), cursor).map(({ range, kind }) => {
    const name = bytes.slice(range.start, range.end);
    return { range, text: kind === 'write' ? `[[${name}]]` : `[${name}]` };
  });
  return decodeUtf8(applyEdits(bytes, edits));
}

/** The text after a rename, or why it is refused. */
function renamed(text: string, newName: string): string {
  const { text: bytes, cursor } = fixture(text);
  const edits = renameAt(parse(bytes), cursor, encodeUtf8(newName));
  return 'problem' in edits ? edits.problem : decodeUtf8(applyEdits(bytes, edits));
}

describe('references', () => {
  it('are all places that mean a variable', () => {
    strictEqual(marked('let a| = 1; in a + (a: a) a'), 'let [[a]] = 1; in [a] + (a: a) [a]');
    strictEqual(
      marked('let a = 1; in let a = 2; b = |a; in a'),
      'let a = 1; in let [[a]] = 2; b = [a]; in [a]',
    );
    strictEqual(marked('{ a|, b ? a }@c: a.a'), '{ [[a]], b ? [a] }@c: [a].a');
    strictEqual(marked('{ a }@c|: { c = c.a; }'), '{ a }@[[c]]: { c = [c].a; }');
    strictEqual(marked('rec { a| = 1; b = { a = a; }; }'), 'rec { [[a]] = 1; b = { a = [a]; }; }');
    strictEqual(marked('let x.a = 1; x.b = 2; in x|'), 'let [[x]].a = 1; [[x]].b = 2; in [x]');
    strictEqual(marked('let a = 1; in "${a|} a"'), 'let [[a]] = 1; in "${[a]} a"');
    strictEqual(marked('with x|; x'), 'with [x]; [x]');
    strictEqual(marked('map| (map: map) map'), '[map] (map: map) [map]');
  });

  it('go through inherit, but not past what it declares', () => {
    strictEqual(marked('let a| = 1; in { inherit a; }'), 'let [[a]] = 1; in { inherit [a]; }');
    strictEqual(
      marked('let a| = 1; in rec { inherit a; b = a; }'),
      'let [[a]] = 1; in rec { inherit [a]; b = a; }',
    );
    strictEqual(marked('let inherit (s) a; in a|'), 'let inherit (s) [[a]]; in [a]');
    strictEqual(marked('a: let inherit a; in a|'), 'a: let inherit [[a]]; in [a]');
  });

  it('leave out the declaration on request', () => {
    const { text, cursor } = fixture('let a = 1; in a| + a');
    strictEqual(referencesAt(parse(text), cursor, false).length, 2);
    strictEqual(referencesAt(parse(text), cursor, true).length, 3);
  });

  it('are none where there is no name of a scope', () => {
    for (const text of ['a.b|', '{ a| = 1; }', '1|', '# a|', '|']) {
      const { text: bytes, cursor } = fixture(text);
      deepStrictEqual(highlightsAt(parse(bytes), cursor), [], text);
    }
  });
});

describe('rename', () => {
  it('changes all of them', () => {
    strictEqual(renamed('let a| = 1; in a + (a: a) a', 'b'), 'let b = 1; in b + (a: a) b');
    strictEqual(renamed('{ a, b ? a| }: a', 'xyz'), '{ xyz, b ? xyz }: xyz');
    strictEqual(renamed('let x.a = 1; x.b = x|.a; in x', 'y'), 'let y.a = 1; y.b = y.a; in y');
    strictEqual(renamed('let a| = 1; in a', 'a'), 'let a = 1; in a');
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
