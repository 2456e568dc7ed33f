// How fast expressions are evaluated, as whole processes, beside C++ Nix: the two
// in turn, and the median of the ratios of each pair. Expressions change slightly
// from run to run, so that nothing can remember a result.
//
// With `--nixpkgs DIR` (a checkout of release 18.03), packages and a NixOS system
// are measured, too.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program =
  process.env.NIXRAY_PROGRAM ?? join(fileURLToPath(new URL('.', import.meta.url)), '../dist/nixray.js');

export const name = 'Evaluation as whole processes, against C++ Nix';

const runs = Number(process.env.NIXRAY_BENCH_RUNS ?? 5);

/** Small programs; `n` differs from run to run. */
const programs = [
  {
    what: 'fib 27',
    target: '≤ 2.5',
    of: (n) => `let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in fib 27 + ${n}`,
  },
  {
    what: 'a fold over 1,000,000 numbers',
    target: '≤ 1.0',
    of: (n) => `builtins.foldl' (a: b: a + b) ${n} (builtins.genList (x: x) 1000000)`,
  },
  {
    what: '200,000 attributes built and read',
    target: '≤ 1.0',
    of: (n) => `let
      names = builtins.genList (i: "a\${toString i}") 200000;
      set = builtins.listToAttrs (map (name: { inherit name; value = builtins.stringLength name; }) names);
    in builtins.foldl' (sum: name: sum + set.\${name}) ${n} names`,
  },
  {
    what: 'sorting 200,000 numbers',
    target: '≤ 1.0',
    of: (n) => `let
      mod = a: b: a - b * (a / b);
      sorted = builtins.sort (a: b: a < b) (builtins.genList (i: mod (i * 7919 + ${n}) 200003) 200000);
    in builtins.elemAt sorted 1000`,
  },
  {
    what: '100,000 hashed strings',
    target: '≤ 2.5',
    of: (n) =>
      `builtins.foldl' (a: i: builtins.hashString "sha256" "\${a}\${toString i}") "${n}" (builtins.genList (i: i) 100000)`,
  },
];

const packages = [
  { what: 'hello.outPath', target: '≤ 3', of: (n) => `"\${(import ./. { }).hello.outPath}${n}"` },
  { what: 'firefox.outPath', target: '≤ 2.0', of: (n) => `"\${(import ./. { }).firefox.outPath}${n}"` },
  {
    what: 'a NixOS system',
    target: '≤ 1.2',
    of: (n) => `"\${(import ./nixos {
      configuration = { boot.loader.grub.device = "/dev/sda"; fileSystems."/".device = "/dev/sda1"; };
    }).system.outPath}${n}"`,
  },
];

export async function run() {
  if (!existsSync(program)) throw new Error('build the command line first: npm run build');
  if (spawnSync('nix-instantiate', ['--version']).error) throw new Error('nix-instantiate is not installed');
  const rows = programs.map((entry) => row(entry, process.cwd()));
  const checkout = nixpkgs();
  if (checkout !== undefined) rows.push(...packages.map((entry) => row(entry, checkout)));
  return rows;
}

/** The folder behind `--nixpkgs`, or that of the environment. */
function nixpkgs() {
  const index = process.argv.indexOf('--nixpkgs');
  return index < 0 ? process.env.NIXRAY_NIXPKGS : process.argv[index + 1];
}

function row({ what, target, of }, cwd) {
  const ratios = [];
  const own = [];
  const reference = [];
  for (let n = 0; n <= runs; n++) {
    const nixray = measure(process.execPath, [program, 'instantiate'], of(n), cwd);
    const nix = measure('nix-instantiate', ['--store', 'dummy://'], of(n), cwd);
    if (nixray.output !== nix.output) {
      throw new Error(`${what}: Nixray gives ${nixray.output}, C++ Nix ${nix.output}`);
    }
    // The first pair warms the caches of the system.
    if (n === 0) continue;
    ratios.push(nixray.seconds / nix.seconds);
    own.push(nixray.seconds);
    reference.push(nix.seconds);
  }
  const shown = (values) => `${median(values).toFixed(2)} s`;
  return {
    what: `${what} (${shown(own)}, C++ Nix ${shown(reference)})`,
    measured: `${median(ratios).toFixed(2)} ×`,
    target,
  };
}

function measure(command, args, expression, cwd) {
  const start = performance.now();
  const { stdout, stderr, status } = spawnSync(command, [...args, '--eval', '--strict', '-E', expression], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return { seconds, output: stdout.trim() };
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
