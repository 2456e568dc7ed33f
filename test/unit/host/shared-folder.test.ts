// A cache folder gives whole files or none, and never fails.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs, {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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

  it('notices a file that has another name than it was written under', () => {
    const folder = new SharedFolder(path);
    folder.write('one', Buffer.from('content of one'));
    folder.write('other', Buffer.from('content of other'));
    renameSync(join(path, 'one'), join(path, 'other'));
    assert.equal(folder.read('other'), undefined);
    folder.write('other', Buffer.from('content of other'));
    assert.equal(folder.read('other')?.toString(), 'content of other');
  });

  it('does not wait for a pipe that has the name of a file', function () {
    const folder = new SharedFolder(path);
    folder.write('entry', Buffer.from('content'));
    rmSync(join(path, 'entry'));
    if (spawnSync('mkfifo', [join(path, 'entry')]).status !== 0) this.skip();
    assert.equal(folder.read('entry'), undefined);
    folder.write('entry', Buffer.from('content'));
    assert.equal(folder.read('entry')?.toString(), 'content');
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

  it('keeps the first entry where another process makes the folder at the same time', () => {
    const { mkdirSync: mkdir } = fs;
    const made: string[] = [];
    // Each folder is there when it is about to be made.
    fs.mkdirSync = ((folder: string) => {
      made.push(folder);
      mkdir(folder);
      return mkdir(folder);
    }) as typeof mkdir;
    try {
      new SharedFolder(path).write('entry', Buffer.from('text'));
    } finally {
      fs.mkdirSync = mkdir;
    }
    assert.deepEqual(made, [join(parent, 'deep'), path]);
    assert.equal(new SharedFolder(path).read('entry')?.toString(), 'text');
  });

  it('makes the folder anew where it was removed while it was in use', () => {
    const folder = new SharedFolder(path);
    folder.write('entry', Buffer.from('first'));
    rmSync(path, { recursive: true });
    assert.equal(folder.read('entry'), undefined);
    folder.write('entry', Buffer.from('second'));
    assert.equal(folder.read('entry')?.toString(), 'second');
  });

  describe('beside others of its kind', () => {
    const kind = /^code-[0-9a-f]{4}$/;
    const day = 24 * 60 * 60;
    const beside = (name: string) => join(parent, name);

    /** A folder with an entry that was last used so many days ago. */
    function used(name: string, days: number): void {
      new SharedFolder(beside(name)).write('entry', Buffer.from(name));
      setUse(name, days);
    }

    function setUse(name: string, days: number): void {
      const time = Date.now() / 1000 - days * day;
      utimesSync(beside(name), time, time);
    }

    it('removes those that nobody has used for a month, and nothing else', () => {
      used('code-aaaa', 40);
      used('code-bbbb', 20);
      used('code-project', 40);
      writeFileSync(beside('code-cccc'), '');
      setUse('code-cccc', 40);
      mkdirSync(beside('elsewhere'));
      symlinkSync(beside('elsewhere'), beside('code-dddd'));
      setUse('code-dddd', 40);
      new SharedFolder(beside('code-0000'), kind).write('entry', Buffer.from('new'));
      assert.deepEqual(readdirSync(parent).sort(), [
        'code-0000',
        'code-bbbb',
        'code-cccc',
        'code-dddd',
        'code-project',
        'elsewhere',
      ]);
      assert.equal(new SharedFolder(beside('code-bbbb')).read('entry')?.toString(), 'code-bbbb');
    });

    it('keeps one that is only read', () => {
      used('code-aaaa', 40);
      assert.equal(new SharedFolder(beside('code-aaaa')).read('entry')?.toString(), 'code-aaaa');
      assert.ok(Date.now() - statSync(beside('code-aaaa')).mtimeMs < 60_000);
      new SharedFolder(beside('code-0000'), kind).write('entry', Buffer.from('new'));
      assert.ok(existsSync(beside('code-aaaa')));
    });

    it('never removes the folder itself, and looks once a day', () => {
      const own = () => new SharedFolder(beside('code-0000'), kind);
      used('code-0000', 40);
      utimesSync(join(beside('code-0000'), 'swept'), 0, 0);
      setUse('code-0000', 40);
      own().write('other', Buffer.from('new'));
      assert.equal(own().read('entry')?.toString(), 'code-0000');
      used('code-aaaa', 40);
      own().write('other', Buffer.from('newer'));
      assert.ok(existsSync(beside('code-aaaa')));
    });
  });
});
