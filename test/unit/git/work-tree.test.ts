// Repositories on disk, made by Git itself where it is installed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
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

  it('finds references that are packed', () => {
    git('pack-refs', '--all');
    assert.equal(readWorkTree(host, root)!.revision, git('rev-parse', 'HEAD'));
  });

  it('is none where there is no repository', () => {
    assert.equal(readWorkTree(host, `${root}/sub`), undefined);
  });
});
