/** Evaluations that need more than the main thread of the command line has. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandLine, type CommandOptions, type Ended } from './command';
import { TestFolder } from './folder';

/** As many calls within calls as Nix allows at most; the first stack is full long before. */
const deep = 'let count = n: if n == 0 then 0 else 1 + count (n - 1); in count 9990';

describe('an evaluation that needs more than the main thread has', () => {
  let folder: TestFolder;
  before(() => {
    folder = new TestFolder({ 'deep.nix': deep, 'input.txt': 'from a file' });
  });
  after(() => folder.dispose());

  const run = (args: readonly string[], options?: CommandOptions): Ended =>
    new CommandLine(folder).run(args, options);

  /** Flags of Node that have each thread run a file before all else. */
  function preload(name: string, text: string): string[] {
    folder.write(name, text);
    return ['--require', join(folder.path, name)];
  }

  /** What V8 has kept of the program, by the name of its file. */
  function keptCode(): Map<string, string> {
    const cache = join(folder.path, 'cache');
    const names = readdirSync(cache, { recursive: true, encoding: 'utf8' });
    const kept = names.filter((name) => /v8-.*-evaluation$/.test(name));
    return new Map(kept.map((name) => [name, readFileSync(join(cache, name), 'latin1')]));
  }

  it('has the deep stack of a thread', () => {
    assert.deepEqual(run(['eval', 'deep.nix']), { status: 0, stdout: '9990\n', stderr: '' });
  });

  it('writes what it traces once', () => {
    const text = `builtins.trace "before" (builtins.trace (${deep}) (builtins.trace "after" null))`;
    const expected = { status: 0, stdout: 'null\n', stderr: 'trace: before\ntrace: 9990\ntrace: after\n' };
    assert.deepEqual(run(['eval', '-E', text]), expected);
  });

  it('writes its results once, also where there are several', () => {
    const { stdout } = run(['eval', '-E', '{ a = "first"; b = ' + deep + '; }', '-A', 'a', '-A', 'b']);
    assert.equal(stdout, '"first"\n9990\n');
  });

  it('reads standard input once', () => {
    assert.equal(run(['eval', '-'], { input: deep }).stdout, '9990\n');
  });

  describe('after it has read from a pipe', () => {
    before(function () {
      // Windows has no pipes in folders.
      if (process.platform === 'win32') this.skip();
    });
    afterEach(() => folder.remove('pipe'));

    const cases: readonly [what: string, texts: readonly string[], args: readonly string[], out: string][] = [
      ['the program', [deep], ['./pipe'], '9990'],
      ['a text', ['a'], ['-E', `[ (builtins.readFile ./pipe) (${deep}) ]`], '[ "a" 9990 ]'],
      ['an import', ['1 + 1'], ['-E', `[ (import ./pipe) (${deep}) ]`], '[ 2 9990 ]'],
      [
        'an argument',
        ['b'],
        ['--arg-from-file', 'x', 'pipe', '-E', `{ x }: [ x (${deep}) ]`],
        '[ "b" 9990 ]',
      ],
      [
        'two texts in their order',
        ['first', 'second'],
        ['-E', `let read = x: builtins.readFile ./pipe; in [ (read 1) (read 2) (${deep}) ]`],
        '[ "first" "second" 9990 ]',
      ],
    ];
    for (const [what, texts, args, out] of cases) {
      it(`has ${what} without reading it again`, () => {
        new CommandLine(folder).makePipe('pipe', ...texts);
        const ended = run(['eval', '--strict', ...args]);
        assert.deepEqual(ended, { status: 0, stdout: `${out}\n`, stderr: '' });
      });
    }
  });

  it('has the same time of day', () => {
    // The clock of every other thread is an hour ahead.
    const late = preload(
      'late.cjs',
      `const { isMainThread } = require('node:worker_threads');
      const { now } = Date;
      if (!isMainThread) Date.now = () => now() + 3600_000;`,
    );
    const text = `[ (${deep}) builtins.currentTime ]`;
    const { stdout } = run(['eval', '--strict', '-E', text], { flags: late });
    const seconds = Number(/^\[ 9990 (\d+) \]\n$/.exec(stdout)![1]);
    assert.ok(Math.abs(seconds - Date.now() / 1000) < 1800);
  });

  it('gives back what the attempt has allocated before the thread starts', () => {
    const heap = preload(
      'heap.cjs',
      `const threads = require('node:worker_threads');
      const { Worker } = threads;
      threads.Worker = class extends Worker {
        constructor(...args) {
          console.error(process.memoryUsage().heapUsed);
          super(...args);
        }
      };
      require('node:module').syncBuiltinESMExports();`,
    );
    const text = `let list = builtins.genList (n: { name = n; }) 300000; in
      builtins.deepSeq list (builtins.length list + (${deep}))`;
    const { stdout, stderr } = run(['eval', '-E', text], { flags: heap });
    assert.equal(stdout, '309990\n');
    // The list takes more than 20 MB; Node and what has been loaded of Nixray take six.
    assert.ok(Number(stderr) > 0 && Number(stderr) < 12e6, `${stderr.trim()} bytes are in use`);
  });

  it('leaves the code that V8 has kept as it is', () => {
    run(['eval', 'deep.nix']);
    const before = keptCode();
    assert.equal(before.size, 1);
    run(['eval', 'deep.nix']);
    assert.deepEqual(keptCode(), before);
  });

  it('gives the error of a program that is too deep for any thread', () => {
    const { status, stderr } = run(['eval', '-E', 'let count = n: 1 + count (n + 1); in count 0']);
    assert.equal(status, 1);
    assert.match(stderr, /error: stack overflow; max-call-depth exceeded/);
  });

  it('has the heap of a thread', () => {
    const text = 'builtins.trace "once" (builtins.foldl\' (sum: x: sum + builtins.stringLength x) 0 texts)';
    const texts = 'texts = builtins.genList (x: "a${toString x}") 1200000';
    // The thread's heap is as large as the flag says, and so is the main thread's, which gives up at about half of it.
    const result = run(['eval', '-E', `let ${texts}; in ${text}`], { flags: ['--max-old-space-size=120'] });
    assert.deepEqual(result, { status: 0, stdout: '8488890\n', stderr: 'trace: once\n' });
  });

  it('has no more time than it was given', () => {
    const text = `${deep} + (let loop = n: loop (n + 1); spin = n: if n == 0 then 0 else spin (n - 1); in builtins.foldl' (a: b: a + spin 5000) 0 (builtins.genList (x: x) 10000000))`;
    const { status, stderr } = run(['eval', '--timeout', '1', '-E', text]);
    assert.deepEqual([status, stderr], [1, 'error: The evaluation took longer than its time limit.\n']);
  });
});
