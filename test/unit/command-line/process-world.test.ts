// What a process does at its end, and when it leaves its work to a thread.
import assert from 'node:assert/strict';
import { ProcessWorld } from '../../../server/src/command-line/process-world';

describe('the world of a process', () => {
  it('keeps what was compiled, whether a run ends or gives up', () => {
    const kept: string[] = [];
    for (const how of ['end', 'giveUp'] as const) {
      const world = new ProcessWorld({ heapLimit: 1 });
      world.afterwards(() => kept.push(how));
      world[how]();
    }
    assert.deepEqual(kept, ['end', 'giveUp']);
  });

  it('tells the thread that makes a run again what was done of it', () => {
    const world = new ProcessWorld({ heapLimit: 1 });
    // What is not flushed was not written: the thread writes it.
    world.write('later');
    const { written, errorsWritten, read, started } = world.giveUp();
    assert.deepEqual({ written, errorsWritten, read }, { written: 0, errorsWritten: 0, read: [] });
    assert.ok(Math.abs(Date.now() - started) < 60_000);
  });
});
