// Streams that do not block.
import assert from 'node:assert/strict';
import { whenReady } from '../../../server/src/command-line/when-ready';

describe('a stream that does not block', () => {
  const failure = (code: string): Error => Object.assign(new Error(code), { code });

  it('is tried again until it is ready', () => {
    let tries = 0;
    const transfer = (): number => {
      if (++tries < 3) throw failure('EAGAIN');
      return 7;
    };
    assert.deepEqual([whenReady(transfer), tries], [7, 3]);
  });

  it('is not tried again where it fails', () => {
    let tries = 0;
    const transfer = (): number => {
      tries++;
      throw failure('EPIPE');
    };
    assert.throws(() => whenReady(transfer), { code: 'EPIPE' });
    assert.equal(tries, 1);
  });
});
