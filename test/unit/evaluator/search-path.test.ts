// What <…> means: the entries of NIX_PATH, the channels' usual places, and references to flakes.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  channelEntries,
  parseNixPath,
  registeredNixpkgs,
  searchPathEntry,
} from '../../../server/src/evaluator/search-path';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { DiskHost } from '../../../server/src/host/disk-host';
import { nixPathOf } from '../../../server/src/host/host-path';
import { MemoryHost } from '../../../server/src/host/memory-host';
import { EmptyHost } from '../../../server/src/host/empty-host';
import { nixFolders } from '../../../server/src/host/nix-folders';
import { TestEvaluator } from '../../kit/evaluate';

describe('NIX_PATH', () => {
  it('has entries between colons, but for those of URLs', () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['', []],
      ['/a', ['/a']],
      ['a=/a:/b:', ['a=/a', '/b']],
      ['::/a', ['/a']],
      ['n=https://x/y.tar.gz:/b', ['n=https://x/y.tar.gz', '/b']],
      ['https://x/y:n=channel:nixos-unstable', ['https://x/y', 'n=channel:nixos-unstable']],
      ['nixpkgs=flake:nixpkgs:nixos-config=/etc/x', ['nixpkgs=flake:nixpkgs', 'nixos-config=/etc/x']],
      ['flake:nixpkgs', ['flake:nixpkgs']],
      ['a=b=file:///x:/c', ['a=b=file:///x', '/c']],
    ];
    for (const [text, entries] of cases) assert.deepEqual(parseNixPath(text), entries, text);
  });
});

describe('an entry', () => {
  it('has a path of the system that it is written on', () => {
    assert.equal(searchPathEntry('nixpkgs=C:\\src\\nixpkgs', true), 'nixpkgs=/c/src/nixpkgs');
    assert.equal(searchPathEntry('D:/x', true), '/d/x');
    assert.equal(searchPathEntry('n=/c/x', true), 'n=/c/x');
    assert.equal(searchPathEntry('n=https://x/y', true), 'n=https://x/y');
    assert.equal(searchPathEntry('n=C:\\ä', false), encodeUtf8('n=C:\\ä'));
  });
});

describe("the channels' usual places", () => {
  class HomeHost extends DiskHost {
    override readonly home: string;
    override readonly nixFolders;
    constructor(folder: string) {
      super();
      this.home = `${folder}/home`;
      const variables = new Map([['NIX_STATE_DIR', `${folder}/var`]]);
      this.nixFolders = nixFolders(this.home, (name) => variables.get(name));
    }
  }

  const folder = fs.mkdtempSync(join(tmpdir(), 'nixray-channels-'));
  const root = nixPathOf(fs.realpathSync(folder));
  after(() => fs.rmSync(folder, { recursive: true }));

  it('come in the order of Nix, as far as they are there', function () {
    const host = new HomeHost(root);
    assert.deepEqual(channelEntries(host), []);
    const channels = 'var/profiles/per-user/root/channels';
    fs.mkdirSync(join(folder, channels, 'nixpkgs'), { recursive: true });
    fs.mkdirSync(join(folder, 'home/.local/state/nix/defexpr/channels'), { recursive: true });
    fs.mkdirSync(join(folder, 'home/.nix-defexpr'));
    const expected = [
      `${root}/home/.local/state/nix/defexpr/channels`,
      `nixpkgs=${root}/${channels}/nixpkgs`,
      `${root}/${channels}`,
    ];
    assert.deepEqual(channelEntries(host), expected);
    if (process.platform === 'win32') return this.skip();
    // A link, as nix-channel makes it; one that leads nowhere is as good as none.
    fs.symlinkSync('nowhere', join(folder, 'home/.nix-defexpr/channels'));
    assert.deepEqual(channelEntries(host), expected);
    fs.rmSync(join(folder, 'home/.nix-defexpr/channels'));
    fs.symlinkSync(join(folder, channels), join(folder, 'home/.nix-defexpr/channels'));
    assert.deepEqual(channelEntries(host), [`${root}/home/.nix-defexpr/channels`, ...expected]);
  });
});

