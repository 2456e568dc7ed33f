/**
 * Which attributes the inputs of `fetchTree`, `fetchGit` and flakes can have, and what is wrong with others.
 * Nix: `inputFromAttrs` of each kind in `src/libfetchers/`.
 */
import type { Bytes } from '../base/bytes';
import { parseHash } from '../store/hash';
import { failure } from './failure';
import type { InputAttribute, InputAttributes } from './flake-reference';
import { BadUrl, parseUrl, printUrl, transportOf, applicationOf } from './url';

const git = [
  ...['url', 'ref', 'rev', 'shallow', 'submodules', 'lfs', 'exportIgnore', 'lastModified', 'revCount'],
  ...['narHash', 'allRefs', 'name', 'dirtyRev', 'dirtyShortRev', 'verifyCommit', 'keytype', 'publicKey'],
  'publicKeys',
];
const forge = ['owner', 'repo', 'ref', 'rev', 'narHash', 'lastModified', 'host', 'treeHash'];
const download = ['url', 'narHash', 'name', 'unpack', 'rev', 'revCount', 'lastModified'];

const attributesOf: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['git', git],
  ['github', forge],
  ['gitlab', forge],
  ['sourcehut', forge],
  ['tarball', download],
  ['file', download],
  ['path', ['path', 'rev', 'revCount', 'lastModified', 'narHash']],
  ['indirect', ['id', 'ref', 'rev', 'narHash']],
  ['hg', ['url', 'ref', 'rev', 'revCount', 'narHash', 'name']],
]);

/** Attributes of Git repositories that are true or false. */
export const gitFlags: ReadonlySet<string> = new Set([
  'shallow',
  'submodules',
  'lfs',
  'exportIgnore',
  'allRefs',
  'verifyCommit',
]);

/** An input as its kind keeps it: a Git repository by its URL, whatever way it was written. @throws EvalError, BadUrl */
export function checkedInput(input: InputAttributes): InputAttributes {
  const type = maybeText(input, 'type');
  if (type === undefined)
    throw failure("'type' attribute to specify input scheme is required but not provided");
  checkNames(input, type);
  const checked = new Map(input);
  switch (type) {
    case 'github':
    case 'gitlab':
    case 'sourcehut':
      checkForge(input);
      break;
    case 'git':
      checkGit(input);
      checked.set('url', gitUrl(textOf(input, 'url')));
      break;
    case 'indirect': {
      const id = textOf(input, 'id');
      if (!/^[a-zA-Z][a-zA-Z0-9_-]*$/.test(id)) throw new BadUrl(`'${id}' is not a valid flake ID`);
      break;
    }
    case 'path':
      textOf(input, 'path');
  }
  maybeText(input, 'ref');
  for (const name of ['revCount', 'lastModified'])
    if (!['undefined', 'number', 'bigint'].includes(typeof input.get(name)))
      throw failure(`input attribute '${name}' is not an integer`);
  return checked;
}

/** The first attribute that an input of its type cannot have is an error. */
function checkNames(input: InputAttributes, type: string): void {
  const allowed = attributesOf.get(type);
  const wrong = [...input.keys()].filter((name) => name !== 'type' && allowed?.includes(name) === false);
  if (wrong.length > 0)
    throw failure(`input attribute '${wrong.sort()[0]!}' not supported by scheme '${type}'`);
}

function checkForge(input: InputAttributes): void {
  textOf(input, 'owner');
  textOf(input, 'repo');
  const ref = maybeText(input, 'ref');
  const rev = maybeText(input, 'rev');
  if (ref !== undefined && rev !== undefined)
    throw new BadUrl(
      `input ${showInput(input)} contains both a commit hash ('${rev}') and a branch/tag name ('${ref}')`,
    );
  if (rev !== undefined) parseHash(rev, 'sha1', new Set());
  if (ref !== undefined && !isRefName(ref))
    throw new BadUrl(`input ${showInput(input)} contains an invalid branch/tag name`);
  if (!/^[a-zA-Z0-9.-]*$/.test(maybeText(input, 'host') ?? ''))
    throw new BadUrl(`input ${showInput(input)} contains an invalid instance host`);
}

function checkGit(input: InputAttributes): void {
  const ref = maybeText(input, 'ref');
  if (ref !== undefined && !isRefName(ref)) throw new BadUrl(`invalid Git branch/tag name '${ref}'`);
  for (const name of gitFlags)
    if (!['undefined', 'boolean'].includes(typeof input.get(name)))
      throw failure(`input attribute '${name}' is not a Boolean`);
}

/** Whether a text may be the name of a branch or tag. Git: `git check-ref-format`. */
export function isRefName(name: Bytes): boolean {
  if (name === '' || name === '@' || name.startsWith('-')) return false;
  if (/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^\/|[./]$/.test(name)) return false;
  return !/(?:^|\/)\.|\.lock(?:\/|$)/.test(name);
}

/** The URL of a repository that may be written as Git has it: a path, or `user@host:path`. @throws BadUrl */
export function gitUrl(text: Bytes): Bytes {
  if (text.startsWith('/')) {
    const path = text
      .split('/')
      .filter((segment, i, all) => segment !== '' || i === 0 || i === all.length - 1);
    return printUrl({ scheme: 'file', authority: '', path, query: new Map(), fragment: '' });
  }
  const short = text.includes('://') ? null : /^([^/:]+):(.*)$/s.exec(text);
  if (short !== null && !gitSchemes.has(short[1]!)) {
    if (short[2] === '') throw new BadUrl(`SCP-style Git URL '${text}' has an empty path`);
    const path = ['', ...short[2]!.replace(/^\//, '').split('/')];
    return printUrl({ scheme: 'ssh', authority: short[1]!, path, query: new Map(), fragment: '' });
  }
  const url = parseUrl(text);
  return printUrl(applicationOf(url.scheme) === 'git' ? { ...url, scheme: transportOf(url.scheme) } : url);
}

/** What stands before a colon in a URL, and is no host. */
const gitSchemes: ReadonlySet<string> = new Set(
  ['ssh', 'http', 'https', 'file', 'ftp', 'ftps', 'git'].flatMap((scheme) => [scheme, `git+${scheme}`]),
);

/** @throws EvalError where it is missing or no string */
export function textOf(input: InputAttributes, name: string): Bytes {
  const text = maybeText(input, name);
  if (text === undefined) throw failure(`input attribute '${name}' is missing`);
  return text;
}

function maybeText(input: InputAttributes, name: string): Bytes | undefined {
  const value = input.get(name);
  if (value === undefined || typeof value === 'string') return value;
  throw failure(`input attribute '${name}' is not a string ${showInput(input)}`);
}

/** A number of 64 bits without a sign, as an integer of Nix; undefined for what is none. */
export function numberOf(text: Bytes): InputAttribute | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const number = BigInt(text);
  if (number > 0xffff_ffff_ffff_ffffn) return undefined;
  const signed = BigInt.asIntN(64, number);
  const small = Number(signed);
  return Number.isSafeInteger(small) ? small : signed;
}

/** Attributes in a message, as JSON. */
export function showInput(input: InputAttributes): Bytes {
  const sorted = [...input].sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = ([name, value]: [string, InputAttribute]): string =>
    `"${name}":${typeof value === 'string' ? JSON.stringify(value) : String(value)}`;
  return `{${sorted.map(shown).join(',')}}`;
}
