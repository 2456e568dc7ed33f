/** What path literals mean. */
import type { Bytes } from '../base/bytes';
import { canonicalPath } from '../host/path';

/** The path of a literal's first part, which is absolute. A slash at the end separates the interpolation that follows, so it stays. */
export function literalPath(text: Bytes): Bytes {
  const path = canonicalPath(text);
  return text.endsWith('/') && path !== '/' ? `${path}/` : path;
}

/** The path of a literal that is written relative to a folder. */
export function relativeLiteralPath(directory: Bytes, text: Bytes): Bytes {
  return literalPath(`${directory}/${text}`);
}
