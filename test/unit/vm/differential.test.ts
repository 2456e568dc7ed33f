// The machine beside C++ Nix: the same values, and the same expressions that fail.
// Skipped where C++ Nix is not installed; snapshots of the values are compared always.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { EvalError } from '../../../server/src/values/error';
import { TestEvaluator } from '../../kit/evaluate';
import { randomProgram } from '../../kit/random-programs';
import { seeded } from '../../kit/seed';
import { Snapshots } from '../../kit/snapshot';
import { expressions, failures } from './expressions';

const hasNix = spawnSync('nix-instantiate', ['--version']).status === 0;
const snapshots = new Snapshots(__dirname, 'values');
const own = new TestEvaluator();

/** The value of an expression, printed; a failure as text, so that it can be compared. */
function ownValue(expression: string): string {
  try {
    return own.strict(expression);
  } catch (error) {
    if (error instanceof EvalError) return `error: ${error.message}`;
    throw error;
  } finally {
    own.evaluator.vm.reset();
  }
}

function nix(input: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('nix-instantiate', ['--store', 'dummy://', '--eval', '--strict', '-'], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    // No configuration of the user, and no search path.
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', NIX_PATH: '' },
  });
}

/** What C++ Nix prints for expressions, all in one process. */
function nixValues(all: readonly string[]): string[] {
  const key = (index: number) => `value${String(index).padStart(4, '0')}`;
  const { status, stdout, stderr } = nix(
    `{ ${all.map((text, i) => `${key(i)} = (${text}\n);`).join('\n')} }`,
  );
  assert.equal(status, 0, stderr);
  const values: string[] = [];
  let at = 2;
  for (let i = 0; i < all.length; i++) {
    const start = `${key(i)} = `;
    assert.equal(stdout.slice(at, at + start.length), start);
    const next = i + 1 < all.length ? `; ${key(i + 1)} = ` : '; }\n';
    const end = stdout.indexOf(next, at);
    values.push(stdout.slice(at + start.length, end));
    at = end + 2;
  }
  return values;
}

describe('values', () => {
  for (const [group, texts] of Object.entries(expressions)) {
    it(`of ${group}`, () => {
      snapshots.match(group, texts.map((text) => `${text}\n    ${ownValue(text)}`).join('\n'));
    });

    it(`of ${group} as in C++ Nix`, function () {
      if (!hasNix) this.skip();
      const expected = nixValues(texts);
      const wrong = texts.flatMap((text, i) => {
        const value = ownValue(text);
        return value === expected[i] ? [] : [{ text, value, expected: expected[i] }];
      });
      assert.deepEqual(wrong, []);
    });
  }

  it('of random programs as in C++ Nix', function () {
    if (!hasNix) this.skip();
    this.timeout(60_000);
    const { seed } = seeded(1);
    const programs = fc.sample(randomProgram, { seed: seed!, numRuns: 200 });
    const expected = nixValues(programs);
    programs.forEach((program, i) => assert.equal(ownValue(program), expected[i], program));
  });
});

describe('failures', () => {
  for (const text of failures) {
    it(text, () => {
      try {
        assert.match(ownValue(text), /^error: ./);
      } catch (error) {
        // A machine whose stack is smaller than the limit of calls says so in its own way.
        if (!(error instanceof RangeError)) throw error;
      }
    });
  }

  it('fail in C++ Nix, too', function () {
    if (!hasNix) this.skip();
    this.timeout(60_000);
    const fine = failures.filter((text) => nix(text).status === 0);
    assert.deepEqual(fine, []);
  });
});
