// `npm run vscode`: opens the sample workspace in VS Code with the extension of
// this checkout, and prints where it is.
//
// An installed VS Code is started on the checkout itself. Where there is none,
// VS Code is served to a browser, on this machine's own address alone, until
// this program is interrupted. `--browser` asks for that at once.
import { execFileSync, spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from '../test/vscode/install.mjs';
import { startEditor } from '../test/vscode/rig.mjs';
import { makePackage } from './package.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sample = join(root, 'sample');
const tour = join(sample, 'tour.nix');

/** Starts an installed VS Code; false if there is none, or if it refuses to start. */
function startInstalled() {
  const windows = process.platform === 'win32';
  const arguments_ = ['--new-window', `--extensionDevelopmentPath=${root}`, sample, '--goto', `${tour}:8:11`];
  const { status, error } = spawnSync(windows ? 'code.cmd' : 'code', arguments_, {
    stdio: 'inherit',
    shell: windows,
  });
  return error === undefined && status === 0;
}

async function serve() {
  install();
  const vsix = makePackage(join(root, 'out', 'nixray.vsix'), { quiet: true });
  const server = await startEditor({ vsix, folder: sample });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      server.stop();
      process.exit(0);
    });
  }
  console.log(`VS Code with Nixray: ${server.address}`);
  console.log('Open tour.nix there and hover a name. Ctrl+C ends it.');
}

async function main() {
  execFileSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  if (!process.argv.includes('--browser')) {
    if (startInstalled()) {
      console.log(`VS Code has opened ${sample} with Nixray; hover a name in tour.nix.`);
      return;
    }
    console.log('There is no VS Code here to start (no program "code"), so it is served to a browser.');
  }
  await serve();
}

main().catch((error) => {
  console.error(`VS Code could not be started: ${error.message}`);
  process.exitCode = 1;
});
