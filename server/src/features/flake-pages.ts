/** What a reference to a source tree in the text of a string leads to: a page of the web, or a flake on disk. */
import { decodeUtf8, type Bytes } from '../base/bytes';
import { parseFlakeReference, type InputAttributes } from '../builtins/flake-reference';
import { canonicalPath, directoryOf, isFlake } from '../host/path';
import { Kind, staticString } from '../syntax/tree';
import type { PlacedNode } from '../syntax/walk';
import { EvalError } from '../values/error';
import { isInputUrl } from './flake-names';

/** Schemes that say by themselves that a string is a reference. */
const reference = /^(?:github|gitlab|sourcehut|git\+https?|tarball\+https?|file\+https?|https?):/;

/** The page of a reference such as `github:NixOS/nixpkgs/nixos-25.11`; undefined where it names none. */
export function pageOfReference(text: Bytes): string | undefined {
  if (!reference.test(text) || /[\s\\^`{|}<>"]/.test(text)) return undefined;
  if (/^https?:/.test(text)) return decodeUtf8(text);
  try {
    return pageOfInput(parseFlakeReference(text));
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

function pageOfInput(input: InputAttributes): string | undefined {
  const text = (name: string): string => decodeUtf8(String(input.get(name) ?? ''));
  const version = text('rev') || text('ref');
  const page = (host: string, tree: string, folder: string): string => {
    const parts = [text('host') || host, text('owner'), text('repo')];
    if (version !== '' || text('dir') !== '') parts.push(tree, version || 'HEAD');
    if (text('dir') !== '') parts.push(...(folder === '' ? [] : [folder]), text('dir'));
    return `https://${parts.map(encodeURI).join('/')}`;
  };
  switch (input.get('type')) {
    case 'github':
      return page('github.com', 'tree', '');
    case 'gitlab':
      return page('gitlab.com', '-/tree', '');
    case 'sourcehut':
      return page('git.sr.ht', 'tree', 'item');
    case 'git':
      return text('url').replace(/\?.*/, '');
    default:
      return text('url');
  }
}

/** A path from a flake to another one, in the text of a reference. */
const localPath = /^(?:path:)?(\.{0,2}\/[^?#]*|\.{1,2})(?:[?#]|$)/;

/**
 * The `flake.nix` of another flake on disk, where a string says that it is an input of this one.
 * @param nodes the nodes around a place, the root first
 * @param path that of the document
 */
export function localInput(nodes: readonly PlacedNode[], path: Bytes): Bytes | undefined {
  const index = nodes.findLastIndex(({ node }) => node.kind === Kind.String);
  const string = nodes[index]?.node;
  const binding = nodes[index - 1]?.node;
  if (string?.kind !== Kind.String || binding?.kind !== Kind.Binding || !isFlake(path)) return undefined;
  const folder = localPath.exec(staticString(string) ?? '')?.[1];
  if (folder === undefined || !isInputUrl(nodes.slice(0, index - 1), binding.path.names)) return undefined;
  const absolute = folder.startsWith('/') ? folder : `${directoryOf(path)}/${folder}`;
  return canonicalPath(`${absolute}/flake.nix`);
}
