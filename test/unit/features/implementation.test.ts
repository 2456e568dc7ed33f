import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { implementationAt } from '../../../server/src/features/implementation';
import { parse } from '../../../server/src/syntax/parse';
import { LiveTest, workspace } from '../../kit/live';

/** Where the value at the cursor of a document is written, as `file:line:column` from 0. */
function written(marked: string, others: Record<string, string> = {}): string | undefined {
  const test = new LiveTest();
  for (const [name, text] of Object.entries(others)) test.open(name, text);
  const { text, cursor } = test.open('file.nix', marked);
  const question = implementationAt(parse(text), cursor);
  const location = question && test.service.locate(test.path('file.nix'), question);
  if (location === undefined) return undefined;
  const { line, character } = location.range.start;
  return `${decodeUtf8(location.path).replace(`${workspace}/`, '')}:${line}:${character}`;
}

describe('implementation', () => {
  it('of a selection is that of the attribute, whatever variables have its name', () => {
    strictEqual(written('let t = { f = x: x; }; in t.|f'), 'file.nix:0:14');
    strictEqual(written('let t = { f = x: x; }; in t.f|'), 'file.nix:0:14');
    strictEqual(written('let t = { f = x: x; }; in t."|f"'), 'file.nix:0:14');
    strictEqual(written('let f = y: y; t = { f = x: x; }; in t.|f'), 'file.nix:0:24');
    strictEqual(written('let t.u.f = x: x; in t.u|.f'), 'file.nix:0:4');
    strictEqual(written('let t.u.f = x: x; in t.u.f| or 1'), 'file.nix:0:12');
    strictEqual(written('let n = "f"; t = { f = x: x; }; in t.${n}|'), undefined);
  });

  it('of a name that is asked for by ? is that of the attribute', () => {
    strictEqual(written('let t = { f = x: x; }; in t ? |f'), 'file.nix:0:14');
    strictEqual(written('let t.u.f = x: x; in t ? u.|f'), 'file.nix:0:12');
    strictEqual(written('let t.u.f = x: x; in t ? u|.f'), 'file.nix:0:4');
    strictEqual(written('let t.u = 1; in t ? |v'), undefined);
    strictEqual(written('let t.u = x: x; in t ? |${"u"}'), undefined);
  });

  it('of a name that is bound or inherited is that of its value', () => {
    const lib = { 'lib.nix': '# a\n{\n  optional = c: c;\n}' };
    strictEqual(written('let lib = import ./lib.nix; in { |h = lib.optional; }', lib), 'lib.nix:2:13');
    strictEqual(written('let lib = import ./lib.nix; in { inherit (lib) |optional; }', lib), 'lib.nix:2:13');
    strictEqual(written('let lib = import ./lib.nix; in lib.|optional', lib), 'lib.nix:2:13');
    strictEqual(written('let f = x: x; in { inherit |f; }'), 'file.nix:0:8');
    strictEqual(written('let f = x: x; in { a.|b.c = f; }'), 'file.nix:0:19');
  });

  it('of a package is its file', () => {
    const files = {
      'pkgs.nix': `{ git = { meta.position = "${workspace}/git.nix:3"; }; }`,
      'git.nix': '\n\n{ }: 1',
      'system.nix': 'import ./file.nix { config = { }; pkgs = import ./pkgs.nix; }',
    };
    strictEqual(written('{ config, pkgs, ... }: { a.b = [ pkgs.|git ]; }', files), 'git.nix:2:0');
    strictEqual(written('{ config, pkgs, ... }: with pkgs; [ |git ]', files), 'git.nix:2:0');
    strictEqual(written('{ config, |pkgs, ... }: with pkgs; [ git ]', files), 'pkgs.nix:0:2');
  });

  it('of a set is the first of its attributes in the text, whatever they are called', () => {
    const files = {
      'lib.nix': '\nrec {\n  twice = x: double x;\n  double = x: x * 2;\n}',
      'more.nix': '{\n a = 1; }',
    };
    strictEqual(written('let lib = import ./lib.nix; in |lib', files), 'lib.nix:2:2');
    strictEqual(written('let lib = import ./lib.nix // { thrice = 1; }; in |lib', files), 'lib.nix:2:2');
    strictEqual(written('let all = import ./lib.nix // import ./more.nix; in |all', files), 'more.nix:1:1');
  });

  it('of a path is the file that it names', () => {
    strictEqual(written('./|a.nix', { 'a.nix': '1' }), 'a.nix:0:0');
    strictEqual(written('import ./dir|', { 'dir/default.nix': '1' }), 'dir/default.nix:0:0');
    strictEqual(written('./|a.nix'), undefined);
  });

  it('is asked of names and paths alone', () => {
    const asked = (text: string): unknown =>
      implementationAt(parse(text.replace('|', '')), text.indexOf('|'));
    deepStrictEqual(asked('<a|>'), { kind: 'shown', offset: 0 });
    strictEqual(asked('|1 + 2'), undefined);
    strictEqual(asked('|[ ]'), undefined);
  });
});
