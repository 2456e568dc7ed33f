// Repositories on disk, made by Git itself where it is installed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { GitError } from '../../../server/src/git/failure';
import { readWorkTree } from '../../../server/src/git/work-tree';
import { DiskHost } from '../../../server/src/host/disk-host';
import { nixPathOf } from '../../../server/src/host/host-path';

describe('a work tree of Git', () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'nixray-git-')));
  const root = nixPathOf(folder);
  const host = new DiskHost();
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();

  before(function () {
    try {
      git('init', '--quiet');
    } catch {
      console.log('    skipped: git is not installed');
      this.skip();
    }
    fs.mkdirSync(path.join(folder, 'sub'));
    fs.writeFileSync(path.join(folder, 'sub', 'a'), 'a');
    fs.writeFileSync(path.join(folder, 'untracked'), '');
    git('add', 'sub');
    git('commit', '--quiet', '-m', 'first');
    git('commit', '--quiet', '-m', 'second', '--allow-empty');
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  it('has the tracked files and what is checked out', () => {
    for (const version of ['2', '4']) {
      git('update-index', '--index-version', version);
      const tree = readWorkTree(host, root)!;
      assert.deepEqual([...tree.tracked].sort(), [`${root}/sub`, `${root}/sub/a`]);
      assert.equal(tree.revision, git('rev-parse', 'HEAD'));
      assert.equal(tree.dirty, false);
    }
  });

  it('notices a changed file', () => {
    fs.writeFileSync(path.join(folder, 'sub', 'a'), 'b');
    assert.equal(readWorkTree(host, root)!.dirty, true);
    fs.writeFileSync(path.join(folder, 'sub', 'a'), 'a');
  });

  it('notices what is staged and not committed, in whatever folder', () => {
    fs.mkdirSync(path.join(folder, 'sub', 'deep'));
    for (const name of ['sub/deep/b', 'c', 'sub/a']) {
      fs.writeFileSync(path.join(folder, name), name);
      git('add', name);
      assert.equal(readWorkTree(host, root)!.dirty, true, name);
      // Only now has Git noted down the hashes of all folders.
      const written = git('write-tree');
      assert.equal(readWorkTree(host, root)!.dirty, true, `${name} in ${written}`);
      git('commit', '--quiet', '-m', name);
      assert.equal(readWorkTree(host, root)!.dirty, false, name);
    }
    // An index without any notes.
    git('read-tree', '--empty');
    git('update-index', '--add', 'c', 'sub/a', 'sub/deep/b');
    assert.equal(readWorkTree(host, root)!.dirty, false);
    git('rm', '--quiet', '--cached', 'sub/deep/b');
    const { dirty, tracked } = readWorkTree(host, root)!;
    assert.deepEqual([dirty, tracked.has(`${root}/sub/deep/b`)], [true, false]);
    git('add', 'sub/deep/b');
    git('update-index', '--chmod=+x', 'c');
    fs.chmodSync(path.join(folder, 'c'), 0o755);
    assert.equal(readWorkTree(host, root)!.dirty, true);
    git('update-index', '--chmod=-x', 'c');
    fs.chmodSync(path.join(folder, 'c'), 0o644);
    assert.equal(readWorkTree(host, root)!.dirty, false);
  });

  it('leaves files alone of which Git was told to assume that nothing changes', () => {
    fs.writeFileSync(path.join(folder, 'c'), 'other');
    for (const flag of ['assume-unchanged', 'skip-worktree']) {
      git('update-index', `--${flag}`, 'c');
      assert.equal(readWorkTree(host, root)!.dirty, false, flag);
      git('update-index', `--no-${flag}`, 'c');
      assert.equal(readWorkTree(host, root)!.dirty, true);
    }
    fs.writeFileSync(path.join(folder, 'c'), 'c');
  });

  it('has the files of submodules where they are asked for, and of theirs', () => {
    const inner = path.join(folder, 'inner');
    git('init', '--quiet', 'inner');
    fs.writeFileSync(path.join(inner, 'file'), '');
    fs.writeFileSync(path.join(inner, 'untracked'), '');
    git('-C', 'inner', 'add', 'file');
    git('-C', 'inner', 'commit', '--quiet', '-m', 'inner');
    git('add', 'inner');
    const description = '[submodule "x"]\n\tpath = "inner" # a comment\n\turl = ./inner\n';
    fs.writeFileSync(path.join(folder, '.gitmodules'), description);
    git('add', '.gitmodules');
    git('commit', '--quiet', '-m', 'with a submodule');
    const whole = readWorkTree(host, root, true)!;
    assert.deepEqual(
      ['inner', 'inner/file', 'inner/untracked', 'c'].map((name) => whole.tracked.has(`${root}/${name}`)),
      [true, true, false, true],
    );
    assert.equal(whole.dirty, false);
    assert.equal(readWorkTree(host, root)!.tracked.has(`${root}/inner/file`), false);

    fs.writeFileSync(path.join(inner, 'file'), 'changed');
    assert.deepEqual(
      [true, false].map((withSubmodules) => readWorkTree(host, root, withSubmodules)!.dirty),
      [true, false],
    );
    fs.writeFileSync(path.join(inner, '.gitmodules'), '[submodule "deeper"] path = deeper\n');
    assert.throws(
      () => readWorkTree(host, root, true),
      (error) =>
        error instanceof GitError && error.message.startsWith("the submodule 'deeper' is not checked out;"),
    );
    fs.rmSync(path.join(inner, '.gitmodules'));
  });

  it('finds references that are packed', () => {
    git('pack-refs', '--all');
    assert.equal(readWorkTree(host, root)!.revision, git('rev-parse', 'HEAD'));
  });

  it('is none where there is no repository', () => {
    assert.equal(readWorkTree(host, `${root}/sub`), undefined);
  });
});
