// Fetching nixpkgs when the user asks for it, from a server on the loopback address:
// the offer, the progress, and what <nixpkgs> means afterwards; and the command line's.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tarGz, tinyNixpkgs, tinyNixpkgsHash } from '../kit/archive';
import { half, Loopback, stalled, whole } from '../kit/loopback';
import { Editor, type Diagnostic } from './editor';
import { TestFolder } from './folder';

const archive = tarGz(tinyNixpkgs);
const text = '(import <nixpkgs> { }).lib.version\n';
const command = 'nixray.server.fetchNixpkgs';

interface Action {
  title: string;
  kind: string;
  diagnostics: Diagnostic[];
  command: { command: string };
}

describe('fetching nixpkgs', () => {
  const folder = new TestFolder();
  const cache = join(folder.path, 'cache');
  const uri = folder.write('a.nix', text);
  let server: Loopback;
  let editor: Editor;

  // Whatever this machine has for <nixpkgs> is of no matter here.
  const home = join(folder.path, 'home');
  const surroundings = {
    HOME: home,
    NIX_PATH: '',
    XDG_STATE_HOME: '',
    XDG_CONFIG_HOME: '',
    NIX_STATE_HOME: '',
  };
  const before_ = { ...process.env };

  before(async () => {
    Object.assign(process.env, surroundings);
    server = await Loopback.start({
      '/a.tar.gz': whole(archive),
      '/half': half(archive),
      '/stalled': stalled(archive),
    });
  });
  after(() => {
    for (const name of Object.keys(surroundings)) {
      if (before_[name] === undefined) delete process.env[name];
      else process.env[name] = before_[name];
    }
    server.stop();
    folder.dispose();
  });
  afterEach(() => editor?.kill());

  const start = async (options: { trusted?: boolean; commands?: string[]; progress?: boolean } = {}) => {
    const { progress = false, ...initializationOptions } = options;
    editor = await Editor.start({
      folder: folder.path,
      settings: { cache: { directory: cache } },
      initializationOptions,
      progress,
    });
    editor.open(uri, text);
  };
  const fetch = (path: string, sha256 = tinyNixpkgsHash) =>
    editor.request<{ path: string; entry: string; downloaded: boolean } | null>('workspace/executeCommand', {
      command,
      arguments: [{ url: server.url(path), sha256 }],
    });
  // What is selected could be extracted; here it is a cursor.
  const atStart = (start: { line: number; character: number }) => ({ start, end: start });
  const actions = (diagnostics: Diagnostic[], only?: string[]) =>
    editor.request<Action[] | null>('textDocument/codeAction', {
      textDocument: { uri },
      range: atStart(diagnostics[0]?.range.start ?? { line: 0, character: 0 }),
      context: { diagnostics, ...(only && { only }) },
    });
  const kept = (): string[] => readdirSync(join(cache, 'nixpkgs'));

  it('is offered where <nixpkgs> is not found, and mends that', async () => {
    await start();
    const [missing] = await editor.diagnostics(uri, 'the error', (all) => all.length > 0);
    assert.equal(missing!.code, 'not-in-search-path');
    assert.match(missing!.message, /^file 'nixpkgs' was not found .*\n.*Fetch nixpkgs/);
    const [action, ...others] = (await actions([missing!]))!;
    assert.deepEqual(others, []);
    assert.equal(action!.kind, 'quickfix');
    assert.equal(action!.command.command, command);
    assert.equal((await actions([missing!], ['refactor'])) ?? undefined, undefined);
    assert.equal((await actions([{ ...missing!, code: 'throw' }])) ?? undefined, undefined);

    const result = await fetch('/a.tar.gz');
    assert.equal(result!.downloaded, true);
    assert.equal(result!.path, join(cache, 'nixpkgs', `a-${tinyNixpkgsHash}`));
    await editor.diagnostics(uri, 'no error', (all) => all.length === 0);
    assert.equal(await editor.value(uri, 0, text.indexOf('version')), '"1.2.3"');
    assert.ok(editor.messages.some((message) => message.includes(result!.entry)));
    const asked = server.requests.length;
    assert.equal((await fetch('/a.tar.gz'))!.downloaded, false);
    assert.equal(server.requests.length, asked);
  });

  it('is left to the client where it has a command for it', async () => {
    await start({ commands: ['nixray.fetchNixpkgs'] });
    const missing = await editor.diagnostics(uri, 'the error', (all) => all.length > 0);
    assert.equal((await actions(missing))![0]!.command.command, 'nixray.fetchNixpkgs');
    await fetch('/a.tar.gz');
    await editor.diagnostics(uri, 'no error', (all) => all.length === 0);
    assert.deepEqual(editor.messages, []);
  });

  it('does not happen in a workspace that is not trusted', async () => {
    await start({ trusted: false });
    const asked = server.requests.length;
    await assert.rejects(fetch('/a.tar.gz'), /not trusted/);
    assert.equal(server.requests.length, asked);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
    const message = "file 'nixpkgs' was not found";
    const diagnostic = { range, source: 'nixray', code: 'not-in-search-path', message };
    assert.equal(await actions([diagnostic]), null);
  });

  it('says what is wrong, and keeps nothing of it', async () => {
    await start();
    const before = kept();
    await assert.rejects(fetch('/half', '0'.repeat(52)), /the connection was cut off/);
    await assert.rejects(fetch('/nowhere', '0'.repeat(52)), /the server answered 404/);
    await assert.rejects(fetch('/a.tar.gz', '0'.repeat(52)), /is not what was wanted, and was thrown away/);
    await assert.rejects(fetch('/a.tar.gz', 'x'), /no SHA-256 hash/);
    const unknown = editor.request('workspace/executeCommand', { command, arguments: [{ release: '1.0' }] });
    await assert.rejects(unknown, /knows no hash of the release '1\.0'; it knows those of 25\.11, /);
    const wrong = editor.request('workspace/executeCommand', { command, arguments: [{ url: 1 }] });
    await assert.rejects(wrong, /url must be a string/);
    assert.deepEqual(kept(), before);
  });

  it('shows how far it is, and stops when it is called off', async () => {
    await start({ progress: true });
    const before = kept();
    const result = fetch('/stalled', '0'.repeat(52));
    const begun = await editor.until('progress', () =>
      editor.progress.find(({ kind, cancellable }) => kind === 'begin' && cancellable === true),
    );
    assert.match(begun.message!, /fetching nixpkgs stalled/);
    await editor.until('a report', () => editor.progress.find(({ kind }) => kind === 'report'));
    editor.send('window/workDoneProgress/cancel', { token: begun.token });
    assert.equal(await result, null);
    assert.deepEqual(kept(), before);
    await editor.until('the end', () =>
      editor.progress.find((p) => p.kind === 'end' && p.token === begun.token),
    );
  });

  it('stops when the request is cancelled, too', async () => {
    await start();
    const before = kept();
    const { answer, cancel } = editor.cancellable('workspace/executeCommand', {
      command,
      arguments: [{ url: server.url('/stalled'), sha256: '0'.repeat(52) }],
    });
    const asked = server.requests.length;
    while (server.requests.length === asked) await new Promise((resolve) => setTimeout(resolve, 10));
    cancel();
    assert.equal(await answer, null);
    assert.deepEqual(kept(), before);
  });

  const nixray = (...args: string[]) => {
    const child = spawn(process.execPath, [join(__dirname, '../../dist/nixray.js'), ...args]);
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => void (out += data.toString()));
    child.stderr.on('data', (data: Buffer) => void (err += data.toString()));
    const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
      child.on('close', (code) => resolve({ code, out, err })),
    );
    return { child, ended };
  };

  it('works from the command line, which prints the entry for the search path', async () => {
    const directory = join(folder.path, 'other-cache');
    const flags = [
      '--url',
      server.url('/a.tar.gz'),
      '--sha256',
      tinyNixpkgsHash,
      '--cache-directory',
      directory,
    ];
    const first = await nixray('fetch-nixpkgs', ...flags).ended;
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /^nixpkgs=\/.*\/nixpkgs\/a-\w{52}\n$/);
    assert.match(first.err, /^downloading http/);
    const again = await nixray('fetch-nixpkgs', ...flags).ended;
    assert.equal(again.out, first.out);
    assert.match(again.err, /It was there already/);
    const used = await nixray('eval', '-I', first.out.trim(), '-E', text).ended;
    assert.equal(used.out, '"1.2.3"\n', used.err);
  });

  it('tells the command line what is wrong', async () => {
    const { code, out, err } = await nixray(
      'fetch-nixpkgs',
      '--url',
      server.url('/nowhere'),
      '--sha256',
      '0'.repeat(52),
    ).ended;
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(err, /^error: 'http.*' could not be downloaded: the server answered 404 Not Found\.\n$/m);
    assert.match(
      (await nixray('fetch-nixpkgs', '1.0').ended).err,
      /^error: Nixray knows no hash of the release '1\.0'/,
    );
    assert.match(
      (await nixray('fetch-nixpkgs', '--url', 'x').ended).err,
      /^error: A URL needs the SHA-256 hash/,
    );
    assert.match((await nixray('fetch-nixpkgs', '--no').ended).err, /^error: unrecognised flag '--no'/);
    assert.match((await nixray('fetch-nixpkgs', '--list').ended).out, /^25\.11\n(\d\d\.\d\d\n)+18\.03\n$/);
  });

  it('ends with Ctrl-C, and keeps nothing', async function () {
    if (process.platform === 'win32') return this.skip();
    const directory = join(folder.path, 'third-cache');
    const { child, ended } = nixray(
      ...['fetch-nixpkgs', '--url', server.url('/stalled'), '--sha256', '0'.repeat(52)],
      ...['--cache-directory', directory],
    );
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.kill('SIGINT');
    const { code, err } = await ended;
    assert.equal(code, 130);
    assert.match(err, /interrupted; nothing was kept\n$/);
    assert.deepEqual(readdirSync(join(directory, 'nixpkgs')), []);
  });
});
