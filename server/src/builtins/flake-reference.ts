/**
 * References to source trees: as text (`github:NixOS/nixpkgs/23.05`) and as
 * attributes (`{ type = "github"; … }`). Nix manual: `nix flake`, "Flake
 * references"; `builtins.fetchTree`.
 */
import type { Bytes } from '../base/bytes';
import { canonicalPath } from '../host/path';
import { failure } from './failure';

export type InputAttribute = string | number | bigint | boolean;
export type InputAttributes = ReadonlyMap<string, InputAttribute>;

/** What `builtins.parseFlakeRef` gives: the attributes of the tree, and `dir` where the flake is in a folder of it. */
export function parseFlakeReference(text: Bytes): InputAttributes {
  const { attributes, fragment } = parseWithFragment(text);
  if (fragment !== '') throw failure(`unexpected fragment '${fragment}' in flake reference '${text}'`);
  return attributes;
}

const commitHash = /^[0-9a-f]{40}$/;
const refName = /^[a-zA-Z0-9@][a-zA-Z0-9_.@+/-]*$/;
const identifier = /^[a-zA-Z][a-zA-Z0-9_-]*$/;
/** `nixpkgs`, `nixpkgs/release`, `nixpkgs/<commit>`, `nixpkgs/release/<commit>`. */
const shortForm = /^([a-zA-Z][a-zA-Z0-9_-]*(?:\/[a-zA-Z0-9@][a-zA-Z0-9_.@+-]*){0,2})(?:#(.*))?$/;
const pathForm = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/;
const urlForm = /^([a-zA-Z][a-zA-Z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/;

interface ParsedUrl {
  readonly text: Bytes;
  readonly scheme: string;
  /** Undefined where there is no `//`. */
  readonly authority: Bytes | undefined;
  /** As it is written, with its percent signs. */
  readonly path: Bytes;
  readonly query: Map<string, Bytes>;
  readonly fragment: Bytes;
}

function parseWithFragment(text: Bytes): { attributes: InputAttributes; fragment: Bytes } {
  const short = shortForm.exec(text);
  if (short !== null) {
    const url = {
      text,
      scheme: 'flake',
      authority: undefined,
      path: short[1]!,
      query: new Map(),
      fragment: '',
    };
    return { attributes: inputOf(url), fragment: decodePercent(short[2] ?? '') };
  }
  const url = parseUrl(text) ?? pathUrl(text);
  const { dir, ...rest } = Object.fromEntries(url.query);
  const attributes = new Map(inputOf({ ...url, query: new Map(Object.entries(rest)) }));
  if (dir !== undefined && dir !== '') attributes.set('dir', dir);
  return { attributes, fragment: url.fragment };
}

function parseUrl(text: Bytes): ParsedUrl | undefined {
  const match = urlForm.exec(text);
  if (match === null) return undefined;
  const [, scheme, authority, path, query, fragment] = match;
  return {
    text,
    scheme: scheme!,
    authority,
    path: path!,
    query: parseQuery(query ?? ''),
    fragment: decodePercent(fragment ?? ''),
  };
}

function pathUrl(text: Bytes): ParsedUrl {
  const match = pathForm.exec(text)!;
  if (!match[1]!.startsWith('/')) throw failure(`flake reference '${text}' is not an absolute path`);
  return {
    text,
    scheme: 'path',
    authority: '',
    path: encodePercent(match[1]!),
    query: parseQuery(match[2] ?? ''),
    fragment: decodePercent(match[3] ?? ''),
  };
}

function parseQuery(text: Bytes): Map<string, Bytes> {
  const query = new Map<string, Bytes>();
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    if (equals > 0) query.set(decodePercent(part.slice(0, equals)), decodePercent(part.slice(equals + 1)));
  }
  return query;
}

function decodePercent(text: Bytes): Bytes {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function encodePercent(text: Bytes, allowed = /[A-Za-z0-9._~!$&'"()*+,;=:@/-]/): Bytes {
  return [...text]
    .map((c) => (allowed.test(c) ? c : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`))
    .join('');
}

/** The attributes of a tree by its URL. @throws EvalError */
export function inputOfUrl(text: Bytes): InputAttributes {
  const url = parseUrl(text);
  if (url === undefined) throw failure(`'${text}' is not a valid URL`);
  return inputOf(url);
}

function inputOf(url: ParsedUrl): InputAttributes {
  switch (url.scheme) {
    case 'flake':
      return indirectInput(url);
    case 'path':
      return pathInput(url);
    case 'github':
    case 'gitlab':
    case 'sourcehut':
      return forgeInput(url);
  }
  const [application, transport] = url.scheme.includes('+')
    ? url.scheme.split('+', 2)
    : [undefined, url.scheme];
  if (url.scheme === 'git' || application === 'git') return gitInput(url, transport, 'git');
  if (application === 'hg') return gitInput(url, transport, 'hg');
  const isTransport = ['file', 'http', 'https'].includes(transport);
  if (isTransport && (application === undefined || application === 'tarball' || application === 'file')) {
    return archiveInput(url, transport, application === 'file' ? 'file' : 'tarball');
  }
  throw failure(
    url.scheme === 'file+git'
      ? `input '${url.text}' is unsupported; did you mean 'git+file' instead of 'file+git'?`
      : `input '${url.text}' is unsupported`,
  );
}

function segments(path: Bytes): Bytes[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodePercent);
}

function indirectInput(url: ParsedUrl): InputAttributes {
  const [id = '', first, second, ...more] = segments(url.path);
  if (more.length > 0) throw failure(`GitHub URL '${url.text}' is invalid`);
  if (!identifier.test(id)) throw failure(`'${id}' is not a valid flake ID`);
  const input = new Map<string, InputAttribute>([
    ['type', 'indirect'],
    ['id', id],
  ]);
  if (first !== undefined && second === undefined && commitHash.test(first)) return input.set('rev', first);
  if (first !== undefined) {
    if (!refName.test(first)) {
      throw failure(
        second === undefined
          ? `in flake URL '${url.text}', '${first}' is not a commit hash or branch/tag name`
          : `in flake URL '${url.text}', '${first}' is not a branch/tag name`,
      );
    }
    input.set('ref', first);
  }
  if (second !== undefined) {
    if (!commitHash.test(second))
      throw failure(`in flake URL '${url.text}', '${second}' is not a commit hash`);
    input.set('rev', second);
  }
  return input;
}

function pathInput(url: ParsedUrl): InputAttributes {
  if (url.authority !== undefined && url.authority !== '') {
    throw failure(`path URL '${url.text}' should not have an authority ('${url.authority}')`);
  }
  const input = new Map<string, InputAttribute>([
    ['type', 'path'],
    ['path', decodePercent(url.path)],
  ]);
  for (const [name, value] of url.query) {
    if (name === 'rev' || name === 'narHash') input.set(name, value);
    else if (name !== 'revCount' && name !== 'lastModified') {
      throw failure(`path URL '${url.text}' has unsupported parameter '${name}'`);
    } else if (!/^\d+$/.test(value)) {
      throw failure(`path URL '${url.text}' has invalid parameter '${name}'`);
    } else input.set(name, Number(value));
  }
  return input;
}

function forgeInput(url: ParsedUrl): InputAttributes {
  const [owner, repo, ...rest] = segments(url.path);
  if (owner === undefined || repo === undefined) throw failure(`URL '${url.text}' is invalid`);
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
    if (!['rev', 'ref', 'host', 'narHash'].includes(name)) {
      throw failure(`URL '${url.text}' contains unknown parameter '${name}'`);
    }
    if (input.has(name)) {
      const what = name === 'rev' ? 'commit hashes' : 'branch/tag names';
      throw failure(`URL '${url.text}' contains multiple ${what}`);
    }
    input.set(name, value);
  }
  const ref = input.get('ref');
  if (typeof ref === 'string' && !refName.test(ref)) {
    throw failure(`input ${showInput(input)} contains an invalid branch/tag name`);
  }
  return input;
}

const gitTexts = new Set(['rev', 'ref', 'keytype', 'publicKey', 'publicKeys']);
const gitFlags = new Set(['shallow', 'submodules', 'lfs', 'exportIgnore', 'allRefs', 'verifyCommit']);

function gitInput(url: ParsedUrl, transport: string, type: 'git' | 'hg'): InputAttributes {
  const input = new Map<string, InputAttribute>([['type', type]]);
  const query = new Map<string, Bytes>();
  for (const [name, value] of url.query) {
    if (gitTexts.has(name)) input.set(name, value);
    else if (type === 'git' && gitFlags.has(name)) input.set(name, value === '1');
    else query.set(name, value);
  }
  return input.set('url', printUrl(transport, url, query));
}

function archiveInput(url: ParsedUrl, transport: string, type: 'tarball' | 'file'): InputAttributes {
  const input = new Map<string, InputAttribute>([['type', type]]);
  const query = new Map(url.query);
  for (const name of ['narHash', 'rev', 'revCount', 'lastModified']) {
    const value = query.get(name);
    if (value === undefined) continue;
    if (name === 'narHash' || name === 'rev') input.set(name, value);
    else if (/^\d+$/.test(value)) input.set(name, Number(value));
    query.delete(name);
  }
  for (const name of ['url', 'type', 'name', 'unpack']) query.delete(name);
  return input.set('url', printUrl(transport, url, query));
}

function printUrl(
  scheme: string,
  url: { readonly authority: Bytes | undefined; readonly path: Bytes },
  query: ReadonlyMap<string, Bytes>,
): Bytes {
  const authority = url.authority === undefined ? '' : `//${url.authority}`;
  return `${scheme}:${authority}${url.path}${printQuery(query)}`;
}

function printQuery(query: ReadonlyMap<string, Bytes>): Bytes {
  if (query.size === 0) return '';
  const inQuery = /[A-Za-z0-9._~!$'()*,;:@/?-]/;
  const parts = [...query].sort(([a], [b]) => (a < b ? -1 : 1));
  return `?${parts.map(([name, value]) => `${encodePercent(name, inQuery)}=${encodePercent(value, inQuery)}`).join('&')}`;
}

/** Attributes in a message, as JSON. */
function showInput(input: InputAttributes): Bytes {
  const sorted = [...input].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `"${name}":${typeof value === 'string' ? `"${value}"` : String(value)}`).join(',')}}`;
}

// --- Printing --------------------------------------------------------------------

function text(input: InputAttributes, name: string): Bytes {
  const value = input.get(name);
  if (value === undefined) throw failure(`input attribute '${name}' is missing`);
  if (typeof value !== 'string') throw failure(`input attribute '${name}' is not a string`);
  return value;
}

/** The reference as text, with `dir` if there is one. @throws EvalError */
export function printFlakeReference(input: InputAttributes): Bytes {
  const dir = input.get('dir');
  const extra = new Map<string, Bytes>();
  if (typeof dir === 'string' && dir !== '') extra.set('dir', dir);
  switch (text(input, 'type')) {
    case 'indirect':
      return joinPath('flake', [text(input, 'id'), input.get('ref'), input.get('rev')], extra);
    case 'path':
      return printPathInput(input, extra);
    case 'github':
    case 'gitlab':
    case 'sourcehut':
      copyTexts(input, ['narHash', 'host'], extra);
      return joinPath(
        text(input, 'type'),
        [text(input, 'owner'), text(input, 'repo'), input.get('ref') ?? input.get('rev')],
        extra,
      );
    case 'git':
    case 'hg':
      return printRepository(input, text(input, 'type'), extra);
    case 'tarball':
    case 'file':
      return printArchive(input, text(input, 'type'), extra);
    default:
      throw failure(`cannot show unsupported input '${showInput(input)}'`);
  }
}

function joinPath(
  scheme: string,
  parts: readonly (InputAttribute | undefined)[],
  query: ReadonlyMap<string, Bytes>,
): Bytes {
  const path = parts.filter((part) => part !== undefined).map((part) => encodePercent(String(part)));
  return `${scheme}:${path.join('/')}${printQuery(query)}`;
}

function copyTexts(input: InputAttributes, names: readonly string[], query: Map<string, Bytes>): void {
  for (const name of names) {
    const value = input.get(name);
    if (value !== undefined) query.set(name, String(value));
  }
}

function printPathInput(input: InputAttributes, query: Map<string, Bytes>): Bytes {
  copyTexts(input, ['lastModified', 'narHash', 'rev', 'revCount'], query);
  return `path:${encodePercent(text(input, 'path'))}${printQuery(query)}`;
}

function printRepository(input: InputAttributes, type: string, query: Map<string, Bytes>): Bytes {
  const url = parseUrl(text(input, 'url'));
  if (url === undefined) return `${type}+${text(input, 'url')}`;
  for (const [name, value] of url.query) query.set(name, value);
  copyTexts(input, ['ref', 'rev'], query);
  for (const name of gitFlags) if (input.get(name) === true) query.set(name, '1');
  return printUrl(url.scheme === 'git' ? 'git' : `${type}+${url.scheme}`, url, query);
}

const archiveEnding = /\.(zip|tar|tgz|tar\.gz|tar\.xz|tar\.bz2|tar\.zst)$/;

function printArchive(input: InputAttributes, type: string, query: Map<string, Bytes>): Bytes {
  const url = parseUrl(text(input, 'url'));
  if (url === undefined) return text(input, 'url');
  for (const [name, value] of url.query) query.set(name, value);
  copyTexts(input, ['narHash'], query);
  const obvious = archiveEnding.test(url.path) === (type === 'tarball');
  return printUrl(obvious ? url.scheme : `${type}+${url.scheme}`, url, query);
}

/** The folder of a `file:` URL or the path itself; undefined where a URL leads elsewhere. */
export function localFolder(url: Bytes): Bytes | undefined {
  if (url.startsWith('/')) return canonicalPath(url);
  const parsed = parseUrl(url);
  if (parsed?.scheme !== 'file' || (parsed.authority ?? '') !== '') return undefined;
  const path = decodePercent(parsed.path);
  return path.startsWith('/') ? canonicalPath(path) : undefined;
}
