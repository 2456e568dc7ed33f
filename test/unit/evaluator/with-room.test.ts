// What is asked when the values that were kept fill the heap.
import assert from 'node:assert/strict';
import { getHeapStatistics } from 'node:v8';
import { collectGarbage } from '../../../server/src/base/v8-flags';
import { askWithRoom } from '../../../server/src/evaluator/with-room';
import { LiveTest } from '../../kit/live';

const mebibyte = 1024 * 1024;

/** The share of its memory that the service lets a run fill, and that of it which may be left after collecting. */
const heapShare = 0.8;
const collectedShare = 0.9;

/** A service whose runs may keep so many MiB beside what is in use now. */
function withRoom(room: number): LiveTest {
  collectGarbage();
  const used = getHeapStatistics().used_heap_size / mebibyte;
  return new LiveTest({ memory: (used + room) / collectedShare / heapShare });
}

/** A text whose value takes more than 25 MiB. */
const large = (n: number): string => `{ all = builtins.genList (i: [ i ${n} ]) 400000; }.all`;

function problems(test: LiveTest, name: string): string[] {
  return askWithRoom(test.service, () => test.diagnostics(name));
}

describe('a heap that is full', () => {
  it('of what was kept makes room for the next question', function () {
    this.timeout(60_000);
    const test = withRoom(90);
    const names = Array.from({ length: 6 }, (_, i) => `large${i}.nix`);
    names.forEach((name, i) => test.open(name, large(i)));
    for (const name of names) assert.deepEqual(problems(test, name), []);
    // Who makes no room comes to the limit, which is further away where other tests have left much.
    const withoutRoom = (): void => {
      for (let i = 0; i < 60; i++) {
        test.open(`more${i}.nix`, large(i + 100));
        test.diagnostics(`more${i}.nix`);
      }
    };
    assert.throws(withoutRoom, { reason: 'memory' });
  });

  it('of one question is told, and leaves room for others', () => {
    const test = withRoom(60);
    test.open(
      'huge.nix',
      "builtins.foldl' (all: i: [ all i (toString i) ]) [ ] (builtins.genList (i: i) 5000000)",
    );
    test.open('small.nix', '{ a = 1 + "b"; }');
    assert.match(problems(test, 'huge.nix').join(), /memory/);
    assert.deepEqual(problems(test, 'small.nix'), [
      'error `"b"` evaluation-error: cannot add a string to an integer',
    ]);
  });
});
