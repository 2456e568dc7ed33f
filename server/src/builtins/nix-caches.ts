/**
 * What Nix has downloaded before: its table of what it fetched, its store of unpacked
 * archives (a bare repository of Git), and its clones. All of it counts as on this
 * machine, however old it is; Nix itself would ask again after a while.
 */
import { createHash } from 'node:crypto';
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import { isStackOverflow } from '../base/stack';
import { GitError } from '../git/failure';
import { GitTree } from '../git/git-tree';
import { commitHash, Repository } from '../git/repository';
import { HostError, type FileTree, type Host } from '../host/host';
import { encodeBase32 } from '../store/base32';
import { readTable, SqliteError } from '../store/sqlite';
import { storeDirectory } from '../store/store-path';

/** The versions of the table that have the same columns; the newest first. */
const tables = ['fetcher-cache-v4.sqlite', 'fetcher-cache-v3.sqlite', 'fetcher-cache-v2.sqlite'];

const archiveStores = ['tarball-cache-v2', 'tarball-cache'];

export interface CachedArchive {
  readonly tree: FileTree;
  /** Seconds since 1970 of its newest file; undefined where it is not known. */
  readonly lastModified: number | undefined;
  /** The hash of the tree as Nix computed it, if it did. */
  readonly narHash: Bytes | undefined;
}

type Attributes = Readonly<Record<string, unknown>>;

/** An archive by its URL. */
export function cachedArchive(host: Host, url: Bytes): CachedArchive | undefined {
  const entry = lookUp(host, 'tarball', { url });
  return entry && archiveOf(host, entry['treeHash'], entry['lastModified'], []);
}

/** The archive of a commit of a forge, whichever it was; a commit's hash names the same everywhere. */
export function cachedCommit(host: Host, rev: Bytes): CachedArchive | undefined {
  const entry = lookUp(host, 'gitRevToTreeHash', { rev });
  if (entry === undefined) return undefined;
  const time = lookUp(host, 'gitRevToLastModified', { rev });
  return archiveOf(host, entry['treeHash'], time?.['lastModified'], [
    ['sourcePathToHash', { fingerprint: rev, method: 'nar', path: '/' }, 'hash'],
  ]);
}

/** A file by its URL, as a store path; it is there as long as nobody collects it. */
export function cachedFile(host: Host, url: Bytes, name: Bytes): Bytes | undefined {
  const entry = lookUp(host, 'file', { name, store: storeDirectory, url });
  const baseName = entry?.['storePath'];
  return typeof baseName === 'string' ? `${storeDirectory}/${encodeUtf8(baseName)}` : undefined;
}

/** Nix's clones of a repository. */
export function cachedClones(host: Host, url: Bytes): Repository[] {
  const digest = createHash('sha256').update(url, 'latin1').digest();
  const folder = `${host.nixFolders.cache}/gitv3/${encodeBase32(digest)}`;
  return [folder, `${folder}-shallow`].flatMap((path) => Repository.open(host, path) ?? []);
}

function archiveOf(
  host: Host,
  treeHash: unknown,
  lastModified: unknown,
  hashes: readonly (readonly [domain: string, key: Record<string, Bytes>, name: string])[],
): CachedArchive | undefined {
  if (typeof treeHash !== 'string' || !commitHash.test(treeHash)) return undefined;
  const tree = archiveTree(host, treeHash);
  if (tree === undefined) return undefined;
  const places = [['treeHashToNarHash', { treeHash }, 'narHash'] as const, ...hashes];
  return {
    tree,
    lastModified: typeof lastModified === 'number' ? lastModified : undefined,
    narHash: places.map(([domain, key, name]) => lookUp(host, domain, key)?.[name]).find(isText),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A tree of the archives' store. What is damaged there is as good as not there. */
function archiveTree(host: Host, treeHash: Bytes): FileTree | undefined {
  for (const name of archiveStores) {
    try {
      const repository = Repository.open(host, `${host.nixFolders.cache}/${name}`);
      if (repository?.objects.has(treeHash)) return new GitTree(repository.objects, treeHash);
    } catch (error) {
      if (!(error instanceof HostError || error instanceof GitError)) throw error;
    }
  }
  return undefined;
}

/** What the table has for a key. */
function lookUp(host: Host, domain: string, key: Readonly<Record<string, Bytes>>): Attributes | undefined {
  const text = encodeUtf8(keyText(key));
  for (const table of tables) {
    const path = `${host.nixFolders.cache}/${table}`;
    try {
      if (host.fileType(path) === undefined) continue;
      for (const [rowDomain, rowKey, value] of readTable(host, path, 'Cache')) {
        if (rowDomain !== domain || rowKey !== text || typeof value !== 'string') continue;
        const parsed: unknown = JSON.parse(decodeUtf8(value));
        return typeof parsed === 'object' && parsed !== null ? (parsed as Attributes) : undefined;
      }
    } catch (error) {
      // Somebody may be writing to it at this very moment; and it is only a cache.
      const isExpected = [HostError, SqliteError, SyntaxError, RangeError].some(
        (kind) => error instanceof kind,
      );
      if (!isExpected || isStackOverflow(error)) throw error;
    }
  }
  return undefined;
}

/** A key as Nix writes it: JSON with sorted names and without spaces. */
function keyText(key: Readonly<Record<string, Bytes>>): string {
  const sorted = Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted.map(([name, value]) => [name, decodeUtf8(value)])));
}
