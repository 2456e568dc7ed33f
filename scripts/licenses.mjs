// The licences of the libraries that the bundles contain: whoever passes the bundles
// on has to pass these on with them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the package that a file belongs to, the innermost where one holds others. */
const packageFolder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

const licenseName = /^(?:licen[cs]e|copying)(?:\.\w+)?$/i;

/**
 * The text of all licences, by package.
 * @param metafiles what esbuild tells of its builds
 * @throws if a package has no text of its licence
 */
export function licensesOf(metafiles) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(inputs.map((path) => packageFolder.exec(path)?.[0]));
  folders.delete(undefined);
  return [...new Set([...folders].map(noticeOf))].sort().join(`\n${'-'.repeat(80)}\n\n`);
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => licenseName.test(entry));
  if (file === undefined) throw new Error(`${name} has no text of its licence in ${folder}`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
