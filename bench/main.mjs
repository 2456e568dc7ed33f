// Runs every bench of this folder, prints the table of each, and writes all of them to
// out/bench/results.md.
//
// A bench is a file that exports `name` and `run()`, which gives rows (see kit/table.mjs), or
// undefined where it needs a nixpkgs that nobody gave; it throws where it cannot measure.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { markdownTable, plainTable } from './kit/table.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const usage = `Usage: npm run bench -- [BENCH...] [--nixpkgs DIR]

Benches are the files of bench/, by their names: ${benches().join(', ')}.
--nixpkgs DIR is a checkout of nixpkgs 18.03. NIXRAY_BENCH_RUNS says how many pairs
are measured (5), NIXRAY_BENCH_ROUNDS how many edits (20).`;

function benches() {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.mjs') && file !== 'main.mjs')
    .map((file) => file.slice(0, -'.mjs'.length))
    .sort();
}

const options = process.argv.slice(2);
if (options.includes('--help')) {
  console.log(usage);
  process.exit();
}
const wanted = options.filter((option, i) => option !== '--nixpkgs' && options[i - 1] !== '--nixpkgs');
const unknown = wanted.filter((name) => !benches().includes(name));
if (unknown.length > 0) {
  console.error(`error: there is no bench ${unknown.join(', ')}\n\n${usage}`);
  process.exit(1);
}

const results = [];
const note =
  'Medians; ratios are the medians of those of pairs that ran in turn. NODE_EXTRA_CA_CERTS is removed from the environment of both sides.';
console.log(`${cpus().length} × ${cpus()[0].model}, Node ${process.versions.node}\n${note}`);
for (const bench of benches()) {
  if (wanted.length > 0 && !wanted.includes(bench)) continue;
  const { name, run } = await import(new URL(`${bench}.mjs`, import.meta.url).href);
  console.log(`\n${name} (${bench})`);
  try {
    const rows = await run();
    if (rows === undefined) {
      console.log('  left out: --nixpkgs DIR names a checkout of nixpkgs 18.03');
      continue;
    }
    console.log(plainTable(rows));
    results.push({ name, rows });
  } catch (error) {
    console.log(`  failed: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

const aims = results.flatMap(({ rows }) => rows).filter(({ ok }) => ok !== undefined);
const sum = `${aims.filter(({ ok }) => ok).length} of ${aims.length} targets are met.`;
const sections = results.map(({ name, rows }) => `## ${name}\n\n${markdownTable(rows)}\n`);
const out = fileURLToPath(new URL('../out/bench', import.meta.url));
mkdirSync(out, { recursive: true });
writeFileSync(`${out}/results.md`, ['# Measurements', note, ...sections, sum, ''].join('\n\n'));
console.log(`\n${sum} Tables and plots are in out/bench.`);