describe('the flake registry', () => {
  const entry = (id: string, to: object, extra: object = {}): object => ({
    from: { type: 'indirect', id },
    to,
    ...extra,
  });
  const registry = (...flakes: object[]): string => JSON.stringify({ version: 2, flakes });
  const user = '/home/.config/nix/registry.json';
  const system = '/etc/nix/registry.json';
  const global = '/home/.cache/nix/flake-registry.json';
  const flakeHere = { '/here/default.nix': '"here"', '/here/lib/x.nix': '"x"' };

  function evaluator(files: Record<string, string>, searchPath = ['nixpkgs=flake:nixpkgs']): TestEvaluator {
    return new TestEvaluator({
      files: { ...flakeHere, ...files },
      searchPath,
      features: ['flakes', 'fetch-tree'],
    });
  }
  const path = { type: 'path', path: '/here' };

  it('tells where a flake of the search path is', () => {
    for (const file of [user, system, global]) {
      const one = evaluator({ [file]: registry(entry('nixpkgs', path)) });
      assert.equal(one.strict('import <nixpkgs>'), '"here"', file);
      assert.equal(one.strict('import <nixpkgs/lib/x.nix>'), '"x"');
    }
    const host = new MemoryHost(new EmptyHost());
    assert.deepEqual(registeredNixpkgs(host), []);
    host.set(user, registry(entry('nixpkgs', path)));
    assert.deepEqual(registeredNixpkgs(host), ['nixpkgs=flake:nixpkgs']);
  });

  it('asks the user first, and goes from name to name', () => {
    const one = evaluator({
      [user]: registry(entry('nixpkgs', { type: 'indirect', id: 'mine' })),
      [system]: registry(entry('nixpkgs', { type: 'path', path: '/no' }), entry('mine', path)),
    });
    assert.equal(one.strict('import <nixpkgs>'), '"here"');
  });

  it('does without what it cannot have, with a warning', () => {
    const broken = evaluator({ [user]: '{', [system]: registry(entry('nixpkgs', path)) });
    assert.equal(broken.strict('import <nixpkgs>'), '"here"');
    assert.match(
      broken.messages.join(),
      /cannot parse flake registry '\/home\/\.config\/nix\/registry\.json'/,
    );
    const circle = evaluator({ [user]: registry(entry('nixpkgs', { type: 'indirect', id: 'nixpkgs' })) });
    assert.match(circle.error('<nixpkgs>').message, /^file 'nixpkgs' was not found/);
    assert.match(circle.messages.join(), /cycle detected in flake registry for 'flake:nixpkgs'/);
    const unknown = evaluator({});
    assert.match(unknown.error('<nixpkgs>').message, /^file 'nixpkgs' was not found/);
    assert.match(unknown.messages.join(), /cannot find flake 'flake:nixpkgs' in the flake registries/);
    const far = { type: 'github', owner: 'NixOS', repo: 'nixpkgs' };
    const remote = evaluator({ [user]: registry(entry('nixpkgs', far)) });
    assert.match(remote.error('<nixpkgs>').message, /^file 'nixpkgs' was not found/);
    assert.match(remote.messages.join(), /'github:NixOS\/nixpkgs' is not on this machine/);
    const old = evaluator({ [user]: JSON.stringify({ version: 1, flakes: [entry('nixpkgs', path)] }) });
    assert.match(old.error('<nixpkgs>').message, /^file 'nixpkgs' was not found/);
    const url = evaluator({}, ['nixpkgs=https://x/y.tar.gz']);
    assert.match(url.error('<nixpkgs>').message, /^file 'nixpkgs' was not found/);
    assert.match(url.messages.join(), /entry 'https:\/\/x\/y\.tar\.gz' cannot be downloaded, ignoring$/);
  });

  it('passes the wanted version on', () => {
    const commit = 'a'.repeat(40);
    const github = { type: 'github', owner: 'o', repo: 'r', ref: 'main' };
    const messageOf = (reference: string, ...entries: object[]): string =>
      evaluator({ [user]: registry(...entries) }).error(`builtins.getFlake "${reference}"`).message;
    assert.match(messageOf('flake:n', entry('n', github)), /'github:o\/r\/main' is not on/);
    assert.match(messageOf('flake:n/v1', entry('n', github)), /'github:o\/r\/v1' is not on/);
    assert.match(
      messageOf(`flake:n/${commit}`, entry('n', github)),
      new RegExp(`'github:o/r/${commit}' is not on`),
    );
    assert.match(messageOf(`flake:n/v1/${commit}`, entry('n', github)), /cannot apply both a commit hash/);
    assert.match(
      messageOf('flake:n/v1', entry('n', path)),
      /don't know how to set branch\/tag name of input 'path:\/here'/,
    );
    assert.match(
      messageOf('flake:n/v1', entry('n', github, { exact: true })),
      /cannot find flake 'flake:n\/v1'/,
    );
    assert.match(messageOf('flake:n', entry('n', github, { exact: true })), /'github:o\/r\/main' is not on/);
  });

  it('names the folder of a flake', () => {
    const one = evaluator({
      '/here/sub/flake.nix':
        '{ outputs = { self }: { v = 1; p = self.outPath; t = self.sourceInfo.outPath; }; }',
      [user]: registry(entry('n', { ...path, dir: 'sub' })),
    });
    assert.equal(one.strict('(builtins.getFlake "n").v'), '1');
    assert.equal(one.strict('let f = builtins.getFlake "n"; in f.p == f.t + "/sub"'), 'true');
  });
});
