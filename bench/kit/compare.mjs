// Whole processes of Nixray and of C++ Nix, in turn, and what a pair of them says.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const program =
  process.env.NIXRAY_PROGRAM ?? join(fileURLToPath(new URL('.', import.meta.url)), '../../dist/nixray.js');

/** How many pairs are measured. */
export const runs = Number(process.env.NIXRAY_BENCH_RUNS ?? 5);

/** The folder behind `--nixpkgs`, or that of the environment. */
export function nixpkgs() {
  const index = process.argv.indexOf('--nixpkgs');
  const folder = index < 0 ? process.env.NIXRAY_NIXPKGS : process.argv[index + 1];
  if (folder === undefined) return undefined;
  if (!existsSync(join(folder, 'pkgs/top-level/all-packages.nix'))) {
    throw new Error(`there is no nixpkgs in ${folder}`);
  }
  return resolve(folder);
}

/**
 * The environment of everything that is measured. Node reads the certificates that
 * NODE_EXTRA_CA_CERTS names whenever it starts, which takes tens of milliseconds where
 * there are many and has nothing to do with Nixray.
 */
export function environment(more = {}) {
  const result = { ...process.env, ...cacheOfBench(), ...more };
  delete result.NODE_EXTRA_CA_CERTS;
  delete result.NIX_SHOW_STATS;
  return result;
}

/** A cache for what brings none of its own, as the user's is neither to be changed nor to help. */
function cacheOfBench() {
  if (benchFolder === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-bench-'));
    benchFolder = folder;
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return { NIXRAY_CACHE_DIRECTORY: benchFolder, XDG_CACHE_HOME: benchFolder };
}
let benchFolder;

/** Throws unless both sides can run. */
export function requireBoth() {
  if (!existsSync(program)) throw new Error('build the command line first: npm run build');
  if (spawnSync('nix-instantiate', ['--version']).error) throw new Error('nix-instantiate is not installed');
}

const evaluate = ['--eval', '--strict'];

/** The command of each side for what is evaluated: `['-E', expression]` or `[file]`. */
export const sides = {
  own: (arguments_) => [process.execPath, [program, 'instantiate', ...evaluate, ...arguments_]],
  reference: (arguments_) => ['nix-instantiate', ['--store', 'dummy://', ...evaluate, ...arguments_]],
};

/** Runs a process to its end: `{ seconds, output }`. */
export function timed([command, arguments_], { cwd, env = environment() } = {}) {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(command, arguments_, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${command} failed: ${String(stderr).slice(0, 2000)}`);
  return { seconds, output: stdout.trim() };
}

/**
 * Runs both sides in turn, `count` times and once before, which warms the caches of the system.
 * @param of what is evaluated in the run `n`; it differs, so that nothing can remember a result
 * @param options `cwd`, and `ownEnvironment(n)` for what only Nixray gets
 * @returns pairs `{ own, reference }` of seconds
 */
export function pairs(of, { cwd, ownEnvironment = () => ({}), count = runs } = {}) {
  const result = [];
  for (let n = 0; n <= count; n++) {
    const own = timed(sides.own(of(n)), { cwd, env: environment(ownEnvironment(n)) });
    const reference = timed(sides.reference(of(n)), { cwd });
    requireEqual(own.output, reference.output);
    if (n > 0) result.push({ own: own.seconds, reference: reference.seconds });
  }
  return result;
}

export function requireEqual(own, reference) {
  if (own === reference) return;
  const shown = (text) => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
  throw new Error(`Nixray gives ${shown(own)}, C++ Nix ${shown(reference)}`);
}

/**
 * Runs a process and watches how much of it is in memory: `{ mebibytes, seconds, output }`. The
 * peak is the kernel's own; it is asked for every few milliseconds, as it goes with the process.
 */
export async function watched([command, arguments_], { cwd, env = environment() } = {}) {
  const start = performance.now();
  const child = spawn(command, arguments_, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  let mebibytes = 0;
  const watch = setInterval(() => (mebibytes = Math.max(mebibytes, peakOf(child.pid))), 3);
  const status = await new Promise((done, fail) => child.on('close', done).on('error', fail));
  clearInterval(watch);
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${command} failed: ${errors.slice(0, 2000)}`);
  return { mebibytes, seconds, output: output.trim() };
}

/** The peak of a process in MiB, or 0 when it has ended or the system does not tell. */
export function peakOf(pid) {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

export function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export function median(numbers) {
  return percentile(numbers, 0.5);
}
