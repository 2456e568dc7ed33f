import assert from 'node:assert/strict';
import { MemoryHost } from '../../../server/src/host/memory-host';
import { EmptyHost } from '../../../server/src/host/empty-host';
import { decodeBase32, encodeBase32 } from '../../../server/src/store/base32';
import { hashBytes, parseHash } from '../../../server/src/store/hash';
import { hashNar } from '../../../server/src/store/nar';
import { parseDerivation, type Derivation } from '../../../server/src/store/derivation';
import { isStorePath, nameProblem } from '../../../server/src/store/store-path';
import { VirtualStore } from '../../../server/src/store/virtual-store';

const none: ReadonlySet<string> = new Set();

describe('hashes', () => {
  it('are spelled in every base', () => {
    const hash = hashBytes('sha256', 'abc');
    assert.equal(hash.print('nix32'), '1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s');
    assert.equal(hash.print('sri'), 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
    for (const format of ['base16', 'nix32', 'base64', 'sri'] as const) {
      assert.equal(parseHash(hash.print(format), 'sha256', none).hex, hash.hex);
    }
  });

  it('have base-32 of any length', () => {
    const bytes = Uint8Array.from({ length: 33 }, (_, i) => (i * 37) & 255);
    assert.deepEqual(decodeBase32(encodeBase32(bytes)), bytes);
    assert.deepEqual(decodeBase32('0e'), { invalid: 'e' });
  });

  it('know BLAKE3 behind its feature', () => {
    assert.equal(
      hashBytes('blake3', '').hex,
      'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262',
    );
    assert.throws(() => parseHash('blake3-AA', undefined, none), /blake3-hashes/);
  });

  it('refuse what is no hash', () => {
    assert.throws(() => parseHash('abc', 'sha256', none), {
      message: "hash 'abc' has wrong length for hash algorithm 'sha256'",
    });
    assert.throws(() => parseHash('md5:' + '0'.repeat(32), 'sha1', none), {
      message: `hash 'md5:${'0'.repeat(32)}' should have type 'sha1'`,
    });
  });
});

describe('store paths', () => {
  it('have names of certain characters', () => {
    assert.equal(nameProblem('a+-._?=Z9'), undefined);
    assert.equal(nameProblem('~x'), "name '~x' contains illegal character '~'");
    assert.equal(nameProblem('.'), "name '.' is not valid");
    assert.equal(
      nameProblem('..-x'),
      "name '..-x' is not valid: first dash-separated component must not be '..'",
    );
    assert.equal(nameProblem('.x'), undefined);
  });

  it('are told from files inside of them', () => {
    const path = '/nix/store/ffffffffffffffffffffffffffffffff-x';
    assert.equal(isStorePath(path), true);
    assert.equal(isStorePath(`${path}/bin`), false);
    assert.equal(isStorePath('/nix/store/short-x'), false);
  });
});

describe('virtual store', () => {
  const memory = new MemoryHost(new EmptyHost());
  memory.set('/src/a', 'hello\n');
  memory.set('/src/sub/b', '');
  const store = new VirtualStore(memory);

  it('copies a tree and reads it back', () => {
    assert.equal(store.copyPath('/src/a'), '/nix/store/wsapfasykqjyaw5h4glxcsgprzxp7bjd-a');
    const path = store.copyPath('/src');
    assert.equal(store.host.readFile(`${path}/a`), 'hello\n');
    assert.deepEqual(
      store.host.readDirectory(path).map((entry) => entry.name),
      ['a', 'sub'],
    );
  });

  it('leaves out what a filter leaves out', () => {
    const path = store.addPath('/src', 'filtered', { filter: (file) => file !== '/src/sub' });
    assert.deepEqual(store.host.readDirectory(path), [{ name: 'a', type: 'regular' }]);
    assert.equal(store.host.fileType(`${path}/sub`), undefined);
  });

  it('copies what it has copied itself, and a text', () => {
    const whole = store.addPath('/src', 'whole', { filter: (file) => file !== '/src/sub/c' });
    memory.set('/src/sub/c', 'left out');
    const part = store.addPath(`${whole}/sub`, 'part');
    assert.equal(store.host.readFile(`${part}/b`), '');
    assert.deepEqual(store.host.readDirectory(part), [{ name: 'b', type: 'regular' }]);
    assert.equal(store.host.fileType(`${part}/c`), undefined);
    memory.delete('/src/sub/c');
    const text = store.addPath(store.addText('t', 'text', []), 'copied');
    assert.equal(store.host.readFile(text), 'text');
    const internal = store.addPath('/__corepkgs__/fetchurl.nix', 'fetchurl');
    assert.match(store.host.readFile(internal), /builtin:fetchurl/);
  });

  it('copies back and forth between two names', () => {
    const one = store.addPath('/src/sub', 'one');
    const two = store.addPath(one, 'two');
    assert.equal(store.addPath(two, 'one'), one);
    assert.equal(store.host.readFile(`${one}/b`), '');
    assert.equal(store.host.readFile(`${two}/b`), '');
  });

  it('has a copy as long as one of the same files that it can be made of is unchanged', () => {
    const files = new MemoryHost(new EmptyHost());
    files.set('/a/x', 'same');
    files.set('/b/x', 'same');
    const twins = new VirtualStore(files);
    const path = twins.copyPath('/a/x');
    assert.equal(twins.copyPath('/b/x'), path);
    files.set('/b/x', 'changed');
    twins.contentsChanged(['/b/x']);
    assert.equal(twins.host.readFile(path), 'same');
    files.set('/a/x', 'changed');
    twins.contentsChanged(['/a/x']);
    assert.equal(twins.host.fileType(path), undefined);
  });

  it('hashes the archive of another file while a filter looks at one', () => {
    const filtered = (filter: () => boolean) => hashNar(memory, '/src', filter).hex;
    const hashesAnother = () => hashNar(memory, '/src/a').hex !== '';
    assert.equal(
      filtered(hashesAnother),
      filtered(() => true),
    );
  });

  it('hashes the archive of a file', () => {
    assert.equal(hashNar(memory, '/src/a').print('nix32').length, 52);
  });

  it('notices a change that it is told of', () => {
    const before = store.copyPath('/src');
    memory.set('/src/a', 'changed');
    assert.equal(store.copyPath('/src'), before);
    store.pathsChanged(['/src/a']);
    assert.notEqual(store.copyPath('/src'), before);
  });

  it('computes the paths of a derivation and reads its text', () => {
    const derivation: Derivation = {
      name: 'a',
      outputs: new Map([['out', { kind: 'deferred' }]]),
      inputDerivations: new Map(),
      inputSources: [],
      system: 'c',
      builder: 'b',
      args: ['quote"\\\n'],
      environment: new Map([
        ['builder', 'b'],
        ['name', 'a'],
        ['out', ''],
        ['system', 'c'],
      ]),
    };
    const plain = store.addDerivation({ ...derivation, args: [] });
    assert.equal(plain.path, '/nix/store/arhvjaf6zmlyn8vh8fgn55rpwnxq0n7l-a.drv');
    const { path, outputs } = store.addDerivation(derivation);
    const read = parseDerivation('a', store.host.readFile(path));
    assert.deepEqual(read.args, derivation.args);
    assert.deepEqual(read.outputs, outputs);
    const out = outputs.get('out')!;
    assert.equal(read.environment.get('out'), out.kind === 'input-addressed' && out.path);
  });

  it('says what has to be built', () => {
    const { path } = store.addDerivation({
      name: 'x',
      outputs: new Map([['out', { kind: 'deferred' }]]),
      inputDerivations: new Map(),
      inputSources: [],
      system: 's',
      builder: 'b',
      args: [],
      environment: new Map(),
    });
    assert.throws(() => store.realise([`!out!${path}`]), /build it first/);
    store.realise([path, `=${path}`]);
  });
});
