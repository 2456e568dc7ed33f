/**
 * Hashes and their spellings. Nix manual: `builtins.convertHash`, `nix hash`.
 *
 * The algorithms are those of node:crypto, which lacks BLAKE3, an experimental
 * feature of Nix.
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { createHash, hash as hashOnce, type Hash as CryptoHash } from 'node:crypto';
import type { Bytes } from '../base/bytes';
import { EvalError } from '../values/error';
import { base32Length, decodeBase32, encodeBase32 } from './base32';

export type HashAlgorithm = 'blake3' | 'md5' | 'sha1' | 'sha256' | 'sha512';
export type HashFormat = 'base16' | 'nix32' | 'base64' | 'sri';

const sizes: Readonly<Record<HashAlgorithm, number>> = {
  blake3: 32,
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
};

export class Hash {
  constructor(
    readonly algorithm: HashAlgorithm,
    readonly digest: Uint8Array,
  ) {}

  get hex(): string {
    return Buffer.from(this.digest).toString('hex');
  }

  /** Without the algorithm, except for `sri`. */
  print(format: HashFormat): string {
    switch (format) {
      case 'base16':
        return this.hex;
      case 'nix32':
        return encodeBase32(this.digest);
      case 'base64':
        return Buffer.from(this.digest).toString('base64');
      case 'sri':
        return `${this.algorithm}-${Buffer.from(this.digest).toString('base64')}`;
    }
  }
}

/** Collects what is hashed, piece by piece. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

class NodeHasher implements Hasher {
  private readonly hash: CryptoHash;
  constructor(algorithm: HashAlgorithm) {
    this.hash = createHash(algorithm);
  }
  update(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }
  digest(): Uint8Array {
    return this.hash.digest();
  }
}

export function createHasher(algorithm: HashAlgorithm): Hasher {
  return algorithm === 'blake3' ? blake3.create() : new NodeHasher(algorithm);
}

/** Node has the hash of a whole text in one call since 20.12; it is two to three times as fast. */
const oneCall: typeof hashOnce | undefined = hashOnce;

/**
 * The bytes of a text on their way to a hash. Measured against giving Node the
 * text, which it encodes anew, and against a buffer for each text.
 */
const scratch = Buffer.allocUnsafeSlow(1 << 16);

/** The beginnings of the scratch buffer by their lengths: making one takes a tenth of the time of a hash. */
const beginnings: (Uint8Array | undefined)[] = new Array<Uint8Array | undefined>(1 << 10).fill(undefined);

function bytesOf(text: Bytes): Uint8Array {
  const { length } = text;
  if (length > scratch.length) return Buffer.from(text, 'latin1');
  scratch.write(text, 'latin1');
  if (length >= beginnings.length) return scratch.subarray(0, length);
  return (beginnings[length] ??= scratch.subarray(0, length));
}

/** The digest of a text in hexadecimal. */
export function hashHex(algorithm: HashAlgorithm, text: Bytes): string {
  if (algorithm === 'blake3') return hashBytes(algorithm, text).hex;
  if (oneCall !== undefined) return oneCall(algorithm, bytesOf(text), 'hex');
  return createHash(algorithm).update(text, 'latin1').digest('hex');
}

export function hashBytes(algorithm: HashAlgorithm, text: Bytes): Hash {
  if (algorithm === 'blake3') {
    const hasher = blake3.create();
    hasher.update(Buffer.from(text, 'latin1'));
    return new Hash(algorithm, hasher.digest());
  }
  return new Hash(algorithm, Buffer.from(hashHex(algorithm, text), 'hex'));
}

function failure(message: Bytes): EvalError {
  return new EvalError('evaluation-error', message);
}

/** The algorithm of that name, if there is one and its feature is on. */
export function algorithmNamed(name: Bytes, features: ReadonlySet<string>): HashAlgorithm | undefined {
  if (!Object.hasOwn(sizes, name)) return undefined;
  if (name === 'blake3' && !features.has('blake3-hashes')) {
    throw failure(
      "experimental Nix feature 'blake3-hashes' is disabled; add '--extra-experimental-features blake3-hashes' to enable it",
    );
  }
  return name as HashAlgorithm;
}

