// Varints: what is written is read again, in as few bytes as its length says.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readVarint, varintLength, writeVarint } from '../../../server/src/bytecode/varint';
import { seeded } from '../../kit/seed';

function written(value: number): number[] {
  const out = new Uint8Array(5);
  return [...out.subarray(0, writeVarint(out, 0, value))];
}

describe('varints', () => {
  it('take one byte more for every seven bits', () => {
    const lengths: [number, number][] = [
      [0, 1],
      [127, 1],
      [128, 2],
      [2 ** 14 - 1, 2],
      [2 ** 14, 3],
      [2 ** 21 - 1, 3],
      [2 ** 21, 4],
      [2 ** 28 - 1, 4],
      [2 ** 28, 5],
      [2 ** 31 - 1, 5],
    ];
    for (const [value, length] of lengths) {
      assert.equal(written(value).length, length, String(value));
      assert.equal(varintLength(value), length, String(value));
      assert.equal(readVarint(Uint8Array.from(written(value)), 0), value);
    }
  });

  it('are read back one after the other', () => {
    const value = fc.oneof(
      fc.nat(2 ** 31 - 1),
      fc.nat(31).map((bits) => 2 ** bits - 1),
      fc.nat(300),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), (values) => {
        const code = new Uint8Array(5 * values.length);
        let end = 0;
        for (const each of values) end = writeVarint(code, end, each);
        let at = 0;
        for (const each of values) {
          assert.equal(readVarint(code, at), each);
          // Only the last byte of a varint has its top bit clear.
          for (let i = 1; i < varintLength(each); i++) assert.ok(code[at + i - 1]! >= 0x80);
          at += varintLength(each);
          assert.ok(code[at - 1]! < 0x80);
        }
        assert.equal(at, end);
      }),
      seeded(500),
    );
  });
});
