// Where a file names an attribute: what binds it, and what may mean it.
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import {
  aboutName,
  attributeBoundBy,
  attributeNamedAt,
  attributeWithPosition,
  candidatesFor,
} from '../../../server/src/features/attribute-names';
import { attributeEdits } from '../../../server/src/features/rename';
import { applyEdits } from '../../../server/src/features/text-edit';
import { parse } from '../../../server/src/syntax/parse';
import { fixture } from '../../kit/fixture';

describe('the attribute at a place', () => {
  const nameAt = (marked: string): string | undefined => {
    const { text, cursor } = fixture(marked);
    return attributeNamedAt(parse(text), cursor)?.name;
  };

  it('is bound, selected, inherited, or comes from a with', () => {
    strictEqual(nameAt('{ |a = 1; }'), 'a');
    strictEqual(nameAt('{ a.b|.c = 1; }'), 'b');
    strictEqual(nameAt('{ "a b|" = 1; }'), 'a b');
    strictEqual(nameAt('let s.a| = 1; in s'), 'a');
    strictEqual(nameAt('x: x.y.|a or 1'), 'a');
    strictEqual(nameAt('x: x ? a|'), 'a');
    strictEqual(nameAt('x: { inherit (x) a|; }'), 'a');
    strictEqual(nameAt('x: with x; |a'), 'a');
    strictEqual(nameAt('x: with x; { inherit a|; }'), 'a');
    strictEqual(nameAt('rec { a = 1; b = a|; }'), 'a');
    strictEqual(nameAt('{ a }: |a'), 'a');
  });

  it('is none where a scope has the name, or nothing', () => {
    strictEqual(nameAt('let a| = 1; in a'), undefined);
    strictEqual(nameAt('x: with x; |map'), undefined);
    strictEqual(nameAt('|a'), undefined);
    strictEqual(nameAt('{ x = "|a"; }'), undefined);
    strictEqual(nameAt('{ ${a|} = 1; }'), undefined);
    strictEqual(nameAt('{ "a${b}|" = 1; }'), undefined);
    strictEqual(nameAt('{ a = 1|; }'), undefined);
  });
});

describe('an attribute that is bound', () => {
  /** The text with the places of the attribute in brackets, whose name starts at the cursor. */
  const places = (marked: string): string | undefined => {
    const { text, cursor } = fixture(marked);
    const bound = attributeBoundBy(parse(text), cursor);
    const edits = bound?.places.map(({ range }) => ({
      range,
      text: `[${text.slice(range.start, range.end)}]`,
    }));
    return edits && decodeUtf8(applyEdits(text, edits));
  };

  it('has the places of all parts of its set', () => {
    strictEqual(places('{ |a.b = 1; a.c = 2; b.a = 3; }'), '{ [a].b = 1; [a].c = 2; b.a = 3; }');
    strictEqual(
      places('{ x.|a = 1; x = { a.b = 1; }; x.y.a = 1; y = { a = 1; }; }'),
      '{ x.[a] = 1; x = { [a].b = 1; }; x.y.a = 1; y = { a = 1; }; }',
    );
    strictEqual(
      places('{ x = { y.|a = 1; }; x.y = { inherit (s) a b; }; }'),
      '{ x = { y.[a] = 1; }; x.y = { inherit (s) [a] b; }; }',
    );
    strictEqual(places('let s.|a = 1; s.b = s.a; in s'), 'let s.[a] = 1; s.b = s.a; in s');
    strictEqual(places('f { |"a" = 1; } { a = 2; }'), 'f { ["a"] = 1; } { a = 2; }');
  });

  it('has the variables of a recursive set', () => {
    strictEqual(
      places('rec { |a = 1; b = a + (a: a) 1; inherit (x) c; }'),
      'rec { [a] = 1; b = [a] + (a: a) 1; inherit (x) c; }',
    );
    strictEqual(
      places('{ x = rec { |a = 1; b = a; }; x.c = 2; }'),
      '{ x = rec { [a] = 1; b = [a]; }; x.c = 2; }',
    );
  });

  it('is none where the text does not tell', () => {
    strictEqual(places('let |a = 1; in a'), undefined);
    strictEqual(places('{ ${x}.|a = 1; }'), undefined);
    strictEqual(places('{ a.|a = 1; }'), undefined);
    strictEqual(places('{ a = { |a = 1; }; }'), undefined);
    strictEqual(places('{ x = s.|a; }'), undefined);
    strictEqual(places('x: x.|a'), undefined);
  });

  it('is known by the position that values keep', () => {
    const text = '{ x.y.a = 1; inherit (s) b c; }';
    const positionsOf = (name: string, at: string): number[] | undefined => {
      const bound = attributeWithPosition(parse(text), text.indexOf(at), name);
      return bound && [...bound.positions];
    };
    deepStrictEqual(positionsOf('a', 'x.y.a'), [2]);
    deepStrictEqual(positionsOf('x', 'x.y.a'), [2]);
    deepStrictEqual(positionsOf('c', 'c;'), [27]);
    strictEqual(positionsOf('b', 'c;'), undefined);
    strictEqual(positionsOf('b', 'x.y.a'), undefined);
    strictEqual(positionsOf('a', '= 1'), undefined);
  });
});

