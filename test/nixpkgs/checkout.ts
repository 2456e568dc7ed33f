/**
 * What the tests on nixpkgs need from outside: a checkout of release 18.03,
 * whose path the environment variable NIXRAY_NIXPKGS gives, and C++ Nix.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const checkout = process.env.NIXRAY_NIXPKGS;

/** Why the tests cannot run here, or undefined. */
export function missing(): string | undefined {
  if (checkout === undefined) return 'NIXRAY_NIXPKGS names no checkout of nixpkgs 18.03';
  if (!existsSync(join(checkout, 'lib', 'lists.nix'))) return `there is no nixpkgs in ${checkout}`;
  try {
    execFileSync('nix-instantiate', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'nix-instantiate is not installed';
  }
}

/** Skips the tests around, with the reason, where they cannot run here. Called in their `describe`. */
export function needsCheckout(): void {
  before(function () {
    const reason = missing();
    if (reason === undefined) return;
    console.log(`    skipped: ${reason}`);
    this.skip();
  });
}

/** Takes NIX_PATH away from the tests around, so that the workspace's own nixpkgs is found. Called in their `describe`. */
export function withoutNixPath(): void {
  const nixPath = process.env.NIX_PATH;
  before(() => void delete process.env.NIX_PATH);
  after(() => {
    if (nixPath !== undefined) process.env.NIX_PATH = nixPath;
  });
}

/** What C++ Nix prints for some expressions, one process for all: each is a JSON text. */
export function referenceJson(expressions: readonly string[]): string[] {
  const list = expressions.map((expression) => `(builtins.toJSON (${expression}))`).join('\n');
  const output = execFileSync(
    'nix-instantiate',
    ['--store', 'dummy://', '--eval', '--strict', '--json', '-E', `[ ${list} ]`],
    { cwd: checkout, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  return JSON.parse(output) as string[];
}
