// `npm start`: does the main job on the sample workspace through the real
// stdio server, and prints what an editor would show: values on hover, a
// problem with its trace, and byte code.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require('vscode-jsonrpc/node');

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sample = join(root, 'sample');
const server = join(root, 'dist', 'server.js');

/** What is hovered: a file, and the text whose start the cursor is on, after some other text. */
const hovers = [
  { file: 'tour.nix', text: 'seats', after: 'let' },
  { file: 'tour.nix', text: '*', after: 'seats =' },
  { file: 'tour.nix', text: 'house', after: 'recursive set' },
  { file: 'tour.nix', text: 'sign', after: 'rec {' },
  { file: 'tour.nix', text: 'teas', after: 'tea.price) menu' },
  { file: 'tour.nix', text: 'cheapest', after: 'average =' },
  { file: 'tour.nix', text: 'sixteen', after: 'twice =' },
  { file: 'tour.nix', text: 'throw', after: 'later =' },
  { file: 'menu.nix', text: 'byKind', after: 'each kind.' },
  { file: 'receipt.nix', text: 'total', after: 'order = [' },
  { file: 'receipt.nix', text: 'guests', after: 'table, ' },
];

const failing = 'brew.nix';
const disassembled = { file: 'lib/lists.nix', text: 'sum', after: 'is 0. */' };

if (!existsSync(server)) fail('dist/server.js is missing: run `npm run build` first');

function fail(message) {
  console.error(`npm start: ${message}`);
  process.exit(1);
}

const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
child.on('exit', (code) => code !== 0 && code !== null && fail(`the server ended with exit code ${code}`));
const connection = createMessageConnection(
  new StreamMessageReader(child.stdout),
  new StreamMessageWriter(child.stdin),
);
const publications = new Map();
let onPublication = () => {};
connection.onNotification('textDocument/publishDiagnostics', (params) => {
  publications.set(params.uri, params.diagnostics);
  onPublication();
});
connection.onRequest('client/registerCapability', () => null);
connection.onRequest('window/workDoneProgress/create', () => null);
connection.listen();

const heading = (text) => console.log(`\n\x1b[1m${text}\x1b[0m`);
const uriOf = (file) => pathToFileURL(join(sample, file)).href;
const opened = new Map();

async function open(file) {
  const text = opened.get(file) ?? readFileSync(join(sample, file), 'utf8');
  if (opened.has(file)) return text;
  opened.set(file, text);
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri: uriOf(file), languageId: 'nix', version: 1, text },
  });
  return text;
}

/** The place of `place.text` in its file: the first one behind `place.after`. */
async function find(place) {
  const text = await open(place.file);
  const after = text.indexOf(place.after);
  const offset = text.indexOf(place.text, after + place.after.length);
  if (after < 0 || offset < 0) fail(`sample/${place.file} has no '${place.text}' behind '${place.after}'`);
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1).length };
}

const label = (file, { line, character }) => `sample/${file}:${line + 1}:${character + 1}`;

async function showHovers() {
  heading('Values on hover');
  for (const place of hovers) {
    const position = await find(place);
    const hover = await connection.sendRequest('textDocument/hover', {
      textDocument: { uri: uriOf(place.file) },
      position,
    });
    console.log(`\n${label(place.file, position)}  ${place.text}`);
    console.log(indent(hover === null ? 'nothing' : hover.contents.value));
  }
}

const indent = (text) => text.replace(/^/gm, '    ');

/** Waits for a problem of the file whose value is an error. */
async function showProblem() {
  heading('A problem, with its trace');
  await open(failing);
  const uri = uriOf(failing);
  const deadline = Date.now() + 30_000;
  while (!publications.get(uri)?.some((diagnostic) => diagnostic.relatedInformation?.length > 0)) {
    if (Date.now() > deadline) fail(`no problem was published for sample/${failing}`);
    await new Promise((done) => {
      onPublication = done;
      setTimeout(done, 500);
    });
  }
  for (const { range, message, code, relatedInformation = [] } of publications.get(uri)) {
    console.log(`\n${label(failing, range.start)}  ${code}\n${indent(message)}`);
    for (const { location, message: frame } of relatedInformation) {
      const file = relative(sample, fileURLToPath(location.uri));
      console.log(`        ${frame}  (${label(file, location.range.start)})`);
    }
  }
}

async function showBytecode() {
  heading('Byte code');
  const position = await find(disassembled);
  const { chunks } = await connection.sendRequest('nixray/bytecode', {
    textDocument: { uri: uriOf(disassembled.file) },
    position,
  });
  console.log(`\n${label(disassembled.file, position)}  ${disassembled.text}`);
  for (const chunk of chunks.slice(0, 2)) {
    console.log(indent(`${chunk.kind} ${chunk.name}, ${chunk.byteLength} bytes`));
    for (const { offset, op, operands } of chunk.instructions) {
      console.log(indent(`  ${String(offset).padStart(4)}  ${op} ${[operands].flat().join(' ')}`));
    }
  }
}

await connection.sendRequest('initialize', {
  processId: process.pid,
  rootUri: null,
  capabilities: { textDocument: { publishDiagnostics: { relatedInformation: true } } },
  workspaceFolders: [{ uri: pathToFileURL(sample).href, name: 'sample' }],
});
await connection.sendNotification('initialized', {});
await showHovers();
await showProblem();
await showBytecode();
await connection.sendRequest('shutdown');
await connection.sendNotification('exit');
connection.dispose();

heading('The same in VS Code');
console.log('\n    npm run vscode\n');
