/**
 * Byte strings: JavaScript strings whose char codes are the bytes 0–255 of a
 * UTF-8 text. Nix's strings, its source text and its columns are bytes, so
 * everything inside the server uses this form; text is decoded where it is
 * shown and encoded where it comes in.
 */

/** A byte string. An alias and no brand: literals of ASCII are byte strings as they stand. */
export type Bytes = string;

const onlyAscii = /^[\x00-\x7f]*$/;

/** The UTF-8 bytes of `text`. Lone surrogates become U+FFFD, as in every UTF-8 encoder. */
export function encodeUtf8(text: string): Bytes {
  return onlyAscii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/**
 * Bytes without the white space at their end. `trimEnd` and `\s` of JavaScript also take 0xA0
 * for a space, which here is the last byte of letters such as `à`.
 */
export function trimmedEnd(bytes: Bytes): Bytes {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes.charCodeAt(end - 1))) end--;
  return bytes.slice(0, end);
}

/** Bytes without the white space at their start. */
export function trimmedStart(bytes: Bytes): Bytes {
  let start = 0;
  while (start < bytes.length && isSpace(bytes.charCodeAt(start))) start++;
  return bytes.slice(start);
}

/** A space, or one of the control characters from tab to carriage return. */
function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}

/** The text that `bytes` encode. Sequences that are not UTF-8 become U+FFFD. */
export function decodeUtf8(bytes: Bytes): string {
  return onlyAscii.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}
