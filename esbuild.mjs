// Builds the bundles that the package consists of: the stdio server, the
// extension's main, the command line, the process that evaluates, and the thread
// that downloads; and writes down the licences of what is in them.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, context } from 'esbuild';
import { licensesOf } from './scripts/licenses.mjs';

const watch = process.argv.includes('--watch');

/** Entry points by the name of their bundle; one that does not exist yet is an error. */
const entries = {
  server: 'server/src/main.ts',
  nixray: 'server/src/cli.ts',
  thread: 'server/src/thread.ts',
  evaluation: 'server/src/command-line/evaluation-program.ts',
  'command-line': 'server/src/command-line/command-program.ts',
  'fetch-nixpkgs': 'server/src/command-line/fetch-program.ts',
  evaluator: 'server/src/service/process.ts',
  download: 'server/src/download/thread.ts',
  client: 'client/src/extension.ts',
};
for (const [name, path] of Object.entries(entries)) {
  if (!existsSync(path)) throw new Error(`esbuild.mjs: the entry point of ${name} is missing: ${path}`);
}

/** A digest of the sources: what one build keeps on disk is nothing to another. */
function buildId() {
  const digest = createHash('sha1').update(readFileSync('package.json'));
  for (const folder of ['server/src', 'shared/src']) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath ?? file.path, file.name));
    for (const path of paths.sort()) digest.update(path).update(readFileSync(path));
  }
  return digest.digest('hex').slice(0, 12);
}

const options = {
  entryPoints: entries,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  sourcemap: watch ? 'inline' : false,
  external: ['vscode'],
  define: { NIXRAY_BUILD: JSON.stringify(buildId()), NIXRAY_COUNTING: 'false' },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** The program that evaluates once more for `--stats`, with the counts that are folded away everywhere else: see base/tally.ts. */
const countingOptions = {
  ...options,
  entryPoints: { 'evaluation-counting': entries.evaluation },
  define: { ...options.define, NIXRAY_COUNTING: 'true' },
};

const metafiles = [];
for (const each of [options, countingOptions]) {
  if (watch) await (await context(each)).watch();
  else metafiles.push((await build(each)).metafile);
}
if (!watch) writeFileSync('dist/third-party-licenses.txt', licensesOf(metafiles));
