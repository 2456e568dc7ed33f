/**
 * One string object for each name, for the whole process.
 *
 * A name that is cut out of a text would keep the text alive (V8 shares the
 * characters), and equal names would be different objects, each hashed again
 * wherever it is a key. The table is asked with bytes and a hash, so that a
 * name that is known already costs no allocation at all.
 *
 * Names are never dropped: a program has few of them, beside its text.
 */
import { Token } from './tokens';

let mask = (1 << 14) - 1;
/** Slots of an open hash table: 0 is empty, else an index into `names`, plus one. */
let slots = new Int32Array(mask + 1);
const names: string[] = [];
const hashes: number[] = [];
/** What each name is as a token: a keyword, or an identifier. */
const kinds: Token[] = [];

/** The step of the hash over a name's bytes, which the lexer makes while it scans. */
export function hashStep(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/** The index of the name in `bytes` from `start` to `end`, whose hash is known. */
export function identifierIndex(bytes: Uint8Array, start: number, end: number, hash: number): number {
  let slot = spread(hash) & mask;
  for (;;) {
    const entry = slots[slot]!;
    if (entry === 0) return insert(bytes, start, end, hash);
    if (hashes[entry - 1] === hash && isAt(names[entry - 1]!, bytes, start, end)) return entry - 1;
    slot = (slot + 1) & mask;
  }
}

/** How many names there are. */
export function identifierCount(): number {
  return names.length;
}

export function identifierName(index: number): string {
  return names[index]!;
}

export function identifierKind(index: number): Token {
  return kinds[index]!;
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

function isAt(name: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = start; i < end; i++) if (name.charCodeAt(i - start) !== bytes[i]) return false;
  return true;
}

function insert(bytes: Uint8Array, start: number, end: number, hash: number): number {
  const index = names.length;
  names.push(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'));
  hashes.push(hash);
  kinds.push(Token.Identifier);
  if (names.length * 2 > mask) grow();
  else place(index);
  return index;
}

function place(index: number): void {
  let slot = spread(hashes[index]!) & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  slots[slot] = index + 1;
}

function grow(): void {
  mask = mask * 2 + 1;
  slots = new Int32Array(mask + 1);
  for (let index = 0; index < names.length; index++) place(index);
}

/** Enters a word whose token is not an identifier. */
function keyword(word: string, kind: Token): void {
  const bytes = Buffer.from(word, 'latin1');
  let hash = 0;
  for (const byte of bytes) hash = hashStep(hash, byte);
  kinds[identifierIndex(bytes, 0, bytes.length, hash)] = kind;
}

keyword('if', Token.If);
keyword('then', Token.Then);
keyword('else', Token.Else);
keyword('assert', Token.Assert);
keyword('with', Token.With);
keyword('let', Token.Let);
keyword('in', Token.In);
keyword('rec', Token.Rec);
keyword('inherit', Token.Inherit);
keyword('or', Token.Or);
