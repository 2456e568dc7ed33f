// Sources that are on this machine: any commit of a repository, Nix's clones, and what
// Nix has downloaded before. The repositories are made by Git, where it is installed;
// Nix's table is a fixture, made as the one of Nix 2.36 is. The hash of the tree is
// what `nix-hash` of C++ Nix prints.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { Evaluator } from '../../../server/src/evaluator/evaluator';
import { DiskHost } from '../../../server/src/host/disk-host';
import { nixPathOf } from '../../../server/src/host/host-path';
import { nixFolders } from '../../../server/src/host/nix-folders';
import { encodeBase32 } from '../../../server/src/store/base32';
import { EvalError } from '../../../server/src/values/error';
import { print } from '../../../server/src/values/printer';
import { unlimited } from '../../../server/src/vm/limits';

const files = {
  'default.nix': '"cached"\n',
  'lib/default.nix': '{ }\n',
  'flake.nix': '{ outputs = { self }: { v = 1; }; }\n',
};
const treeHash = '4f6f24881b58e825e3b620c6af9c99ccd1ab7dda';
const sha256 = '0kbwfckm0wv2xfsk10lk1b1kixk186p5w4hgwp4n4gcxdzyx2cs0';
const rev = '1'.repeat(40);

/** Whether an archive has an entry of that name: it stands at the start of a block. */
function isEntry(archive: string, name: string): boolean {
  for (let at = 0; at < archive.length; at += 512) if (archive.startsWith(`${name}\0`, at)) return true;
  return false;
}

