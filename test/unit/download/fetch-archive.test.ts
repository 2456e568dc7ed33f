// Fetching an archive from a server on the loopback address: what is kept, and that
// nothing is kept of what went wrong.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DownloadError } from '../../../server/src/download/failure';
import { fetchArchive, type FetchProgress } from '../../../server/src/download/fetch-archive';
import { unpackTar } from '../../../server/src/download/unpack';
import { DiskHost } from '../../../server/src/host/disk-host';
import { nixPathOf } from '../../../server/src/host/host-path';
import { hashNar } from '../../../server/src/store/nar';
import { tar, tarGz, tinyNixpkgs, tinyNixpkgsHash, type Entry } from '../../kit/archive';
import { half, Loopback, stalled, whole } from '../../kit/loopback';

const archive = tarGz(tinyNixpkgs);

const sha256 = tinyNixpkgsHash;

describe('fetching an archive', () => {
  const scratch = fs.mkdtempSync(join(tmpdir(), 'nixray-fetch-'));
  let server: Loopback;
  let folder: string;
  let count = 0;

  before(async () => {
    server = await Loopback.start({
      '/a.tar.gz': whole(archive),
      '/a.tar': whole(tar(tinyNixpkgs)),
      '/moved': (response) => response.writeHead(302, { location: '/a.tar.gz' }).end(),
      '/half': half(archive),
      '/half-chunked': (response) => {
        response.write(archive.subarray(0, archive.length / 2));
        response.end();
      },
      '/stalled': stalled(archive),
      '/error': (response) => response.writeHead(503).end('not today'),
      '/page': whole(Buffer.from('<html>'.repeat(200))),
      '/short-page': whole(Buffer.from('<html>')),
      '/empty': whole(Buffer.alloc(0)),
      '/text.gz': whole(gzipSync('{ }\n')),
      '/damaged': whole(Buffer.concat([archive.subarray(0, 40), Buffer.alloc(200, 7)])),
      '/a.tar.xz': whole(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0, 0])),
      '/traversal': whole(tarGz([{ name: 'a/../../escaped', content: 'x' }])),
      '/absolute': whole(tarGz([{ name: '/tmp/escaped', content: 'x' }])),
      '/through-link': whole(
        tarGz([
          { name: 'a/out', type: '2', target: scratch },
          { name: 'a/out/escaped', content: 'x' },
        ]),
      ),
      '/link-as-file': whole(
        tarGz([
          { name: 'a', type: '2', target: join(scratch, 'escaped') },
          { name: 'a', content: 'x' },
        ]),
      ),
    });
  });
  beforeEach(() => (folder = join(scratch, String(count++))));
  after(() => {
    server.stop();
    fs.rmSync(scratch, { recursive: true });
  });

  const fetch = (path: string, options: { hash?: string; signal?: AbortSignal; patience?: number } = {}) =>
    fetchArchive(
      { name: 'tiny', url: server.url(path), sha256: options.hash ?? sha256, folder },
      {
        signal: options.signal ?? new AbortController().signal,
        ...(options.patience && { patience: options.patience }),
      },
    );

  async function problemOf(
    path: string,
    options: { hash?: string; patience?: number } = {},
  ): Promise<string> {
    try {
      await fetch(path, options);
    } catch (error) {
      assert.ok(error instanceof DownloadError, String(error));
      const left = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
      assert.deepEqual(left, [], 'Nothing is left of it.');
      assert.equal(fs.existsSync(join(scratch, 'escaped')), false);
      return error.message.replaceAll(server.url(''), 'http://server');
    }
    return assert.fail('It was fetched.');
  }

  it('keeps the tree under its hash', async () => {
    const { path, downloaded } = await fetch('/a.tar.gz');
    assert.equal(path, join(folder, `tiny-${sha256}`));
    assert.equal(downloaded, true);
    assert.deepEqual(fs.readdirSync(folder), [`tiny-${sha256}`]);
    assert.deepEqual(fs.readdirSync(path).sort(), ['default.nix', 'link', 'pkgs']);
    assert.equal(fs.readFileSync(join(path, 'link'), 'utf8'), '"hello"');
    if (process.platform !== 'win32') {
      assert.notEqual(fs.statSync(join(path, 'pkgs/run.sh')).mode & 0o100, 0);
      assert.equal(fs.statSync(join(path, 'pkgs/hello.nix')).mode & 0o100, 0);
    }
    assert.equal(hashNar(new DiskHost(), nixPathOf(path)).print('nix32'), sha256);
  });

  it('follows a redirection, and takes what is not compressed', async () => {
    assert.equal((await fetch('/moved')).downloaded, true);
    folder = join(scratch, 'plain');
    assert.equal((await fetch('/a.tar')).downloaded, true);
  });

  it('reads an archive of this disk', async () => {
    const file = join(scratch, 'a.tar.gz');
    fs.writeFileSync(file, archive);
    const url = new URL(`file://${file.replaceAll('\\', '/')}`).href;
    const { downloaded } = await fetchArchive(
      { name: 'tiny', url, sha256, folder },
      { signal: new AbortController().signal },
    );
    assert.equal(downloaded, true);
  });

  it('takes the hash in every form of Nix', async () => {
    const { path } = await fetch('/a.tar.gz');
    const hash = hashNar(new DiskHost(), nixPathOf(path));
    for (const text of [hash.hex, hash.print('sri'), `sha256:${sha256}`, ` ${sha256}\n`]) {
      assert.equal((await fetch('/a.tar.gz', { hash: text })).path, path);
    }
    folder = join(scratch, 'no-hash');
    assert.match(await problemOf('/a.tar.gz', { hash: 'abc' }), /'abc' is no SHA-256 hash/);
  });

  it('downloads once, and again what was tampered with', async function () {
    const { path } = await fetch('/a.tar.gz');
    const asked = server.requests.length;
    assert.equal((await fetch('/a.tar.gz')).downloaded, false);
    assert.equal(server.requests.length, asked, 'The server was not asked.');
    if (process.platform === 'win32') return this.skip();
    fs.rmSync(join(path, 'pkgs/hello.nix'));
    assert.equal((await fetch('/a.tar.gz')).downloaded, true);
    assert.ok(fs.existsSync(join(path, 'pkgs/hello.nix')));
  });

  it('is done by two at once without harm', async () => {
    const results = await Promise.all([fetch('/a.tar.gz'), fetch('/a.tar.gz'), fetch('/a.tar')]);
    assert.equal(new Set(results.map(({ path }) => path)).size, 1);
    assert.deepEqual(fs.readdirSync(folder), [`tiny-${sha256}`]);
  });

  it('tells how far it is', async () => {
    const steps: FetchProgress[] = [];
    await fetchArchive(
      { name: 'tiny', url: server.url('/a.tar.gz'), sha256, folder },
      { signal: new AbortController().signal, progress: (step) => steps.push(step) },
    );
    const size = archive.length;
    assert.deepEqual(steps.at(0), { phase: 'downloading', received: 0, size });
    assert.deepEqual(steps.at(-2), { phase: 'downloading', received: size, size });
    assert.deepEqual(steps.at(-1), { phase: 'checking' });
  });

  it('throws away what has another hash', async () => {
    const other = '0'.repeat(52);
    assert.match(
      await problemOf('/a.tar.gz', { hash: other }),
      /is not what was wanted, and was thrown away: its hash is sha256-.{44}, and it should be sha256-A/,
    );
  });

  it('says what went wrong on the way', async () => {
    assert.match(
      await problemOf('/half'),
      /'http:\/\/server\/half' could not be downloaded: the connection was cut off\./,
    );
    assert.equal(await problemOf('/half-chunked'), 'The archive is cut off.');
    assert.match(await problemOf('/stalled', { patience: 100 }), /sent nothing for 0\.1 seconds/);
    assert.match(await problemOf('/error'), /the server answered 503 Service Unavailable\./);
    assert.match(await problemOf('/nowhere'), /the server answered 404 Not Found\./);
    assert.match(await problemOf('/page'), /is no archive; Nixray unpacks \.tar\.gz and \.tar\./);
    for (const path of ['/short-page', '/text.gz'])
      assert.match(await problemOf(path), /is no archive; Nixray unpacks \.tar\.gz and \.tar\./);
    assert.equal(await problemOf('/empty'), 'What was downloaded is empty.');
    assert.match(await problemOf('/damaged'), /The archive is damaged/);
    assert.match(await problemOf('/a.tar.xz'), /compressed by xz/);
  });

  it('says so where there is nobody', async () => {
    const gone = await Loopback.start({});
    const url = gone.url('/');
    gone.stop();
    const request = { name: 'x', url, sha256, folder };
    const options = { signal: new AbortController().signal };
    await assert.rejects(fetchArchive(request, options), (error: DownloadError) =>
      /the server refused the connection/.test(error.message),
    );
    for (const [wrong, message] of [
      // No network has a server of that name (RFC 2606).
      ['http://server.invalid/', /: the name of the server is not known here \(is there a network\?\)\.$/],
      ['ftp://x/y', /https, http and file/],
      ['x y', /is no URL/],
      ['file:///no/such/file', /cannot be read: ENOENT/],
    ] as const) {
      await assert.rejects(fetchArchive({ ...request, url: wrong }, options), (error: DownloadError) =>
        message.test(error.message),
      );
    }
  });

  it('writes nowhere but into its folder', async () => {
    assert.match(await problemOf('/traversal'), /leads out of its folder/);
    assert.match(await problemOf('/absolute'), /leads out of its folder/);
    assert.match(await problemOf('/through-link'), /below 'a\/out', which is no folder/);
    assert.match(await problemOf('/link-as-file'), /has 'a' twice/);
  });

  it('stops when it is called off', async () => {
    for (const path of ['/stalled', '/a.tar.gz']) {
      const controller = new AbortController();
      const result = fetch(path, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('called off')), path === '/stalled' ? 50 : 0);
      await assert.rejects(result, /called off/);
      assert.deepEqual(fs.existsSync(folder) ? fs.readdirSync(folder) : [], []);
    }
  });

  it('removes what a crash has left behind', async () => {
    const [old, young] = [join(folder, '.unfinished-1-a'), join(folder, '.unfinished-2-b')];
    for (const left of [old, young]) fs.mkdirSync(left, { recursive: true });
    fs.utimesSync(old, 0, 0);
    await fetch('/a.tar.gz');
    assert.equal(fs.existsSync(old), false);
    assert.equal(fs.existsSync(young), true);
  });
});

