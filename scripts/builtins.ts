// Writes docs/builtins.md: every builtin of Nix 2.36 and its state in Nixray.
// `npx tsx scripts/builtins.ts` does it; a test holds the page and the registry
// together.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtinRecords, constantRecords } from '../server/src/builtins/registry';

export const page = join(__dirname, '..', 'docs', 'builtins.md');

/** What differs from C++ Nix, since Nixray builds nothing and never uses the network. */
const notes = new Map(
  Object.entries({
    exec: 'left out: it runs programs, and C++ Nix has it only where the user turns it on',
    importNative: 'left out: it loads machine code, and C++ Nix has it only where the user turns it on',
    fetchFinalTree: 'left out: internal to C++ Nix',
    forceLazyFetcherAttr: 'left out: internal to C++ Nix',
    fetchurl:
      'a file with a known hash that is in the store, or one that Nix has downloaded; else an error that names what to run',
    fetchTarball:
      'a tree with a known hash that is in the store, or one that Nix has downloaded; else an error that names what to run',
    fetchGit:
      "any commit of a local repository or of Nix's own clone, or a tree with a known hash that is in the store",
    fetchMercurial: 'a tree with a known hash that is in the store',
    fetchTree:
      'a local path or repository, what Nix has downloaded, or a tree with a known hash that is in the store',
    fetchClosure: 'a store path that is on disk',
    getFlake: 'a local flake whose locked inputs are on disk',
    import: 'of a derivation: where its output is in the store, since nothing is built',
    storePath: 'of a path that is on disk, or that evaluation made',
  }),
);

const leftOut = ['exec', 'importNative', 'fetchFinalTree', 'forceLazyFetcherAttr'];

/** The page as the registry has it. */
export function documentation(): string {
  const functions = [
    ...builtinRecords.map(({ name, parameters, since, feature }) => ({
      name,
      call: [name, ...parameters.map((parameter) => `*${parameter.name}*`)].join(' '),
      since,
      state: stateOf(name, feature),
    })),
    ...leftOut.map((name) => ({ name, call: name, since: '', state: notes.get(name)! })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    '# Builtins',
    '',
    'Every builtin of Nix 2.36 and its state. *Same* means: the results, the order of',
    'evaluation and the messages of C++ Nix. Hovering a builtin shows its documentation.',
    '',
    '| Builtin | Since Nix | State |',
    '|---|---|---|',
    ...functions.map(({ call, since, state }) => `| ${call} | ${since} | ${state} |`),
    '',
    '## Constants',
    '',
    '| Constant | Since Nix | State |',
    '|---|---|---|',
    ...['builtins', 'true', 'false', 'null'].map((name) => `| ${name} | 1.0 | same |`),
    ...constantRecords.map(({ name, since }) => `| ${name} | ${since} | same |`),
    '',
  ].join('\n');
}

function stateOf(name: string, feature: string | undefined): string {
  const state = notes.get(name) ?? 'same';
  return feature === undefined ? state : `${state} (experimental feature \`${feature}\`)`;
}

if (require.main === module) writeFileSync(page, documentation());
