// The programs that once differed: `NAME.nix`, and beside it `NAME.expected`
// with what Nix 2.36 gives, in the form of `describeOutcome`.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Difference } from './campaign';
import { describeOutcome } from './outcome';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'fixtures');

export interface DifferentialFixture {
  readonly name: string;
  readonly program: string;
  /** Undefined until somebody has decided who is right. */
  readonly expected: string | undefined;
}

export function readFixtures(): DifferentialFixture[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.nix'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.nix'.length);
      const expected = join(folder, `${name}.expected`);
      return {
        name,
        program: readFileSync(join(folder, file), 'utf8'),
        expected: existsSync(expected) ? readFileSync(expected, 'utf8').trimEnd() : undefined,
      };
    });
}

/**
 * Writes a found difference down, expecting what C++ Nix 2.8 gives: whoever
 * fixes the difference puts the answer of 2.36 in its place where that differs.
 */
export function writeFixture({ program, reference }: Difference): string {
  const name = `found-${createHash('sha256').update(program).digest('hex').slice(0, 8)}`;
  writeFileSync(join(folder, `${name}.nix`), `${program}\n`);
  writeFileSync(join(folder, `${name}.expected`), `${describeOutcome(reference)}\n`);
  return name;
}
