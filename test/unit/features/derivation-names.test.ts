import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { completionAt } from '../../../server/src/features/completion';
import { describeDerivationName } from '../../../server/src/features/derivation-names';
import { parse } from '../../../server/src/syntax/parse';
import { fixture } from '../../kit/fixture';

function described(marked: string): string | undefined {
  const { text, cursor } = fixture(marked);
  return describeDerivationName(parse(text), cursor);
}

/** What is proposed before anything is evaluated. */
function proposed(marked: string): string[] {
  const { text, cursor } = fixture(marked);
  return completionAt(parse(text), cursor)!
    .items.filter(({ kind }) => kind === 'attribute')
    .map(({ label }) => label);
}

describe('the names that builders know', () => {
  it('are proposed in the set that becomes a package', () => {
    for (const marked of [
      '{ stdenv }: stdenv.mkDerivation { | }',
      '{ stdenv }: stdenv.mkDerivation rec { pname = "a"; | }',
      'stdenv.mkDerivation (finalAttrs: { | })',
      'hello.overrideAttrs (final: prev: { | })',
      'mkDerivation ({ pname = "a"; } // lib.optionalAttrs isLinux { | })',
    ]) {
      const found = proposed(marked);
      for (const name of ['version', 'buildInputs', 'installPhase', 'postInstall', 'meta'])
        ok(found.includes(name), `${name} in ${marked}`);
    }
  });

  it('are those of the builder, first its own', () => {
    strictEqual(proposed('mkShell { | }')[0], 'packages');
    ok(proposed('python3Packages.buildPythonApplication { | }').includes('pythonImportsCheck'));
    ok(proposed('rustPlatform.buildRustPackage { | }').includes('cargoHash'));
    ok(!proposed('stdenv.mkDerivation { | }').includes('cargoHash'));
  });

  it('are others in meta, however it is written', () => {
    for (const marked of [
      'mkDerivation { meta = { | }; }',
      'mkDerivation { meta = with lib; { | }; }',
      'mkDerivation { meta.| }',
    ]) {
      const found = proposed(marked);
      ok(found.includes('mainProgram') && found.includes('license'), marked);
      ok(!found.includes('buildInputs'), marked);
    }
  });

  it('are none in other sets', () => {
    for (const marked of [
      '{ | }',
      'f { | }',
      'mkDerivation { passthru = { | }; }',
      'mkDerivation { x.meta = { | }; }',
      'mkDerivation { buildInputs = f { | }; }',
      'mkDerivation (let a = { | }; in a)',
      '{ | }.mkDerivation 1',
    ])
      deepStrictEqual(proposed(marked), [], marked);
  });

  it('are explained', () => {
    strictEqual(
      described('mkDerivation { native|BuildInputs = [ ]; }'),
      '`nativeBuildInputs`: tools that run while it is built.',
    );
    strictEqual(
      described('mkDerivation { meta.main|Program = "a"; }'),
      '`mainProgram`: the program that `nix run` starts.',
    );
    strictEqual(
      described('mkDerivation { post|Install = ""; }'),
      '`postInstall`: runs after what was built is installed.',
    );
    strictEqual(
      described('mkDerivation { check|Phase = ""; }'),
      '`checkPhase`: how the tests are run, instead of the usual way.',
    );
    strictEqual(described('{ post|Install = ""; }'), undefined);
    strictEqual(described('mkDerivation { a.post|Install = ""; }'), undefined);
    strictEqual(described('mkDerivation { pname = po|stInstall; }'), undefined);
  });
});
