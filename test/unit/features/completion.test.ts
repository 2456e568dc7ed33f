import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chosenItems, completionAt } from '../../../server/src/features/completion';
import {
  completionLimit,
  memberItems,
  type CompletionItem,
} from '../../../server/src/features/completion/items';
import { pathItems } from '../../../server/src/features/completion/paths';
import { DiskHost } from '../../../server/src/host/disk-host';
import { MemoryHost } from '../../../server/src/host/memory-host';
import { parse } from '../../../server/src/syntax/parse';
import { fixture } from '../../kit/fixture';
import { LiveTest, workspace } from '../../kit/live';

/** All items at the cursor, with those of the evaluator. */
function items(marked: string, others: Record<string, string> = {}): CompletionItem[] | undefined {
  const searchPath = 'nixpkgs/default.nix' in others ? [`nixpkgs=${workspace}/nixpkgs`] : [];
  const test = new LiveTest({ searchPath });
  for (const [name, text] of Object.entries(others)) test.open(name, text);
  const { text, cursor } = test.open('file.nix', marked);
  const found = completionAt(parse(text), cursor);
  if (found === undefined) return undefined;
  const members = test.service.members(test.path('file.nix'), found.questions);
  const asked = members.flatMap((each, i) => memberItems(found.questions[i]!, each, found.askedRank));
  return chosenItems(found, [...found.items, ...asked]).items;
}

const labels = (marked: string, others?: Record<string, string>): string[] =>
  (items(marked, others) ?? []).map(({ label }) => label);

/** Without what is proposed everywhere. */
const named = (marked: string): string[] =>
  (items(marked) ?? []).filter(({ rank }) => rank < 3).map(({ label }) => label);

