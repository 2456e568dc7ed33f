/** White space at the ends of texts. Of bytes, only those of ASCII are any. */
import type { Bytes } from '../base/bytes';

export function trimmedStart(text: Bytes): Bytes {
  return text.replace(/^[ \t\n\v\f\r]+/, '');
}

export function trimmedEnd(text: Bytes): Bytes {
  let end = text.length;
  while (end > 0 && ' \t\n\v\f\r'.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

export function trimmed(text: Bytes): Bytes {
  return trimmedStart(trimmedEnd(text));
}
