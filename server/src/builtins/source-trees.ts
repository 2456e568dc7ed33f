/**
 * Source trees without the network: a tree whose hash is known is looked up in
 * the store, one on this disk is copied to the virtual store. Everything else is
 * an error that says what to run.
 */
import type { Bytes } from '../base/bytes';
import type { FileTree, Host } from '../host/host';
import { canonicalPath } from '../host/path';
import { resolveSymlinks } from '../host/symbolic-links';
import { parseHash, type Hash } from '../store/hash';
import { hashNar, type PathFilter } from '../store/nar';
import { isInStore, makeContentPath, splitStorePath } from '../store/store-path';
import { fromHost } from '../store/virtual-store';
import { attrsFromMap } from '../values/attrs';
import type { EvalError } from '../values/error';
import { lazily } from '../values/thunk';
import { ContextString, type Forced, type Value } from '../values/value';
import { context as withFrame } from '../vm/failures';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { localFolder, printFlakeReference, type InputAttributes } from './flake-reference';
import { findGitSource } from './git-source';
import { resolveReference } from './flake-registry';
import { cachedArchive, cachedCommit, cachedFile, type CachedArchive } from './nix-caches';
import { hostOf, readFile, storeOf } from './path-arguments';

export interface SourceTree {
  readonly storePath: Bytes;
  /** The attributes of the input with all that is known of the tree. */
  readonly input: InputAttributes;
  /** Counts the commits that lead to the tree; undefined where they cannot be counted. */
  readonly revisionCount?: () => number | undefined;
  /** When a tree was changed last, where that has to be looked for. */
  readonly lastModified?: () => number;
}

function textOf(input: InputAttributes, name: string): Bytes | undefined {
  const value = input.get(name);
  return typeof value === 'string' ? value : undefined;
}

/** The tree of an input. @throws EvalError that says what to run where the tree is not on this machine */
export function treeOf(vm: Vm, input: InputAttributes): SourceTree {
  try {
    return findTree(vm, input);
  } catch (error) {
    const reference = new Map([...input].filter(([name]) => name !== 'name'));
    throw withFrame(error, `while fetching the input '${printFlakeReference(reference)}'`);
  }
}

function findTree(vm: Vm, input: InputAttributes): SourceTree {
  const rev = textOf(input, 'rev');
  if (rev !== undefined && input.get('type') === 'git') parseHash(rev, 'sha1', vm.host.features);
  const known = treeOfHash(vm, input);
  if (known !== undefined) return known;
  switch (input.get('type')) {
    case 'path':
      return pathTree(vm, input);
    case 'git':
      return gitTree(vm, input);
    case 'indirect':
      return findTree(vm, without(resolveReference(vm, input), 'dir'));
    case 'github':
    case 'gitlab':
    case 'sourcehut':
      return forgeTree(vm, input) ?? absent(input);
    case 'tarball':
      checkArchive(input);
      return archiveTree(vm, input) ?? absent(input);
    case 'file':
      checkArchive(input);
      return fileTree(vm, input) ?? absent(input);
  }
  return absent(input);
}

function treeOfHash(vm: Vm, input: InputAttributes): SourceTree | undefined {
  const text = textOf(input, 'narHash');
  if (text === undefined) return undefined;
  const hash = parseHash(text, 'sha256', vm.host.features);
  const storePath = makeContentPath(textOf(input, 'name') ?? 'source', 'nar', hash);
  return storeOf(vm).has(storePath) ? { storePath, input } : undefined;
}

function absent(input: InputAttributes): never {
  throw notHere(printFlakeReference(input));
}

function notHere(reference: Bytes): EvalError {
  return failure(
    `the source tree '${reference}' is not on this machine, and evaluation here never uses the network; fetch it with 'nix flake prefetch "${reference}"', and lock it by its hash ('narHash')`,
    'unsupported',
  );
}

