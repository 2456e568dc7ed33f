// Starts VS Code in the browser: code-server with the extension installed, in
// folders of its own that vanish with it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeServerEntry } from './install.mjs';

/** Nothing in the editor but what a test or a demonstration is about. */
const quietSettings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.commandCenter.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'files.autoSave': 'off',
  'git.enabled': false,
};

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function untilItAnswers(address, hasEnded) {
  for (let waited = 0; waited < 60_000; waited += 200) {
    if (hasEnded()) throw new Error('code-server ended while it was starting');
    const answer = await fetch(`${address}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('code-server did not answer within a minute');
}

/**
 * Serves the editor on a folder. The extension comes from a package, as a user
 * would install it: a folder that is put among the extensions is ignored.
 */
export async function startEditor({ vsix, folder, settings = {}, log = () => {} }) {
  const home = mkdtempSync(join(tmpdir(), 'nixray-vscode-'));
  const userData = join(home, 'data');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User', 'settings.json'), JSON.stringify({ ...quietSettings, ...settings }));
  const folders = ['--user-data-dir', userData, '--extensions-dir', join(home, 'extensions')];
  const environment = { ...process.env };
  for (const name of Object.keys(environment))
    if (/^(VSCODE_|PORT$|PASSWORD$)/.test(name)) delete environment[name];
  const options = { cwd: home, env: environment };

  execFileSync(process.execPath, [codeServerEntry, ...folders, '--install-extension', vsix], {
    ...options,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const port = await freePort();
  const serve = [
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--disable-telemetry',
    '--disable-update-check',
  ];
  const server = spawn(process.execPath, [codeServerEntry, ...folders, ...serve], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let ended = false;
  server.on('exit', () => (ended = true));
  server.stdout.on('data', (data) => log(String(data)));
  server.stderr.on('data', (data) => log(String(data)));

  const stop = () => {
    try {
      // The server's children are in its process group and end with it.
      if (!ended) process.kill(process.platform === 'win32' ? server.pid : -server.pid, 'SIGTERM');
    } catch {
      // It has ended in this very moment.
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  try {
    await untilItAnswers(`http://127.0.0.1:${port}`, () => ended);
  } catch (error) {
    stop();
    throw error;
  }
  return { address: `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`, home, stop };
}
