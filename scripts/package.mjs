// `npm run package`: builds, and makes the `.vsix` that VS Code installs.
//
// vsce is called by npx in a fixed version rather than being a dependency, since
// it brings native modules that nothing else here needs. `NIXRAY_VSIX` names
// another file to write.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const vsce = '@vscode/vsce@3.9.2';

/** What the manifest cannot name but the package cannot do without. */
const written = [
  'dist/client.js',
  'dist/server.js',
  'dist/evaluator.js',
  'dist/download.js',
  'dist/third-party-licenses.txt',
];

/** Builds the bundles and packages them; gives the package's path. */
export function makePackage(file = defaultFile(), { quiet = false } = {}) {
  const stdio = ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'];
  execFileSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio });
  for (const file of written) {
    if (!existsSync(join(root, file))) throw new Error(`The build did not write ${file}.`);
  }
  mkdirSync(dirname(file), { recursive: true });
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  execFileSync(npx(), ['--yes', vsce, ...args, '--out', file], {
    cwd: root,
    stdio,
    shell: process.platform === 'win32',
  });
  return file;
}

function defaultFile() {
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return process.env.NIXRAY_VSIX ? resolve(process.env.NIXRAY_VSIX) : join(root, `${name}.vsix`);
}

function npx() {
  return process.platform === 'win32' ? 'npx.cmd' : 'npx';
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const file = makePackage();
    console.log(`${relative(process.cwd(), file)}: ${Math.round(statSync(file).size / 1024)} KiB`);
  } catch (error) {
    console.error(`The package could not be made: ${error.message}`);
    process.exitCode = 1;
  }
}
