import { ok, strictEqual, throws } from 'node:assert/strict';
import { RequestTime } from '../../../server/src/evaluator/request-time';
import { unlimited } from '../../../server/src/vm/limits';

describe('RequestTime', () => {
  it('ends with the part or with the whole, whichever is less', () => {
    const limits = unlimited();
    const time = new RequestTime(limits);
    const left = (): number => limits.deadline - performance.now();
    const [short, long] = [1000, 60_000];
    ok(time.request(long, short, left) <= short);
    ok(time.request(short, long, left) <= short);
    strictEqual(limits.deadline, Infinity);
  });

  it('gives a part no more than there is, and a search all of it', () => {
    const limits = unlimited();
    const time = new RequestTime(limits);
    time.request(60_000, 1000, () => {
      const outer = limits.deadline;
      time.by(outer - 500, () => strictEqual(limits.deadline, outer - 500));
      time.by(Infinity, () => strictEqual(limits.deadline, outer));
      time.unhurried(() => ok(limits.deadline > outer + 50_000));
      throws(() =>
        time.by(0, () => {
          throw new Error('in vain');
        }),
      );
      strictEqual(limits.deadline, outer);
    });
    strictEqual(limits.deadline, Infinity);
  });
});
