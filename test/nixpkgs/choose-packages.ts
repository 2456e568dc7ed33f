/**
 * Chooses the packages of `packages.txt`: 250 names of all-packages.nix and 250 of
 * the sets in it (`python3Packages`, `gnome3`, …), each set in turn, at random but
 * always the same for one seed. Only what C++ Nix can evaluate is taken.
 *
 * NIXRAY_NIXPKGS=DIR npx tsx test/nixpkgs/choose-packages.ts > test/nixpkgs/packages.txt
 */
import { spawnSync } from 'node:child_process';
import { checkout, missing } from './checkout';
import { packagesExpression, pathExpression } from './packages';

const seed = 1803;
const share = 250;

/**
 * Haskell's generated list of packages is not in every checkout; some sets hold the packages of all-packages.nix again or
 * are for other systems; and what names `builtins.nixVersion` differs between versions of Nix.
 */
const leftOut = [
  'haskell',
  'haskellPackages',
  'haskell-ng',
  'pkgs',
  'buildPackages',
  'targetPackages',
  'darwin',
  'windows',
  'irods',
  'irods-icommands',
];

/** Marsaglia's xorshift, 32 bits. */
function randomFrom(start: number): (below: number) => number {
  let state = start;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function shuffled<T>(items: readonly T[], random: (below: number) => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

function evaluated(expression: string): { readonly value: unknown; readonly output: string } {
  const flags = ['--store', 'dummy://', '--eval', '--strict', '--json', '-E', expression];
  const { status, stdout } = spawnSync('nix-instantiate', flags, {
    cwd: checkout,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { value: status === 0 ? JSON.parse(stdout) : undefined, output: stdout };
}

/** The names in a set with `package`, `set` or `other`. A name whose error nothing catches is left out. */
function kindsOf(path: readonly string[]): Record<string, string> {
  const without = new Set(leftOut);
  for (;;) {
    const { value, output } = evaluated(`let
      pkgs = ${packagesExpression};
      kind = value: if !builtins.isAttrs value then "other"
        else if value.type or "" == "derivation" then "package" else "set";
      tried = value: let result = builtins.tryEval (kind value); in if result.success then result.value else "other";
    in builtins.mapAttrs (name: tried) (removeAttrs ${pathExpression('pkgs', path)} [ ${quoted(without)} ])`);
    if (value !== undefined) return value as Record<string, string>;
    // The output ends where the evaluation failed.
    const last = [...output.matchAll(/"([^"\\]+)":(?:\}|$)/g)].at(-1)?.[1];
    if (last === undefined || without.has(last)) return {};
    without.add(last);
  }
}

function quoted(names: Iterable<string>): string {
  return [...names].map((name) => JSON.stringify(name)).join(' ');
}

/** Those of some packages that have a drvPath in C++ Nix, tried together and, where that fails, one by one. */
function working(paths: readonly string[][]): string[][] {
  const tried = paths.map((path) => `(builtins.tryEval ${pathExpression('pkgs', path)}.drvPath).success`);
  const { value } = evaluated(`let pkgs = ${packagesExpression}; in [ ${tried.join(' ')} ]`);
  if (value !== undefined) return paths.filter((_, i) => (value as boolean[])[i]);
  return paths.length === 1 ? [] : paths.flatMap((path) => working([path]));
}

function choose(candidates: readonly string[][], count: number): string[][] {
  const chosen: string[][] = [];
  for (let i = 0; chosen.length < count && i < candidates.length; i += 25) {
    chosen.push(...working(candidates.slice(i, i + 25)));
  }
  return chosen.slice(0, count);
}

/** The first of each list, then the second of each, and so on. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

const reason = missing();
if (reason !== undefined) throw new Error(reason);
const random = randomFrom(seed);
const kinds = Object.entries(kindsOf([]));
const named = (kind: string): string[] => kinds.filter(([, each]) => each === kind).map(([name]) => name);
const toplevel = named('package').map((name) => [name]);
const members = named('set').map((set) =>
  Object.entries(kindsOf([set]))
    .filter(([, kind]) => kind === 'package')
    .map(([name]) => [set, name]),
);
const chosen = [
  ...choose(shuffled(toplevel, random), share),
  ...choose(inTurn(shuffled(members, random).map((set) => shuffled(set, random))), share),
];
console.log(
  chosen
    .map((path) => path.join(' '))
    .sort()
    .join('\n'),
);
