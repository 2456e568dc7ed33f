// How soon the built server answers a hover in one file while it deals with input that is
// bad for a server in another: huge and deep texts, random bytes, and evaluations that end
// only at a limit.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connect, requireServer } from './kit/editor.mjs';
import { timeRow } from './kit/table.mjs';

export const name = 'The next answer after bad input';

/** Milliseconds. */
const limit = 1000;

export async function run() {
  requireServer();
  const rows = [];
  for (const [what, text] of Object.entries(inputs())) rows.push(await longestWait(what, text));
  return rows;
}

/** Opens a text, changes it twice, and asks after each step for a value of another file. */
async function longestWait(what, text) {
  const folder = mkdtempSync(join(tmpdir(), 'nixray-bench-'));
  const editor = connect({ evaluation: { timeout: 4000, memory: 256 } });
  await editor.initialize(folder);
  const uriOf = (file) => pathToFileURL(join(folder, file)).href;
  const [other, bad] = [uriOf('other.nix'), uriOf('bad.nix')];
  editor.open(other, 'let answer = 42; in answer');
  await editor.hover(other, 0, 21);
  const times = [];
  const wait = async () => {
    const began = performance.now();
    const shown = await editor.hover(other, 0, 21);
    if (!shown.includes('42')) throw new Error(`a wrong value while there is ${what}`);
    times.push(performance.now() - began);
  };
  const start = { line: 0, character: 0 };
  editor.open(bad, text);
  await wait();
  editor.edit(bad, 2, start, start, '# A comment.\n');
  await wait();
  editor.edit(bad, 3, start, { line: 1, character: 0 }, '');
  await wait();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await wait();
  editor.end();
  rmSync(folder, { recursive: true });
  return timeRow(`the longest of four answers: ${what}`, Math.max(...times), limit);
}

function inputs() {
  const lines = Array.from(
    { length: 100_000 },
    (_, i) => `  name${i} = { value = ${i}; other = "text ${i}"; };`,
  );
  return {
    'a file of 5 MB': `{\n${lines.join('\n')}\n}\n`,
    'random bytes': randomBytes(20_000).toString('utf8'),
    '10,000 nested lists': '['.repeat(10_000) + ']'.repeat(10_000),
    '50,000 unclosed brackets': '['.repeat(50_000),
    '40,000 operands': `let sum = ${Array(40_000).fill('1').join(' + ')}; in sum`,
    'an endless recursion': 'let f = n: f (n + 1); in f 0',
    'an endless genericClosure':
      'builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }',
    'a list that outgrows the heap':
      'let grow = list: n: if n == 0 then list else grow (list ++ list) (n - 1); in builtins.length (grow [ 1 2 3 ] 40)',
    'values that outgrow the heap':
      "let all = builtins.genList (n: { key = n; more = [ n n n ]; }) 100000000; in builtins.foldl' (a: b: a + b.key) 0 (map (x: builtins.deepSeq x x) all)",
  };
}

/** The same ones in each run. */
function randomBytes(count) {
  let seed = 7;
  const next = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16;
  return Buffer.from(Array.from({ length: count }, next));
}
