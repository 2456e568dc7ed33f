// Random programs beside C++ Nix, where it is installed; each run has a seed of
// its own unless NIXRAY_TEST_SEED in the environment repeats one.
import assert from 'node:assert/strict';
import { seeded } from '../kit/seed';
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
    const result = await runCampaign({ runs, seed: seeded(runs).seed! });
    console.log(describeCounts(result).replace(/^/gm, '      '));
    const texts = result.differences.map(
      ({ program, reference, own }) =>
        `${program}\nC++ Nix:\n${describeOutcome(reference)}\nNixray:\n${describeOutcome(own)}`,
    );
    assert.equal(texts.join('\n\n'), '');
  });
});
