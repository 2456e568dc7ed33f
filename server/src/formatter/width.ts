/** How wide a text is. */
import type { Bytes } from '../base/bytes';

const ascii = /^[\0-\x7f]*$/;

/** In characters, of which each may be several bytes. */
export function utf8Width(text: Bytes): number {
  return ascii.test(text) ? text.length : text.replace(/[\x80-\xbf]/g, '').length;
}
