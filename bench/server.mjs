// How fast the built server answers: `initialize` from the start of its process,
// a first hover once it is warm, and hovers on values that are known.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';

const server =
  process.env.NIXRAY_SERVER ?? join(fileURLToPath(new URL('.', import.meta.url)), '../dist/server.js');

export const name = 'Server';

export async function run() {
  if (!existsSync(server)) throw new Error('build the server first: npm run build');
  const bare = await repeat(15, startBareNode);
  const starts = await repeat(25, initializeOnce);
  const hovers = await hoverTimes();
  return [
    { what: 'bare Node, from its start to its first output', measured: milliseconds(median(bare)) },
    {
      what: 'from the start of the process to the answer of initialize',
      measured: milliseconds(median(starts)),
      target: '≤ 150 ms',
    },
    {
      what: 'hover on a value already known, 1,000 lines',
      measured: milliseconds(median(hovers.known)),
      target: '≤ 5 ms',
    },
    { what: 'the same, 95th percentile', measured: milliseconds(percentile(hovers.known, 0.95)) },
    {
      what: 'first hover on a value once the server is warm, 1,000 lines',
      measured: milliseconds(median(hovers.first)),
      target: '≤ 50 ms',
    },
    { what: 'the slowest of these', measured: milliseconds(Math.max(...hovers.first)) },
    { what: 'hover right behind an edit', measured: milliseconds(median(hovers.edited)) },
  ];
}

async function startBareNode() {
  const start = performance.now();
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("x")']);
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
    const answer = await editor.connection.sendRequest('textDocument/hover', {
      textDocument: { uri: document },
      position: { line, character: 3 },
    });
    if (answer === null) throw new Error(`no hover at line ${line}`);
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

function connect() {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.listen();
  // The server may be gone before it has heard everything.
  const send = (method, params) => void connection.sendNotification(method, params).catch(() => {});
  child.stdin.on('error', () => {});
  return {
    connection,
    end() {
      connection.dispose();
      child.kill();
    },
    async initialize() {
      const params = { processId: process.pid, rootUri: null, capabilities: {}, workspaceFolders: null };
      await connection.sendRequest('initialize', params);
      send('initialized', {});
    },
    open: (uri, text) =>
      send('textDocument/didOpen', { textDocument: { uri, languageId: 'nix', version: 1, text } }),
    edit: (uri, version, start, end, text) =>
      send('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range: { start, end }, text }],
      }),
  };
}

async function repeat(times, measure) {
  const results = [];
  for (let i = 0; i < times; i++) results.push(await measure());
  return results;
}

function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function median(numbers) {
  return percentile(numbers, 0.5);
}

function milliseconds(number) {
  return `${number.toFixed(1)} ms`;
}
