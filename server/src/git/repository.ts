/** A repository of Git on disk: its references and commits. Git: gitrepository-layout. */
import type { Bytes } from '../base/bytes';
import type { Host } from '../host/host';
import { canonicalPath } from '../host/path';
import { GitError } from './failure';
import { ObjectStore, readIfThere } from './object-store';

export interface Commit {
  readonly tree: Bytes;
  readonly parents: readonly Bytes[];
  /** Seconds since 1970, of the committer. */
  readonly time: number;
}

export const commitHash = /^[0-9a-f]{40}$/;

/** What leads from one reference to the next is at most so long. */
const maxSymbolic = 10;

export class Repository {
  readonly objects: ObjectStore;

  /**
   * @param git the folder with HEAD
   * @param common the folder with the objects, which additional work trees share
   */
  private constructor(
    private readonly host: Host,
    readonly git: Bytes,
    readonly common: Bytes,
  ) {
    this.objects = new ObjectStore(host, `${common}/objects`);
  }

  /** The repository of a work tree, or the bare one, that begins at a folder. @throws HostError */
  static open(host: Host, root: Bytes): Repository | undefined {
    const git = gitFolder(host, root);
    return git === undefined ? undefined : new Repository(host, git, commonFolder(host, git));
  }

  /** Whether history ends somewhere before its beginning. */
  get isShallow(): boolean {
    return (readIfThere(this.host, `${this.common}/shallow`) ?? '') !== '';
  }

  /** The commit that is checked out, in hexadecimal. */
  head(): Bytes | undefined {
    return this.follow('HEAD');
  }

  /** The commit that a name means, in the order in which Git tries; a commit's own hash means itself. */
  resolve(name: Bytes): Bytes | undefined {
    if (commitHash.test(name)) return name;
    for (const [before, behind] of shortForms) {
      const found = this.follow(before + name + behind);
      if (found !== undefined) return this.peel(found);
    }
    return undefined;
  }

  /** @throws HostError, GitError; undefined where it is not here */
  commit(id: Bytes): Commit | undefined {
    const object = this.objects.read(id);
    return object?.type === 'commit' ? parseCommit(object.data.toString('latin1')) : undefined;
  }

  /** How many commits lead to one, itself included; undefined where some are not here. */
  countCommits(id: Bytes): number | undefined {
    const seen = new Set([id]);
    // A set hears of what is added to it while it is walked.
    for (const next of seen) {
      const commit = this.commit(next);
      if (commit === undefined) return undefined;
      for (const parent of commit.parents) seen.add(parent);
    }
    return seen.size;
  }

  /** From a tag that is an object of its own to what it names. */
  private peel(id: Bytes): Bytes {
    let current = id;
    for (let i = 0; i < maxSymbolic; i++) {
      const object = this.objects.read(current);
      if (object?.type !== 'tag') return current;
      const target = /^object ([0-9a-f]{40})$/m.exec(object.data.toString('latin1'))?.[1];
      if (target === undefined) throw new GitError(`the tag ${current} is damaged`);
      current = target;
    }
    return current;
  }

  private follow(name: Bytes): Bytes | undefined {
    let current = name;
    for (let i = 0; i < maxSymbolic; i++) {
      const text = this.readReference(current);
      if (text === undefined || commitHash.test(text)) return text;
      const target = /^ref: (.*)$/.exec(text)?.[1];
      if (target === undefined) return undefined;
      current = target;
    }
    return undefined;
  }

  private readReference(name: Bytes): Bytes | undefined {
    if (name.split('/').some((part) => part === '..' || part === '')) return undefined;
    const loose =
      readIfThere(this.host, `${this.git}/${name}`) ?? readIfThere(this.host, `${this.common}/${name}`);
    if (loose !== undefined) return loose.trim();
    const packed = readIfThere(this.host, `${this.common}/packed-refs`) ?? '';
    const line = packed.split('\n').find((candidate) => candidate.slice(41) === name);
    return line?.slice(0, 40);
  }
}

const shortForms: readonly (readonly [before: Bytes, behind: Bytes])[] = [
  ['', ''],
  ['refs/', ''],
  ['refs/tags/', ''],
  ['refs/heads/', ''],
  ['refs/remotes/', ''],
  ['refs/remotes/', '/HEAD'],
];

function parseCommit(text: Bytes): Commit {
  const head = text.slice(0, Math.max(0, text.indexOf('\n\n')) || text.length);
  const tree = /^tree ([0-9a-f]{40})$/m.exec(head)?.[1];
  const time = /^committer .*> (-?\d+) [+-]\d+$/m.exec(head)?.[1];
  if (tree === undefined || time === undefined) throw new GitError('a commit is damaged');
  const parents = [...head.matchAll(/^parent ([0-9a-f]{40})$/gm)].map((match) => match[1]!);
  return { tree, parents, time: Number(time) };
}

/** Where a repository keeps its files: `.git`, or what a file of that name says, or the folder itself if it is bare. */
function gitFolder(host: Host, root: Bytes): Bytes | undefined {
  const path = `${root}/.git`;
  switch (host.fileType(path)) {
    case 'directory':
      return path;
    case 'regular': {
      const target = /^gitdir: (.*)$/m.exec(host.readFile(path))?.[1];
      return target && canonicalPath(target.startsWith('/') ? target : `${root}/${target}`);
    }
    default:
      return isBare(host, root) ? root : undefined;
  }
}

function isBare(host: Host, root: Bytes): boolean {
  return (
    host.fileType(`${root}/HEAD`) === 'regular' &&
    host.fileType(`${root}/objects`) === 'directory' &&
    host.fileType(`${root}/refs`) === 'directory'
  );
}

/** Additional work trees share objects and references with the first one. */
function commonFolder(host: Host, git: Bytes): Bytes {
  const target = readIfThere(host, `${git}/commondir`)?.trim();
  if (target === undefined) return git;
  return canonicalPath(target.startsWith('/') ? target : `${git}/${target}`);
}
