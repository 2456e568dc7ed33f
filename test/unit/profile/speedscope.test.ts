// Profiles for speedscope: frames that open and close, well nested.
import assert from 'node:assert/strict';
import { speedscope } from '../../../server/src/profile/speedscope';
import { recorded } from './recorded';

describe('speedscope', () => {
  const file = speedscope(recorded('2 >main 3 >f 5 >g 7 <g 11 <f 13 >g 1 <g <main 17'), 'test');
  const [profile] = file.profiles;

  it('has one frame for each place', () => {
    assert.deepEqual(file.shared.frames, [
      { name: 'x/main.nix', file: '/x/main.nix', line: 1, col: 1 },
      { name: 'f', file: '/x/main.nix', line: 2, col: 7 },
      { name: 'g', file: '/x/main.nix', line: 3, col: 7 },
    ]);
  });

  it('opens and closes frames, each inside the one that called it', () => {
    assert.deepEqual(
      profile!.events.map(({ type, frame, at }) => `${type}${frame}@${at}`),
      ['O0@2', 'O1@5', 'O2@10', 'C2@17', 'C1@28', 'O2@41', 'C2@42', 'C0@42'],
    );
    assert.equal(profile!.endValue, 59);
  });
});
