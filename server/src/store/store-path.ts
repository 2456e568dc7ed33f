/**
 * Store paths and how they are computed. Nix manual: protocols/store-path.
 * A store path is its whole text, e.g. `/nix/store/<32 characters>-hello-2.12`.
 */
import type { Bytes } from '../base/bytes';
import { canonicalPath } from '../host/path';
import { EvalError } from '../values/error';
import { encodeBase32, isBase32Character } from './base32';
import { hashHex, type Hash } from './hash';

export const storeDirectory = '/nix/store';
const storePrefix = `${storeDirectory}/`;
const hashLength = 32;
const maxNameLength = 211;

/** How the content of a store object is hashed. */
export type IngestionMethod = 'flat' | 'nar' | 'text' | 'git';

const validName = /^[0-9A-Za-z+\-._?=]+$/;

/** Why a name cannot stand in a store path; undefined if it can. */
export function nameProblem(name: Bytes): string | undefined {
  if (name === '') return 'name must not be empty';
  if (name.length > maxNameLength) {
    return `name '${name}' must be no longer than ${maxNameLength} characters`;
  }
  const first = name[0] === '.' ? /^\.\.?(?=-|$)/.exec(name)?.[0] : undefined;
  if (first !== undefined) {
    return first === name
      ? `name '${name}' is not valid`
      : `name '${name}' is not valid: first dash-separated component must not be '${first}'`;
  }
  if (validName.test(name)) return undefined;
  const illegal = [...name].find((character) => !validName.test(character))!;
  return `name '${name}' contains illegal character '${illegal}'`;
}

/** Why the last part of a path names no store path; undefined if it does. */
function baseNameProblem(baseName: Bytes): string | undefined {
  if (baseName.length < hashLength + 1) return `'${baseName}' is too short to be a valid store path`;
  if (baseName[hashLength] !== '-') {
    return `'${baseName}' can't name a store path because the hash part is not followed by a '-'`;
  }
  for (let i = 0; i < hashLength; i++) {
    if (!isBase32Character(baseName[i]!)) {
      return `store path '${baseName}' contains illegal base-32 character '${baseName[i]!}'`;
    }
  }
  const problem = nameProblem(baseName.slice(hashLength + 1));
  return problem && `path '${baseName}' is not a valid store path: ${problem}`;
}

/** Why a folder or file directly in the store is no store path; undefined if it is one. */
export function storePathProblem(path: Bytes): string | undefined {
  return baseNameProblem(path.slice(storePrefix.length));
}

/** Whether a path is a store path itself, and no file inside of one. */
export function isStorePath(path: Bytes): boolean {
  return parseStorePath(path) !== undefined;
}

/** The canonical text of a store path, or undefined if it is none. */
function parseStorePath(path: Bytes): Bytes | undefined {
  if (!path.startsWith('/')) return undefined;
  const canonical = canonicalPath(path);
  if (!canonical.startsWith(storePrefix)) return undefined;
  const baseName = canonical.slice(storePrefix.length);
  return baseName.includes('/') || baseNameProblem(baseName) !== undefined ? undefined : canonical;
}

export function isInStore(path: Bytes): boolean {
  return path.startsWith(storePrefix) && path.length > storePrefix.length;
}

/** The store path that a canonical path is in, and the rest of it, which starts with a slash or is empty. */
export function splitStorePath(path: Bytes): { readonly storePath: Bytes; readonly rest: Bytes } {
  const slash = path.indexOf('/', storePrefix.length);
  if (slash < 0) return { storePath: path, rest: '' };
  return { storePath: path.slice(0, slash), rest: path.slice(slash) };
}

export function isDerivationPath(path: Bytes): boolean {
  return path.endsWith('.drv');
}

/** The name part: `hello-2.12` of `/nix/store/…-hello-2.12`. */
export function nameOfStorePath(path: Bytes): Bytes {
  return path.slice(storePrefix.length + hashLength + 1);
}

export function hashPartOf(path: Bytes): Bytes {
  return path.slice(storePrefix.length, storePrefix.length + hashLength);
}

/** `type` is e.g. `source`, `text:<references>`, `output:out`; `hash` is `<algorithm>:<hex>`. */
function makeStorePath(type: Bytes, hash: Bytes, name: Bytes): Bytes {
  const fingerprint = `${type}:${hash}:${storeDirectory}:${name}`;
  const baseName = `${encodeBase32(foldHex(hashHex('sha256', fingerprint)))}-${name}`;
  const problem = nameProblem(name);
  if (problem !== undefined) {
    throw new EvalError('evaluation-error', `path '${baseName}' is not a valid store path: ${problem}`);
  }
  return storePrefix + baseName;
}

const folded = new Uint8Array(20);

/** The bytes of a digest folded to twenty, in an array that the next call uses again. */
function foldHex(hex: string): Uint8Array {
  folded.fill(0);
  for (let i = 0; i < hex.length; i += 2) {
    const byte = (digit(hex.charCodeAt(i)) << 4) | digit(hex.charCodeAt(i + 1));
    folded[(i >> 1) % folded.length]! ^= byte;
  }
  return folded;
}

/** The value of a lower-case hexadecimal digit. */
function digit(code: number): number {
  return code < 0x40 ? code - 0x30 : code - 0x57;
}

export function outputPathName(derivationName: Bytes, output: Bytes): Bytes {
  return output === 'out' ? derivationName : `${derivationName}-${output}`;
}

/** The path of an output whose derivation hashes to `hex`, modulo its fixed outputs. */
export function makeOutputPath(output: Bytes, hex: string, derivationName: Bytes): Bytes {
  return makeStorePath(`output:${output}`, `sha256:${hex}`, outputPathName(derivationName, output));
}

const methodPrefixes: Readonly<Record<IngestionMethod, string>> = {
  flat: '',
  nar: 'r:',
  text: 'text:',
  git: 'git:',
};

/** e.g. `r:sha256`, as derivations spell the method and the algorithm of an output. */
export function methodAndAlgorithm(method: IngestionMethod, algorithm: string): string {
  return methodPrefixes[method] + algorithm;
}

/** The path of content that is known by its hash. `references` are sorted store paths. */
export function makeContentPath(
  name: Bytes,
  method: IngestionMethod,
  hash: Hash,
  references: readonly Bytes[] = [],
): Bytes {
  const hashText = `${hash.algorithm}:${hash.hex}`;
  if (method === 'text') return makeStorePath(withReferences('text', references), hashText, name);
  if (method === 'nar' && hash.algorithm === 'sha256') {
    return makeStorePath(withReferences('source', references), hashText, name);
  }
  if (references.length > 0) {
    throw new EvalError(
      'evaluation-error',
      `fixed output derivation '${name}' is not allowed to refer to other store paths.\nYou may need to use the 'unsafeDiscardReferences' derivation attribute, see the manual for more details.`,
    );
  }
  const inner = hashHex('sha256', `fixed:out:${methodPrefixes[method]}${hashText}:`);
  return makeStorePath('output:out', `sha256:${inner}`, name);
}

function withReferences(type: string, references: readonly Bytes[]): string {
  return references.length === 0 ? type : `${type}:${references.join(':')}`;
}