describe('unpacking', () => {
  const unpack = async (entries: readonly Entry[], limits?: { bytes: number; entries: number }) => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'nixray-unpack-'));
    async function* input(): AsyncGenerator<Uint8Array> {
      yield tar(entries);
    }
    try {
      await unpackTar(input(), folder, limits);
      return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  };
  const problem = (message: RegExp) => (error: DownloadError) => message.test(error.message);

  it('copies what is linked within the archive', async () => {
    const entries = [
      { name: 'a', content: 'x' },
      { name: 'b/c', type: '1', target: 'a' },
    ];
    assert.deepEqual(await unpack(entries), ['a', 'b', join('b', 'c')]);
    await assert.rejects(unpack([{ name: 'b', type: '1', target: '../a' }]), problem(/leads out/));
    await assert.rejects(unpack([{ name: 'b', type: '1', target: 'a' }]), problem(/no file before it/));
  });

  it('has an end', async () => {
    const entries = [
      { name: 'a', content: 'x'.repeat(100) },
      { name: 'b', content: 'x'.repeat(100) },
    ];
    await assert.rejects(
      unpack(entries, { bytes: 150, entries: 10 }),
      problem(/more than Nixray is willing/),
    );
    await assert.rejects(unpack(entries, { bytes: 300, entries: 1 }), problem(/more than Nixray is willing/));
  });

  it('writes large files, too', async () => {
    assert.deepEqual(await unpack([{ name: 'big', content: 'x'.repeat(3 << 20) }]), ['big']);
  });

  it('is not confused by what is only compressed data', async () => {
    async function* input(): AsyncGenerator<Uint8Array> {
      yield gzipSync('x');
    }
    await assert.rejects(unpackTar(input(), tmpdir()), problem(/cut off|no archive/));
  });
});
