/** Source text in the titles of actions. */
import { decodeUtf8, type Bytes } from '../../base/bytes';

const longest = 40;

/** Source text as a title shows it: on one line, and cut where it is long. */
export function shownText(text: Bytes): string {
  const line = decodeUtf8(text).replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
