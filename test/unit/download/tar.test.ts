// Reading archives: the forms of names that there are, and what is no archive.
import assert from 'node:assert/strict';
import { DownloadError } from '../../../server/src/download/failure';
import { readTar } from '../../../server/src/download/tar';
import { header, record, tar, type Entry } from '../../kit/archive';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bytes: Buffer, size = 100): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of readTar(pieces(bytes, size))) {
    const content: Uint8Array[] = [];
    for await (const piece of entry.content()) content.push(piece);
    const text = Buffer.concat(content).toString('latin1');
    found.push(`${entry.kind} ${entry.name} ${entry.executable ? 'x' : '-'} ${entry.target} ${text}`);
  }
  return found;
}

async function problemOf(bytes: Buffer): Promise<string> {
  try {
    await read(bytes);
  } catch (error) {
    assert.ok(error instanceof DownloadError);
    return error.message;
  }
  return assert.fail('It was read without an error.');
}

const long = `${'d'.repeat(90)}/${'f'.repeat(90)}`;

describe('an archive', () => {
  it('is read in pieces of any size', async () => {
    const bytes = tar([
      { name: 'a/', type: '5' },
      { name: 'a/b', content: 'x'.repeat(700), mode: 0o755 },
      { name: 'a/c', type: '2', target: 'b' },
      { name: 'a/d', type: '1', target: 'a/b' },
      { name: 'old/' },
    ]);
    const expected = [
      'directory a/ -  ',
      `file a/b x  ${'x'.repeat(700)}`,
      'symlink a/c - b ',
      'hard-link a/d - a/b ',
      'directory old/ -  ',
    ];
    for (const size of [1, 511, 512, 513, 100_000]) assert.deepEqual(await read(bytes, size), expected);
  });

  it('has its long names in one of three ways', async () => {
    const prefixed = header({ name: 'f', content: '' });
    const withPrefix = header({ name: 'f' });
    withPrefix.write('some/folder', 345, 'latin1');
    const old = prefixed.reduce((total, byte, i) => (i >= 148 && i < 156 ? total + 32 : total + byte), 0);
    const sum = old + [...'some/folder'].reduce((total, letter) => total + letter.charCodeAt(0), 0);
    withPrefix.write(sum.toString(8).padStart(6, '0'), 148, 'latin1');
    const cases: readonly (readonly [Buffer, string])[] = [
      [tar([{ name: 'PaxHeader', type: 'x', content: record('path', long) }, { name: 'short' }]), long],
      [tar([{ name: '././@LongLink', type: 'L', content: `${long}\0` }, { name: 'short' }]), long],
      [Buffer.concat([withPrefix, Buffer.alloc(1024)]), 'some/folder/f'],
    ];
    for (const [bytes, name] of cases) assert.deepEqual(await read(bytes), [`file ${name} -  `]);
  });

  it('has long targets, too, which hold for one entry only', async () => {
    const entries: Entry[] = [
      { name: '././@LongLink', type: 'K', content: `${long}\0` },
      { name: 'l', type: '2', target: 'short' },
      { name: 'm', type: '2', target: 'short' },
    ];
    assert.deepEqual(await read(tar(entries)), [`symlink l - ${long} `, 'symlink m - short ']);
  });

  it('is refused where it is cut off or none at all', async () => {
    const good = tar([{ name: 'a', content: 'x'.repeat(600) }]);
    for (const length of [50, 110, 300, 512, 900, 1500, 1536]) {
      assert.equal(await problemOf(good.subarray(0, length)), 'The archive is cut off.', String(length));
    }
    const bad = Buffer.from(good);
    bad[0] = 0x62;
    assert.equal(await problemOf(bad), 'The archive is damaged.');
    assert.equal(await problemOf(Buffer.alloc(0)), 'What was downloaded is empty.');
    for (const other of ['<html>', '{ }\n', '\x7fELF\x02\x01\0\0\0\x02\0>\0', 'x'.repeat(110)]) {
      for (const bytes of [Buffer.from(other, 'latin1'), Buffer.alloc(2000, other, 'latin1')]) {
        assert.match(await problemOf(bytes), /is no archive; Nixray unpacks/, other);
      }
    }
    assert.match(await problemOf(tar([{ name: 'pipe', type: '6' }])), /of a kind that no source has/);
    assert.match(
      await problemOf(tar([{ name: 'x', type: 'x', content: '99 path=a\n' }, { name: 'a' }])),
      /damaged/,
    );
  });
});
