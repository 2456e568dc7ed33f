// Runs every bench of this folder, and prints the table of each: rows of a name
// and what was measured, with the target where there is one.
//
// A bench is a file that exports `name` and `run()`, which gives rows
// `{ what, measured, target? }`, or throws where it has nothing to measure.
import { readdirSync } from 'node:fs';

const own = new Set(['main.mjs']);
// Names of benches choose among them; `--nixpkgs DIR` is for those that evaluate.
const options = process.argv.slice(2);
const wanted = options.filter((option, i) => option !== '--nixpkgs' && options[i - 1] !== '--nixpkgs');

for (const file of readdirSync(import.meta.dirname ?? new URL('.', import.meta.url)).sort()) {
  if (!file.endsWith('.mjs') || own.has(file)) continue;
  if (wanted.length > 0 && !wanted.includes(file.replace(/\.mjs$/, ''))) continue;
  const { name, run } = await import(new URL(file, import.meta.url).href);
  if (typeof run !== 'function') continue;
  console.log(`\n${name}`);
  try {
    printTable(await run());
  } catch (error) {
    console.log(`  failed: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

function printTable(rows) {
  const cells = rows.map(({ what, measured, target }) => [what, measured, target ?? '']);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column].length)));
  for (const [what, measured, target] of cells) {
    console.log(
      `  ${what.padEnd(widths[0])}  ${measured.padStart(widths[1])}  ${target.padEnd(widths[2])}`.trimEnd(),
    );
  }
}
