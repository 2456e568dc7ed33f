import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { decodeUtf8, type Bytes } from '../../../server/src/base/bytes';
import type { Location } from '../../../server/src/evaluator/service';
import { definitionAt, type Definition } from '../../../server/src/features/definition';
import { parse } from '../../../server/src/syntax/parse';
import { fixture, type Fixture } from '../../kit/fixture';
import { LiveTest, workspace } from '../../kit/live';

const found = ({ text, cursor }: Fixture): Definition | undefined =>
  definitionAt(parse(text), `${workspace}/file.nix`, cursor);

/** The name at the cursor leads to the range `here`, by the text alone. */
function leadsHere(marked: string): void {
  const { text, cursor, range } = fixture(marked);
  const definition = definitionAt(parse(text), '/file.nix', cursor);
  deepStrictEqual(definition, { kind: 'here', range: range('here') });
}

/** What the evaluator answers at the cursor, as `file:line:column`; lines and columns from 0. */
function asked(test: LiveTest, name: string, marked: string): string | undefined {
  const opened = test.open(name, marked);
  const definition = definitionAt(parse(opened.text), test.path(name), opened.cursor);
  strictEqual(definition?.kind, 'ask');
  return definition.kind === 'ask' ? shown(test.service.locate(test.path(name), definition.question)) : '';
}

function shown(location: Location | undefined): string | undefined {
  if (location === undefined) return undefined;
  const { line, character } = location.range.start;
  return `${relative(location.path)}:${line}:${character}`;
}

const relative = (path: Bytes): string => decodeUtf8(path).replace(`${workspace}/`, '');

const evaluated = (marked: string, others: Record<string, string> = {}): string | undefined => {
  const test = new LiveTest();
  for (const [name, text] of Object.entries(others)) test.open(name, text);
  return asked(test, 'file.nix', marked);
};

describe('definition', () => {
  it('leads a variable to its binding or parameter', () => {
    leadsHere('let «here:a» = 1; in a|');
    leadsHere('let «here:a» = 1; in { b = |a; }');
    leadsHere('rec { «here:a» = 1; b = a|; }');
    leadsHere('«here:x»: y: x|');
    leadsHere('{ «here:a» ? 1, b ? a| }: b');
    leadsHere('{ a }@«here:all»: all|.a');
    leadsHere('let { «here:a» = 1; body = a|; }');
    leadsHere('let «here:a».b = 1; in a|.b');
    leadsHere('let «here:a» = ""; in "${|a}"');
  });

  it('respects shadowing, and prefers a binding to a with', () => {
    leadsHere('let a = 1; in let «here:a» = 2; in a|');
    leadsHere('let a = 1; in «here:a»: a|');
    leadsHere('let «here:a» = 1; in with { a = 2; }; a|');
    leadsHere('let «here:a» = 1; in { a = 2; b = a|; }');
  });

  it('goes through inherit', () => {
    leadsHere('let «here:a» = 1; in { inherit a|; }');
    leadsHere('let «here:a» = 1; in rec { inherit a; b = |a; }');
    leadsHere('let «here:a» = 1; in rec { inherit |a; b = a; }');
    strictEqual(evaluated('let s = { a = 1; }; in { inherit (s) a|; }'), 'file.nix:0:10');
    strictEqual(evaluated('let s = { a = 1; }; inherit (s) a; in a|'), 'file.nix:0:10');
  });

  it('stays on a binding', () => {
    leadsHere('f { «here:|a» = 1; }');
    leadsHere('[ { a.«here:b|» = 1; } ]');
    strictEqual(evaluated('{ |a = 1; }'), undefined);
    const { text, cursor } = fixture('{ |a = 1; }');
    const found = definitionAt(parse(text), '/file.nix', cursor);
    deepStrictEqual(found?.kind === 'ask' && found.otherwise, { kind: 'here', range: { start: 2, end: 3 } });
  });

  it('finds attributes by evaluation', () => {
    strictEqual(evaluated('let s = { a.b = { c = 1; }; }; in s.a.b.c|'), 'file.nix:0:18');
    strictEqual(evaluated('let s = { a = 1; } // { b = 2; }; in s.|b'), 'file.nix:0:24');
    strictEqual(evaluated('let s = { a = 1; }; in s ? |a'), 'file.nix:0:10');
    strictEqual(evaluated('(({ x }: { y = x; }) { x = 1; }).y|'), 'file.nix:0:11');
    strictEqual(evaluated('let n = "k"; s = { k = { v = 1; }; }; in s.${n}.v|'), 'file.nix:0:25');
    strictEqual(evaluated('let s = { a = 1; }; in s.b|'), undefined);
    strictEqual(evaluated('(throw "no").b|'), undefined);
  });

  it('finds attributes in other files', () => {
    const files = {
      'lib.nix': '{\n  one = 1;\n  two = x: x;\n}',
      'over.nix': 'final: prev: {\n  one = 2;\n}',
    };
    strictEqual(evaluated('(import ./lib.nix).|two', files), 'lib.nix:2:2');
    strictEqual(
      evaluated('let l = import ./lib.nix; in (l // import ./over.nix l l).one|', files),
      'over.nix:1:2',
    );
    strictEqual(evaluated('with import ./lib.nix; two|', files), 'lib.nix:2:2');
  });

  it('leads paths to files', () => {
    const files = { 'lib.nix': '1', 'dir/default.nix': '2' };
    strictEqual(evaluated('import ./l|ib.nix', files), 'lib.nix:0:0');
    const copied = { 'all/lib.nix': '{\n  one = 1; two = x: x; }', 'all/default.nix': 'import ./lib.nix' };
    strictEqual(evaluated('(import "${./all}/lib.nix").o|ne', copied), 'all/lib.nix:1:2');
    strictEqual(evaluated('(import "${./all}").tw|o', copied), 'all/lib.nix:1:11');
    strictEqual(evaluated('(import (builtins.toFile "a" "{ a = 1; }")).|a', copied), undefined);
    strictEqual(evaluated('import| ./dir', files), 'dir/default.nix:0:0');
    strictEqual(evaluated('import ./no|ne.nix', files), undefined);
    const answer = found(fixture('./li|b.nix'));
    deepStrictEqual(answer?.kind === 'ask' && answer.otherwise, {
      kind: 'file',
      path: `${workspace}/lib.nix`,
    });
  });

  it('leads a formal to what the caller passes', () => {
    strictEqual(
      evaluated('{ a| }: a', { 'caller.nix': 'import ./file.nix {\n  a = 1;\n}' }),
      'caller.nix:1:2',
    );
  });

  it('finds nothing on what is no name', () => {
    for (const text of ['1| + 2', '# com|ment\n1', '"te|xt"', '|', 'map|', 'with { }; map|', 'undefined|'])
      strictEqual(found(fixture(text)), undefined, text);
  });
});