function pathTree(vm: Vm, input: InputAttributes): SourceTree {
  const path = textOf(input, 'path') ?? '';
  if (!path.startsWith('/')) {
    throw failure(`cannot fetch input '${printFlakeReference(input)}' because it uses a relative path`);
  }
  const folder = canonicalPath(path);
  // A path that is a store object already stays where it is.
  if (isInStore(folder) && splitStorePath(folder).rest === '' && storeOf(vm).has(folder)) {
    return { storePath: folder, input };
  }
  const copied = copyTree(vm, folder, input);
  if (input.has('lastModified')) return copied;
  return { ...copied, lastModified: () => fromHost(() => newestIn(hostOf(vm), folder)) };
}

/** The time of what was changed last in a tree, folders and links themselves included. */
function newestIn(host: Host, root: Bytes): number {
  let newest = 0;
  const todo = [resolveSymlinks(host, root)];
  while (todo.length > 0) {
    const path = todo.pop()!;
    newest = Math.max(newest, host.modificationTime(path));
    if (host.fileType(path) !== 'directory') continue;
    for (const { name } of host.readDirectory(path)) todo.push(`${path}/${name}`);
  }
  return newest;
}

function copyTree(vm: Vm, folder: Bytes, input: InputAttributes, filter?: PathFilter): SourceTree {
  const store = storeOf(vm);
  const path = fromHost(() => resolveSymlinks(store.host, folder));
  const { storePath, hash } = store.addTree(path, textOf(input, 'name') ?? 'source', filter && { filter });
  checkHash(vm, input, hash);
  return { storePath, input: new Map([...input, ['narHash', hash.print('sri')]]) };
}

function checkHash(vm: Vm, input: InputAttributes, found: Hash): void {
  const text = textOf(input, 'narHash');
  if (text === undefined) return;
  const expected = parseHash(text, 'sha256', vm.host.features);
  if (expected.hex === found.hex) return;
  throw failure(
    `NAR hash mismatch in input '${printFlakeReference(input)}', expected '${expected.print('sri')}' but got '${found.print('sri')}'`,
  );
}

/** A commit of a repository on this machine, or its tracked files with their present content. */
function gitTree(vm: Vm, input: InputAttributes): SourceTree {
  const source = findGitSource(vm, input);
  if (source === undefined) return absent(input);
  const { known, revisionCount } = source;
  const found =
    source.kind === 'commit'
      ? addTree(vm, source.tree, known)
      : copyTree(vm, source.workTree.root, known, source.isIncluded);
  return revisionCount === undefined ? found : { ...found, revisionCount };
}

/** A source of a forge that Nix has downloaded before. */
function forgeTree(vm: Vm, input: InputAttributes): SourceTree | undefined {
  const host = hostOf(vm);
  const rev = textOf(input, 'rev') ?? commitOfRef(vm, input);
  const archive = rev === undefined ? undefined : cachedCommit(host, rev);
  if (rev === undefined || archive === undefined) return undefined;
  return addArchive(vm, archive, new Map([...without(input, 'ref'), ['rev', rev]]));
}

/** The commit that GitHub had for a branch or tag when Nix asked last. */
function commitOfRef(vm: Vm, input: InputAttributes): Bytes | undefined {
  if (input.get('type') !== 'github' || input.has('host')) return undefined;
  const [owner, repo, ref] = ['owner', 'repo', 'ref'].map((name) => textOf(input, name));
  const url = `https://api.github.com/repos/${owner}/${repo}/commits/${ref ?? 'HEAD'}`;
  const file = cachedFile(hostOf(vm), url, 'source');
  if (file === undefined || !storeOf(vm).has(file)) return undefined;
  return /"sha": *"([0-9a-f]{40})"/.exec(readFile(vm, file))?.[1];
}

/** An archive that Nix has downloaded and unpacked before; undefined where it has not. @throws EvalError if it has another hash */
export function archiveTree(vm: Vm, input: InputAttributes): SourceTree | undefined {
  const archive = cachedArchive(hostOf(vm), textOf(input, 'url') ?? '');
  return archive && addArchive(vm, archive, input);
}

