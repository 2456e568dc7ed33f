/** The search path: `builtins.findFile`, which `<…>` is short for. Nix manual: "Lookup path". */
import type { Bytes } from '../base/bytes';
import { CoercionFlag } from '../bytecode/opcode';
import { canonicalPath } from '../host/path';
import { resolveSymlinks } from '../host/symbolic-links';
import { internalFolder } from '../store/internal-files';
import { fromHost } from '../store/virtual-store';
import type { Attrs } from '../values/attrs';
import { contextOf, textOf } from '../values/context';
import { EvalError } from '../values/error';
import { Path, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { channelUrl } from './channels';
import { attributeMissing, failure } from './failure';
import { requireFeature } from './features';
import { parseFlakeReference } from './flake-reference';
import { resolveReference } from './flake-registry';
import { strict } from './parameters';
import { hostOf } from './path-arguments';
import { treeOf } from './source-trees';

function findFileBuiltin(vm: Vm, searchPath: Value, name: Value): Forced {
  const entries = searchEntries(vm, searchPath);
  const text = vm.forceStringNoContext(
    name,
    'while evaluating the second argument passed to builtins.findFile',
  );
  return new Path(findInEntries(vm, entries, text));
}

interface SearchEntry {
  readonly prefix: Bytes;
  readonly path: Bytes;
}

/** Finds `name` in a search path, a list of `{ prefix; path; }`. @throws EvalError that tryEval catches */
export function findFile(vm: Vm, searchPath: Value, name: Bytes): Bytes {
  return findInEntries(vm, searchEntries(vm, searchPath), name);
}

/** The entries of a search path as they are written. @throws EvalError */
export function searchEntries(vm: Vm, searchPath: Value): readonly SearchEntry[] {
  const list = vm.forceList(searchPath, 'while evaluating the first argument passed to builtins.findFile');
  return list.map((element) => {
    const entry = vm.forceAttrs(
      element,
      'while evaluating an element of the list passed to builtins.findFile',
    );
    return { prefix: prefixOf(vm, entry), path: pathOf(vm, entry) };
  });
}

function prefixOf(vm: Vm, entry: Attrs): Bytes {
  const prefix = entry.get('prefix');
  if (prefix === undefined) return '';
  return vm.forceStringNoContext(
    prefix,
    'while evaluating the `prefix` attribute of an element of the list passed to builtins.findFile',
  );
}

function pathOf(vm: Vm, entry: Attrs): Bytes {
  const value = entry.get('path');
  if (value === undefined) throw attributeMissing('path', 'in an element of the __nixPath');
  const path = vm.coerceToString(
    value,
    CoercionFlag.Weak,
    'while evaluating the `path` attribute of an element of the list passed to builtins.findFile',
  );
  if (contextOf(path).length > 0) vm.store.realise(contextOf(path));
  return textOf(path);
}

function findInEntries(vm: Vm, entries: readonly SearchEntry[], name: Bytes): Bytes {
  const host = hostOf(vm);
  for (const { prefix, path } of entries) {
    const rest = behindPrefix(prefix, name);
    if (rest === undefined) continue;
    const folder = resolveEntry(vm, path);
    if (folder === undefined) continue;
    const found = fromHost(() => resolveSymlinks(host, canonicalPath(`${folder}/${rest}`)));
    if (fromHost(() => host.fileType(found)) !== undefined) return found;
  }
  if (name.startsWith('nix/')) return canonicalPath(`${internalFolder}/${name.slice('nix/'.length)}`);
  throw failure(
    `file '${name}' was not found in the Nix search path (add it using $NIX_PATH or -I)`,
    'not-in-search-path',
  );
}

/** What is left of a name behind a prefix; undefined where the prefix does not fit. */
export function behindPrefix(prefix: Bytes, name: Bytes): Bytes | undefined {
  if (!name.startsWith(prefix)) return undefined;
  if (prefix === '' || prefix.length >= name.length) return name.slice(prefix.length);
  return name[prefix.length] === '/' ? name.slice(prefix.length + 1) : undefined;
}

const pseudoUrl = /^(channel:|(https?|file|s3|git|ssh):\/\/)/;

/** The flake reference that an entry of the search path is, or whose archive it names; undefined for a path. */
function referenceOf(entry: Bytes): Bytes | undefined {
  if (entry.startsWith('flake:')) return entry.slice('flake:'.length);
  return pseudoUrl.test(entry) ? `tarball+${channelUrl(entry)}` : undefined;
}

/** Where the tree of a reference is on this machine; undefined, with a warning, where it is not. */
function folderOfReference(vm: Vm, entry: Bytes, reference: Bytes): Bytes | undefined {
  try {
    if (entry.startsWith('flake:')) requireFeature(vm, 'flakes');
    const { dir: _, ...tree } = Object.fromEntries(resolveReference(vm, parseFlakeReference(reference)));
    return treeOf(vm, new Map(Object.entries(tree))).storePath;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    const message = `Nix search path entry '${entry}' cannot be downloaded, ignoring`;
    warnOnce(vm, entry, entry.startsWith('flake:') ? `${message}: ${error.message}` : message);
    return undefined;
  }
}

/** Entries that a machine has warned of: each once. */
const warned = new WeakMap<Vm, Set<Bytes>>();

/** The folder that an entry names, or undefined, with a warning, where it is not there. */
export function resolveEntry(vm: Vm, path: Bytes): Bytes | undefined {
  const reference = referenceOf(path);
  if (reference !== undefined) return folderOfReference(vm, path, reference);
  const host = hostOf(vm);
  const whole = path.startsWith('/') ? path : fromHost(() => `${host.workingDirectory}/${path}`);
  const folder = canonicalPath(whole);
  const exists = fromHost(() => host.fileType(resolveSymlinks(host, folder)) !== undefined);
  if (exists) return folder;
  warnOnce(vm, path, `Nix search path entry '${path}' does not exist, ignoring`);
  return undefined;
}

function warnOnce(vm: Vm, entry: Bytes, message: Bytes): void {
  let entries = warned.get(vm);
  if (entries === undefined) warned.set(vm, (entries = new Set()));
  if (entries.has(entry)) return;
  entries.add(entry);
  vm.loader.report('warning', message);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'findFile',
    parameters: [strict('search-path'), strict('lookup-path')],
    purity: 'impure',
    since: '1.7',
    documentation:
      'Finds *lookup-path* in *search-path*, a list of sets with a `path` and a `prefix`. `<nixpkgs/lib>` is short for `builtins.findFile builtins.nixPath "nixpkgs/lib"`. Not finding it is an error that `tryEval` catches.',
    call: findFileBuiltin,
  },
];
