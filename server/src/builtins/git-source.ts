/** Sources that are in a repository of Git on this machine: as it is checked out, or in any commit. */
import type { Bytes } from '../base/bytes';
import { exportIgnored } from '../git/export-ignore';
import { GitError } from '../git/failure';
import { GitTree } from '../git/git-tree';
import { Repository } from '../git/repository';
import { readWorkTree, type WorkTree } from '../git/work-tree';
import type { FileTree, Host } from '../host/host';
import { resolveSymlinks } from '../host/symbolic-links';
import type { PathFilter } from '../store/nar';
import { fromHost } from '../store/virtual-store';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { localFolder, type InputAttribute, type InputAttributes } from './flake-reference';
import { cachedClones } from './nix-caches';
import { hostOf } from './path-arguments';

/** Where the files are, and what is known of them. */
export type GitSource = {
  readonly known: InputAttributes;
  readonly revisionCount?: () => number | undefined;
} & (
  | { readonly kind: 'work-tree'; readonly workTree: WorkTree; readonly isIncluded: PathFilter }
  | { readonly kind: 'commit'; readonly tree: FileTree }
);

/** The source of an input of type `git`; undefined if it is of another machine, and not on this one. @throws EvalError */
export function findGitSource(vm: Vm, input: InputAttributes): GitSource | undefined {
  if (input.get('exportIgnore') === true && input.get('submodules') === true) {
    throw failure('exportIgnore and submodules are not supported together yet');
  }
  const url = String(input.get('url') ?? '');
  const folder = localFolder(url);
  return readingGit(url, () =>
    folder === undefined ? fromClones(vm, url, input) : fromFolder(vm, folder, input),
  );
}

function readingGit<T>(place: Bytes, read: () => T): T {
  try {
    return fromHost(read);
  } catch (error) {
    if (error instanceof GitError)
      throw failure(`cannot read the Git repository '${place}': ${error.message}`);
    throw error;
  }
}

function fromFolder(vm: Vm, folder: Bytes, input: InputAttributes): GitSource {
  const host = hostOf(vm);
  const root = resolveSymlinks(host, folder);
  const repository = Repository.open(host, root);
  if (repository === undefined) {
    const reason = host.fileType(root) === undefined ? 'does not exist' : 'is not a Git repository';
    throw failure(`'${folder}' ${reason}`);
  }
  if (!input.has('rev') && !input.has('ref')) {
    const workTree = readWorkTree(host, root, input.get('submodules') === true);
    if (workTree !== undefined) return fromWorkTree(host, workTree, input);
  }
  const revision = revisionIn(repository, input);
  if (revision === undefined) {
    throw failure(`the Git repository '${folder}' has no branch or tag '${String(input.get('ref'))}'`);
  }
  const source = fromCommit(folder, repository, revision, input);
  if (source !== undefined) return source;
  throw failure(
    `the commit '${revision}' is not in the Git repository '${folder}'; fetch it there with 'git fetch'`,
    'unsupported',
  );
}

/** Nix's own clones of what is elsewhere. */
function fromClones(vm: Vm, url: Bytes, input: InputAttributes): GitSource | undefined {
  for (const clone of cachedClones(hostOf(vm), url)) {
    const revision = revisionIn(clone, input);
    const source = revision === undefined ? undefined : fromCommit(url, clone, revision, input);
    if (source !== undefined) return source;
  }
  return undefined;
}

function revisionIn(repository: Repository, input: InputAttributes): Bytes | undefined {
  const revision = input.get('rev');
  return typeof revision === 'string' ? revision : repository.resolve(String(input.get('ref') ?? 'HEAD'));
}

function fromWorkTree(host: Host, workTree: WorkTree, input: InputAttributes): GitSource {
  const { repository, revision, dirty } = workTree;
  const known = new Map<string, InputAttribute>(input);
  const time = revision === undefined ? undefined : repository.commit(revision)?.time;
  if (time !== undefined) known.set('lastModified', time);
  if (revision !== undefined && dirty) {
    known.set('dirtyRev', `${revision}-dirty`);
    known.set('dirtyShortRev', `${revision.slice(0, 7)}-dirty`);
  } else if (revision !== undefined) known.set('rev', revision);
  const isIncluded = inclusionOf(host, workTree, input);
  const source: GitSource = { kind: 'work-tree', workTree, known, isIncluded };
  return dirty || revision === undefined ? source : withCount(source, repository, revision, input);
}

/** The tracked files, without those that are not to be exported. */
function inclusionOf(host: Host, { root, tracked }: WorkTree, input: InputAttributes): PathFilter {
  if (input.get('exportIgnore') !== true) return (path) => tracked.has(path);
  const isExcluded = exportIgnored({
    fileType: (path) => host.fileType(root + path),
    readFile: (path) => host.readFile(root + path),
  });
  return (path, type) => tracked.has(path) && !isExcluded(path.slice(root.length), type === 'directory');
}

function fromCommit(
  place: Bytes,
  repository: Repository,
  revision: Bytes,
  input: InputAttributes,
): GitSource | undefined {
  const commit = repository.commit(revision);
  if (commit === undefined) return undefined;
  const whole = new GitTree(repository.objects, commit.tree);
  const tree =
    input.get('exportIgnore') === true
      ? new GitTree(repository.objects, commit.tree, exportIgnored(whole))
      : whole;
  if (input.get('submodules') === true && tree.fileType('/.gitmodules') !== undefined) {
    throw failure(
      `the commit '${revision}' of '${place}' has submodules, which only Nix itself can put together; lock it by its hash ('narHash')`,
      'unsupported',
    );
  }
  const known = new Map([...input, ['rev', revision] as const]);
  if (!known.has('lastModified')) known.set('lastModified', commit.time);
  return withCount({ kind: 'commit', tree, known }, repository, revision, input);
}

/** Commits are counted when somebody asks; a shallow source has no count at all. */
function withCount(
  source: GitSource,
  repository: Repository,
  revision: Bytes,
  input: InputAttributes,
): GitSource {
  if (input.get('shallow') === true || input.has('revCount')) return source;
  const count = (): number | undefined =>
    readingGit(repository.git, () => (repository.isShallow ? undefined : repository.countCommits(revision)));
  return { ...source, revisionCount: count };
}
