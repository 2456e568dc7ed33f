/** The built command line where its surroundings are not as usual: streams, pipes, folders, limits. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandLine } from './command';
import { TestFolder } from './folder';

/** It runs until somebody ends it. */
const endless = `let spin = n: if n == 0 then 0 else spin (n - 1);
  in builtins.foldl' (a: b: a + spin 5000) 0 (builtins.genList (x: x) 10000000)`;

describe('the command line', () => {
  let folder: TestFolder;
  let nixray: CommandLine;
  before(function () {
    // The tests use what only a shell of Unix has.
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(() => {
    folder = new TestFolder({ 'one.nix': '1\n' });
    nixray = new CommandLine(folder);
  });
  afterEach(() => folder.dispose());

  describe('writes', () => {
    it('a result before the next evaluation begins', async () => {
      const command = nixray.start(['eval', '-E', '1', endless]);
      const [first] = (await once(command.stdout!, 'data')) as [Buffer];
      command.kill('SIGKILL');
      assert.equal(first.toString(), '1\n');
    });

    for (const [what, flags] of [
      ['in the main thread', []],
      ['in a thread', ['--profile', 'x.cpuprofile']],
    ] as const) {
      it(`results and messages in their order, ${what}`, () => {
        const args = ['eval', '--strict', ...flags, '-E', '1', 'builtins.trace "t" 2', 'throw "b"', '3'];
        nixray.run(args, { script: '"$@" > both 2>&1' });
        const both = readFileSync(join(folder.path, 'both'), 'utf8');
        assert.match(both, /^1\ntrace: t\n2\nerror:[^]*error: b\n$/);
      });

      it(`results as they are, and messages without what controls a terminal, ${what}`, () => {
        const text = 'a\x1b[1;31mb\x1b[0m\tc';
        const args = [
          'eval',
          '--raw',
          ...flags,
          '-E',
          `builtins.trace "${text}" "${text}"`,
          `throw "${text}"`,
        ];
        const { stdout, stderr } = nixray.run(args);
        assert.equal(stdout, text);
        assert.match(stderr, /^trace: ab {7}c\nerror:[^]*error: ab +c\n$/);
        assert.doesNotMatch(stderr, /[\x1b\t]/);
      });
    }
  });

  describe('whose standard output is full', () => {
    for (const args of [
      ['eval', '-E', '1'],
      ['eval', '--profile', 'x.cpuprofile', '-E', '1'],
      ['check', '--format', 'json', 'one.nix'],
      ['bytecode', 'one.nix'],
    ]) {
      it(`says so for ${args.join(' ')}`, function () {
        if (process.platform !== 'linux') this.skip();
        const stderr = 'error: cannot write to standard output: No space left on device\n';
        const script = '"$@" > /dev/full';
        assert.deepEqual(nixray.run(args, { script }), { status: 1, stdout: '', stderr });
      });
    }

    it('says nothing where nobody reads any more', () => {
      const script = '{ "$@"; echo "status $?" >&2; } | true';
      const { stderr } = nixray.run(['eval', '-E', 'builtins.genList (x: x) 100000', '--strict'], { script });
      assert.equal(stderr, 'status 0\n');
    });
  });

  describe('whose standard input', () => {
    for (const [what, script, reason] of [
      ['is a folder', '"$@" < .', 'reading from file: Is a directory'],
      ['is closed', '"$@" <&-', 'cannot read standard input: there is none'],
    ] as const) {
      it(`${what} says that it cannot be read`, () => {
        const expected = { status: 1, stdout: '', stderr: `error: ${reason}\n` };
        assert.deepEqual(nixray.run(['eval', '-'], { script }), expected);
        const args = ['eval', '--arg-from-stdin', 'x', '-E', '{ x }: x'];
        assert.deepEqual(nixray.run(args, { script }), expected);
      });
    }

    it('is the null device reads an empty text', () => {
      const script = '"$@" < /dev/null';
      const args = ['eval', '--arg-from-stdin', 'x', '-E', '{ x }: x'];
      assert.equal(nixray.run(args, { script }).stdout, '""\n');
      assert.match(nixray.run(['eval', '-'], { script }).stderr, /unexpected end of file/);
    });
  });

  describe('whose folder is gone', () => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && "$@"';

    it('prints help and its version', () => {
      const { status, stdout } = nixray.run(['--help'], { script });
      assert.deepEqual([status, stdout.startsWith('Usage: nixray COMMAND')], [0, true]);
      assert.match(nixray.run(['--version'], { script }).stdout, /^nixray \d/);
      const relative = `export NIXRAY_CACHE_DIRECTORY=cache; ${script}`;
      assert.match(nixray.run(['--version'], { script: relative }).stdout, /^nixray \d/);
      assert.match(nixray.run(['check', '--help'], { script }).stdout, /^Usage: nixray check/);
      assert.match(nixray.run(['nonsense'], { script }).stderr, /^error: there is no command 'nonsense'\n/);
    });

    for (const args of [
      ['eval', '-E', '1'],
      ['eval', '--stats', '-E', '1'],
      ['check', '/one.nix'],
      ['hover', '/one.nix:1:1'],
      ['bytecode', 'one.nix'],
    ]) {
      it(`says so for ${args.join(' ')}`, () => {
        const stderr = 'error: cannot get cwd: No such file or directory\n';
        assert.deepEqual(nixray.run(args, { script }), { status: 1, stdout: '', stderr });
      });
    }
  });

  it('says in a line that it cannot start a thread', () => {
    folder.write(
      'limit.cjs',
      `require('node:worker_threads').Worker = class {
        constructor() {
          throw Object.assign(new Error('EAGAIN'), { code: 'ERR_WORKER_INIT_FAILED' });
        }
      };
      require('node:module').syncBuiltinESMExports();`,
    );
    const flags = ['--require', join(folder.path, 'limit.cjs')];
    const { status, stderr } = nixray.run(['check', 'one.nix'], { flags });
    assert.equal(status, 1);
    assert.match(stderr, /^error: cannot start a thread: EAGAIN; a limit .* may be too low\n$/);
  });

  it('describes the server, and does not start it', () => {
    const { status, stdout } = nixray.run(['lsp', '--help']);
    assert.equal(status, 0);
    assert.match(stdout, /^Usage: nixray lsp/);
  });

  it('prints the problems of a file before it checks the next one', async () => {
    folder.write('a.nix', '1 + "a"');
    folder.write('b.nix', endless);
    const running = nixray.start(['check', '--timeout', '60', 'a.nix', 'b.nix']);
    try {
      const [text] = (await once(running.stdout!, 'data')) as [Buffer];
      assert.match(text.toString(), /^error: cannot add a string to an integer/);
    } finally {
      running.kill('SIGKILL');
    }
  });

  it('says about each command what the help of all promises, and starts no server for it', () => {
    for (const name of ['instantiate', 'eval', 'check', 'hover', 'bytecode', 'fetch-nixpkgs', 'lsp']) {
      const { status, stdout } = nixray.run([name, '--help']);
      assert.equal(status, 0);
      assert.match(stdout, /^Usage: nixray /);
      assert.ok(stdout.includes(`nixray ${name}`), name);
    }
  });

  describe('checks a pipe', () => {
    it('that a shell has opened', () => {
      const { stdout } = nixray.run(['check', '/dev/stdin'], { script: `echo '1 + "a"' | "$@"` });
      assert.match(stdout, /^error: cannot add a string to an integer \[evaluation-error\]/);
    });

    it('with a name, and evaluates what was written', () => {
      nixray.makePipe('pipe', '1 + "a"');
      const { status, stdout } = nixray.run(['check', 'pipe']);
      assert.equal(status, 1);
      assert.match(stdout, /^error: cannot add a string to an integer \[evaluation-error\]/);
    });

    it('that nobody writes to for no longer than it may take', () => {
      nixray.makePipe('pipe');
      const { status, stdout, stderr } = nixray.run(['check', '--timeout', '1', 'pipe']);
      assert.deepEqual([status, stderr], [1, '']);
      assert.match(
        stdout,
        /^error: nobody wrote to the pipe '.*\/pipe' within 1 s \[file-error\]\n\n1 file checked, 1 error\n$/,
      );
    });
  });
});
