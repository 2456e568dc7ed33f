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

/** The text that `bytes` encode. Sequences that are not UTF-8 become U+FFFD. */
export function decodeUtf8(bytes: Bytes): string {
  return onlyAscii.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}
