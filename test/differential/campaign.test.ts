// Random programs beside C++ Nix, where it is installed; each run has a seed of
// its own unless NIXRAY_TEST_SEED in the environment repeats one.
import assert from 'node:assert/strict';
import { runCampaign } from './campaign';
import { describeOutcome } from './outcome';
import { hasReference } from './reference';
import { describeCounts } from './report';

const runs = 1000;

describe('random programs beside C++ Nix', () => {
  it(`${runs} programs without an unexplained difference`, async function () {
    this.timeout(600_000);
    if (!hasReference()) {
      console.log('      skipped: nix-instantiate is not installed');
      this.skip();
    }
    const given = process.env['NIXRAY_TEST_SEED'];
    const seed = given === undefined ? Date.now() & 0x7fffffff : Number(given);
    console.log(`      seed ${seed}`);
    const result = await runCampaign({ runs, seed });
    console.log(describeCounts(result).replace(/^/gm, '      '));
    const texts = result.differences.map(
      ({ program, reference, own }) =>
        `${program}\nC++ Nix:\n${describeOutcome(reference)}\nNixray:\n${describeOutcome(own)}`,
    );
    assert.equal(texts.join('\n\n'), '');
  });
});
