// Flakes from files: with a lock file, without one, and with one that is out of date.
import assert from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { TestEvaluator } from '../../kit/evaluate';

const features = ['flakes', 'fetch-tree'];

function world(files: Readonly<Record<string, string>>): TestEvaluator {
  return new TestEvaluator({ files, features });
}

/** What an attribute of the flake in `/flake` is. */
function valueOf(files: Readonly<Record<string, string>>, attribute: string): string {
  return world(files).strict(`(builtins.getFlake "path:/flake").${attribute}`);
}

function messageOf(files: Readonly<Record<string, string>>, attribute: string): string {
  return decodeUtf8(world(files).error(`(builtins.getFlake "path:/flake").${attribute}`).message);
}

const flake = (inputs: string, outputs: string): string =>
  `{ inputs = { ${inputs} }; outputs = ${outputs}; }`;
const lock = (nodes: object): string => JSON.stringify({ version: 7, root: 'root', nodes });
const byPath = (path: string, more: object = {}): object => ({
  locked: { type: 'path', path },
  original: { type: 'path', path },
  ...more,
});

const dependencies = {
  '/dep/flake.nix': flake('', '{ self }: { v = "dep"; at = self.outPath; }'),
  '/other/flake.nix': flake('', '{ self }: { v = "other"; }'),
  '/plain/file': 'text',
};

