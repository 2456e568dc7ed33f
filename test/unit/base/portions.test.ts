import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { finish, inPortions, type Work } from '../../../server/src/base/portions';

/** Work that yields after each millisecond. */
function* milliseconds(count: number, done: number[] = []): Work<number[]> {
  for (let i = 0; i < count; i++) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    done.push(i);
    yield;
  }
  return done;
}

describe('work in portions', () => {
  it('has the result that it has at once', async () => {
    deepStrictEqual(await inPortions(milliseconds(30), () => {}), finish(milliseconds(30)));
  });

  it('lets others have their turn', async () => {
    const done: number[] = [];
    let seen = -1;
    setImmediate(() => (seen = done.length));
    await inPortions(milliseconds(50, done), () => {});
    ok(seen > 0 && seen < 50, `after ${seen} steps`);
  });

  it('ends when nobody wants it any more', async () => {
    const done: number[] = [];
    const check = (): void => {
      throw new Error('unwanted');
    };
    await rejects(inPortions(milliseconds(1000, done), check), /unwanted/);
    ok(done.length < 100);
  });

  it('is not looked at again where it takes no time', async () => {
    let checks = 0;
    await inPortions(milliseconds(1), () => checks++);
    strictEqual(checks, 0);
  });
});