/** @throws EvalError where there is no such algorithm */
export function requireAlgorithm(name: Bytes, features: ReadonlySet<string>): HashAlgorithm {
  const algorithm = algorithmNamed(name, features);
  if (algorithm !== undefined) return algorithm;
  const message = `unknown hash algorithm '${name}', expect 'blake3', 'md5', 'sha1', 'sha256', or 'sha512'`;
  throw new EvalError('usage-error', message);
}

/**
 * A hash in any spelling: `sha256-…` in base 64, or `sha256:…` and the bare
 * digest in whatever base has the right length.
 * @throws EvalError
 */
export function parseHash(
  text: Bytes,
  expected: HashAlgorithm | undefined,
  features: ReadonlySet<string>,
): Hash {
  const separator = text.includes(':') ? ':' : '-';
  const at = text.indexOf(separator);
  const named = at < 0 ? undefined : requireAlgorithm(text.slice(0, at), features);
  const algorithm = named ?? expected;
  if (algorithm === undefined) {
    throw failure(`hash '${text}' does not include a type, nor is the type otherwise known from context`);
  }
  if (named !== undefined && expected !== undefined && named !== expected) {
    throw failure(`hash '${text}' should have type '${expected}'`);
  }
  const rest = text.slice(at + 1);
  return parseDigest(rest, algorithm, at >= 0 && separator === '-' ? 'sri' : formatOfLength(rest, algorithm));
}

function formatOfLength(text: string, algorithm: HashAlgorithm): HashFormat {
  const size = sizes[algorithm];
  if (text.length === size * 2) return 'base16';
  if (text.length === base32Length(size)) return 'nix32';
  if (text.length === Math.ceil(size / 3) * 4) return 'base64';
  throw failure(`hash '${text}' has wrong length for hash algorithm '${algorithm}'`);
}

const formatNames: Readonly<Record<HashFormat, string>> = {
  base16: 'base16',
  nix32: 'nix32',
  base64: 'Base64',
  sri: 'SRI',
};

function parseDigest(text: string, algorithm: HashAlgorithm, format: HashFormat): Hash {
  const digest = decode(text, format);
  if (digest.length !== sizes[algorithm]) {
    throw failure(
      `invalid ${formatNames[format]} hash '${text}', length ${digest.length} != expected length ${sizes[algorithm]}`,
    );
  }
  return new Hash(algorithm, digest);
}

/** The bytes of a digest's text; what cannot be read has none, as in C++ Nix, whose next check then fails. */
function decode(text: string, format: HashFormat): Uint8Array {
  switch (format) {
    case 'base16':
      return /^[0-9a-fA-F]*$/.test(text) ? Buffer.from(text, 'hex') : new Uint8Array(0);
    case 'nix32': {
      const bytes = decodeBase32(text);
      return bytes instanceof Uint8Array ? bytes : new Uint8Array(0);
    }
    default: {
      const digits = text.replaceAll('\n', '').replace(/=.*$/s, '');
      return /^[A-Za-z0-9+/]*$/.test(digits) ? Buffer.from(digits, 'base64') : new Uint8Array(0);
    }
  }
}

/** A hash that may be left empty, which stands for one of zeros; `warn` hears of that. */
export function parseHashAllowEmpty(
  text: Bytes,
  algorithm: HashAlgorithm | undefined,
  features: ReadonlySet<string>,
  warn: (message: Bytes) => void,
): Hash {
  if (text !== '') return parseHash(text, algorithm, features);
  if (algorithm === undefined) throw failure('empty hash requires explicit hash algorithm');
  const hash = new Hash(algorithm, new Uint8Array(sizes[algorithm]));
  warn(`found empty hash, assuming '${hash.print('sri')}'`);
  return hash;
}
