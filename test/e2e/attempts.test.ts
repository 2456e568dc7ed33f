/** Evaluations that need more than the main thread of the command line has. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { TestFolder } from './folder';

const program = join(__dirname, '../../dist/nixray.js');

/** As many calls within calls as Nix allows at most; the first stack is full long before. */
const deep = 'let count = n: if n == 0 then 0 else 1 + count (n - 1); in count 9990';

describe('an evaluation that needs more than the main thread has', () => {
  let folder: TestFolder;
  before(() => {
    folder = new TestFolder({ 'deep.nix': deep, 'input.txt': 'from a file' });
  });
  after(() => folder.dispose());

  function run(args: readonly string[], options: { input?: string; flags?: readonly string[] } = {}) {
    const { input = '', flags = [] } = options;
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, program, ...args], {
      cwd: folder.path,
      env: { ...process.env, NIXRAY_CACHE_DIRECTORY: join(folder.path, 'cache') },
      input,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
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
    const began = Date.now();
    const { status, stderr } = run(['eval', '--timeout', '1', '-E', text]);
    assert.deepEqual([status, stderr], [1, 'error: The evaluation took longer than its time limit.\n']);
    assert.ok(Date.now() - began < 20_000);
  });
});
