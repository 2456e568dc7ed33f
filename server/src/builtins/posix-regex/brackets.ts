/**
 * Bracket expressions such as `[^[:space:]a-z]`, in the POSIX locale.
 *
 * A byte is a signed `char` to C++ Nix, so 128 to 255 come before 0 in a range.
 */

/** A set of bytes. */
export class ByteSet {
  private constructor(
    /** 1 for each byte that is in the set. */
    readonly members: Uint8Array,
  ) {}

  static of(test: (byte: number) => boolean): ByteSet {
    return new ByteSet(Uint8Array.from({ length: 256 }, (_, byte) => (test(byte) ? 1 : 0)));
  }

  /** `.`: every byte but NUL. */
  static readonly anything = ByteSet.of((byte) => byte !== 0);
}

/** Reads one bracket expression, from behind its `[`. */
export class BracketReader {
  private readonly included = new Set<number>();
  /** The last single byte, which a range may start with; `class` after something that cannot start one. */
  private last: number | 'none' | 'class' = 'none';

  constructor(
    private readonly pattern: string,
    /** The next offset; after {@link read} the one behind the `]`. */
    public at: number,
  ) {}

  /** The set, or undefined if this is no bracket expression. */
  read(): ByteSet | undefined {
    const negated = this.skip('^');
    if (this.skip(']')) this.push(0x5d);
    else if (this.skip('-')) this.push(0x2d);
    for (;;) {
      if (this.skip(']')) break;
      if (this.pattern.startsWith('-]', this.at)) {
        this.at++;
        this.push(0x2d);
        continue;
      }
      if (!this.element()) return undefined;
    }
    return ByteSet.of((byte) => this.included.has(byte) !== negated);
  }

  /** Reads a byte, a range or a class; false if there is none. */
  private element(): boolean {
    if (this.at >= this.pattern.length) return false;
    if (this.skip('-')) return this.range();
    const named = this.named();
    if (named === 'error') return false;
    if (named === 'none') this.push(this.pattern.charCodeAt(this.at++));
    return true;
  }

  /** The rest of a range, behind its dash. */
  private range(): boolean {
    if (typeof this.last !== 'number') return false;
    if (this.at >= this.pattern.length) return false;
    // `[:`, `[.` and `[=` cannot end a range.
    if (/^\[[:.=]/.test(this.pattern.slice(this.at, this.at + 2))) return false;
    const first = signed(this.last);
    const last = signed(this.pattern.charCodeAt(this.at++));
    if (first > last) return false;
    for (let char = first; char <= last; char++) this.included.add(char & 0xff);
    this.last = 'none';
    return true;
  }

  /** `[:alpha:]`, `[.hyphen.]` or `[=a=]`. */
  private named(): 'none' | 'read' | 'error' {
    const kind = /^\[([:.=])/.exec(this.pattern.slice(this.at, this.at + 2))?.[1];
    if (kind === undefined) return 'none';
    const end = this.pattern.indexOf(kind, this.at + 2);
    if (end < 0 || this.pattern[end + 1] !== ']') return 'error';
    const name = this.pattern.slice(this.at + 2, end);
    this.at = end + 2;
    if (kind === ':') return this.includeClass(name);
    const byte = collatingElements.indexOf(name);
    if (byte < 0) return 'error';
    if (kind === '.') this.push(byte);
    else this.includeEquals(byte);
    return 'read';
  }

  private includeClass(name: string): 'read' | 'error' {
    const test = classes.get(name.toLowerCase());
    if (test === undefined) return 'error';
    this.last = 'class';
    for (let byte = 0; byte < 128; byte++) if (test.test(String.fromCharCode(byte))) this.included.add(byte);
    return 'read';
  }

  /** An equivalence class: letters of either case are equal. */
  private includeEquals(byte: number): void {
    this.last = 'class';
    const char = String.fromCharCode(byte);
    this.included.add(char.toLowerCase().charCodeAt(0));
    this.included.add(char.toUpperCase().charCodeAt(0));
  }

  private push(byte: number): void {
    this.included.add(byte);
    this.last = byte;
  }

  private skip(char: string): boolean {
    if (this.pattern[this.at] !== char) return false;
    this.at++;
    return true;
  }
}

function signed(byte: number): number {
  return byte < 128 ? byte : byte - 256;
}

/** What is in each class among the bytes below 128; none has others. */
const classes: ReadonlyMap<string, RegExp> = new Map([
  ['d', /[0-9]/],
  ['w', /[0-9A-Za-z_]/],
  ['s', /[\t-\r ]/],
  ['alnum', /[0-9A-Za-z]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[\t ]/],
  ['cntrl', /[\0-\x1f\x7f]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[\t-\r ]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[0-9A-Fa-f]/],
]);

/** The names of the POSIX locale's characters, in the order of their codes. */
const collatingElements: readonly string[] = [
  ...'NUL SOH STX ETX EOT ENQ ACK alert backspace tab newline vertical-tab form-feed carriage-return'.split(
    ' ',
  ),
  ...'SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC IS4 IS3 IS2 IS1 space'.split(' '),
  ...'exclamation-mark quotation-mark number-sign dollar-sign percent-sign ampersand apostrophe'.split(' '),
  ...'left-parenthesis right-parenthesis asterisk plus-sign comma hyphen period slash'.split(' '),
  ...'zero one two three four five six seven eight nine colon semicolon'.split(' '),
  ...'less-than-sign equals-sign greater-than-sign question-mark commercial-at'.split(' '),
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ...'left-square-bracket backslash right-square-bracket circumflex underscore grave-accent'.split(' '),
  ...'abcdefghijklmnopqrstuvwxyz',
  ...'left-curly-bracket vertical-line right-curly-bracket tilde DEL'.split(' '),
];