describe('what may mean an attribute', () => {
  const kinds = (text: string): string[] =>
    candidatesFor(parse(text), '/w/a.nix', 'a').map(
      ({ place, question, isFormal }) =>
        `${place.range.start} ${place.kind} ${question.kind}${isFormal ? ' formal' : ''}`,
    );

  it('is selected, inherited, passed, or comes from a with', () => {
    deepStrictEqual(kinds('x: [ x.a (x ? a.b) { inherit (x) a; } ]'), [
      '7 use name',
      '14 use name',
      '33 selected name',
    ]);
    deepStrictEqual(kinds('x: with x; [ a { inherit a; } ]'), ['13 use name', '25 inherit name']);
    deepStrictEqual(kinds('{ a }: a'), ['2 use name formal']);
    deepStrictEqual(kinds('x: let inherit (x) a; in a'), ['19 selected name']);
  });

  it('is the definition of an option, or its value', () => {
    deepStrictEqual(kinds('{ config, ... }: { x.a = config.x.a; }'), ['21 use option', '34 use option']);
  });

  it('is nothing that the text tells', () => {
    deepStrictEqual(kinds('let a = 1; in [ a { inherit a; } { a = 2; } "a" ]'), []);
    deepStrictEqual(kinds('rec { a = 1; b = a; }'), []);
  });

  it('can be asked of another name', () => {
    const [use] = candidatesFor(parse('x: x.a'), '/w/a.nix', 'a');
    deepStrictEqual(aboutName(use!.question, 'b'), {
      kind: 'name',
      of: { kind: 'attribute', of: { target: { start: 3, end: 4 }, names: [] }, name: 'b' },
    });
    const [definition] = candidatesFor(parse('{ ... }: { a = 1; }'), '/w/a.nix', 'a');
    strictEqual(aboutName(definition!.question, 'b'), undefined);
  });
});

describe('edits of an attribute', () => {
  /** All places that may mean `a` as edits. */
  const edited = (text: string, newName = 'b'): string => {
    const parsed = parse(encodeUtf8(text));
    const all = candidatesFor(parsed, '/w/a.nix', 'a').map(({ place }) => place);
    const edits = attributeEdits(parsed, all, 'a', newName);
    return 'problem' in edits ? edits.problem : decodeUtf8(applyEdits(parsed.text, edits));
  };

  it('keep what a scope or a set names by it', () => {
    strictEqual(edited('x: let inherit (x) a c; in a + c'), 'x: let inherit (x) c; a = x.b; in a + c');
    strictEqual(edited('x: with x; { inherit a; }'), 'x: with x; { a = b; }');
    strictEqual(edited('x: with x; [ a x.a.a ]'), 'x: with x; [ b x.b.b ]');
  });

  it('go on reading the variable that a set inherits', () => {
    const rename = (text: string, at: number, newName: string): string => {
      const parsed = parse(text);
      const edits = attributeEdits(parsed, attributeBoundBy(parsed, at)!.places, 'a', newName);
      return 'problem' in edits ? edits.problem : applyEdits(text, edits);
    };
    strictEqual(rename('a: { inherit a; }', 13, 'b'), 'a: { b = a; }');
    strictEqual(rename('a: { inherit a c; }', 13, 'b'), 'a: { inherit c; b = a; }');
    strictEqual(rename('s: { inherit (s) a; }', 17, 'b'), 's: { b = s.a; }');
  });

  it('are refused where they change what another name means', () => {
    strictEqual(edited('x: let b = 1; in with x; a'), "'b' already has a meaning where 'a' is used.");
    strictEqual(edited('b: x: with x; [ a ]'), "'b' already has a meaning where 'a' is used.");
    strictEqual(edited('x: with x; let c = a; in b: b'), 'x: with x; let c = b; in b: b');
  });

  it('are refused where the set has the new name', () => {
    const text = '{ a = 1; b = 2; }';
    const parsed = parse(text);
    const edits = attributeEdits(parsed, attributeBoundBy(parsed, 2)!.places, 'a', 'b');
    deepStrictEqual(edits, { problem: "The set that has 'a' has 'b', too." });
  });
});
