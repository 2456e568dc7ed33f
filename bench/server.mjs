// How fast the built server answers: `initialize` from the start of its process,
// a first hover once it is warm, and hovers on values that are known.
import { spawn } from 'node:child_process';
import { environment, median, percentile } from './kit/compare.mjs';
import { connect, requireServer } from './kit/editor.mjs';
import { timeRow } from './kit/table.mjs';

export const name = 'Server';

export async function run() {
  requireServer();
  const bare = await repeat(15, startBareNode);
  const starts = await repeat(25, initializeOnce);
  const hovers = await hoverTimes();
  return [
    timeRow('bare Node, from its start to its first output', median(bare)),
    timeRow('from the start of the process to the answer of initialize', median(starts), 150),
    timeRow('hover on a value already known, 1,000 lines', median(hovers.known), 5),
    timeRow('the same, 95th percentile', percentile(hovers.known, 0.95)),
    timeRow('first hover on a value once the server is warm, 1,000 lines', median(hovers.first), 50),
    timeRow('the slowest of these', Math.max(...hovers.first)),
    timeRow('hover right behind an edit', median(hovers.edited)),
  ];
}

async function startBareNode() {
  const start = performance.now();
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("x")'], { env: environment() });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return performance.now() - start;
}

async function initializeOnce() {
  const start = performance.now();
  const editor = connect();
  await editor.initialize();
  const taken = performance.now() - start;
  editor.end();
  return taken;
}

/** A file in which each value depends on the one before it. */
function thousandLines() {
  const bindings = Array.from({ length: 996 }, (_, i) => `  v${i + 1} = v${i} + ${i % 7};`);
  return ['let', '  v0 = 1;', ...bindings, 'in', '{ inherit v0 v996; }', ''].join('\n');
}

async function hoverTimes() {
  const editor = connect();
  await editor.initialize();
  const uri = 'file:///nixray-bench/main.nix';
  const warm = 'file:///nixray-bench/warm.nix';
  const text = thousandLines();
  const hover = async (document, line) => {
    const start = performance.now();
    await editor.hover(document, line, 3);
    return performance.now() - start;
  };
  // A server is warm when it has answered in another document.
  editor.open(warm, text);
  for (let line = 1; line < 400; line += 10) await hover(warm, line);

  const first = [];
  for (let i = 0; i < 15; i++) {
    const fresh = uri.replace('.nix', `-${i}.nix`);
    editor.open(fresh, text.replace('v0 = 1', `v0 = ${i}`));
    first.push(await hover(fresh, 900));
  }
  editor.open(uri, text);
  await hover(uri, 990);
  const known = [];
  for (let i = 0; i < 300; i++) known.push(await hover(uri, 1 + ((i * 37) % 980)));
  const edited = [];
  for (let i = 0; i < 30; i++) {
    editor.edit(uri, i + 2, { line: 1, character: 7 }, { line: 1, character: 8 }, String(i % 10));
    edited.push(await hover(uri, 500));
  }
  editor.end();
  return { first, known, edited };
}

async function repeat(times, measure) {
  const results = [];
  for (let i = 0; i < times; i++) results.push(await measure());
  return results;
}
