/**
 * References to source trees: as text (`github:NixOS/nixpkgs/23.05`) and as
 * attributes (`{ type = "github"; … }`). Nix manual: `nix flake`, "Flake
 * references"; `builtins.fetchTree`. Nix: `src/libflake/flakeref.cc`, `src/libfetchers/`.
 */
import type { Bytes } from '../base/bytes';
import { canonicalPath } from '../host/path';
import { parseHash } from '../store/hash';
import { failure } from './failure';
import { checkedInput, gitFlags, isRefName, numberOf, showInput, textOf } from './input-attributes';
import {
  applicationOf,
  BadUrl,
  decodePercent,
  parseQuery,
  parseUrl,
  printUrl,
  transportOf,
  type Url,
} from './url';

export type InputAttribute = string | number | bigint | boolean;
export type InputAttributes = ReadonlyMap<string, InputAttribute>;

/** What `builtins.parseFlakeRef` gives: the attributes of the tree, and `dir` where the flake is in a folder of it. */
export function parseFlakeReference(text: Bytes): InputAttributes {
  const { attributes, fragment } = parseWithFragment(text);
  if (fragment !== '') throw failure(`unexpected fragment '${fragment}' in flake reference '${text}'`);
  return attributes;
}

const commitHash = /^[0-9a-fA-F]{40}$/;
const identifier = /^[a-zA-Z][a-zA-Z0-9_-]*$/;
/** `nixpkgs`, `nixpkgs/release`, `nixpkgs/<commit>`, `nixpkgs/release/<commit>`. */
const shortForm = /^([a-zA-Z][a-zA-Z0-9_-]*(?:\/[a-zA-Z0-9@][a-zA-Z0-9_.@+-]*){0,2})(?:#(.*))?$/;
const pathForm = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

interface WithFragment {
  readonly attributes: InputAttributes;
  readonly fragment: Bytes;
}

function parseWithFragment(text: Bytes): WithFragment {
  const short = shortForm.exec(text);
  if (short !== null) {
    const path = short[1]!.split('/');
    const fragment = decodePercent(short[2] ?? '');
    return withFolder({ scheme: 'flake', authority: undefined, path, query: new Map(), fragment });
  }
  try {
    return withFolder(parseUrl(text));
  } catch (error) {
    // What is no URL of a kind that Nix knows is read as a path.
    if (!(error instanceof BadUrl)) throw error;
    return withFolder(pathUrl(text));
  }
}

/** The folder of the flake in its tree is no attribute of the tree. */
function withFolder(url: Url): WithFragment {
  const { dir = '', ...rest } = Object.fromEntries(url.query);
  const attributes = new Map(inputOf({ ...url, query: new Map(Object.entries(rest)), fragment: '' }));
  if (dir !== '') attributes.set('dir', dir);
  return { attributes, fragment: url.fragment };
}

function pathUrl(text: Bytes): Url {
  const [, path = '', query = '', fragment = ''] = pathForm.exec(text)!;
  if (!path.startsWith('/')) throw failure(`flake reference '${text}' is not an absolute path`);
  return {
    scheme: 'path',
    authority: '',
    path: path.split('/'),
    query: parseQuery(query),
    fragment: decodePercent(fragment),
  };
}

/** The attributes of a tree by its URL. @throws EvalError */
export function inputOfUrl(text: Bytes): InputAttributes {
  return inputOf(parseUrl(text));
}

function inputOf(url: Url): InputAttributes {
  const { scheme } = url;
  switch (scheme) {
    case 'flake':
      return indirectInput(url);
    case 'path':
      return pathInput(url);
    case 'github':
    case 'gitlab':
    case 'sourcehut':
      return forgeInput(url);
  }
  const application = applicationOf(scheme);
  if (scheme === 'git' || application === 'git') return repositoryInput(url, 'git');
  const transport = transportOf(scheme);
  if (application === 'hg' && mercurialTransports.has(transport)) return repositoryInput(url, 'hg');
  if (archiveTransports.has(transport) && [undefined, 'tarball', 'file'].includes(application))
    return archiveInput(url, application === 'file' ? 'file' : 'tarball');
  const hint = scheme === 'file+git' ? "; did you mean 'git+file' instead of 'file+git'?" : '';
  throw failure(`input '${printUrl(url)}' is unsupported${hint}`);
}

const archiveTransports: ReadonlySet<string> = new Set(['file', 'http', 'https']);
const mercurialTransports: ReadonlySet<string> = new Set(['file', 'http', 'https', 'ssh']);

function segments({ path }: Url): Bytes[] {
  return path.filter((segment) => segment !== '');
}

function indirectInput(url: Url): InputAttributes {
  const [id = '', first, second, ...more] = segments(url);
  if (id === '' || more.length > 0) throw new BadUrl(`GitHub URL '${printUrl(url)}' is invalid`);
  const version = versionOf(url, first, second);
  if (!identifier.test(id)) throw new BadUrl(`'${id}' is not a valid flake ID`);
  return new Map<string, InputAttribute>([['type', 'indirect'], ['id', id], ...version]);
}

/** What follows the name of a flake: a commit, or a branch or tag and maybe a commit. */
function versionOf(url: Url, first: Bytes | undefined, second: Bytes | undefined): [string, Bytes][] {
  if (first === undefined) return [];
  const shown = printUrl(url);
  if (second === undefined && commitHash.test(first)) return [['rev', first.toLowerCase()]];
  if (!isRefName(first)) {
    const wanted = second === undefined ? 'a commit hash or branch/tag name' : 'a branch/tag name';
    throw new BadUrl(`in flake URL '${shown}', '${first}' is not ${wanted}`);
  }
  if (second === undefined) return [['ref', first]];
  if (!commitHash.test(second)) throw new BadUrl(`in flake URL '${shown}', '${second}' is not a commit hash`);
  return [
    ['ref', first],
    ['rev', second.toLowerCase()],
  ];
}

function pathInput(url: Url): InputAttributes {
  if (url.authority !== undefined && url.authority !== '')
    throw failure(`path URL '${printUrl(url)}' should not have an authority ('${url.authority}')`);
  const input = new Map<string, InputAttribute>([
    ['type', 'path'],
    ['path', url.path.join('/')],
  ]);
  for (const [name, value] of url.query) {
    if (name === 'rev' || name === 'narHash') input.set(name, value);
    else if (name !== 'revCount' && name !== 'lastModified')
      throw failure(`path URL '${printUrl(url)}' has unsupported parameter '${name}'`);
    else {
      const number = numberOf(value);
      if (number === undefined) throw failure(`path URL '${printUrl(url)}' has invalid parameter '${name}'`);
      input.set(name, number);
    }
  }
  return input;
}

function forgeInput(url: Url): InputAttributes {
  const [owner, repo, ...rest] = segments(url);
  if (owner === undefined || repo === undefined) throw new BadUrl(`URL '${printUrl(url)}' is invalid`);
  const input = new Map<string, InputAttribute>([
    ['type', url.scheme],
    ['owner', owner],
    ['repo', repo],
  ]);
  if (rest.length > 0) {
    const version = rest.join('/');
    input.set(rest.length === 1 && commitHash.test(version) ? 'rev' : 'ref', version);
  }
  for (const [name, value] of url.query) {
    if (!['rev', 'ref', 'host', 'narHash'].includes(name))
      throw new BadUrl(`URL '${printUrl(url)}' contains unknown parameter '${name}'`);
    if (input.has(name)) {
      const what = name === 'rev' ? 'commit hashes' : 'branch/tag names';
      throw new BadUrl(`URL '${printUrl(url)}' contains multiple ${what}`);
    }
    input.set(name, value);
  }
  return checkedInput(input);
}

const repositoryTexts = new Set(['rev', 'ref', 'keytype', 'publicKey', 'publicKeys']);

function repositoryInput(url: Url, type: 'git' | 'hg'): InputAttributes {
  const input = new Map<string, InputAttribute>([['type', type]]);
  const query = new Map<string, Bytes>();
  for (const [name, value] of url.query) {
    if (repositoryTexts.has(name)) input.set(name, value);
    else if (type === 'git' && gitFlags.has(name)) input.set(name, value === '1');
    else query.set(name, value);
  }
  input.set('url', printUrl({ ...url, scheme: transportOf(url.scheme), query }));
  return checkedInput(input);
}

function archiveInput(url: Url, type: 'tarball' | 'file'): InputAttributes {
  const input = new Map<string, InputAttribute>([['type', type]]);
  const query = new Map(url.query);
  for (const name of ['narHash', 'rev', 'revCount', 'lastModified']) {
    const value = query.get(name);
    if (value === undefined) continue;
    const attribute = name === 'narHash' || name === 'rev' ? value : numberOf(value);
    if (attribute !== undefined) input.set(name, attribute);
    query.delete(name);
  }
  for (const name of ['url', 'type', 'name', 'unpack']) query.delete(name);
  return input.set('url', printUrl({ ...url, scheme: transportOf(url.scheme), query }));
}

// --- Printing --------------------------------------------------------------------

/** The reference as text, with `dir` if there is one. @throws EvalError */
export function printFlakeReference(input: InputAttributes): Bytes {
  const dir = input.get('dir');
  const url = urlOf(input);
  return printUrl({
    ...url,
    query: typeof dir === 'string' && dir !== '' ? new Map([...url.query, ['dir', dir]]) : url.query,
  });
}

function urlOf(input: InputAttributes): Url {
  const type = textOf(input, 'type');
  switch (type) {
    case 'indirect':
      return relativeUrl('flake', [textOf(input, 'id'), input.get('ref'), revisionOf(input)], new Map());
    case 'path': {
      const query = queryOf(input, ['lastModified', 'narHash', 'rev', 'revCount']);
      return relativeUrl('path', textOf(input, 'path').split('/'), query);
    }
    case 'github':
    case 'gitlab':
    case 'sourcehut': {
      const version = input.get('ref') ?? revisionOf(input);
      const path = [textOf(input, 'owner'), textOf(input, 'repo'), version];
      return relativeUrl(type, path, queryOf(input, ['narHash', 'host']));
    }
    case 'git':
    case 'hg':
      return repositoryUrl(input, type);
    case 'tarball':
    case 'file': {
      const url = parseUrl(textOf(input, 'url'));
      return { ...url, query: new Map([...url.query, ...queryOf(input, ['narHash'])]) };
    }
    default:
      throw failure(`cannot show unsupported input '${showInput(input)}'`);
  }
}

function repositoryUrl(input: InputAttributes, type: 'git' | 'hg'): Url {
  const url = parseUrl(textOf(input, 'url'));
  const query = new Map([...url.query, ...queryOf(input, ['ref'])]);
  const revision = revisionOf(input);
  if (revision !== undefined) query.set('rev', revision);
  for (const name of gitFlags) if (name !== 'allRefs' && input.get(name) === true) query.set(name, '1');
  return { ...url, scheme: url.scheme === 'git' ? 'git' : `${type}+${url.scheme}`, query };
}

/** The commit hash in digits of base 16. @throws EvalError where it is none */
function revisionOf(input: InputAttributes): Bytes | undefined {
  const revision = input.get('rev');
  return revision === undefined ? undefined : parseHash(textOf(input, 'rev'), 'sha1', new Set()).hex;
}

/** A URL that has no authority. */
function relativeUrl(
  scheme: string,
  path: readonly (InputAttribute | undefined)[],
  query: ReadonlyMap<string, Bytes>,
): Url {
  const segments = path.filter((segment) => segment !== undefined).map(String);
  return { scheme, authority: undefined, path: segments, query, fragment: '' };
}

function queryOf(input: InputAttributes, names: readonly string[]): Map<string, Bytes> {
  const query = new Map<string, Bytes>();
  for (const name of names) {
    const value = input.get(name);
    if (value !== undefined) query.set(name, String(value));
  }
  return query;
}

/** The folder of a `file:` URL or the path itself; undefined where a URL leads elsewhere. */
export function localFolder(text: Bytes): Bytes | undefined {
  if (text.startsWith('/')) return canonicalPath(text);
  try {
    const { scheme, path } = parseUrl(text);
    return scheme === 'file' && path[0] === '' ? canonicalPath(path.join('/')) : undefined;
  } catch (error) {
    if (error instanceof BadUrl) return undefined;
    throw error;
  }
}
