// What can be read once, and is handed from an attempt to the run after it.
import assert from 'node:assert/strict';
import { isStackOverflow } from '../../../server/src/base/stack';
import { ReadOnce } from '../../../server/src/command-line/input';

describe('what can be read once', () => {
  it('is there in its order for the run after, and what follows is read', () => {
    const attempt = new ReadOnce();
    assert.deepEqual([attempt.read(() => 'a'), attempt.read(() => 'b')], ['a', 'b']);
    const after = new ReadOnce(attempt.texts);
    const again = (): string => assert.fail('it is read again');
    assert.deepEqual([after.read(again), after.read(again), after.read(() => 'c')], ['a', 'b', 'c']);
    assert.deepEqual(attempt.texts, ['a', 'b']);
  });

  it('is not kept where reading fails', () => {
    const once = new ReadOnce();
    const fail = (): string => {
      throw new Error('no');
    };
    assert.throws(() => once.read(fail), /no/);
    assert.equal(
      once.read(() => 'a'),
      'a',
    );
  });

  it('is not begun to be read where the stack may not suffice', () => {
    const once = new ReadOnce();
    let begun = 0;
    const needsFrames = (count: number): string => (count === 0 ? 'text' : needsFrames(count - 1));
    const read = (): string => {
      begun++;
      return needsFrames(150);
    };
    // Each frame on the way back from the end of the stack has a little more of it.
    const descend = (): string => {
      try {
        return descend();
      } catch (error) {
        if (!isStackOverflow(error)) throw error;
        return once.read(read);
      }
    };
    // Compiling takes more stack than running does, so all of it has run before.
    assert.equal(once.read(read), 'text');
    assert.equal(isStackOverflow(new RangeError('')), false);
    begun = 0;
    // Errors without a trace need no stack themselves.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      assert.equal(descend(), 'text');
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    assert.equal(begun, 1);
  });
});
