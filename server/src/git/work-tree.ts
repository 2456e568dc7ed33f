/**
 * A Git repository on disk, as far as `fetchGit` of a folder needs it without
 * Git: which files are tracked, and what is checked out.
 */
import { createHash } from 'node:crypto';
import type { Bytes } from '../base/bytes';
import type { Host } from '../host/host';
import { directoryOf } from '../host/path';
import { GitError } from './failure';
import { parseIndex, type GitIndex, type IndexEntry } from './git-index';
import { readIfThere } from './object-store';
import { Repository } from './repository';
import { differsFromTree } from './staged';
import { submodulePaths } from './submodules';

export interface WorkTree {
  /** The folder with `.git`. */
  readonly root: Bytes;
  /** The absolute paths of the tracked files and of the folders above them. */
  readonly tracked: ReadonlySet<Bytes>;
  /** The commit that is checked out, in hexadecimal. */
  readonly revision: Bytes | undefined;
  /** Whether a tracked file differs from the commit that is checked out, or the index does. */
  readonly dirty: boolean;
  readonly repository: Repository;
}

/**
 * The work tree that begins at a folder, or undefined where there is none.
 * @param withSubmodules whether the files of submodules count as its own
 * @throws HostError, GitError
 */
export function readWorkTree(host: Host, root: Bytes, withSubmodules = false): WorkTree | undefined {
  const repository = Repository.open(host, root);
  // A bare repository has no files but its own.
  if (repository === undefined || repository.git === root) return undefined;
  const index = parseIndex(readIfThere(host, `${repository.git}/index`) ?? '');
  const revision = repository.head();
  const submodules = withSubmodules ? readSubmodules(host, root) : [];
  return {
    root,
    tracked: trackedPaths(root, index, submodules),
    revision,
    dirty:
      submodules.some(({ dirty }) => dirty) ||
      index.entries.some((entry) => !isUnchanged(host, `${root}/${entry.name}`, entry)) ||
      isStaged(index, repository, revision),
    repository,
  };
}

/** The work trees of the submodules, and theirs with them. */
function readSubmodules(host: Host, root: Bytes): WorkTree[] {
  return submodulePaths(readIfThere(host, `${root}/.gitmodules`) ?? '').map((path) => {
    const tree = readWorkTree(host, `${root}/${path}`, true);
    if (tree !== undefined) return tree;
    throw new GitError(
      `the submodule '${path}' is not checked out; run 'git submodule update --init --recursive' there`,
    );
  });
}

function trackedPaths(root: Bytes, { entries }: GitIndex, submodules: readonly WorkTree[]): Set<Bytes> {
  const tracked = new Set<Bytes>();
  const add = (file: Bytes): void => {
    for (let path = file; path !== root && !tracked.has(path); path = directoryOf(path)) tracked.add(path);
  };
  for (const { name } of entries) add(`${root}/${name}`);
  for (const submodule of submodules) {
    add(submodule.root);
    for (const path of submodule.tracked) tracked.add(path);
  }
  return tracked;
}

/** Whether the index is not what was committed last. */
function isStaged(index: GitIndex, repository: Repository, revision: Bytes | undefined): boolean {
  const commit = revision === undefined ? undefined : repository.commit(revision);
  return commit !== undefined && differsFromTree(index, repository.objects, commit.tree);
}

const fileKind = 0o170000;
const regularFile = 0o100000;
const symbolicLink = 0o120000;

/** Whether a file is what the index says; a submodule counts as such here. */
function isUnchanged(host: Host, path: Bytes, { mode, object, assumedUnchanged }: IndexEntry): boolean {
  if (assumedUnchanged) return true;
  const hash = createHash('sha1');
  switch (mode & fileKind) {
    case regularFile: {
      if (host.fileType(path) !== 'regular' || host.isExecutable(path) !== ((mode & 0o100) !== 0))
        return false;
      host.streamFile(
        path,
        (size) => hash.update(`blob ${size}\0`),
        (bytes) => hash.update(bytes),
      );
      break;
    }
    case symbolicLink: {
      if (host.fileType(path) !== 'symlink') return false;
      const target = host.readLink(path);
      hash.update(`blob ${target.length}\0${target}`, 'latin1');
      break;
    }
    default:
      return true;
  }
  return hash.digest('hex') === object;
}
