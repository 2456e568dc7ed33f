/**
 * Text of programs on its way to a terminal, as C++ Nix's logger shows it (`filterANSIEscapes`):
 * tabs become spaces, and of the sequences that start with an escape only colors are left, where
 * colors are wanted. So no message moves the cursor, clears the screen or rings the bell.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';

/** All but colors: what is looked for decides whether there is anything to do. */
const special = /[\x1b\t\r\x07]/;

/** A control sequence, an operating system command, or another escape sequence; ECMA-48, 5.3 and 5.4. */
const escapeSequence = /^\x1b(?:\[[0-?]*[ -/]*(?<final>[@-~])?|\][^\x1b\x07]*(?:\x07|\x1b\\?)?|[@-Z\\^_])?/;

const tabWidth = 8;

/**
 * @param text one message as a whole. As in C++ Nix, tab stops count from its start and not
 *   from the start of a line.
 * @param keepsColors whether sequences that choose colors stay
 */
export function terminalText(text: Bytes, keepsColors: boolean): Bytes {
  if (!special.test(text)) return text;
  let shown = '';
  let column = 0;
  for (let at = 0; at < text.length;) {
    const next = text.slice(at).search(special);
    const plain = next < 0 ? text.slice(at) : text.slice(at, at + next);
    shown += plain;
    column += columnsOf(plain);
    at += plain.length;
    if (at === text.length) break;
    const sequence = escapeSequence.exec(text.slice(at));
    if (sequence === null) {
      const spaces = text[at] === '\t' ? tabWidth - (column % tabWidth) : 0;
      shown += ' '.repeat(spaces);
      column += spaces;
      at++;
    } else {
      if (keepsColors && sequence.groups?.['final'] === 'm') shown += sequence[0];
      at += sequence[0].length;
    }
  }
  return shown;
}

/** How many columns a text takes that is no control sequence. Control characters take none. */
function columnsOf(text: Bytes): number {
  let columns = 0;
  for (const character of decodeUtf8(text)) columns += columnsOfCharacter(character);
  return columns;
}

const takesNone = /^[\p{Cc}\p{Mn}\p{Me}\p{Cf}]$/u;
/** East Asian characters and pictures; Unicode Standard Annex 11, by blocks. */
const takesTwo =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

function columnsOfCharacter(character: string): number {
  if (takesNone.test(character)) return 0;
  return takesTwo.test(character) ? 2 : 1;
}
