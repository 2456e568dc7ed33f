/**
 * Store paths of packages and of a NixOS system: `outPath` and `drvPath` against C++ Nix,
 * all in one process of each; and the texts of derivations, against the files that it writes.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout, needsCheckout } from './checkout';
import { packagesExpression, pathExpression, samplePackages } from './packages';

const program = join(__dirname, '../../dist/nixray.js');

interface StorePaths {
  readonly out: string;
  readonly drv: string;
}

interface Compared {
  readonly packages: Readonly<Record<string, StorePaths>>;
  readonly system: StorePaths;
  readonly libraryTests: unknown;
}

const named = [['hello'], ['stdenv'], ['firefox'], ['python3Packages', 'numpy']];
const sample = samplePackages();

const system = `(import ./nixos {
  configuration = { boot.loader.grub.device = "/dev/sda"; fileSystems."/".device = "/dev/sda1"; };
}).system`;

/** All that is compared, as one set. */
const expression = `
let
  pkgs = ${packagesExpression};
  paths = derivation: { out = derivation.outPath; drv = derivation.drvPath; };
in {
  packages = {
    ${[...named, ...sample]
      .map((path) => `${JSON.stringify(path.join('.'))} = paths ${pathExpression('pkgs', path)};`)
      .join('\n    ')}
  };
  system = paths ${system};
  libraryTests = import ./lib/tests/misc.nix;
}`;

const tool = { cwd: checkout, encoding: 'utf8', maxBuffer: 1 << 28, stdio: 'pipe' } as const;
const flags = ['--eval', '--strict', '--json', '-E', expression];

function nixray(args: readonly string[]): string {
  return execFileSync(process.execPath, [program, 'instantiate', ...args], tool);
}

function reference(store: string, args: readonly string[]): string {
  return execFileSync('nix-instantiate', ['--store', store, ...args], tool);
}

describe('store paths of nixpkgs', function () {
  this.timeout(300_000);
  let wanted: Compared;
  let got: Compared;

  needsCheckout();

  before(() => {
    wanted = JSON.parse(reference('dummy://', flags)) as Compared;
    got = JSON.parse(nixray(flags)) as Compared;
  });

  for (const path of named) {
    const name = path.join('.');
    it(`are those of C++ Nix for ${name}`, () => {
      assert.match(wanted.packages[name]!.drv, /^\/nix\/store\/[a-z0-9]{32}-.*\.drv$/);
      assert.deepEqual(got.packages[name], wanted.packages[name]);
    });
  }

  it(`are those of C++ Nix for a sample of ${sample.length} packages`, () => {
    assert.equal(sample.length, 500);
    assert.equal(new Set(sample.map((path) => path.join('.'))).size, sample.length);
    // Only what differs is worth showing.
    const differing = sample
      .map((path) => path.join('.'))
      .filter((name) => JSON.stringify(got.packages[name]) !== JSON.stringify(wanted.packages[name]))
      .map((name) => ({ name, wanted: wanted.packages[name], got: got.packages[name] }));
    assert.deepEqual(differing, []);
    const derivations = new Set(sample.map((path) => wanted.packages[path.join('.')]!.drv));
    assert.ok(derivations.size > 450, `${derivations.size} different derivations`);
  });

  it('are those of C++ Nix for a NixOS system', () => {
    assert.match(wanted.system.out, /^\/nix\/store\/.*-nixos-system-/);
    assert.deepEqual(got.system, wanted.system);
  });

  it('and the tests of lib agree', () => {
    // A list of the tests that fail.
    assert.deepEqual(wanted.libraryTests, []);
    assert.deepEqual(got.libraryTests, []);
  });

  it('and --dump-drv prints the texts that C++ Nix writes', () => {
    const store = mkdtempSync(join(tmpdir(), 'nixray-store-'));
    try {
      const attributes = named.flatMap((path) => ['-A', path.join('.')]);
      const arguments_ = ['-E', packagesExpression, ...attributes];
      const files = reference(store, arguments_)
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/!.*$/, ''));
      const texts = files.map((file) => readFileSync(join(store, file), 'utf8'));
      assert.equal(texts.length, named.length);
      assert.equal(nixray(['--dump-drv', ...arguments_]), texts.join('\n'));
    } finally {
      execFileSync('chmod', ['-R', 'u+w', store]);
      rmSync(store, { recursive: true });
    }
  });
});
