/** Which attributes the inputs of `fetchTree`, `fetchGit` and flakes can have. */
import { failure } from './failure';
import type { InputAttributes } from './flake-reference';

const git = [
  ...['url', 'ref', 'rev', 'shallow', 'submodules', 'lfs', 'exportIgnore', 'lastModified', 'revCount'],
  ...['narHash', 'allRefs', 'name', 'dirtyRev', 'dirtyShortRev', 'verifyCommit', 'keytype', 'publicKey'],
  'publicKeys',
];
const forge = ['owner', 'repo', 'ref', 'rev', 'narHash', 'lastModified', 'host', 'treeHash'];
const download = ['url', 'narHash', 'name', 'unpack', 'rev', 'revCount', 'lastModified'];

const attributesOf: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['git', git],
  ['github', forge],
  ['gitlab', forge],
  ['sourcehut', forge],
  ['tarball', download],
  ['file', download],
  ['path', ['path', 'rev', 'revCount', 'lastModified', 'narHash']],
  ['indirect', ['id', 'ref', 'rev', 'narHash']],
  ['hg', ['url', 'ref', 'rev', 'revCount', 'narHash', 'name']],
]);

/** @throws EvalError naming the first attribute that an input of its type cannot have */
export function checkInputAttributes(input: InputAttributes): void {
  const type = input.get('type');
  const allowed = attributesOf.get(type);
  if (allowed === undefined) return;
  const wrong = [...input.keys()].filter((name) => name !== 'type' && !allowed.includes(name)).sort()[0];
  if (wrong !== undefined) {
    throw failure(`input attribute '${wrong}' not supported by scheme '${String(type)}'`);
  }
}
