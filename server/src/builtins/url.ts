/**
 * URLs as references to source trees use them: RFC 3986, and characters in queries and fragments that older
 * versions of Nix took, too. Nix: `src/libutil/url.cc`.
 */
import type { Bytes } from '../base/bytes';
import { atCall, EvalError } from '../values/error';

/** What is wrong with a text that is meant as a URL; a flake reference may then still be a path. */
export class BadUrl extends EvalError {
  constructor(message: Bytes) {
    super('evaluation-error', message, atCall);
  }
}

export interface Url {
  readonly scheme: string;
  /** As it is written; undefined where there is no `//`. */
  readonly authority: Bytes | undefined;
  /** What stands between slashes, decoded; a path that starts with a slash has an empty segment first. */
  readonly path: readonly Bytes[];
  readonly query: ReadonlyMap<string, Bytes>;
  readonly fragment: Bytes;
}

const urlForm = /^([a-zA-Z][a-zA-Z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

const inAuthority = /^(?:[\w.~!$&'()*+,;=:@-]|%[0-9a-fA-F]{2}|\[[\w:.%~-]*\])*$/;
const inPath = /^(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-fA-F]{2})*$/;
const inQuery = /^(?:[\w.~!$&'()*+,;=:@/?" -]|%[0-9a-fA-F]{2})*$/;
const inFragment = /^(?:[\w.~!$&'()*+,;=:@/?" ^-]|%[0-9a-fA-F]{2})*$/;

/** @throws BadUrl */
export function parseUrl(text: Bytes): Url {
  const match = urlForm.exec(text);
  if (match === null) throw new BadUrl(`'${text}' is not a valid URL`);
  const [, scheme = '', authority, path = '', query = '', fragment = ''] = match;
  const isValid =
    inAuthority.test(authority ?? '') &&
    inPath.test(path) &&
    inQuery.test(query) &&
    inFragment.test(fragment);
  if (!isValid) throw new BadUrl(`'${text}' is not a valid URL`);
  const isFile = transportOf(scheme) === 'file';
  if (isFile && authority !== undefined && authority !== '')
    throw new BadUrl(`file:// URL '${text}' has unexpected authority '${authority}'`);
  return {
    scheme,
    authority,
    path: (isFile && path === '' ? '/' : path).split('/').map(decodePercent),
    query: parseQuery(query),
    fragment: decodePercent(fragment),
  };
}

/** The attributes of a query. What has no equals sign says nothing. @throws BadUrl */
export function parseQuery(text: Bytes): Map<string, Bytes> {
  const query = new Map<string, Bytes>();
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    const name = decodePercent(part.slice(0, Math.max(0, equals)));
    if (equals >= 0 && !query.has(name)) query.set(name, decodePercent(part.slice(equals + 1)));
  }
  return query;
}

/** @throws BadUrl */
export function decodePercent(text: Bytes): Bytes {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) throw new BadUrl(`invalid URI parameter '${text}'`);
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** @param kept characters that stay, besides letters, digits and `-._~` */
function encodePercent(text: Bytes, kept: string): Bytes {
  return text.replace(/[^\w.~-]/g, (c) =>
    kept.includes(c) ? c : `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

export function printUrl({ scheme, authority, path, query, fragment }: Url): Bytes {
  const place = `${authority === undefined ? '' : `//${authority}`}${printPath(path)}`;
  return `${scheme}:${place}${printQuery(query)}${fragment === '' ? '' : `#${encodePercent(fragment, '')}`}`;
}

function printPath(path: readonly Bytes[]): Bytes {
  return path.map((segment) => encodePercent(segment, ':@')).join('/');
}

function printQuery(query: ReadonlyMap<string, Bytes>): Bytes {
  if (query.size === 0) return '';
  const parts = [...query].sort(([a], [b]) => (a < b ? -1 : 1));
  return `?${parts.map(([name, value]) => `${encodePercent(name, ':@/?')}=${encodePercent(value, ':@/?')}`).join('&')}`;
}

/** What a scheme says before its plus sign, if it has one: `git` of `git+https`. */
export function applicationOf(scheme: string): string | undefined {
  return scheme.includes('+') ? scheme.slice(0, scheme.indexOf('+')) : undefined;
}

export function transportOf(scheme: string): string {
  return scheme.slice(scheme.indexOf('+') + 1);
}
