// What the command line says when a program of its own ends without an exit code.
import assert from 'node:assert/strict';
import { failureText } from '../../../server/src/command-line/failure-text';
import { HostError } from '../../../server/src/host/host';

describe('failure text', () => {
  const failure = (message: string, more: object): Error => Object.assign(new Error(message), more);

  it('is a line where the machine is the reason', () => {
    assert.equal(failureText(new HostError('other', 'no folder')), 'error: no folder');
    assert.equal(failureText(failure('', { code: 'ERR_WORKER_OUT_OF_MEMORY' })), 'error: out of memory');
    const thread = failure('EMFILE', { code: 'ERR_WORKER_INIT_FAILED' });
    assert.match(failureText(thread), /^error: cannot start a thread: EMFILE; .*$/);
    const file = failure("EMFILE: too many open files, open 'x.js'", { code: 'EMFILE', syscall: 'open' });
    assert.equal(failureText(file), "error: EMFILE: too many open files, open 'x.js'");
  });

  it('is the stack where the fault is ours', () => {
    const error = new TypeError('x is not a function');
    assert.equal(failureText(error), error.stack);
  });
});