function addArchive(
  vm: Vm,
  { tree, lastModified, narHash }: CachedArchive,
  input: InputAttributes,
): SourceTree {
  const known = new Map(input);
  if (lastModified !== undefined && !known.has('lastModified')) known.set('lastModified', lastModified);
  return addTree(
    vm,
    tree,
    known,
    narHash === undefined ? undefined : parseHash(narHash, 'sha256', vm.host.features),
  );
}

function addTree(vm: Vm, tree: FileTree, input: InputAttributes, known?: Hash): SourceTree {
  const { storePath, hash } = storeOf(vm).addFileTree(tree, textOf(input, 'name') ?? 'source', known);
  checkHash(vm, input, hash);
  return { storePath, input: new Map([...input, ['narHash', hash.print('sri')]]) };
}

/** The tree is the same, whichever folder of it is meant. */
function without(input: InputAttributes, name: string): InputAttributes {
  return new Map([...input].filter(([each]) => each !== name));
}

/** A file of this disk, or one that Nix has downloaded before. */
function fileTree(vm: Vm, input: InputAttributes): SourceTree | undefined {
  const url = textOf(input, 'url') ?? '';
  const local = url.startsWith('file:') ? localFolder(url) : undefined;
  if (local !== undefined) return copyTree(vm, local, input);
  const storePath = cachedFile(hostOf(vm), url, textOf(input, 'name') ?? 'source');
  if (storePath === undefined || !storeOf(vm).has(storePath)) return undefined;
  const hash = fromHost(() => hashNar(hostOf(vm), storePath));
  checkHash(vm, input, hash);
  return { storePath, input: new Map([...input, ['narHash', hash.print('sri')]]) };
}

function checkArchive(input: InputAttributes): void {
  const url = textOf(input, 'url') ?? '';
  if (!url.startsWith('file:') || localFolder(url) !== undefined) return;
  throw failure(
    `tarball '${url}' must use an absolute path. The 'file' scheme does not support relative paths.`,
  );
}

/** What `fetchTree` gives of a tree. `emptyRevision` fills in what `fetchGit` promises always to have. */
export function describeTree(
  { storePath, input, revisionCount, lastModified }: SourceTree,
  emptyRevision: boolean,
): Forced {
  const attrs = new Map<string, Value>([['outPath', new ContextString(storePath, [storePath])]]);
  const narHash = input.get('narHash');
  if (typeof narHash === 'string') attrs.set('narHash', narHash);
  if (input.get('type') === 'git') attrs.set('submodules', input.get('submodules') === true);
  const revision = textOf(input, 'rev') ?? (emptyRevision ? '0'.repeat(40) : undefined);
  if (revision !== undefined) {
    attrs.set('rev', revision);
    attrs.set('shortRev', revision.slice(0, 7));
  }
  const count = input.get('revCount') ?? (emptyRevision ? 0 : undefined);
  if (revisionCount !== undefined && !input.has('revCount')) {
    attrs.set(
      'revCount',
      lazily(() => counted(revisionCount)),
    );
  } else if (typeof count === 'number' || typeof count === 'bigint') attrs.set('revCount', count);
  for (const name of ['dirtyRev', 'dirtyShortRev']) {
    const text = textOf(input, name);
    if (text !== undefined) attrs.set(name, text);
  }
  const time = input.get('lastModified');
  if (typeof time === 'number' || typeof time === 'bigint') {
    attrs.set('lastModified', time);
    attrs.set('lastModifiedDate', printDate(Number(time)));
  } else if (lastModified !== undefined) {
    const found = lazily(lastModified);
    attrs.set('lastModified', found);
    attrs.set(
      'lastModifiedDate',
      lazily(() => printDate(lastModified())),
    );
  }
  return attrsFromMap(attrs);
}

function counted(revisionCount: () => number | undefined): number {
  const count = revisionCount();
  if (count !== undefined) return count;
  throw failure(
    "'revCount' is not known, since the repository has only a part of its history",
    'unsupported',
  );
}

/** e.g. `20230531120000`. */
function printDate(seconds: number): Bytes {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace(/[-T:]/g, '');
}