describe('a flake without a lock file', () => {
  it('has its inputs by their references', () => {
    const inputs =
      'd.url = "path:/dep"; o = { type = "path"; path = "/other"; }; p = { url = "path:/plain"; flake = false; };';
    const files = {
      ...dependencies,
      '/flake/flake.nix': flake(
        inputs,
        '{ self, d, o, p }: { v = d.v + o.v; t = builtins.readFile (p + "/file"); n = builtins.attrNames self.inputs; }',
      ),
    };
    assert.equal(valueOf(files, 'v'), '"depother"');
    assert.equal(valueOf(files, 't'), '"text"');
    assert.equal(valueOf(files, 'n'), '[ "d" "o" "p" ]');
    assert.equal(valueOf(files, 'inputs.d.v'), '"dep"');
    assert.equal(valueOf(files, 'outputs.v'), '"depother"');
    assert.equal(valueOf(files, '_type'), '"flake"');
    assert.equal(valueOf(files, 'sourceInfo.outPath'), valueOf(files, 'outPath'));
  });

  it('has inputs that stand below it', () => {
    const inputs =
      'a.url = "./sub"; b.url = "path:./sub?dir=deep"; c = { type = "path"; path = "./sub"; }; e.url = ./sub;';
    const files = {
      '/flake/flake.nix': flake(
        inputs,
        '{ self, a, b, c, e }: { v = a.v + b.v + c.v + e.v; s = a.sourceInfo.outPath == self.outPath; at = a.outPath; }',
      ),
      '/flake/sub/flake.nix': flake('up.url = "../side";', '{ self, up }: { v = "s" + up.v; }'),
      '/flake/sub/deep/flake.nix': '{ outputs = { self }: { v = "d"; }; }',
      '/flake/side/flake.nix': '{ outputs = { self }: { v = "u"; }; }',
    };
    assert.equal(valueOf(files, 'v'), '"sudsusu"');
    assert.equal(valueOf(files, 's'), 'true');
    assert.match(valueOf(files, 'at'), /-source\/\.\/sub"$/);
  });

  it('takes names that only its outputs have from the registry', () => {
    const registry = {
      version: 2,
      flakes: [{ from: { type: 'indirect', id: 'dep' }, to: { type: 'path', path: '/dep' } }],
    };
    const files = {
      ...dependencies,
      '/home/.config/nix/registry.json': JSON.stringify(registry),
      '/flake/flake.nix': '{ outputs = { self, dep }: { v = dep.v; }; }',
    };
    assert.equal(valueOf(files, 'v'), '"dep"');
    assert.match(
      messageOf({ '/flake/flake.nix': '{ outputs = { self, dep }: { v = dep.v; }; }' }, 'v'),
      /cannot find flake 'flake:dep' in the flake registries/,
    );
  });

  it('follows inputs, and passes its own on', () => {
    const files = {
      ...dependencies,
      '/middle/flake.nix': flake('d.url = "path:/other";', '{ self, d }: { v = "m" + d.v; }'),
      '/flake/flake.nix': flake(
        'd.url = "path:/dep"; m = { url = "path:/middle"; inputs.d.follows = "d"; }; n.url = "path:/middle"; x.follows = "n/d"; y = { url = "path:/middle"; inputs.d.url = "path:/dep"; };',
        '{ self, d, m, n, x, y }: { v = [ m.v n.v x.v y.v ]; same = m.inputs.d.outPath == d.outPath; }',
      ),
    };
    assert.equal(valueOf(files, 'v'), '[ "mdep" "mother" "other" "mdep" ]');
    assert.equal(valueOf(files, 'same'), 'true');
  });

  it('may follow inputs that its own outputs need at once', () => {
    const files = {
      ...dependencies,
      '/flake/flake.nix': flake(
        'd.url = "path:/dep"; x.follows = "d";',
        '{ self, d, x }: if x.v == "dep" then { v = 1; } else { v = 2; }',
      ),
    };
    assert.equal(valueOf(files, 'v'), '1');
  });

  it('says which flake is none', () => {
    const files = {
      ...dependencies,
      '/flake/flake.nix': flake('p.url = "path:/plain";', '{ self, p }: { v = p.x; }'),
    };
    assert.match(messageOf(files, 'v'), /referenced by 'path:\/plain' does not contain a 'flake\.nix' file/);
    assert.match(messageOf({ '/flake/x': '' }, 'v'), /referenced by 'path:\/flake' does not contain/);
  });
});

describe('a flake with a lock file', () => {
  const outputs = '{ self, d, o }: { v = d.v + o.v; }';

  it('has its inputs from there', () => {
    const files = {
      ...dependencies,
      '/flake/flake.nix': flake('d.url = "path:/dep"; o.url = "path:/other";', outputs),
      '/flake/flake.lock': lock({
        root: { inputs: { d: 'd', o: 'o_2' } },
        d: byPath('/dep'),
        o_2: byPath('/other', { locked: { type: 'path', path: '/other', lastModified: 7 } }),
      }),
    };
    assert.equal(valueOf(files, 'v'), '"depother"');
    assert.equal(valueOf(files, 'inputs.o.lastModified'), '7');
  });

  it('has the inputs of inputs as they were locked, followed or below their parents', () => {
    const files = {
      ...dependencies,
      '/parent/flake.nix': flake(
        'c.url = "./child"; d.url = "path:/nowhere";',
        '{ self, c, d }: { v = c.v + d.v; }',
      ),
      '/parent/child/flake.nix': flake('', '{ self }: { v = "child"; }'),
      '/flake/flake.nix': flake('d.url = "path:/dep"; o.url = "path:/parent";', outputs),
      '/flake/flake.lock': lock({
        root: { inputs: { d: 'd', o: 'o' } },
        d: byPath('/dep'),
        o: byPath('/parent', { inputs: { c: 'c', d: ['d'] } }),
        c: { ...byPath('./child'), parent: ['o'] },
      }),
    };
    assert.equal(valueOf(files, 'v'), '"depchilddep"');
  });

  it('is taken at its word where the lock file is behind it', () => {
    const locked = lock({
      root: { inputs: { d: 'd', gone: 'gone' } },
      d: byPath('/other'),
      gone: byPath('/nowhere'),
    });
    const files = {
      ...dependencies,
      // One input is another one now, one is new, and one is no input any more.
      '/flake/flake.nix': flake('d.url = "path:/dep"; o.url = "path:/other";', outputs),
      '/flake/flake.lock': locked,
    };
    assert.equal(valueOf(files, 'v'), '"depother"');
  });

  it('says what is not on this machine, and only when it is used', () => {
    const far = { type: 'github', owner: 'a', repo: 'b' };
    const files = {
      ...dependencies,
      '/flake/flake.nix': flake(
        'd.url = "path:/dep"; o.url = "github:a/b";',
        '{ self, d, o }: { v = d.v; w = o.w; }',
      ),
      '/flake/flake.lock': lock({
        root: { inputs: { d: 'd', o: 'o' } },
        d: byPath('/dep'),
        o: {
          locked: {
            ...far,
            rev: 'b'.repeat(40),
            narHash: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
          },
          original: far,
        },
      }),
    };
    assert.equal(valueOf(files, 'v'), '"dep"');
    assert.match(
      messageOf(files, 'w'),
      /'github:a\/b\/b{40}\?narHash=.*' is not on this machine.*nix flake prefetch/,
    );
  });

  it('is refused in a version that is not known', () => {
    const files = {
      '/flake/flake.nix': flake('', '{ self }: { v = 1; }'),
      '/flake/flake.lock': JSON.stringify({ version: 99, root: 'root', nodes: { root: {} } }),
    };
    assert.match(
      messageOf(
        { ...files, '/flake/flake.nix': flake('d.url = "path:/dep";', '{ self, d }: { v = d; }') },
        'v.x',
      ),
      /unsupported version 99/,
    );
  });
});
