// The names and outPaths of 10 to 10,000 packages: whether time and memory grow with the work.
// Writes a table and a plot to out/bench.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  environment,
  median,
  nixpkgs,
  requireBoth,
  requireEqual,
  runs,
  sides,
  timed,
  watched,
} from './kit/compare.mjs';
import { plot } from './kit/plot.mjs';
import { seconds } from './kit/table.mjs';
import { unusable } from './kit/unusable-packages.mjs';

export const name = 'nixpkgs, names and outPaths of many packages, whole processes';

const sizes = [10, 100, 1000, 5000, 10000];

/** How much more a package may cost among many. */
const straight = 1.3;

export async function run() {
  requireBoth();
  const checkout = nixpkgs();
  if (checkout === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nixray-bench-'));
  try {
    const packages = choosePackages(checkout);
    const measured = [];
    for (const count of sizes) {
      if (count > packages.length) throw new Error(`there are only ${packages.length} packages`);
      measured.push(await measure(checkout, folder, packages.slice(0, count)));
    }
    write(measured);
    return [...measured.map(rowOf), straightness(measured)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nixpkgsOf = (checkout) => `import ${checkout} { config = { }; system = "x86_64-linux"; }`;

/**
 * Paths of packages in all-packages.nix and in some of its sets, in an order that is at random
 * but always the same: those that C++ Nix can evaluate.
 */
function choosePackages(checkout) {
  const expression = `let
    pkgs = ${nixpkgsOf(checkout)};
    left = [ ${unusable.map((name) => JSON.stringify(name)).join(' ')} ];
    works = value: let
      result = builtins.tryEval (value.type or "" == "derivation" && builtins.isString "\${value.name}\${value.outPath}");
    in result.success && result.value;
    names = set: builtins.filter (name: works set.\${name}) (builtins.attrNames (removeAttrs set left));
  in map (name: [ name ]) (names pkgs)
    ++ builtins.concatLists (map (set: map (name: [ set name ]) (names pkgs.\${set})) [ "perlPackages" "python3Packages" "python2Packages" ])`;
  const [command, arguments_] = sides.reference(['--json', '-E', expression]);
  return shuffled(JSON.parse(timed([command, arguments_], { cwd: checkout }).output));
}

/** In an order that depends on nothing but the number of items. */
function shuffled(items) {
  const result = [...items];
  let state = 1803;
  for (let i = result.length - 1; i > 0; i--) {
    // Marsaglia's xorshift.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const j = (state >>> 0) % (i + 1);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/** Both sides for some packages, each with an empty cache. */
async function measure(checkout, folder, packages) {
  const file = join(folder, `${packages.length}.nix`);
  const selected = packages.map(
    (path) => `(of pkgs${path.map((name) => `.${JSON.stringify(name)}`).join('')})`,
  );
  const pkgs = nixpkgsOf(checkout);
  writeFileSync(
    file,
    `let pkgs = ${pkgs}; of = p: "\${p.name} \${p.outPath}"; in [\n${selected.join('\n')}\n]\n`,
  );
  const pairs = [];
  for (let n = 0; n < Math.min(runs, 3); n++) {
    const cache = { NIXRAY_CACHE_DIRECTORY: join(folder, `cache-${packages.length}-${n}`) };
    const own = await watched(sides.own([file]), { cwd: checkout, env: environment(cache) });
    const reference = await watched(sides.reference([file]), { cwd: checkout });
    requireEqual(own.output, reference.output);
    pairs.push({ own, reference });
  }
  const medianOf = (side, what) => median(pairs.map((pair) => pair[side][what]));
  const both = (side) => ({ seconds: medianOf(side, 'seconds'), mebibytes: medianOf(side, 'mebibytes') });
  return {
    count: packages.length,
    own: both('own'),
    reference: both('reference'),
    ratio: median(pairs.map(({ own, reference }) => own.seconds / reference.seconds)),
  };
}

function rowOf({ count, own, reference, ratio }) {
  const shown = (side) => `${seconds(side.seconds)}, ${side.mebibytes.toFixed(0)} MiB`;
  return {
    what: `${count.toLocaleString('en-US')} packages`,
    own: shown(own),
    reference: shown(reference),
    ratio: `${ratio.toFixed(2)} ×`,
  };
}

/** How much a package costs in the upper half, over what it costs below. */
function straightness(measured) {
  const [, , low, middle, high] = measured;
  const slope = (from, to, side) => (to[side].seconds - from[side].seconds) / (to.count - from.count);
  const bend = (side) => slope(middle, high, side) / slope(low, middle, side);
  return {
    what: 'one more package: from 5,000 to 10,000, over from 1,000 to 5,000',
    own: `${bend('own').toFixed(2)} ×`,
    reference: `${bend('reference').toFixed(2)} ×`,
    target: `≤ ${straight} ×`,
    // What costs less than nothing was measured on a machine that did something else.
    ok: bend('own') > 0 && bend('own') <= straight,
  };
}

function write(measured) {
  const out = fileURLToPath(new URL('../out/bench', import.meta.url));
  mkdirSync(out, { recursive: true });
  const head = 'packages,nixray_seconds,nix_seconds,nixray_mebibytes,nix_mebibytes';
  const lines = measured.map(({ count, own, reference }) =>
    [
      count,
      own.seconds.toFixed(3),
      reference.seconds.toFixed(3),
      own.mebibytes.toFixed(0),
      reference.mebibytes.toFixed(0),
    ].join(','),
  );
  writeFileSync(join(out, 'scaling.csv'), `${[head, ...lines].join('\n')}\n`);
  const line = (name, side, what) => ({
    name,
    points: measured.map((each) => [each.count, each[side][what]]),
  });
  const panelOf = (title, y, what) => ({
    title,
    x: 'packages',
    y,
    lines: [line('Nixray', 'own', what), line('C++ Nix', 'reference', what)],
  });
  const panels = [panelOf('Time', 'seconds', 'seconds'), panelOf('Peak memory', 'MiB', 'mebibytes')];
  writeFileSync(join(out, 'scaling.svg'), plot('Names and outPaths of packages of nixpkgs', panels));
}
