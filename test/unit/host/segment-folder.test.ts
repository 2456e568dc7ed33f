// Segments give whole entries or none, whoever else writes, merges or damages them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SegmentFolder } from '../../../server/src/host/segment-folder';
import { SharedFolder } from '../../../server/src/host/shared-folder';
import { seeded } from '../../kit/seed';

describe('a folder of segments', () => {
  let parent: string;
  let path: string;
  /** Folders of the test that may have files open. */
  let opened: SegmentFolder[];
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'nixray-test-'));
    path = join(parent, 'cache');
    opened = [];
  });
  afterEach(() => {
    for (const folder of opened) folder.flush();
    rmSync(parent, { recursive: true });
  });

  function open(shared = new SharedFolder(path)): SegmentFolder {
    const folder = new SegmentFolder(shared);
    opened.push(folder);
    return folder;
  }

  /** Writes entries as a run of its own does. */
  function run(entries: Readonly<Record<string, string | Buffer>>, shared?: SharedFolder): void {
    const folder = open(shared);
    for (const [name, content] of Object.entries(entries)) folder.write(name, Buffer.from(content));
    folder.flush();
  }

  /** What a new reader finds under some names. */
  function found(...names: string[]): (string | undefined)[] {
    const folder = open();
    const texts = names.map((name) => folder.read(name)?.toString());
    folder.flush();
    return texts;
  }

  /** The paths of the segments, the newest last. */
  function segments(): string[] {
    return readdirSync(path)
      .filter((name) => name.startsWith('segment-'))
      .sort()
      .map((name) => join(path, name));
  }

  function onlySegment(): string {
    const [segment, ...others] = segments();
    assert.ok(segment !== undefined);
    assert.deepEqual(others, []);
    return segment;
  }

  it('gives what was written, at once and later, and leaves one file', () => {
    const folder = open();
    assert.equal(folder.read('one'), undefined);
    folder.write('one', Buffer.from('first'));
    folder.write('other', Buffer.from(''));
    assert.equal(folder.read('one')?.toString(), 'first');
    assert.equal(existsSync(path), false);
    folder.flush();
    assert.equal(folder.read('one')?.toString(), 'first');
    assert.deepEqual(found('one', 'other', 'none'), ['first', '', undefined]);
    onlySegment();
    assert.equal(readdirSync(path).length, 2);
  });

  it('gives what is newest, whatever order the entries were written in', () => {
    run({ a: 'a1', b: 'b1', c: 'c1', large: 'x'.repeat(1000) });
    run({ b: 'b2', d: 'd2' });
    run({ c: 'c3', b: 'b3' });
    assert.deepEqual(found('a', 'b', 'c', 'd'), ['a1', 'b3', 'c3', 'd2']);
    assert.equal(segments().length, 3);
  });

  it('sees what others have written since it was flushed, and holds no file open then', function () {
    const folder = open();
    run({ a: 'a1' });
    assert.equal(folder.read('a')?.toString(), 'a1');
    run({ b: 'b1' });
    const files = (): string => readdirSync('/proc/self/fd').join(' ');
    const before = existsSync('/proc/self/fd') ? files() : undefined;
    folder.flush();
    assert.equal(folder.read('b')?.toString(), 'b1');
    folder.flush();
    if (before === undefined) this.skip();
    assert.ok(files().length < before.length);
  });

  it('reads bodies in any order', () => {
    const sizes = fc.array(fc.oneof(fc.nat(50), fc.nat(9000), fc.nat(300_000)), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(), { maxLength: 40 }), (lengths, order) => {
        rmSync(path, { recursive: true, force: true });
        const contents = lengths.map((length, i) => Buffer.alloc(length, `${i} `));
        run(Object.fromEntries(contents.map((content, i) => [`entry${i}`, content])));
        const folder = open();
        const asked = [...contents.keys(), ...order.map((number) => number % (contents.length || 1))];
        for (const i of asked) assert.deepEqual(folder.read(`entry${i}`), contents[i]);
        folder.flush();
      }),
      seeded(40),
    );
  });

  it('has room for more names than are read at once', () => {
    const names = Array.from({ length: 3000 }, (_, i) => `${i}-${'n'.repeat(40)}`);
    run(Object.fromEntries(names.map((name) => [name, `content of ${name}`])));
    assert.deepEqual(
      found(...names),
      names.map((name) => `content of ${name}`),
    );
  });

  describe('with damage', () => {
    const entries = { one: 'content of one', two: 'content of two', three: 'content of three' };
    const names = Object.keys(entries);
    const nothing = names.map(() => undefined);

    /** The segment with all entries; its bodies are at its end. */
    function whole(): Buffer {
      run(entries);
      return readFileSync(onlySegment());
    }

    it('has nothing of a segment that is cut off or longer, and removes it when it writes', () => {
      const bytes = whole();
      const segment = onlySegment();
      for (let length = 0; length < bytes.length; length++) {
        writeFileSync(segment, bytes.subarray(0, length));
        assert.deepEqual(found(...names), nothing);
      }
      writeFileSync(segment, Buffer.concat([bytes, Buffer.from('more')]));
      assert.deepEqual(found(...names), nothing);
      assert.equal(existsSync(segment), true);
      run({ one: entries.one });
      assert.equal(existsSync(segment), false);
      assert.deepEqual(found(...names), [entries.one, undefined, undefined]);
    });

    it('has nothing of a segment whose head is garbled, and removes it when it writes', () => {
      const bytes = whole();
      const segment = onlySegment();
      const headSize = bytes.length - Object.values(entries).join('').length;
      for (let at = 0; at < headSize; at++) {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= 1 << (at % 8);
        writeFileSync(segment, damaged);
        assert.deepEqual(found(...names), nothing);
      }
      run({ two: entries.two });
      assert.equal(existsSync(segment), false);
      assert.deepEqual(found(...names), [undefined, entries.two, undefined]);
    });

    it('has all entries but the one whose body is garbled, and takes a new one for it', () => {
      const bytes = whole();
      const damaged = Buffer.from(bytes);
      damaged[bytes.length - entries.three.length - 1]! ^= 0xff;
      writeFileSync(onlySegment(), damaged);
      assert.deepEqual(found(...names), [entries.one, undefined, entries.three]);
      run({ two: entries.two });
      assert.deepEqual(found(...names), Object.values(entries));
    });

    it('notices bodies that were exchanged', () => {
      const bytes = whole();
      const bodies = bytes.length - Object.values(entries).join('').length;
      const { length } = entries.one;
      bytes.write(`${entries.two}${entries.one}`, bodies);
      assert.equal(length, entries.two.length);
      writeFileSync(onlySegment(), bytes);
      assert.deepEqual(found(...names), [undefined, undefined, entries.three]);
    });

    it('never gives anything but what was written', () => {
      const bytes = whole();
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }), (at, noise) => {
          const damaged = Buffer.from(bytes);
          damaged.set(noise.subarray(0, damaged.length - at), at);
          writeFileSync(onlySegment(), damaged);
          found(...names).forEach((text, i) => {
            assert.ok(text === undefined || text === Object.values(entries)[i]);
          });
        }),
        seeded(300),
      );
    });

    it('is not held up by a pipe or a folder in the place of a segment, and removes it when it writes', function () {
      run(entries);
      const pipe = join(path, 'segment-00000007-0123456789ab');
      const folder = join(path, 'segment-00000008-0123456789ab');
      mkdirSync(folder);
      writeFileSync(join(folder, 'file'), 'text');
      const hasPipe = spawnSync('mkfifo', [pipe]).status === 0;
      assert.deepEqual(found(...names), Object.values(entries));
      run({ four: 'content of four' });
      assert.deepEqual(found(...names, 'four'), [...Object.values(entries), 'content of four']);
      // Windows opens no folders, so there is no telling what it is.
      if (process.platform === 'win32') this.skip();
      assert.deepEqual(
        segments().map((file) => [file === pipe, file === folder]),
        [
          [false, false],
          [false, false],
        ],
      );
      if (!hasPipe) this.skip();
    });

    it('leaves a segment that cannot be opened: others may be able to', () => {
      run(entries);
      const segment = onlySegment();
      const deaf = new SharedFolder(path);
      deaf.open = () => {
        throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      };
      const folder = open(deaf);
      assert.equal(folder.read('one'), undefined);
      folder.write('four', Buffer.from('content of four'));
      folder.flush();
      assert.ok(existsSync(segment));
      assert.deepEqual(found('one', 'four'), [entries.one, 'content of four']);
    });

    it('keeps the new entries where another process has removed those that it is merging', () => {
      run(entries);
      const segment = onlySegment();
      const shared = new SharedFolder(path);
      const { replace } = SharedFolder.prototype;
      const attempts: boolean[] = [];
      shared.replace = (name, fill) => {
        truncateSync(segment);
        attempts.push(replace.call(shared, name, fill));
        return attempts.at(-1)!;
      };
      // Most of what there is does not count any more, so it is merged.
      run({ two: 'second', three: 'x'.repeat(5) }, shared);
      assert.deepEqual(attempts, [false, true]);
      assert.deepEqual(found(...names), [undefined, 'second', 'xxxxx']);
      assert.deepEqual(
        readdirSync(path).filter((name) => /\.\d+$/.test(name)),
        [],
      );
    });
  });

  describe('merges', () => {
    it('all segments when they are more than a dozen', () => {
      const names = Array.from({ length: 13 }, (_, i) => `entry${i}`);
      names.forEach((name, i) => {
        run({ [name]: `content of ${name}` });
        assert.equal(segments().length, i < 12 ? i + 1 : 1);
      });
      assert.deepEqual(
        found(...names),
        names.map((name) => `content of ${name}`),
      );
      assert.deepEqual(readdirSync(path).length, 2);
    });

    it('when most of what the segments hold does not count any more', () => {
      run({ one: 'x'.repeat(100), two: 'y'.repeat(100) });
      run({ one: 'x'.repeat(101) });
      assert.equal(segments().length, 2);
      run({ two: 'y'.repeat(101), one: 'x'.repeat(102), three: 'z' });
      assert.deepEqual(found('one', 'two', 'three'), ['x'.repeat(102), 'y'.repeat(101), 'z']);
      assert.ok(readFileSync(onlySegment()).length < 204 + 200);
    });

    it('nothing in a run that has nothing to write', () => {
      run({ one: 'x'.repeat(1000) });
      const segment = onlySegment();
      // The same under many numbers: all but one do not count.
      for (let i = 10; i < 30; i++) copyFileSync(segment, join(path, `segment-000000${i}-0123456789ab`));
      const before = readdirSync(path);
      assert.deepEqual(found('one', 'two'), ['x'.repeat(1000), undefined]);
      assert.deepEqual(readdirSync(path), before);
      run({ two: 'y' });
      assert.deepEqual(found('one', 'two'), ['x'.repeat(1000), 'y']);
      onlySegment();
    });

    it('no entry that was written more than a month ago', () => {
      const { now } = Date;
      const day = 24 * 60 * 60 * 1000;
      try {
        Date.now = () => now() - 40 * day;
        run({ old: 'old', both: 'old' });
        Date.now = () => now() - 20 * day;
        run({ recent: 'recent' });
      } finally {
        Date.now = now;
      }
      for (let i = 0; i < 11; i++) run({ [`entry${i}`]: 'new', both: 'new' });
      onlySegment();
      assert.deepEqual(found('old', 'recent', 'both', 'entry0'), [undefined, 'recent', 'new', 'new']);
      // The time of an entry stays what it is: merged again after the month it goes, too.
      try {
        Date.now = () => now() + 15 * day;
        for (let i = 0; i < 12; i++) run({ [`later${i}`]: 'later' });
      } finally {
        Date.now = now;
      }
      onlySegment();
      assert.deepEqual(found('recent', 'both', 'later0'), [undefined, 'new', 'later']);
    });

    it('while another reads, which goes on', function () {
      // There an open file can stay in the way.
      if (process.platform === 'win32') this.skip();
      run({ one: 'first', two: 'second' });
      const reader = open();
      assert.equal(reader.read('one')?.toString(), 'first');
      for (let i = 0; i < 13; i++) run({ [`entry${i}`]: 'text' });
      assert.ok(segments().every((file) => !file.includes('segment-00000001-')));
      assert.equal(reader.read('two')?.toString(), 'second');
      reader.write('three', Buffer.from('third'));
      reader.flush();
      assert.deepEqual(found('one', 'two', 'three', 'entry0'), ['first', 'second', 'third', 'text']);
    });

    it('while another merges, too: both are right', () => {
      for (let i = 0; i < 12; i++) run({ [`entry${i}`]: `text ${i}` });
      const shared = new SharedFolder(path);
      const { replace } = SharedFolder.prototype;
      shared.replace = (name, fill) => {
        // The other comes between its listing and its writing.
        shared.replace = replace;
        run({ other: 'of the other' });
        return shared.replace(name, fill);
      };
      run({ own: 'own', entry0: 'newer' }, shared);
      assert.equal(segments().length, 2);
      assert.deepEqual(found('other', 'own', 'entry5'), ['of the other', 'own', 'text 5']);
      // Half of it is there twice; with a little more that is not needed either it is merged.
      for (let i = 0; i < 2; i++) run({ other: 'of the other', own: 'own', last: 'last' });
      onlySegment();
      assert.deepEqual(found('other', 'own', 'entry5', 'last'), ['of the other', 'own', 'text 5', 'last']);
    });
  });

  it('has what all wrote that were there at once', () => {
    const folders = Array.from({ length: 5 }, () => open());
    folders.forEach((folder, i) => {
      assert.equal(folder.read('same'), undefined);
      folder.write('same', Buffer.from('content'));
      folder.write(`own${i}`, Buffer.from(`of ${i}`));
    });
    for (const folder of folders) folder.flush();
    assert.deepEqual(found('same', 'own0', 'own1', 'own2', 'own3', 'own4'), [
      'content',
      'of 0',
      'of 1',
      'of 2',
      'of 3',
      'of 4',
    ]);
  });

  it('is not disturbed by a segment that vanishes after it was listed', () => {
    run({ one: 'first' });
    const shared = new SharedFolder(path);
    const names = shared.names();
    shared.names = () => [...names, 'segment-00000099-0123456789ab'];
    const folder = open(shared);
    assert.equal(folder.read('one')?.toString(), 'first');
    folder.write('one', Buffer.from('second'));
    folder.flush();
    assert.deepEqual(found('one'), ['second']);
  });

  it('does nothing where the folder cannot be made', () => {
    writeFileSync(join(parent, 'file'), '');
    const folder = open(new SharedFolder(join(parent, 'file', 'cache')));
    assert.equal(folder.read('one'), undefined);
    folder.write('one', Buffer.from('text'));
    folder.flush();
    assert.equal(folder.read('one'), undefined);
  });

  it('makes the folder anew where it was removed while it was in use', () => {
    const folder = open();
    folder.write('one', Buffer.from('first'));
    folder.flush();
    rmSync(path, { recursive: true });
    assert.equal(folder.read('one'), undefined);
    folder.write('two', Buffer.from('second'));
    folder.flush();
    assert.deepEqual(found('one', 'two'), [undefined, 'second']);
  });
});
