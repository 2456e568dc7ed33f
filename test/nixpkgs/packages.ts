/** The packages that the tests compare: some by name, and the sample of `packages.txt`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** nixpkgs of the checkout, whatever machine and user evaluate it. */
export const packagesExpression = 'import ./. { config = { }; system = "x86_64-linux"; }';

/** The paths of 500 attributes, as `choose-packages.ts` wrote them: names with a space between them. */
export function samplePackages(): string[][] {
  return readFileSync(join(__dirname, 'packages.txt'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '));
}

/** `set."a"."b"`. */
export function pathExpression(set: string, path: readonly string[]): string {
  return set + path.map((name) => `.${JSON.stringify(name)}`).join('');
}
