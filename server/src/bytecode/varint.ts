/**
 * Unsigned varints, little-endian in groups of seven bits: a value below 128
 * takes one byte. Values are at most 2^31 - 1.
 */

/** Writes a varint and returns where it ends; there must be room for five bytes. */
export function writeVarint(out: Uint8Array, at: number, value: number): number {
  while (value > 0x7f) {
    out[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  out[at++] = value;
  return at;
}

export function varintLength(value: number): number {
  let length = 1;
  while (value > 0x7f) {
    value >>>= 7;
    length++;
  }
  return length;
}

/** Reads a varint; its length is {@link varintLength} of the result. */
export function readVarint(code: Uint8Array, at: number): number {
  let byte = code[at]!;
  if (byte < 0x80) return byte;
  let value = byte & 0x7f;
  let shift = 7;
  do {
    byte = code[++at]!;
    value |= (byte & 0x7f) << shift;
    shift += 7;
  } while (byte >= 0x80);
  return value;
}
