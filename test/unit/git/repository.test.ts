// Repositories on disk, made by Git itself where it is installed: objects in packs of
// every kind, references, and the files of any commit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { applyDelta } from '../../../server/src/git/delta';
import { GitError } from '../../../server/src/git/failure';
import { GitTree } from '../../../server/src/git/git-tree';
import { Repository } from '../../../server/src/git/repository';
import { DiskHost } from '../../../server/src/host/disk-host';
import { HostError, type FileTree } from '../../../server/src/host/host';
import { nixPathOf } from '../../../server/src/host/host-path';
import { hashNar } from '../../../server/src/store/nar';
import { seeded } from '../../kit/seed';

const isWindows = process.platform === 'win32';

describe('a repository of Git', () => {
  const scratch = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'nixray-git-')));
  const folder = path.join(scratch, 'work');
  const host = new DiskHost();
  const gitIn = (place: string, ...args: string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always', ...args],
      {
        cwd: place,
        encoding: 'utf8',
        maxBuffer: 1 << 28,
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    ).trim();
  const git = (...args: string[]): string => gitIn(folder, ...args);
  const open = (place = folder): Repository => Repository.open(host, nixPathOf(place))!;
  const commits: string[] = [];

  before(function () {
    this.timeout(60_000);
    fs.mkdirSync(folder);
    try {
      git('init', '--quiet', '--initial-branch=main');
    } catch {
      console.log('    skipped: git is not installed');
      this.skip();
    }
    // A text that changes in the middle again and again, so that Git finds deltas worth while.
    const lines = Array.from(
      { length: 3000 },
      (_, i) => `line ${i} of a text that is long enough ${(i * 7919 + 1) % 1000}`,
    );
    for (let i = 0; i < 12; i++) {
      lines[i * 200] = `changed ${i}`;
      fs.writeFileSync(path.join(folder, 'long'), lines.join('\n'));
      fs.mkdirSync(path.join(folder, 'sub/deep'), { recursive: true });
      fs.writeFileSync(path.join(folder, 'sub/deep', `f${i}`), `content ${i}`);
      fs.writeFileSync(path.join(folder, 'empty'), '');
      if (!isWindows) {
        fs.writeFileSync(path.join(folder, 'run'), '#!/bin/sh\n', { mode: 0o755 });
        fs.rmSync(path.join(folder, 'link'), { force: true });
        fs.symlinkSync(`sub/deep/f${i}`, path.join(folder, 'link'));
      }
      git('add', '.');
      git('commit', '--quiet', '-m', `commit ${i}`);
      commits.push(git('rev-parse', 'HEAD'));
    }
    git('tag', 'light', commits[3]!);
    git('tag', '-a', '-m', 'a tag', 'heavy', commits[4]!);
    git('branch', 'side', commits[5]!);
    git('update-ref', 'refs/remotes/origin/far', commits[6]!);
  });
  after(() => fs.rmSync(scratch, { recursive: true, force: true }));

  /** What a commit has, as Git itself unpacks it. */
  function expected(commit: string): string {
    const place = path.join(scratch, `expected-${commit}`);
    if (!fs.existsSync(place)) {
      fs.mkdirSync(place);
      gitIn(folder, `--work-tree=${place}`, 'checkout', '--quiet', commit, '--', '.');
      git('reset', '--quiet');
    }
    return hashNar(host, nixPathOf(place)).hex;
  }

  const treeOf = (repository: Repository, commit: string): FileTree =>
    new GitTree(repository.objects, repository.commit(commit)!.tree);

  function checkAll(repository: Repository): void {
    for (const commit of [commits[0]!, commits[6]!, commits.at(-1)!]) {
      assert.equal(hashNar(treeOf(repository, commit), '/').hex, expected(commit));
    }
    assert.equal(repository.countCommits(commits.at(-1)!), commits.length);
    assert.equal(repository.commit(commits[1]!)!.time, Number(git('log', '-1', '--format=%ct', commits[1]!)));
  }

  it('is read object by object', () => checkAll(open()));

  it('is read from packs, with deltas to what is before them', function () {
    this.timeout(60_000);
    const before = open();
    assert.equal(before.commit(commits[0]!)!.parents.length, 0);
    git('gc', '--quiet', '--aggressive', '--prune=now');
    // Whoever has opened it before finds what Git has packed meanwhile.
    checkAll(before);
    const pack = fs
      .readdirSync(path.join(folder, '.git/objects/pack'))
      .find((name) => name.endsWith('.idx'))!;
    const chains = git('verify-pack', '-v', path.join(folder, '.git/objects/pack', pack));
    assert.match(chains, /chain length = [3-9]/, 'The pack has chains of deltas.');
    checkAll(open());
  });

  it('is read from packs whose deltas name what they are to', function () {
    this.timeout(60_000);
    const other = path.join(scratch, 'by-name');
    gitIn(scratch, 'init', '--quiet', '--bare', other);
    const objects = git('rev-list', '--objects', '--all').replace(/ .*$/gm, '');
    // Without --delta-base-offset deltas name their bases.
    const pack = execFileSync('git', ['pack-objects', '--stdout', '-q'], {
      cwd: folder,
      input: objects,
      maxBuffer: 1 << 28,
    });
    execFileSync('git', ['index-pack', '--stdin'], {
      cwd: other,
      input: pack,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const repository = open(other);
    assert.equal(repository.git, nixPathOf(other));
    checkAll(repository);
  });

  it('borrows the objects of others', () => {
    const other = path.join(scratch, 'borrowing');
    gitIn(scratch, 'clone', '--quiet', '--shared', '--bare', folder, other);
    checkAll(open(other));
  });

  it('resolves names as Git does', () => {
    const names = [
      'HEAD',
      'main',
      'side',
      'light',
      'heavy',
      'refs/heads/side',
      'tags/heavy',
      'origin/far',
      'heads/side',
    ];
    for (const packed of [false, true]) {
      if (packed) git('pack-refs', '--all');
      const repository = open();
      for (const name of names) {
        assert.equal(repository.resolve(name), git('rev-parse', `${name}^{commit}`), name);
      }
      assert.equal(repository.resolve(commits[2]!), commits[2]);
      for (const name of ['nowhere', '../HEAD', 'refs', ''])
        assert.equal(repository.resolve(name), undefined, name);
    }
  });

  it('is found from further work trees, and knows where its history ends', () => {
    const further = path.join(scratch, 'further');
    git('worktree', 'add', '--quiet', '--detach', further, commits[2]!);
    assert.equal(open(further).head(), commits[2]);
    checkAll(open(further));
    assert.equal(open().isShallow, false);
    const shallow = path.join(scratch, 'shallow');
    gitIn(scratch, 'clone', '--quiet', '--bare', '--depth', '2', `file://${folder}`, shallow);
    const repository = open(shallow);
    assert.equal(repository.isShallow, true);
    assert.equal(repository.countCommits(commits.at(-1)!), undefined);
    assert.equal(Repository.open(host, nixPathOf(scratch)), undefined);
  });

  it('shows the files of a commit', () => {
    const tree = treeOf(open(), commits[1]!);
    assert.deepEqual(
      [...tree.readDirectory('/sub/deep')].map(({ name }) => name),
      ['f0', 'f1'],
    );
    assert.equal(tree.readFile('/sub/deep/f1'), 'content 1');
    assert.equal(tree.readFile('/empty'), '');
    assert.equal(tree.fileType('/'), 'directory');
    assert.equal(tree.fileType('/sub/deep/f2'), undefined);
    assert.equal(tree.fileType('/empty/x'), undefined);
    const codeOf = (read: () => unknown): string => {
      try {
        read();
      } catch (error) {
        if (error instanceof HostError) return error.code;
      }
      return assert.fail('no error');
    };
    assert.equal(
      codeOf(() => tree.readFile('/sub')),
      'is-a-directory',
    );
    assert.equal(
      codeOf(() => tree.readFile('/no')),
      'not-found',
    );
    assert.equal(
      codeOf(() => tree.readDirectory('/long')),
      'not-a-directory',
    );
    if (isWindows) return;
    assert.equal(tree.readLink('/link'), 'sub/deep/f1');
    assert.deepEqual([tree.isExecutable('/run'), tree.isExecutable('/long')], [true, false]);
  });

  it('says that it is damaged, and reads nothing wrong', function () {
    this.timeout(60_000);
    const other = path.join(scratch, 'damaged');
    gitIn(scratch, 'clone', '--quiet', '--bare', '--no-hardlinks', folder, other);
    const packs = path.join(other, 'objects/pack');
    const name = fs.readdirSync(packs).find((each) => each.endsWith('.pack'))!;
    const file = path.join(packs, name);
    fs.chmodSync(file, 0o644);
    const good = fs.readFileSync(file);
    let failures = 0;
    const damage = fc.record({
      at: fc.integer({ min: 20, max: good.length - 21 }),
      bit: fc.nat(7),
      cut: fc.boolean(),
    });
    fc.assert(
      fc.property(damage, ({ at, bit, cut }) => {
        const bad = Buffer.from(good);
        bad[at]! ^= 1 << bit;
        fs.writeFileSync(file, cut ? bad.subarray(0, at) : bad);
        try {
          // A damage that the data itself does not show is Git's to find, by its checksum.
          const repository = open(other);
          const commit = repository.commit(commits.at(-1)!);
          if (commit !== undefined) hashNar(new GitTree(repository.objects, commit.tree), '/');
        } catch (error) {
          assert.ok(error instanceof GitError || error instanceof HostError, String(error));
          failures++;
        }
      }),
      seeded(80),
    );
    assert.ok(failures > 0);
  });
});

describe('a delta', () => {
  const problem = (base: number[], delta: number[]): string => {
    try {
      applyDelta(Buffer.from(base), Buffer.from(delta));
    } catch (error) {
      if (error instanceof GitError) return error.message;
      throw error;
    }
    return 'none';
  };

  it('copies and inserts', () => {
    const base = Buffer.from('0123456789');
    // Copy 3 from 2, insert "ab", copy 1 from 0.
    const delta = Buffer.from([10, 6, 0x91, 2, 3, 2, 0x61, 0x62, 0x90, 1]);
    assert.equal(applyDelta(base, delta).toString(), '234ab0');
  });

  it('is refused where it is wrong', () => {
    assert.match(problem([1], [2, 0]), /does not fit its base/);
    assert.match(problem([1], [1, 1, 0x91, 1, 1]), /what its base does not have/);
    assert.match(problem([1], [1, 1, 0]), /not known/);
    assert.match(problem([1], [1, 1, 2, 5, 5]), /more than it says/);
    assert.match(problem([1], [1, 2, 1, 5]), /less than it says/);
    assert.match(problem([1], [1, 2, 5, 5]), /cut off/);
    assert.match(problem([1], []), /cut off/);
    assert.match(problem([1], [1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]), /too large/);
  });
});
