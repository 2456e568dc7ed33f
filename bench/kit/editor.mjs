// An editor for benches: starts the built server and speaks the protocol.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { environment } from './compare.mjs';

const server =
  process.env.NIXRAY_SERVER ?? join(fileURLToPath(new URL('.', import.meta.url)), '../../dist/server.js');

export function requireServer() {
  if (!existsSync(server)) throw new Error('build the server first: npm run build');
}

/** Starts a server. `settings` is what it gets when it asks for its section. */
export function connect(settings) {
  const child = spawn(process.execPath, [server, '--stdio'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: environment(),
  });
  const reader = new StreamMessageReader(child.stdout);
  // It would wait for the rest of a message for ever, and so would the bench, if the server is killed meanwhile.
  reader.partialMessageTimeout = 0;
  const connection = createMessageConnection(reader, new StreamMessageWriter(child.stdin));
  connection.onRequest('workspace/configuration', ({ items }) => items.map(() => settings ?? null));
  connection.onRequest('client/registerCapability', () => null);
  const published = new Set();
  const waiting = new Map();
  connection.onNotification('textDocument/publishDiagnostics', ({ uri, version }) => {
    published.add(`${uri} ${version}`);
    waiting.get(`${uri} ${version}`)?.();
  });
  connection.listen();
  // The server may be gone before it has heard everything.
  const send = (method, params) => void connection.sendNotification(method, params).catch(() => {});
  child.stdin.on('error', () => {});
  const request = (method, params) => connection.sendRequest(method, params);
  return {
    request,
    end() {
      connection.dispose();
      child.kill();
    },
    /** `folder` is the workspace, if there is one. */
    async initialize(folder) {
      const rootUri = folder === undefined ? null : pathToFileURL(folder).href;
      await request('initialize', {
        processId: process.pid,
        rootUri,
        capabilities: { workspace: { configuration: settings !== undefined } },
        workspaceFolders: null,
      });
      send('initialized', {});
    },
    open: (uri, text) =>
      send('textDocument/didOpen', { textDocument: { uri, languageId: 'nix', version: 1, text } }),
    edit: (uri, version, start, end, text) =>
      send('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range: { start, end }, text }],
      }),
    /** Resolved when the diagnostics of a version were published for the first time. */
    diagnostics: (uri, version) =>
      new Promise((resolve) => {
        const key = `${uri} ${version}`;
        if (published.has(key)) resolve();
        else waiting.set(key, resolve);
      }),
    /** What the hover at a place shows, as Markdown. */
    async hover(uri, line, character) {
      const answer = await request('textDocument/hover', {
        textDocument: { uri },
        position: { line, character },
      });
      if (answer === null) throw new Error(`no hover at line ${line}`);
      return answer.contents.value;
    },
  };
}