describe('sources on this machine', () => {
  const scratch = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'nixray-sources-')));
  const repository = path.join(scratch, 'repository');
  const cache = path.join(scratch, 'cache');
  const place = nixPathOf(repository);
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: repository,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, GIT_COMMITTER_DATE: '1600000000 +0000' },
    }).trim();

  class CacheHost extends DiskHost {
    override readonly nixFolders = nixFolders('/nowhere', (name) =>
      name === 'NIX_CACHE_HOME' ? nixPathOf(cache) : undefined,
    );
  }

  const evaluate = (expression: string): string => {
    const evaluator = new Evaluator({ host: new CacheHost(), searchPath: [], limits: unlimited() });
    const value = evaluator.evaluateText(encodeUtf8(expression), '/');
    return decodeUtf8(print(value, { force: evaluator.vm, errors: 'throw' }));
  };
  const messageOf = (expression: string): string => {
    try {
      return assert.fail(`${expression} gave ${evaluate(expression)}`);
    } catch (error) {
      if (error instanceof EvalError) return decodeUtf8(error.message);
      throw error;
    }
  };

  let first: string;
  let second: string;

  before(function () {
    this.timeout(60_000);
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(repository, name)), { recursive: true });
      fs.writeFileSync(path.join(repository, name), text);
    }
    try {
      git('init', '--quiet', '--initial-branch=main');
    } catch {
      console.log('    skipped: git is not installed');
      this.skip();
    }
    git('config', 'core.autocrlf', 'false');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    first = git('rev-parse', 'HEAD');
    assert.equal(git('rev-parse', 'HEAD^{tree}'), treeHash);
    fs.writeFileSync(path.join(repository, 'default.nix'), '"second"\n');
    git('commit', '--quiet', '-am', 'second');
    second = git('rev-parse', 'HEAD');
    git('tag', 'v1', first);
    git('gc', '--quiet');
    fs.mkdirSync(cache);
    execFileSync('git', ['clone', '--quiet', '--bare', repository, path.join(cache, 'tarball-cache-v2')], {
      stdio: 'ignore',
    });
    fs.copyFileSync(
      path.join(__dirname, '../../fixtures/sqlite/plain.sqlite'),
      path.join(cache, 'fetcher-cache-v4.sqlite'),
    );
  });
  after(() => fs.rmSync(scratch, { recursive: true, force: true }));

  const expectedPath = (): string => {
    const asked = `derivation { name = "source"; builder = "b"; system = "c"; outputHash = "${sha256}"; outputHashAlgo = "sha256"; outputHashMode = "recursive"; }`;
    return evaluate(`(${asked}).outPath`);
  };

  it('are any commit of a repository, by its hash or a name', () => {
    for (const which of [`rev = "${first}"`, 'ref = "v1"', 'ref = "refs/tags/v1"']) {
      const source = `fetchGit { url = "${place}"; ${which}; }`;
      assert.equal(evaluate(`(${source}).outPath`), expectedPath(), which);
      assert.equal(evaluate(`import (${source})`), '"cached"');
      assert.equal(evaluate(`(${source}).rev`), `"${first}"`);
      assert.equal(evaluate(`(${source}).revCount`), '1');
      assert.equal(evaluate(`(${source}).lastModified`), '1600000000');
    }
    assert.equal(evaluate(`import (fetchGit { url = "${place}"; ref = "main"; })`), '"second"');
    assert.equal(evaluate(`(fetchGit "${place}").revCount`), '2');
    assert.equal(
      evaluate(`builtins.attrNames (builtins.readDir (fetchGit { url = "${place}"; rev = "${first}"; }))`),
      '[ "default.nix" "flake.nix" "lib" ]',
    );
    assert.equal(evaluate(`import "\${fetchGit { url = "${place}"; rev = "${first}"; }}/lib"`), '{ }');
  });

  it('have no count where only the one commit is asked for', () => {
    const shallow = `builtins.fetchTree { type = "git"; url = "file://${place}"; rev = "${first}"; }`;
    assert.equal(evaluate(`(${shallow}) ? revCount`), 'false');
    assert.equal(evaluate(`(${shallow}).outPath`), expectedPath());
  });

  it('are checked against the hash that they should have', () => {
    const source = (hash: string): string =>
      `(fetchGit { url = "${place}"; rev = "${first}"; narHash = "${hash}"; }).outPath`;
    assert.equal(evaluate(source(`sha256:${sha256}`)), expectedPath());
    assert.match(messageOf(source(`sha256:${'0'.repeat(52)}`)), /^NAR hash mismatch in input/);
  });

  it('leave out what is not to be exported', () => {
    const place = path.join(scratch, 'exporting');
    const write = (name: string, text: string): void => {
      fs.mkdirSync(path.dirname(path.join(place, name)), { recursive: true });
      fs.writeFileSync(path.join(place, name), text);
    };
    const rules = ['secret', 'sub/', '*.tmp', '/docs/x', 'deep/**/y', '[a-c]?z'].map(
      (each) => `${each} export-ignore`,
    );
    write('.gitattributes', [...rules, 'keep.tmp -export-ignore', '# b export-ignore', 'b text'].join('\n'));
    write('a/.gitattributes', 'other.tmp !export-ignore');
    const names =
      'secret sub/f a.tmp keep.tmp docs/x docs/y a/docs/x a/secret a/other.tmp b deep/1/2/y deep/y bxz dxz';
    for (const name of names.split(' ')) write(name, name);
    const run = (...args: string[]): Buffer =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: place,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    run('init', '--quiet', '--initial-branch=main');
    run('add', '.');
    run('commit', '--quiet', '-m', 'x');
    // What Git itself exports, by its own rules.
    const expected = path.join(scratch, 'exported.tar');
    fs.writeFileSync(expected, run('archive', 'HEAD'));
    const listed = run('-c', 'core.quotePath=false', 'ls-tree', '-r', '--name-only', 'HEAD')
      .toString()
      .trim()
      .split('\n');
    const archive = fs.readFileSync(expected, 'latin1');
    const exported = listed.filter((name) => isEntry(archive, name));
    const nix = nixPathOf(place);
    const list = `let walk = p: builtins.concatLists (builtins.attrValues (builtins.mapAttrs (n: t: if t == "directory" then walk (p + "/\${n}") else [ (p + "/\${n}") ]) (builtins.readDir p))); in s: map (builtins.substring (builtins.stringLength s.outPath + 1) (-1)) (walk s.outPath)`;
    const filesOf = (source: string): string[] =>
      (
        JSON.parse(JSON.parse(evaluate(`builtins.toJSON ((${list}) (${source}))`)) as string) as string[]
      ).sort();
    assert.deepEqual(filesOf(`fetchGit { url = "${nix}"; ref = "main"; }`), exported.sort());
    assert.deepEqual(filesOf(`fetchGit "${nix}"`), exported.sort());
    assert.deepEqual(
      filesOf(`builtins.fetchTree { type = "git"; url = "file://${nix}"; ref = "main"; }`),
      listed.sort(),
    );
  });

  it('are work trees with what is checked out of their submodules, where it is asked for', () => {
    const outer = path.join(scratch, 'outer');
    const inner = path.join(outer, 'parts', 'inner');
    fs.mkdirSync(inner, { recursive: true });
    for (const [folder, name, text] of [
      [inner, 'default.nix', '"committed"'],
      [outer, 'default.nix', 'import ./parts/inner'],
      [outer, '.gitmodules', '[submodule "inner"]\n\tpath = parts/inner\n\turl = ./parts/inner\n'],
    ] as const) {
      fs.writeFileSync(path.join(folder, name), text);
    }
    for (const folder of [inner, outer]) {
      const own = { cwd: folder, stdio: 'ignore' } as const;
      const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
      execFileSync('git', ['init', '--quiet'], own);
      execFileSync('git', ['add', '.'], own);
      execFileSync('git', [...identity, 'commit', '--quiet', '-m', 'first'], own);
    }
    const source = `url = "${nixPathOf(outer)}"; submodules = true;`;
    assert.equal(evaluate(`import (fetchGit { ${source} })`), '"committed"');
    assert.match(evaluate(`(fetchGit { ${source} }).revCount`), /^1$/);
    fs.writeFileSync(path.join(inner, 'default.nix'), '"changed"');
    fs.writeFileSync(path.join(inner, 'untracked'), '');
    assert.equal(evaluate(`import (fetchGit { ${source} })`), '"changed"');
    assert.match(evaluate(`(fetchGit { ${source} }).dirtyRev`), /^"[0-9a-f]{40}-dirty"$/);
    assert.equal(
      evaluate(`builtins.attrNames (builtins.readDir "\${fetchGit { ${source} }}/parts/inner")`),
      '[ "default.nix" ]',
    );
    assert.equal(
      messageOf(`fetchGit { ${source} exportIgnore = true; }`),
      'exportIgnore and submodules are not supported together yet',
    );
    fs.rmSync(path.join(inner, '.git'), { recursive: true });
    assert.match(
      messageOf(`fetchGit { ${source} }`),
      /^cannot read the Git repository '.*': the submodule 'parts\/inner' is not checked out; run 'git submodule update --init --recursive' there$/,
    );
  });

  it('are bare repositories, too', () => {
    const bare = path.join(scratch, 'bare.git');
    execFileSync('git', ['clone', '--quiet', '--bare', repository, bare], { stdio: 'ignore' });
    assert.equal(evaluate(`import (fetchGit "file://${nixPathOf(bare)}")`), '"second"');
    assert.equal(evaluate(`import (fetchGit { url = "${nixPathOf(bare)}"; ref = "v1"; })`), '"cached"');
  });

  it('say what is no repository', () => {
    assert.equal(messageOf(`fetchGit "${place}/nosuch"`), `'${place}/nosuch' does not exist`);
    assert.equal(messageOf(`fetchGit "${place}/lib"`), `'${place}/lib' is not a Git repository`);
  });

  it('refuse attributes that they do not have', () => {
    assert.equal(
      messageOf(`fetchGit { url = "${place}"; revision = "x"; narhash = "x"; }`),
      "input attribute 'narhash' not supported by scheme 'git'",
    );
    assert.equal(
      messageOf(`builtins.fetchTree { type = "path"; path = "${place}"; dir = "lib"; }`),
      "input attribute 'dir' not supported by scheme 'path'",
    );
    assert.equal(
      messageOf(`builtins.fetchTree { type = "github"; owner = "a"; repo = "b"; url = "c"; }`),
      "input attribute 'url' not supported by scheme 'github'",
    );
  });

  it('say which commit or name is missing', () => {
    const absent = 'a'.repeat(40);
    assert.match(
      messageOf(`fetchGit { url = "${place}"; rev = "${absent}"; }`),
      new RegExp(
        `^the commit '${absent}' is not in the Git repository '.*'; fetch it there with 'git fetch'$`,
      ),
    );
    assert.match(messageOf(`fetchGit { url = "${place}"; ref = "nope"; }`), /has no branch or tag 'nope'$/);
    assert.equal(
      messageOf(`fetchGit "${nixPathOf(scratch)}"`),
      `'${nixPathOf(scratch)}' is not a Git repository`,
    );
  });

  it("are Nix's own clones", () => {
    const url = 'https://example.org/repository.git';
    const name = encodeBase32(createHash('sha256').update(url).digest());
    assert.match(messageOf(`fetchGit "${url}"`), /is not on this machine/);
    for (const ending of ['', '-shallow']) {
      const clone = path.join(cache, 'gitv3', name + ending);
      execFileSync('git', ['clone', '--quiet', '--bare', repository, clone], { stdio: 'ignore' });
      assert.equal(evaluate(`import (fetchGit "${url}")`), '"second"');
      assert.equal(evaluate(`import (fetchGit { url = "${url}"; rev = "${first}"; })`), '"cached"');
      assert.match(messageOf(`fetchGit { url = "${url}"; rev = "${rev}"; }`), /is not on this machine/);
      fs.rmSync(clone, { recursive: true });
    }
    assert.ok(second !== first);
  });

  it('are archives that Nix has unpacked', () => {
    const url = 'https://x/y.tar.gz';
    assert.equal(evaluate(`import (fetchTarball "${url}")`), '"cached"');
    assert.equal(evaluate(`fetchTarball { url = "${url}"; sha256 = "${sha256}"; }`), expectedPath());
    const wrong = `fetchTarball { url = "${url}"; sha256 = "${'0'.repeat(52)}"; }`;
    assert.match(messageOf(wrong), /^NAR hash mismatch in input/);
    const tree = `builtins.fetchTree { type = "tarball"; url = "${url}"; }`;
    assert.equal(evaluate(`(${tree}).outPath`), expectedPath());
    assert.equal(evaluate(`(${tree}).lastModified`), '1600000000');
    assert.equal(evaluate(`(builtins.getFlake "${url}").v`), '1');
    // The table has this one, but the archive is gone.
    assert.match(messageOf('fetchTarball "https://x/gone.tar.gz"'), /nix-prefetch-url --unpack/);
    assert.match(messageOf('fetchTarball "https://x/never.tar.gz"'), /nix-prefetch-url --unpack/);
  });

  it('are commits of forges that Nix has unpacked', () => {
    const tree = `builtins.fetchTree { type = "github"; owner = "o"; repo = "r"; rev = "${rev}"; }`;
    assert.equal(evaluate(`(${tree}).outPath`), expectedPath());
    assert.equal(evaluate(`(${tree}).lastModified`), '1500000000');
    assert.equal(evaluate(`(builtins.getFlake "github:o/r/${rev}").v`), '1');
    assert.equal(evaluate(`(builtins.getFlake "gitlab:o/r/${rev}").shortRev`), '"1111111"');
    assert.match(messageOf('builtins.getFlake "github:o/r"'), /'github:o\/r' is not on this machine/);
  });

  it('are inputs of a flake by its lock file', () => {
    const flake = path.join(scratch, 'flake');
    fs.mkdirSync(flake, { recursive: true });
    const locked = {
      type: 'github',
      owner: 'o',
      repo: 'r',
      rev,
      narHash: `sha256:${sha256}`,
      lastModified: 5,
    };
    const lock = {
      version: 7,
      root: 'root',
      nodes: {
        root: { inputs: { d: 'd' } },
        d: { locked, original: { type: 'github', owner: 'o', repo: 'r' } },
      },
    };
    fs.writeFileSync(path.join(flake, 'flake.lock'), JSON.stringify(lock));
    fs.writeFileSync(
      path.join(flake, 'flake.nix'),
      '{ inputs.d.url = "github:o/r"; outputs = { self, d }: { v = d.v + 1; t = d.lastModified; p = d.outPath; }; }',
    );
    const got = `builtins.getFlake "path:${nixPathOf(flake)}"`;
    assert.equal(evaluate(`(${got}).v`), '2');
    assert.equal(evaluate(`(${got}).t`), '5');
    assert.equal(evaluate(`(${got}).p`), expectedPath());
  });

  it('are files of this disk', () => {
    const file = nixPathOf(path.join(repository, 'lib/default.nix'));
    assert.match(evaluate(`builtins.fetchurl "file://${file}"`), /^"\/nix\/store\/.{32}-default\.nix"$/);
    assert.equal(evaluate(`import (builtins.fetchTree { type = "file"; url = "file://${file}"; })`), '{ }');
  });
});
