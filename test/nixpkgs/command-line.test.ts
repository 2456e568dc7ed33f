/** `nixray instantiate --eval --strict` against `nix-instantiate` on calls of nixpkgs' `lib`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkout, needsCheckout } from './checkout';

const program = join(__dirname, '../../dist/nixray.js');

/** Calls of functions of `lib`, each printed whole. */
const calls = [
  'lib.id 1',
  'lib.concatLists [ [ 1 ] [ 2 3 ] ]',
  'lib.fold (x: y: x + y) "" [ "a" "b" "c" ]',
  'lib.imap0 (i: v: "${v}-${toString i}") [ "a" "b" ]',
  'lib.imap1 (i: v: "${v}-${toString i}") [ "a" "b" ]',
  'lib.flatten [ 1 [ 2 [ 3 ] 4 ] 5 ]',
  'lib.remove 3 [ 1 3 4 3 ]',
  'lib.findSingle (x: x == 3) "none" "multiple" [ 1 3 ]',
  'lib.optional true "foo"',
  'lib.optionals false [ 2 3 ]',
  'lib.toList "hi"',
  'lib.partition (x: x > 2) [ 5 1 2 3 4 ]',
  'lib.zipListsWith (a: b: a + b) [ "h" "l" ] [ "e" "o" ]',
  'lib.listDfs true (a: b: lib.hasPrefix a b) [ "/home/user" "other" "/" "/home" ]',
  'lib.sort (a: b: a < b) [ 5 3 7 ]',
  'lib.sublist 1 3 [ "a" "b" "c" "d" "e" ]',
  'lib.mutuallyExclusive [ 1 2 ] [ 3 ]',
  'lib.concatStringsSep "/" [ "usr" "local" "bin" ]',
  'lib.makeSearchPath "bin" [ "/root" "/usr" "/usr/local" ]',
  'lib.hasPrefix "foo" "foobar"',
  'lib.replaceStrings [ "oo" "a" ] [ "a" "i" ] "foobar"',
  'lib.toUpper "home"',
  'lib.splitString "." "foo.bar.baz"',
  'lib.versionAtLeast "1.1" "1.2"',
  'lib.toInt "1337"',
  'lib.enableFeature true "shared"',
  'lib.fixedWidthString 5 "0" (toString 15)',
  'lib.attrByPath [ "a" "b" ] 6 { a = { b = 3; }; }',
  'lib.hasAttrByPath [ "a" "b" ] { a = { b = 3; }; }',
  'lib.getAttrFromPath [ "a" "b" ] { a = { b = 3; }; }',
  'lib.catAttrs "a" [ { a = 1; } { b = 0; } { a = 2; } ]',
  'lib.foldAttrs (n: a: [ n ] ++ a) [ ] [ { a = 2; } { a = 3; } ]',
  'lib.mapAttrsToList (name: value: name + value) { x = "a"; y = "b"; }',
  'lib.mapAttrsRecursive (path: value: lib.concatStringsSep "-" (path ++ [ value ])) { n = { a = "A"; m = { b = "B"; }; }; d = "D"; }',
  'lib.zipAttrsWith (name: values: values) [ { a = 1; } { a = 2; b = 3; } ]',
  'lib.recursiveUpdate { boot.loader.grub.enable = true; boot.loader.grub.device = "/dev/hda"; } { boot.loader.grub.device = ""; }',
  'lib.matchAttrs { cpu = { bits = 64; }; } { cpu = { bits = 64; name = "x"; }; }',
  'lib.getName or "none"',
  'lib.generators.toINI { } { foo = { hi = "${"x"}"; ciao = "bar"; }; baz.also = true; }',
  'lib.generators.toYAML { } { a = [ 1 { b = null; } ]; }',
  '(lib.systems.elaborate { config = "aarch64-unknown-linux-gnu"; }).parsed.cpu',
  '(lib.systems.parse.mkSystemFromString "x86_64-linux").cpu.bits',
  'lib.platforms.linux',
  'lib.licenses.mit',
  'lib.fileContents ./.version',
  'lib.cleanSourceFilter "/a/b~" "regular"',
  'lib.extends (self: super: { foo = super.foo + " + "; }) (self: { foo = "foo"; }) { }',
  '(lib.evalModules { modules = [ { options.a = lib.mkOption { type = lib.types.int; default = 1; }; } { config.a = lib.mkForce 3; } ]; }).config.a',
];

describe('nixray instantiate on nixpkgs', function () {
  this.timeout(300_000);

  needsCheckout();

  const run = (command: string, args: readonly string[], expression: string) => {
    const { status, stdout, stderr } = spawnSync(command, [...args, '--eval', '--strict', '-E', expression], {
      cwd: checkout,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const reference = (expression: string) => run('nix-instantiate', ['--store', 'dummy://'], expression);
  const nixray = (expression: string) => run(process.execPath, [program, 'instantiate'], expression);

  it('gives the same for (import ./lib).version', () => {
    const wanted = reference('(import ./lib).version');
    const got = nixray('(import ./lib).version');
    assert.deepEqual([got.status, got.stdout], [wanted.status, wanted.stdout]);
    assert.match(got.stderr, /attribute 'version' missing/);
    assert.match(wanted.stderr, /attribute 'version' missing/);
  });

  it(`agrees on ${calls.length} calls of functions of lib`, () => {
    // One process each way for all, so that a difference in one is seen for itself.
    const all = `let lib = import ./lib; in [ ${calls.map((call) => `(${call})`).join(' ')} ]`;
    const wanted = reference(all);
    const got = nixray(all);
    if (got.status !== wanted.status || got.stdout !== wanted.stdout) {
      for (const call of calls) {
        const expression = `let lib = import ./lib; in ${call}`;
        assert.equal(nixray(expression).stdout, reference(expression).stdout, call);
      }
    }
    assert.equal(wanted.status, 0, wanted.stderr);
    assert.equal(got.stdout, wanted.stdout);
  });
});
