// Programs that once differed, beside what Nix 2.36 gives for them; and beside
// C++ Nix itself where it is installed.
import assert from 'node:assert/strict';
import { compareClosely } from './campaign';
import { compare } from './compare';
import { readFixtures, type DifferentialFixture } from './fixtures';
import { describeOutcome } from './outcome';
import { OwnEvaluator } from './own';
import { evaluateWithReference, hasReference } from './reference';

const fixtures = readFixtures();
const programs = fixtures.map(({ program }) => program);

describe('programs that once differed', () => {
  const own = new OwnEvaluator();
  after(() => own.close());

  for (const { name, program, expected } of fixtures) {
    it(name, async () => {
      const [outcome] = await own.evaluate([program]);
      assert.equal(describeOutcome(outcome!), expected);
    });
  }

  it('agree with C++ Nix, or differ as they are known to', async function () {
    if (!hasReference()) {
      console.log('      skipped: nix-instantiate is not installed');
      this.skip();
    }
    const outcomes = await own.evaluate(programs);
    const references = evaluateWithReference(programs);
    const unexplained: DifferentialFixture[] = [];
    for (const [i, fixture] of fixtures.entries()) {
      const isSuspect = compare(fixture.program, references[i]!, outcomes[i]!).kind === 'unexplained';
      if (isSuspect && (await compareClosely(fixture.program, own)).kind === 'unexplained') {
        unexplained.push(fixture);
      }
    }
    assert.deepEqual(
      unexplained.map(({ name }) => name),
      [],
    );
  });
});
