// --stats and --profile: what is measured of an evaluation, and where it is written.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CpuProfile } from '../../../server/src/profile/cpuprofile';
import type { SpeedscopeFile } from '../../../server/src/profile/speedscope';
import { Folder, run } from './run';

/** A program that runs long enough for some hundred samples. */
const fib = 'let\n  fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2);\nin fib 20\n';

describe('--stats', () => {
  it('prints the counts of calls to standard error', () => {
    const { out, err } = run([
      'eval',
      '--stats',
      '-E',
      'let f = x: x + 1; in builtins.length [ (f 1) ] + f (f 2)',
    ]);
    assert.equal(out, '5\n');
    const counts = JSON.parse(err) as Record<string, number>;
    // `[ (f 1) ]` is not looked at.
    assert.equal(counts['nrFunctionCalls'], 2);
    assert.equal(counts['nrPrimOpCalls'], 1);
    assert.ok(counts['cpuTime']! > 0);
  });

  it('is asked for by the environment, too, and goes to a file', () => {
    const folder = new Folder({}, { NIX_SHOW_STATS: '1', NIX_SHOW_STATS_PATH: 'stats.json' });
    const { code, out, err } = folder.run(['eval', '-E', '(x: x) 1']);
    assert.deepEqual({ code, out, err }, { code: 0, out: '1\n', err: '' });
    const counts = JSON.parse(readFileSync(join(folder.path, 'stats.json'), 'utf8')) as Record<
      string,
      number
    >;
    assert.equal(counts['nrFunctionCalls'], 1);
    folder.remove();
    const off = new Folder({}, { NIX_SHOW_STATS: '0' });
    assert.equal(off.run(['eval', '-E', '1']).err, '');
    off.remove();
  });

  it('counts what ran before an error', () => {
    const { code, err } = run(['eval', '--stats', '-E', '(x: throw "no") 1']);
    assert.equal(code, 1);
    const end = err.lastIndexOf('\n}\n') + 3;
    assert.equal((JSON.parse(err.slice(0, end)) as Record<string, number>)['nrFunctionCalls'], 1);
    assert.match(err.slice(end), /error: no\n$/);
  });
});

describe('--profile', () => {
  function profiled<T>(name: string, program = fib): T {
    const folder = new Folder({ 'lib/default.nix': program });
    const { code, err } = folder.run(['eval', '--profile', name, 'lib']);
    assert.equal(err, '');
    assert.equal(code, 0);
    const text = readFileSync(join(folder.path, name), 'utf8').replaceAll(folder.path, '/here');
    folder.remove();
    return JSON.parse(text) as T;
  }

  it('points to the help of the command that was used, where its format is not known', () => {
    const wrong = ['--profile', 'p.txt', '-E', '1'];
    const problem =
      "error: the name of the profile 'p.txt' must end with one of: .cpuprofile, .speedscope.json, .speedscope\n";
    const tryHelp = (name: string): string => `${problem}Try '${name} --help' for more information.\n`;
    const { code, out, err } = run(['eval', ...wrong]);
    assert.deepEqual({ code, out, err }, { code: 1, out: '', err: tryHelp('nixray eval') });
    // It takes the place of this one in scripts.
    assert.equal(run(['instantiate', '--eval', ...wrong]).err, tryHelp('nix-instantiate'));
  });

  it('writes a profile for Chrome and VS Code', () => {
    const { nodes, samples, timeDeltas, startTime, endTime } = profiled<CpuProfile>('p.cpuprofile');
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const ids = nodes.flatMap(({ children }) => children);
    assert.deepEqual(
      ids.sort((a, b) => a - b),
      nodes.map(({ id }) => id).slice(1),
      'every node but the first has one caller',
    );
    assert.ok(samples.length > 10);
    assert.equal(samples.length, timeDeltas.length);
    assert.ok(samples.every((id) => byId.has(id)));
    assert.equal(
      timeDeltas.reduce((sum, delta) => sum + delta, 0),
      endTime - startTime,
    );
    const frames = new Set(
      nodes
        .slice(1)
        .map(({ callFrame: { functionName, url, lineNumber, columnNumber } }) =>
          [functionName, url, lineNumber, columnNumber].join(' '),
        ),
    );
    const url = 'file:///here/lib/default.nix';
    const calls = [`lib/default.nix ${url} 0 0`, `fib ${url} 1 8`];
    // The arguments, which are values of their own.
    const values = [`lib/default.nix:2 ${url} 1 37`, `lib/default.nix:2 ${url} 1 51`];
    assert.deepEqual([...frames].filter((frame) => !values.includes(frame)).sort(), calls.sort());
  });

  it('writes a profile for speedscope, in which frames nest', () => {
    const { shared, profiles } = profiled<SpeedscopeFile>('p.speedscope.json');
    const [{ events, endValue }] = profiles as [SpeedscopeFile['profiles'][0]];
    const stack: number[] = [];
    let now = 0;
    let deepest = 0;
    for (const { type, frame, at } of events) {
      assert.ok(at >= now);
      now = at;
      if (type === 'O') stack.push(frame);
      else assert.equal(stack.pop(), frame);
      deepest = Math.max(deepest, stack.length);
    }
    assert.deepEqual(stack, []);
    assert.ok(now <= endValue);
    // The file and some of the twenty calls that are inside one another.
    assert.ok(deepest > 5, `${deepest} frames`);
    const frames = shared.frames.map(({ name, file, line, col }) => `${name} ${file}:${line}:${col}`);
    const places = ['lib/default.nix 1:1', 'fib 2:9', 'lib/default.nix:2 2:38', 'lib/default.nix:2 2:52'];
    const known = places.map((place) => place.replace(' ', ' /here/lib/default.nix:'));
    assert.deepEqual(
      frames.filter((frame) => !known.includes(frame)),
      [],
    );
    assert.deepEqual(frames.slice(0, 2), known.slice(0, 2));
  });

  it('says where functions without a name stand', () => {
    const program =
      "let\n  repeat = f: n: if n == 0 then 0 else f n + repeat f (n - 1);\nin repeat\n  (x: builtins.foldl' (a: b: a + b) 0 (builtins.genList (i: i) 500))\n  30\n";
    const { nodes } = profiled<CpuProfile>('p.cpuprofile', program);
    const names = new Set(nodes.map(({ callFrame }) => callFrame.functionName));
    assert.ok(names.has('lib/default.nix:4'), [...names].join(', '));
  });

  it('profiles an evaluation that fails, up to there', () => {
    const folder = new Folder();
    const { code, err } = folder.run(['eval', '--profile', 'p.cpuprofile', '-E', 'throw "no"']);
    assert.equal(code, 1);
    assert.match(err, /error: no\n$/);
    assert.ok(readFileSync(join(folder.path, 'p.cpuprofile'), 'utf8').startsWith('{"nodes":['));
    folder.remove();
  });

  it('refuses a name that says no format', () => {
    const { code, err } = run(['eval', '--profile', 'p.txt', '-E', '1']);
    assert.equal(code, 1);
    assert.match(
      err,
      /^error: the name of the profile 'p\.txt' must end with one of: \.cpuprofile, \.speedscope\.json/,
    );
  });
});
