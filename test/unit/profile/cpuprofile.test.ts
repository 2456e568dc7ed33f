// Profiles for Chrome and VS Code: a tree, samples of its nodes, and times that add up.
import assert from 'node:assert/strict';
import { cpuProfile } from '../../../server/src/profile/cpuprofile';
import { recorded } from './recorded';

describe('cpuProfile', () => {
  const profile = cpuProfile(recorded('2 >main 3 >f 5 >g 7 <g 11 <f 13 <main 17'));

  it('names functions with their places', () => {
    assert.deepEqual(
      profile.nodes.map(({ id, callFrame, children }) => [
        id,
        callFrame.functionName,
        callFrame.url,
        callFrame.lineNumber,
        callFrame.columnNumber,
        children,
      ]),
      [
        [1, '(root)', '', -1, -1, [2]],
        // Lines and columns count from 0.
        [2, 'x/main.nix', 'file:///x/main.nix', 0, 0, [3]],
        [3, 'f', 'file:///x/main.nix', 1, 6, [4]],
        [4, 'g', 'file:///x/main.nix', 2, 6, []],
      ],
    );
    const scripts = profile.nodes.map(({ callFrame }) => callFrame.scriptId);
    assert.equal(new Set(scripts).size, 2);
  });

  it('has samples that last until the next one, in microseconds', () => {
    assert.deepEqual(profile.samples, [1, 2, 3, 4, 3, 2, 1, 1]);
    assert.deepEqual(profile.timeDeltas, [0, 2000, 3000, 5000, 7000, 11000, 13000, 17000]);
    assert.equal(profile.endTime - profile.startTime, 58000);
    assert.deepEqual(
      profile.nodes.map(({ hitCount }) => hitCount),
      [2, 2, 2, 1],
    );
  });

  it('loses nothing by rounding', () => {
    const events = Array.from({ length: 1000 }, () => '>f 1.0004 <f').join(' ');
    const { timeDeltas, endTime } = cpuProfile(recorded(events));
    assert.equal(endTime, 1000400);
    assert.equal(
      timeDeltas.reduce((sum, delta) => sum + delta, 0),
      endTime,
    );
  });
});
