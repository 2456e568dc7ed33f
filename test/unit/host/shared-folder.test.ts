// A cache folder gives whole files or none, and never fails.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SharedFolder } from '../../../server/src/host/shared-folder';

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
    assert.equal(readFileSync(join(path, 'entry'), 'utf8'), 'old');
    utimesSync(join(path, 'swept'), old, old);
    new SharedFolder(path).write('other', Buffer.from('newer'));
    assert.deepEqual(readdirSync(path).sort(), ['other', 'swept']);
  });
});
