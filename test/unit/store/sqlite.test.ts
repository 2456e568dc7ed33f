// Reading files that SQLite itself has written. `plain.sqlite` has pages of 512 bytes,
// so that its table has inner pages and rows of several pages; of `log.sqlite` most is
// in the write-ahead log. Both were made by the SQLite of Python, with the columns of
// Nix's own table.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { DiskHost } from '../../../server/src/host/disk-host';
import { HostError } from '../../../server/src/host/host';
import { nixPathOf } from '../../../server/src/host/host-path';
import { readTable, SqliteError, type SqliteRow } from '../../../server/src/store/sqlite';
import { seeded } from '../../kit/seed';

const fixtures = path.join(__dirname, '../../fixtures/sqlite');
const host = new DiskHost();
const rowsOf = (file: string, table = 'Cache'): SqliteRow[] => [...readTable(host, nixPathOf(file), table)];

describe('a database', () => {
  const scratch = fs.mkdtempSync(path.join(tmpdir(), 'nixray-sqlite-'));
  after(() => fs.rmSync(scratch, { recursive: true }));

  it('has the rows of its table', () => {
    const rows = rowsOf(path.join(fixtures, 'plain.sqlite'));
    assert.equal(rows.length, 44);
    for (let i = 0; i < 40; i++) {
      assert.deepEqual(rows[i], [
        'file',
        `{"name":"n${i}","store":"/nix/store","url":"https://x/${i}"}`,
        `{"etag":"${'e'.repeat(15 * i)}","storePath":"${'0'.repeat(32)}-n${i}"}`,
        i * 2 ** i,
      ]);
    }
    assert.deepEqual(rowsOf(path.join(fixtures, 'plain.sqlite'), 'Nothing'), []);
  });

  it('is damaged where a row claims to be longer than all of it', () => {
    const pages = Buffer.alloc(3 * 512);
    pages.write('SQLite format 3\0', 'latin1');
    pages.writeUInt16BE(512, 16);
    const leaf = (page: number, header: number, cell: number): void => {
      pages[page + header] = 0x0d;
      pages.writeUInt16BE(1, page + header + 3);
      pages.writeUInt16BE(cell, page + header + 8);
    };
    // The table of tables: `Cache` begins on the second page.
    leaf(0, 100, 200);
    pages.set([22, 1, 6, 23, 23, 23, 1, 13, ...Buffer.from('tableCacheCache\x02', 'latin1')], 200);
    // A row of 2 ** 40 bytes, whose chain goes on and on with the third page.
    leaf(512, 0, 20);
    pages.set([0x80 | 32, 0x80, 0x80, 0x80, 0x80, 0, 1], 512 + 20);
    for (let at = 512 + 27; at + 4 <= 1024; at += 4) pages.writeUInt32BE(0x03030303, at);
    pages.writeUInt32BE(3, 1024);
    const least = 39;
    const fitting = least + ((2 ** 40 - least) % 508);
    pages.writeUInt32BE(3, 512 + 27 + (fitting <= 477 ? fitting : least));
    const file = path.join(scratch, 'circle.sqlite');
    fs.writeFileSync(file, pages);
    assert.throws(() => rowsOf(file), SqliteError);
  });

  const value = (file: string, key: number): unknown =>
    rowsOf(file).find((row) => row[1] === `{"k":"${key}"}`)?.[2];

  it('has what its log has committed', () => {
    const file = path.join(fixtures, 'log.sqlite');
    assert.equal(value(file, 1), '{"v":"new"}');
    assert.equal(value(file, 2), '{"v":"kept"}');
    assert.equal(value(file, 11), `{"v":"${'x'.repeat(200)}"}`);
  });

  it('is without what its log has not, or what a crash has cut off', () => {
    const file = path.join(scratch, 'a.sqlite');
    fs.copyFileSync(path.join(fixtures, 'log.sqlite'), file);
    assert.equal(value(file, 1), '{"v":"old"}');
    const log = fs.readFileSync(path.join(fixtures, 'log.sqlite-wal'));
    let known = 0;
    for (let length = 0; length <= log.length; length += 300) {
      fs.writeFileSync(`${file}-wal`, log.subarray(0, length));
      const { length: count } = rowsOf(file);
      assert.ok(count >= known, `${count} rows after ${length} bytes, ${known} before`);
      known = count;
    }
    assert.ok(known > 5);
    // A frame that is not what it was is the end of the log.
    const damaged = Buffer.from(log);
    damaged[100]! ^= 1;
    fs.writeFileSync(`${file}-wal`, damaged);
    assert.equal(value(file, 1), '{"v":"old"}');
  });

  it('is refused where it is none, and never read for ever', () => {
    const file = path.join(scratch, 'b.sqlite');
    assert.throws(() => rowsOf(file), HostError);
    fs.writeFileSync(file, 'x'.repeat(200));
    assert.throws(() => rowsOf(file), SqliteError);
    const good = fs.readFileSync(path.join(fixtures, 'plain.sqlite'));
    const damage = fc.record({ at: fc.nat(good.length - 1), byte: fc.nat(255), cut: fc.boolean() });
    fc.assert(
      fc.property(damage, ({ at, byte, cut }) => {
        const bad = Buffer.from(good);
        bad[at] = byte;
        fs.writeFileSync(file, cut ? bad.subarray(0, at) : bad);
        try {
          rowsOf(file);
        } catch (error) {
          const kinds = [SqliteError, HostError, RangeError];
          assert.ok(
            kinds.some((kind) => error instanceof kind),
            String(error),
          );
        }
      }),
      seeded(300),
    );
  });
});
