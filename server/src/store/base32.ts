/**
 * Nix's base-32: 32 characters without `e`, `o`, `u` and `t`, the last five
 * bits first. Store manual: protocols/nix32.
 */
const characters = '0123456789abcdfghijklmnpqrsvwxyz';

export function base32Length(bytes: number): number {
  return bytes === 0 ? 0 : Math.floor((bytes * 8 - 1) / 5) + 1;
}

export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  for (let n = base32Length(bytes.length) - 1; n >= 0; n--) {
    const bit = n * 5;
    const i = bit >> 3;
    const j = bit & 7;
    const next = i + 1 < bytes.length ? bytes[i + 1]! << (8 - j) : 0;
    text += characters[((bytes[i]! >> j) | next) & 0x1f];
  }
  return text;
}

/** The bytes of a text, or the character that is none of the alphabet. */
export function decodeBase32(text: string): Uint8Array | { readonly invalid: string } {
  const bytes = new Uint8Array(Math.ceil((text.length * 5) / 8));
  let used = 0;
  for (let n = 0; n < text.length; n++) {
    const character = text[text.length - n - 1]!;
    const digit = characters.indexOf(character);
    if (digit < 0) return { invalid: character };
    const bit = n * 5;
    const i = bit >> 3;
    const j = bit & 7;
    bytes[i]! |= digit << j;
    used = Math.max(used, i + 1);
    const carry = digit >> (8 - j);
    if (carry !== 0) {
      bytes[i + 1] = carry;
      used = Math.max(used, i + 2);
    }
  }
  return bytes.subarray(0, used);
}

export function isBase32Character(character: string): boolean {
  return characters.includes(character);
}
