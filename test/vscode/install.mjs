// Installs what the end-to-end test in a real editor needs: code-server (VS
// Code served to a browser), the browser's packages, and playwright-core.
//
// code-server goes to a cache folder outside the repository, since it takes
// minutes to build and is the same for every checkout. A stamp is written when
// everything is in place; an installation without it is started afresh, so an
// interrupted run never leaves something that only looks complete.
//
// code-server's own installation script is left out on purpose: it downloads
// prebuilt programs. Its native modules are compiled here instead.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export const codeServerVersion = '4.100.3';

/** The folder for everything that is installed once for all checkouts. */
export const cacheFolder = resolve(
  process.env.NIXRAY_TEST_CACHE ??
    join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nixray', 'vscode'),
);

const home = join(cacheFolder, `code-server-${codeServerVersion}`);
const packageFolder = join(home, 'node_modules', 'code-server');
// Node's modules of one ABI do not load in another, so the stamp names it.
const stampText = `${codeServerVersion} node ${process.versions.modules} ${process.arch} layout 1\n`;
const stampFile = join(home, 'complete');

/** The script that starts code-server, whether it is installed or not. */
export const codeServerEntry = join(packageFolder, 'out', 'node', 'entry.js');

/** Debian's packages: the browser with a font, and what the native modules link to. */
const debianPackages = [
  'chromium',
  'fonts-dejavu-core',
  'build-essential',
  'python3',
  'pkg-config',
  'libkrb5-dev',
  'libsecret-1-dev',
];

/** Native modules that VS Code's server loads at its start or for its terminal. */
const nativeModules = ['@vscode/spdlog', 'node-pty', 'native-watchdog', '@parcel/watcher'];

function run(command, args, options = {}) {
  console.log(`> ${[command, ...args].join(' ')}`);
  try {
    execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28, ...options });
  } catch (error) {
    const output = `${error.stdout ?? ''}${error.stderr ?? ''}`.split('\n').slice(-40).join('\n');
    throw new Error(`${command} ${args[0]} failed:\n${output}`);
  }
}

/** The browser that the test drives, or undefined. */
export function findChromium() {
  const names = [
    process.env.NIXRAY_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return names.find((name) => name && existsSync(name));
}

/** Whether code-server is installed completely, for this version of Node. */
export function isCodeServerInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stampText;
}

function missingDebianPackages() {
  return debianPackages.filter((name) => {
    try {
      const status = execFileSync('dpkg-query', ['-W', '-f', '${Status}', name], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return !String(status).includes('ok installed');
    } catch {
      return true;
    }
  });
}

function installDebianPackages() {
  if (!existsSync('/usr/bin/apt-get')) {
    console.log(
      'This is not Debian: a browser, a C++ compiler, Python and the headers of krb5 and libsecret are up to you.',
    );
    return;
  }
  const missing = missingDebianPackages();
  if (missing.length === 0) return;
  if (process.getuid() !== 0) {
    throw new Error(`These Debian packages are missing; install them as root: ${missing.join(' ')}`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-q'], { env });
  run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], { env });
}

/** The headers of this Node, which node-gyp would otherwise download. */
function nodeHeaders() {
  const prefix = resolve(dirname(process.execPath), '..');
  const candidates = [prefix, '/usr', '/usr/local'];
  return candidates.find((path) => existsSync(join(path, 'include', 'node', 'node.h')));
}

/** The node-gyp that npm carries with it. */
function nodeGyp() {
  const npm = execFileSync('npm', ['root', '-g'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  const path = join(npm, 'npm', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  if (!existsSync(path)) throw new Error(`npm carries no node-gyp: ${path} is missing`);
  return path;
}

/** The folder of a package as `from` would load it; npm may hoist or nest it. */
function folderOf(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(join(path, 'package.json'))) return path;
    if (folder === dirname(folder)) throw new Error(`${name} is not installed below ${from}`);
  }
}

function compile(folder, extra = []) {
  const headers = nodeHeaders();
  const nodedir = headers ? [`--nodedir=${headers}`] : [];
  run(process.execPath, [nodeGyp(), 'rebuild', ...nodedir, ...extra], { cwd: folder });
}

function installCodeServer() {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...quiet, `code-server@${codeServerVersion}`], { cwd: home });

  const vscode = join(packageFolder, 'lib', 'vscode');
  run('npm', ['install', ...quiet, '--omit=dev'], { cwd: vscode });
  run('npm', ['install', ...quiet, '--omit=dev'], { cwd: join(vscode, 'extensions') });

  const argon2 = folderOf('argon2', packageFolder);
  const binding = join(argon2, 'lib', 'binding', 'napi-v3');
  compile(argon2, ['--module_name=argon2', `--module_path=${binding}`, '--napi_build_version=3']);
  if (!existsSync(join(binding, 'argon2.node'))) {
    mkdirSync(binding, { recursive: true });
    cpSync(join(argon2, 'build', 'Release', 'argon2.node'), join(binding, 'argon2.node'));
  }
  for (const name of nativeModules) compile(folderOf(name, vscode));

  // VS Code looks its modules up in an archive that the package lacks.
  const archive = join(vscode, 'node_modules.asar');
  if (!existsSync(archive)) symlinkSync('node_modules', archive, 'junction');
  writeFileSync(stampFile, stampText);
}

function installPlaywright() {
  try {
    createRequire(join(here, 'package.json')).resolve('playwright-core');
  } catch {
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: here });
  }
}

/** Installs what is missing; when nothing is, this takes well under a second. */
export function install() {
  installDebianPackages();
  installPlaywright();
  if (isCodeServerInstalled()) return;
  console.log(`Installing code-server ${codeServerVersion} into ${home} (takes some minutes, once)`);
  installCodeServer();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    install();
    console.log('code-server and the browser are ready');
  } catch (error) {
    console.error(String(error.message ?? error));
    process.exitCode = 1;
  }
}
