// Packages and a NixOS system as whole processes, beside C++ Nix: with an empty cache, which
// is a new folder each time, and with one that a run before has filled; and their peak memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  environment,
  median,
  nixpkgs,
  pairs,
  requireBoth,
  requireEqual,
  sides,
  watched,
} from './kit/compare.mjs';
import { memoryRow, ratioRow } from './kit/table.mjs';

export const name = 'nixpkgs, whole processes';

const system = `(import ./nixos {
  configuration = { boot.loader.grub.device = "/dev/sda"; fileSystems."/".device = "/dev/sda1"; };
}).system`;

/** `empty` and `filled` are the limits with such a cache. */
const expressions = [
  { what: 'hello.outPath', empty: 3, filled: 3, of: (n) => `"\${(import ./. { }).hello.outPath}${n}"` },
  { what: 'firefox.outPath', empty: 2, filled: 1.5, of: (n) => `"\${(import ./. { }).firefox.outPath}${n}"` },
  { what: 'firefox.drvPath', empty: 2, filled: 1.5, of: (n) => `"\${(import ./. { }).firefox.drvPath}${n}"` },
  { what: 'a NixOS system', empty: 1.2, filled: 0.9, of: (n) => `"\${${system}.outPath}${n}"` },
];

export async function run() {
  requireBoth();
  const cwd = nixpkgs();
  if (cwd === undefined) return undefined;
  const folders = new Folders();
  try {
    const rows = [];
    for (const expression of expressions) rows.push(...(await rowsOf(expression, cwd, folders)));
    return rows;
  } finally {
    folders.remove();
  }
}

async function rowsOf({ what, empty, filled, of }, cwd, folders) {
  const arguments_ = (n) => ['-E', of(n)];
  const fresh = pairs(arguments_, { cwd, ownEnvironment: () => folders.cache() });
  // The first pair, which is not counted, fills it.
  const cache = folders.cache();
  const again = pairs(arguments_, { cwd, ownEnvironment: () => cache });
  const rows = [
    ratioRow(`${what}, empty cache`, fresh, empty),
    ratioRow(`${what}, filled cache`, again, filled),
  ];
  const peaks = [];
  for (let n = 0; n < 3; n++) {
    const own = await watched(sides.own(arguments_(n)), { cwd, env: environment(folders.cache()) });
    const reference = await watched(sides.reference(arguments_(n)), { cwd });
    requireEqual(own.output, reference.output);
    peaks.push({ own: own.mebibytes, reference: reference.mebibytes });
  }
  const peak = (side) => median(peaks.map((each) => each[side]));
  // Only Linux tells the peak.
  if (peak('own') > 0) rows.push(memoryRow(`${what}, peak memory`, peak('own'), peak('reference')));
  return rows;
}

/** Folders for caches, removed together. */
class Folders {
  #made = [];

  /** The variable that names a new one. */
  cache() {
    const folder = mkdtempSync(join(tmpdir(), 'nixray-bench-'));
    this.#made.push(folder);
    return { NIXRAY_CACHE_DIRECTORY: folder };
  }

  remove() {
    for (const folder of this.#made) rmSync(folder, { recursive: true, force: true });
  }
}