describe('completion', () => {
  it('proposes what is in scope, the innermost first', () => {
    deepStrictEqual(named('let a = 1; b = x: { c }: |; in a'), ['c', 'x', 'a', 'b']);
    deepStrictEqual(named('let a = 1; in |'), ['a']);
    deepStrictEqual(named('x: |'), ['x']);
    deepStrictEqual(named('rec { a = 1; b = |; }'), ['a', 'b']);
    deepStrictEqual(named('let a = 1; in "${|}"'), ['a']);
    deepStrictEqual(named('let a = 1; in { b = |\n c = 2; }'), ['a']);
    deepStrictEqual(named('let one = 1; other = 2; in on|'), ['one']);
    deepStrictEqual(named('{ a, b ? | }: 1'), ['a', 'b']);
  });

  it('proposes for a formal what the function could be passed', () => {
    const callers = (expression: string) => ({ 'main.nix': expression });
    deepStrictEqual(labels('{ lib, | }: lib', callers('import ./file.nix { lib = 1; other = 2; }')), [
      'other',
    ]);
    deepStrictEqual(labels('{ lib, |, ... }: lib', callers('import ./file.nix { lib = 1; inputs = 2; }')), [
      'inputs',
    ]);
    const set = `let
      pkgs = { hello = 1; curl = 2; inner = { help = 3; callPackage = callWith pkgs.inner; }; callPackage = callWith pkgs; };
      callWith = all: path: extra:
        let made = if builtins.isFunction path then path else import path;
        in made (builtins.intersectAttrs (builtins.functionArgs made) all // extra);
    in `;
    const atTop = callers(`${set} pkgs.callPackage ./file.nix { own = 1; }`);
    deepStrictEqual(labels('{ curl, | }: [ curl used ]', atTop), [
      'used',
      'own',
      'callPackage',
      'hello',
      'inner',
    ]);
    deepStrictEqual(labels('{ curl, he| }: curl', callers(`${set} pkgs.callPackage ./file.nix { }`)), [
      'hello',
    ]);
    deepStrictEqual(labels('{ | }: 1', callers(`${set} pkgs.inner.callPackage ./file.nix { }`)), [
      'callPackage',
      'help',
    ]);
    deepStrictEqual(labels('{ he| }: 1', { 'nixpkgs/default.nix': `{ }: ${set} pkgs` }), ['hello']);
    deepStrictEqual(labels('{ | }: 1'), []);
    // The module system passes all that a module asks for.
    const modules = `let
      modules = { file = import ./file.nix; };
      asked = builtins.mapAttrs (name: _: throw name) (builtins.functionArgs modules.file);
      config._module.args = { pkgs = { }; inputs = { }; };
    in modules.file (asked // { inherit config; lib = { }; })`;
    deepStrictEqual(labels('{ lib, p|, ... }: { }', callers(modules)), ['pkgs', 'inputs']);
    deepStrictEqual(labels('{ lib, c|, ... }: { }', callers(modules)), ['config']);
  });

  it('proposes names from with, below those in scope', () => {
    deepStrictEqual(named('let a = 1; in with { b = 2; c = 3; }; [ | ]'), ['a', 'b', 'c']);
    deepStrictEqual(named('with { b = 2; }; with { c = 1; }; |'), ['c', 'b']);
  });

  it('proposes builtins with their documentation, and keywords', () => {
    const found = items('|')!;
    ok(found.find(({ label }) => label === 'map')!.documentation!.length > 10);
    for (const label of ['builtins', 'true', 'import', 'let', 'with', 'if'])
      ok(
        found.some((item) => item.label === label),
        label,
      );
    ok(!found.some(({ label }) => label.startsWith('__')));
    ok(labels('__sub|').includes('__substring'));
    ok(labels('if true t|').includes('then'));
    ok(labels('let a = 1; i|').includes('in'));
    deepStrictEqual(labels('{ i| }'), ['inherit']);
  });

  it('proposes the members of builtins', () => {
    const found = items('builtins.|')!;
    ok(found.length > 100);
    const map = found.find(({ label }) => label === "foldl'")!;
    strictEqual(map.detail, 'op: nul: list:');
    ok(map.documentation !== undefined);
    ok(labels('builtins.attrN|').includes('attrNames'));
    deepStrictEqual(labels('let builtins = { a = 1; }; in builtins.|'), ['a']);
  });

  it('proposes attributes by evaluation, in texts that do not parse', () => {
    deepStrictEqual(labels('let s = { a = 1; b.c = 2; }; in s.|'), ['a', 'b']);
    deepStrictEqual(labels('let s = { a = 1; b.c = 2; }; in s.b.|'), ['c']);
    deepStrictEqual(labels('{ x = y.|\n  y = 1; }').length, 0);
    deepStrictEqual(labels('rec { y = { k = 1; }; x = y.|\n  z = 1; }'), ['k']);
    deepStrictEqual(labels('let s = { a = 1; }; in (s // { b = 2; }).|'), ['a', 'b']);
    deepStrictEqual(labels('let s = { a = { b = 1; }; }; n = "a"; in s.${n}.|'), ['b']);
    deepStrictEqual(labels('(import ./lib.nix).|', { 'lib.nix': '{ one = 1; two = 2; }' }), ['one', 'two']);
    deepStrictEqual(labels('let s = { a = 1; }; in s ? |'), ['a']);
    deepStrictEqual(labels('(throw "no").|'), []);
    deepStrictEqual(labels('let f = s: s.|; in f { a = 1; }'), ['a']);
    deepStrictEqual(labels('let s = { a = 1; ab = 2; }; in s.|a'), ['a', 'ab']);
  });

  it('quotes names that are no identifiers', () => {
    const [item] = items('let s = { "a b" = 1; }; in s.|')!;
    deepStrictEqual([item!.label, item!.insert], ['a b', '"a b"']);
  });

  it('says what a value is where it is known already', () => {
    const known = items('let s = { a = "x"; n = 1; }; in s.|')!;
    deepStrictEqual(
      known.map(({ detail, kind }) => [detail, kind]),
      [
        ['"x"', 'value'],
        ['1', 'value'],
      ],
    );
  });

  it('proposes names in quotes', () => {
    const set = String.raw`s = { "a b" = 1; "c\"d" = 2; ef = 3; }`;
    deepStrictEqual(labels(`let ${set}; in s."|"`), ['a b', 'ef']);
    deepStrictEqual(labels(`let ${set}; in s."a |"`), ['a b']);
    deepStrictEqual(labels(`let ${set}; in s ? "e|"`), ['ef']);
    deepStrictEqual(labels(`let ${set}; in { inherit (s) "|"; }`), ['a b', 'ef']);
    deepStrictEqual(labels('let a = 1; in { inherit "|"; }'), ['a']);
    deepStrictEqual(labels('let f = { a, b ? 1 }: a; in f { "|" = 1; }'), ['a', 'b']);
    deepStrictEqual(labels('builtins."mapA|"'), ['mapAttrs']);
    deepStrictEqual(labels(`let ${set}; in s."\${x}|"`), []);
  });

  it('writes names in quotes as they are', () => {
    const [item] = items('let s = { "a b" = 1; }; in s."|"')!;
    strictEqual(item!.label, 'a b');
    strictEqual(item!.insert, undefined);
    strictEqual(items('let s = { "a b" = 1; }; in s.|')![0]!.insert, '"a b"');
  });

  it('proposes what inherit can take', () => {
    deepStrictEqual(labels('let a = 1; in { inherit |; }'), ['a']);
    deepStrictEqual(labels('let s = { a = 1; b = 2; }; in { inherit (s) a |; }'), ['b']);
    deepStrictEqual(labels('let s = { "ä" = 1; b = 2; }; in { inherit (s) "ä" |; }'), ['b']);
    deepStrictEqual(labels('let a = 1; in rec { b = 2; inherit |; }'), ['a']);
  });

  it('proposes the formals of a function that is called', () => {
    deepStrictEqual(labels('let f = { a, b ? 1 }: a; in f { | }'), ['a', 'b', 'inherit']);
    deepStrictEqual(labels('let f = { a, b ? 1 }: a; in f { a = 1; | }'), ['b', 'inherit']);
    deepStrictEqual(labels('let f = x: { a, b }: a; in f 1 { | }'), ['a', 'b', 'inherit']);
    deepStrictEqual(labels('let f.__functor = self: { a }: a; in f { | }'), ['a', 'inherit']);
    const file = { 'p.nix': '{ stdenv, lib ? null }: 1' };
    deepStrictEqual(labels('let c = f: a: 1; in c ./p.nix { | }', file), ['stdenv', 'lib', 'inherit']);
  });

  it('proposes as formals what a function uses', () => {
    deepStrictEqual(labels('{ a, | }: a + b + map (c: c) [ ]'), ['b']);
  });

  it('completes nothing in comments, strings, numbers and names of parameters', () => {
    for (const text of ['# |', '"|"', "''a |''", '/* | */ 1', '12|', '{ a.| = 1; }', '1.|', 'x|: 1'])
      deepStrictEqual(labels(text), [], text);
  });

  it('sends a part of many names, those that begin with the word first', () => {
    const many = Array.from({ length: 5000 }, (_, i) => `name${i} = ${i};`).join(' ');
    const all = items(`let s = { ${many} xname12 = 1; }; in s.|`)!;
    strictEqual(all.length, completionLimit);
    const some = labels(`let s = { ${many} xname12 = 1; }; in s.NAME12|`);
    strictEqual(some[0], 'name12');
    ok(some.includes('name1234') && some.includes('xname12') && !some.includes('name2'));
  });

  it('completes paths', () => {
    const host = new MemoryHost(new DiskHost());
    for (const name of ['lib/a.nix', 'lib/b.txt', '.hidden/x', 'with space', 'zed.nix'])
      host.set(`${workspace}/${name}`, '1');
    const path = (marked: string): string[] | undefined => {
      const cursor = marked.indexOf('|');
      const found = completionAt(parse(marked.replace('|', '')), cursor);
      return found?.folder === undefined
        ? undefined
        : chosenItems(found, pathItems(host, `${workspace}/file.nix`, found.folder, found.prefix)).items.map(
            ({ label }) => label,
          );
    };
    deepStrictEqual(path('import ./|'), ['lib', 'zed.nix']);
    deepStrictEqual(path('import ./l|'), ['lib']);
    deepStrictEqual(path('[ ./lib/| ]'), ['a.nix', 'b.txt']);
    deepStrictEqual(path('lib/|'), ['a.nix', 'b.txt']);
    deepStrictEqual(path('./.|'), ['.hidden']);
    deepStrictEqual(path('./none/|'), []);
    deepStrictEqual(path('"./|"'), undefined);
    deepStrictEqual(path('# ./|'), undefined);
  });

  it('completes what is found in the search path', () => {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-'));
    try {
      for (const name of [
        'pkgs/lib/a.nix',
        'pkgs/lib/.b',
        'pkgs/README',
        'pkgs/default.nix',
        'all/own/x.nix',
      ]) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), '1');
      }
      symlinkSync('own', join(folder, 'all/link'));
      const searchPath = [
        `nixpkgs=${folder}/pkgs`,
        `a/b=${folder}/pkgs`,
        `file=${folder}/pkgs/README`,
        `${folder}/all`,
      ];
      const test = new LiveTest({ searchPath });
      const completed = (marked: string): string[] => {
        // A mark before `>` would be an operator to a fixture.
        const { text } = test.open('file.nix', marked.replace('|', ''));
        const found = completionAt(parse(text), marked.indexOf('|'));
        const members = found ? test.service.members(test.path('file.nix'), found.questions) : [];
        const all = members.flatMap((each, i) => memberItems(found!.questions[i]!, each, found!.askedRank));
        return chosenItems(found!, all).items.map(({ label, kind }) => `${label} ${kind}`);
      };
      const names = ['a folder', 'link folder', 'nixpkgs folder', 'own folder', 'file file'];
      const isOwn = (name: string): boolean => names.includes(name);
      deepStrictEqual(completed('import <|>').filter(isOwn), names);
      deepStrictEqual(completed('import <|').filter(isOwn), names);
      deepStrictEqual(completed('import <nix|>'), ['nixpkgs folder']);
      deepStrictEqual(completed('import <nix|').filter(isOwn), ['nixpkgs folder']);
      for (const end of ['>', '']) {
        deepStrictEqual(completed(`<nixpkgs/lib|${end}`), ['lib folder']);
        deepStrictEqual(completed(`<nixpkgs/|${end}`), ['default.nix file', 'lib folder', 'README file']);
        deepStrictEqual(completed(`<nixpkgs/lib/|${end}`), ['a.nix file']);
        deepStrictEqual(completed(`<nixpkgs/lib/.|${end}`), ['.b file']);
        deepStrictEqual(completed(`[ <a/|${end} ]`), ['b folder']);
        deepStrictEqual(completed(`(import <a/b/lib|${end})`), ['lib folder']);
        deepStrictEqual(completed(`<link/|${end}`), ['x.nix file']);
        deepStrictEqual(completed(`<none/|${end}`), []);
        deepStrictEqual(completed(`<file/|${end}`), []);
      }
      deepStrictEqual(completed('1 < |'), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('proposes the inputs of a flake where one is bound or followed', () => {
    const inFlake = (marked: string): string[] => {
      const { text, cursor } = fixture(marked);
      const found = completionAt(parse(text), cursor, true);
      return found === undefined ? [] : chosenItems(found, found.items).items.map(({ label }) => label);
    };
    const known = 'inputs.a.url = ""; inputs = { b.inputs.c.url = ""; };';
    const outputs = 'outputs = { self, a, d }: { };';
    deepStrictEqual(inFlake(`{ ${known} inputs.|\n ${outputs} }`), ['d', 'a', 'b']);
    deepStrictEqual(inFlake(`{ ${outputs} inputs = { a.url = ""; | }; }`), ['d', 'a', 'inherit']);
    deepStrictEqual(inFlake(`{ ${outputs} inputs = { a = { }; | }; }`), ['d', 'inherit']);
    deepStrictEqual(inFlake(`{ ${known} inputs.a.inputs.|; }`), ['b']);
    deepStrictEqual(inFlake(`{ ${known} inputs.a.inputs.x.follows = "|"; }`), ['b', 'b/c']);
    deepStrictEqual(inFlake(`{ ${known} inputs.x.follows = "b/|"; }`), ['b/c']);
    deepStrictEqual(inFlake(`{ ${known} inputs = { x = { follows = "a|"; }; }; }`), ['a']);
    deepStrictEqual(inFlake(`{ ${known} inputs.x.follows = "|`), ['a', 'b', 'b/c']);
    deepStrictEqual(inFlake(`{ ${known} inputs.x.url = "|"; }`), []);
    deepStrictEqual(inFlake(`{ ${known} x.y.follows = "|"; }`), []);
  });

  it('proposes nothing right behind the end of a string, which a quote that is typed may be', () => {
    for (const text of ['let a = 1; in "x"|', 'let a = 1; in { "x"| }', 'let a = { }; in a."x"|', '[ ""| ]'])
      deepStrictEqual(labels(text), [], text);
    ok(labels('let a = 1; in [ "x" | ]').includes('a'));
  });

  it('proposes the names that Nix knows in a flake', () => {
    const inFlake = (marked: string): string[] => {
      const { text, cursor } = fixture(marked);
      const { items = [] } = completionAt(parse(text), cursor, true) ?? {};
      return items.filter(({ rank }) => rank < 3).map(({ label }) => label);
    };
    const ofInput = ['url', 'flake', 'follows', 'inputs'];
    deepStrictEqual(inFlake('{ | }'), ['description', 'inputs', 'outputs', 'nixConfig']);
    deepStrictEqual(inFlake('{ inputs.nixpkgs.| }'), ofInput);
    deepStrictEqual(inFlake('{ inputs = { nixpkgs = { u| }; }; }'), ofInput);
    deepStrictEqual(inFlake('{ inputs.a.inputs.b.fol| = 1; }'), ofInput);
    deepStrictEqual(inFlake('{ inputs.| }'), []);
    const outputs = inFlake('{ outputs = { self, ... }: let a = 1; in { | }; }');
    ok(outputs.includes('nixosConfigurations') && outputs.includes('devShells'));
    deepStrictEqual(inFlake('{ outputs = { self }: let a = { | }; in { }; }'), []);
    deepStrictEqual(inFlake('{ outputs = { self }: { packages = { | }; }; }'), []);
    const inputs = '{ inputs.a.url = ""; inputs = { b.url = ""; c = { }; }; outputs = { self, b, | }: { }; }';
    deepStrictEqual(inFlake(inputs), ['a', 'c']);
    deepStrictEqual(inFlake('{ inputs.a.url = ""; other = { self, | }: { }; }'), []);
    const known = 'inputs.a.url = ""; inputs = { b.url = ""; };';
    deepStrictEqual(inFlake(`{ ${known} outputs = inputs: inputs.|; }`), ['self', 'a', 'b']);
    deepStrictEqual(inFlake(`{ ${known} outputs = inputs: { x = inputs.b|; }; }`), ['self', 'a', 'b']);
    deepStrictEqual(inFlake(`{ ${known} outputs = { self, c, ... }@all: all.|; }`), ['self', 'a', 'b', 'c']);
    deepStrictEqual(inFlake(`{ ${known} outputs = all: let inherit (all) |; in 1; }`), ['self', 'a', 'b']);
    for (const text of ['inputs: inputs.a.|', 'inputs: x.|', 'inputs: x: x.|', '{ self, ... }: self.|'])
      deepStrictEqual(inFlake(`{ ${known} outputs = ${text}; }`).includes('a'), false, text);
    deepStrictEqual(inFlake(`{ ${known} other = inputs: inputs.|; }`), []);
    const settings = inFlake('{ nixConfig = { extra-| }; }');
    ok(settings.includes('extra-substituters') && settings.includes('extra-trusted-public-keys'));
    const { text, cursor } = fixture('{ | }');
    deepStrictEqual(
      completionAt(parse(text), cursor)!.items.filter(({ rank }) => rank < 3),
      [],
    );
  });

  it('answers at every offset of a text', () => {
    const text =
      'let a = { b, c ? 1, ... }@d: with b; [ ./x "y${c}" (a.b or c) ]; in rec { inherit (a) b; e.f = 1; }';
    let answers = 0;
    for (let offset = 0; offset <= text.length; offset++) {
      for (const end of [text.length, offset]) {
        const found = completionAt(parse(text.slice(0, end)), offset);
        if (found === undefined) continue;
        answers++;
        strictEqual(found.word.end, offset);
        strictEqual(text.slice(found.word.start, offset), found.prefix);
      }
    }
    ok(answers > text.length, `there are only ${answers} answers`);
  });
});
