// A cache folder gives whole files or none, and never fails.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SharedFolder } from '../../../server/src/host/shared-folder';
import { seeded } from '../../kit/seed';

describe('a shared folder', () => {
  let parent: string;
  let path: string;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'nixray-test-'));
    path = join(parent, 'deep', 'cache');
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  it('gives what was written, also to another that uses it, and leaves nothing beside', () => {
    const folder = new SharedFolder(path);
    assert.equal(folder.read('entry'), undefined);
    folder.write('entry', Buffer.from('first'));
    folder.write('entry', Buffer.from('second'));
    assert.equal(new SharedFolder(path).read('entry')?.toString(), 'second');
    assert.deepEqual(readdirSync(path).sort(), ['entry', 'swept']);
  });

  it('notices a file that is cut off or garbled, and replaces it', () => {
    const folder = new SharedFolder(path);
    const content = Buffer.from('some content of some length');
    folder.write('entry', content);
    const whole = readFileSync(join(path, 'entry'));
    const check = (damaged: Buffer) => {
      writeFileSync(join(path, 'entry'), damaged);
      assert.equal(folder.read('entry'), undefined);
    };
    for (let length = 0; length < whole.length; length++) check(whole.subarray(0, length));
    check(Buffer.concat([whole, Buffer.from('more')]));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= difference;
        check(damaged);
      }),
      seeded(200),
    );
    folder.write('entry', content);
    assert.deepEqual(folder.read('entry'), content);
  });

  it('does nothing where it cannot be made', () => {
    writeFileSync(join(parent, 'file'), '');
    const folder = new SharedFolder(join(parent, 'file', 'cache'));
    folder.write('entry', Buffer.from('text'));
    assert.equal(folder.read('entry'), undefined);
  });

  it('removes what is older than a month, looking once a day', () => {
    const old = Date.now() / 1000 - 40 * 24 * 60 * 60;
    new SharedFolder(path).write('entry', Buffer.from('old'));
    utimesSync(join(path, 'entry'), old, old);
    new SharedFolder(path).write('other', Buffer.from('new'));
    assert.equal(new SharedFolder(path).read('entry')?.toString(), 'old');
    utimesSync(join(path, 'swept'), old, old);
    new SharedFolder(path).write('other', Buffer.from('newer'));
    assert.deepEqual(readdirSync(path).sort(), ['other', 'swept']);
  });
});
