/** Which bytes are UTF-8, for formats that allow no others. */
import type { Bytes } from '../base/bytes';

const onlyAscii = /^[\x00-\x7f]*$/;

/** The index of the first byte that is no UTF-8: the length if the text ends too early, undefined if all is well. */
export function firstIllFormed(text: Bytes): number | undefined {
  if (onlyAscii.test(text)) return undefined;
  for (let i = 0; i < text.length;) {
    const lead = text.charCodeAt(i);
    if (lead < 0x80) {
      i++;
      continue;
    }
    const count = trailLength(lead);
    if (count === 0) return i;
    for (let j = 1; j <= count; j++) {
      if (!isTrail(lead, j, text.charCodeAt(i + j))) return i + j;
    }
    i += count + 1;
  }
  return undefined;
}

/** How many bytes follow a leading one; 0 if it cannot lead. */
function trailLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 1;
  if (lead >= 0xe0 && lead <= 0xef) return 2;
  return lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
}

/** Whether `byte` can be the `index`th after `lead`: no overlong form, no surrogate, nothing above U+10FFFF. */
function isTrail(lead: number, index: number, byte: number): boolean {
  if (index > 1) return byte >= 0x80 && byte <= 0xbf;
  const from = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const to = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return byte >= from && byte <= to;
}
