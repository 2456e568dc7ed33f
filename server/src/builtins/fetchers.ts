/**
 * Fetchers. Evaluation here never uses the network: what is named by its hash is
 * looked up in the store, what is on this disk is copied from there, and anything
 * else is an error that says what to run.
 */
import type { Bytes } from '../base/bytes';
import { CoercionFlag } from '../bytecode/opcode';
import { baseNameOf } from '../host/path';
import { parseHash, parseHashAllowEmpty, type Hash } from '../store/hash';
import { hashFile } from '../store/nar';
import { isStorePath, makeContentPath, nameProblem, storeDirectory } from '../store/store-path';
import { fromHost } from '../store/virtual-store';
import { Attrs, attrsFromMap } from '../values/attrs';
import { textOf } from '../values/context';
import { ContextString, Path, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { describeType } from '../vm/describe';
import type { Vm } from '../vm/vm';
import { channelUrl } from './channels';
import { failure } from './failure';
import { requireFeature } from './features';
import {
  inputOfUrl,
  localFolder,
  parseFlakeReference,
  printFlakeReference,
  type InputAttribute,
  type InputAttributes,
} from './flake-reference';
import { getFlake } from './flakes';
import { checkedInput, gitUrl } from './input-attributes';
import { cachedFile } from './nix-caches';
import { strict } from './parameters';
import { hostOf, storeOf } from './path-arguments';
import { archiveTree, describeTree, treeOf } from './source-trees';
import { printAttributeName } from '../base/literals';

// --- fetchurl, fetchTarball -----------------------------------------------------------

interface Download {
  readonly builtin: 'fetchurl' | 'fetchTarball';
  readonly url: Bytes;
  readonly name: Bytes;
  readonly hash: Hash | undefined;
}

function downloadOf(vm: Vm, builtin: Download['builtin'], argument: Value): Download {
  const forced = vm.force(argument);
  const whole = 'while evaluating the url we should fetch';
  const defaultName = builtin === 'fetchTarball' ? 'source' : '';
  if (!(forced instanceof Attrs)) {
    const url = withChannel(builtin, vm.forceStringNoContext(forced, whole));
    return named({ builtin, url, name: defaultName, hash: undefined }, pleasePass(builtin));
  }
  let url: Bytes | undefined;
  let name = forced.has('name') ? '' : defaultName;
  let hash: Hash | undefined;
  forced.shape.names.forEach((attribute, i) => {
    const value = forced.values[i]!;
    switch (attribute) {
      case 'url':
        url = vm.forceStringNoContext(value, whole);
        break;
      case 'sha256':
        hash = parseHashAllowEmpty(
          vm.forceStringNoContext(value, 'while evaluating the sha256 of the content we should fetch'),
          'sha256',
          vm.host.features,
          (message) => vm.loader.report('warning', message),
        );
        break;
      case 'name':
        name = vm.forceStringNoContext(value, 'while evaluating the name of the content we should fetch');
        break;
      default:
        throw failure(`unsupported argument '${attribute}' to '${builtin}'`);
    }
  });
  if (url === undefined) throw failure("'url' argument required");
  const advice = forced.has('name')
    ? `Please change the value for the 'name' attribute passed to '${builtin}', so that it can create a valid store path.`
    : `Please add a valid 'name' attribute to the argument for '${builtin}', so that it can create a valid store path.`;
  return named({ builtin, url: withChannel(builtin, url), name, hash }, advice);
}

function withChannel(builtin: Download['builtin'], url: Bytes): Bytes {
  return builtin === 'fetchTarball' ? channelUrl(url) : url;
}

function pleasePass(builtin: string): string {
  return `Please pass an attribute set with 'url' and 'name' attributes to '${builtin}',  so that it can create a valid store path.`;
}

/** With a name that can stand in a store path: the last part of the URL where none is given. */
function named(download: Download, advice: string): Download {
  const name = download.name === '' ? baseNameOf(download.url.replace(/\/+$/, '')) : download.name;
  const problem = nameProblem(name);
  if (problem === undefined) return { ...download, name };
  throw failure(`invalid store path name when fetching URL '${download.url}': ${problem}. ${advice}`);
}

function fetch(vm: Vm, download: Download): Forced {
  const { builtin, url, name, hash } = download;
  const method = builtin === 'fetchTarball' ? 'nar' : 'flat';
  const path = hash && makeContentPath(name, method, hash);
  if (path !== undefined && storeOf(vm).has(path)) return new ContextString(path, [path]);
  const downloaded = builtin === 'fetchTarball' ? downloadedTree(vm, download) : downloadedFile(vm, download);
  if (downloaded !== undefined) return new ContextString(downloaded, [downloaded]);
  const local = builtin === 'fetchurl' ? localFolder(url) : undefined;
  if (local !== undefined && url.startsWith('file:')) return localFile(vm, download, local);
  const option = builtin === 'fetchTarball' ? '--unpack ' : '';
  const command = `nix-prefetch-url ${option}--name ${name} '${url}'`;
  throw failure(
    path === undefined
      ? `'${url}' cannot be fetched, since evaluation here never uses the network; run "${command}" and pass the hash that it prints as 'sha256'`
      : `'${url}' is not in ${storeDirectory} as '${path}', and evaluation here never uses the network; run "${command}" to fetch it`,
    'unsupported',
  );
}

/** What Nix has downloaded and unpacked before. */
function downloadedTree(vm: Vm, { url, name, hash }: Download): Bytes | undefined {
  const input = new Map([['type', 'tarball'] as const, ['url', url] as const, ['name', name] as const]);
  const locked = hash === undefined ? input : new Map([...input, ['narHash', hash.print('sri')] as const]);
  return archiveTree(vm, locked)?.storePath;
}

/** What Nix has downloaded before, if it is in the store still. */
function downloadedFile(vm: Vm, download: Download): Bytes | undefined {
  const path = cachedFile(hostOf(vm), download.url, download.name);
  if (path === undefined || !storeOf(vm).has(path)) return undefined;
  checkFile(vm, download, path);
  return path;
}

function checkFile(vm: Vm, { url, hash }: Download, file: Bytes): void {
  const found = fromHost(() => hashFile(hostOf(vm), file));
  if (hash === undefined || hash.hex === found.hex) return;
  throw failure(
    `hash mismatch in file downloaded from '${url}':\n  specified: sha256:${hash.print('nix32')}\n  got:       sha256:${found.print('nix32')}`,
  );
}

/** A file on this disk stands in for its own download. */
function localFile(vm: Vm, download: Download, file: Bytes): Forced {
  checkFile(vm, download, file);
  const path = storeOf(vm).addPath(file, download.name, { method: 'flat' });
  return new ContextString(path, [path]);
}

// --- fetchTree, fetchGit, fetchMercurial -----------------------------------------------

interface TreeFetcher {
  readonly name: 'fetchTree' | 'fetchGit';
  readonly allowsName: boolean;
}

function fetchTree(vm: Vm, argument: Value): Forced {
  requireFeature(vm, 'fetch-tree');
  return describeTree(
    treeOf(vm, inputOfArgument(vm, argument, { name: 'fetchTree', allowsName: false })),
    false,
  );
}

function fetchGit(vm: Vm, argument: Value): Forced {
  const input = inputOfArgument(vm, argument, { name: 'fetchGit', allowsName: true });
  return describeTree(treeOf(vm, input), true);
}

function inputOfArgument(vm: Vm, argument: Value, fetcher: TreeFetcher): InputAttributes {
  const forced = vm.force(argument);
  const isGit = fetcher.name === 'fetchGit';
  if (forced instanceof Attrs) return inputOfAttrs(vm, forced, fetcher);
  const url = textOf(
    vm.coerceToString(
      forced,
      CoercionFlag.Weak,
      `while evaluating the first argument passed to '${fetcher.name}'`,
    ),
  );
  if (!isGit) {
    if (!vm.host.features.has('flakes')) {
      throw failure("passing a string argument to 'fetchTree' requires the 'flakes' experimental feature");
    }
    return inputOfUrl(url);
  }
  return new Map<string, InputAttribute>([
    ['type', 'git'],
    ['url', gitUrl(url)],
    ['exportIgnore', true],
  ]);
}

function inputOfAttrs(vm: Vm, set: Attrs, fetcher: TreeFetcher): InputAttributes {
  const isGit = fetcher.name === 'fetchGit';
  const typeValue = set.get('type');
  if (isGit && typeValue !== undefined) throw failure("unexpected argument 'type'");
  if (!isGit && typeValue === undefined) throw failure("argument 'type' is missing in call to 'fetchTree'");
  const type =
    typeValue === undefined
      ? 'git'
      : vm.forceStringNoContext(
          typeValue,
          `while evaluating the \`type\` argument passed to '${fetcher.name}'`,
        );
  const input = new Map<string, InputAttribute>([['type', type]]);
  set.shape.names.forEach((name, i) => {
    if (name === 'type') return;
    const attribute = attributeOf(vm, name, set.values[i]!, fetcher);
    input.set(name, attribute);
  });
  if (isGit && !input.has('exportIgnore') && input.get('submodules') !== true)
    input.set('exportIgnore', true);
  if (!isGit && type === 'git' && !input.has('shallow')) input.set('shallow', true);
  if (!fetcher.allowsName && input.has('name')) {
    throw failure(`argument 'name' isn\xe2\x80\x99t supported in call to '${fetcher.name}'`);
  }
  return checkedInput(input);
}

function attributeOf(vm: Vm, name: string, value: Value, fetcher: TreeFetcher): InputAttribute {
  const forced = vm.force(value);
  switch (typeof forced) {
    case 'string':
    case 'boolean':
      return forced;
    case 'number':
    case 'bigint':
      if (forced >= 0) return forced;
      throw failure(
        `negative value given for '${fetcher.name}' argument '${printAttributeName(name)}': ${forced}`,
      );
  }
  if (forced instanceof ContextString || forced instanceof Path) {
    return textOf(vm.coerceToString(forced, CoercionFlag.Weak, ''));
  }
  throw failure(
    `argument '${printAttributeName(name)}' to '${fetcher.name}' is ${describeType(forced)} while a string, Boolean or integer is expected`,
    'type-error',
  );
}

function fetchMercurial(vm: Vm, argument: Value): Forced {
  const forced = vm.force(argument);
  const input = new Map<string, InputAttribute>([['type', 'hg']]);
  if (forced instanceof Attrs) {
    forced.shape.names.forEach((name, i) => {
      const frame = `while evaluating the \`${name}\` attribute passed to builtins.fetchMercurial`;
      if (name === 'url') {
        input.set('url', textOf(vm.coerceToString(forced.values[i]!, CoercionFlag.Weak, frame)));
      } else if (name === 'rev' || name === 'name') {
        const text = vm.forceStringNoContext(forced.values[i]!, frame);
        input.set(name === 'rev' && !/^[0-9a-f]{40}$/.test(text) ? 'ref' : name, text);
      } else throw failure(`unsupported argument '${printAttributeName(name)}' to 'fetchMercurial'`);
    });
    if ((input.get('url') ?? '') === '') throw failure("'url' argument required");
  } else {
    const frame = 'while evaluating the first argument passed to builtins.fetchMercurial';
    input.set('url', textOf(vm.coerceToString(forced, CoercionFlag.Weak, frame)));
  }
  const url = String(input.get('url'));
  if (!url.includes('://')) input.set('url', `file://${url}`);
  return describeTree(treeOf(vm, input), true);
}

// --- fetchClosure -----------------------------------------------------------------------

function fetchClosure(vm: Vm, argument: Value): Forced {
  requireFeature(vm, 'fetch-closure');
  const set = vm.forceAttrs(argument, 'while evaluating the argument passed to builtins.fetchClosure');
  const paths = new Map<string, Bytes>();
  set.shape.names.forEach((name, i) => {
    const value = set.values[i]!;
    const frame = `while evaluating the attribute '${name}' passed to builtins.fetchClosure`;
    switch (name) {
      case 'fromPath':
      case 'toPath': {
        const path = textOf(vm.coerceToString(value, CoercionFlag.Weak, frame));
        if (name === 'fromPath' || path !== '') {
          if (!isStorePath(path)) throw failure(`path '${path}' is not in the Nix store`).while(frame);
          paths.set(name, path);
        }
        break;
      }
      case 'fromStore':
        paths.set(name, vm.forceStringNoContext(value, frame));
        break;
      case 'inputAddressed':
        vm.forceBoolean(value, frame);
        break;
      default:
        throw failure(`attribute '${printAttributeName(name)}' isn't supported in call to 'fetchClosure'`);
    }
  });
  for (const required of ['fromPath', 'fromStore']) {
    if (!paths.has(required)) {
      throw failure(`attribute '${required}' is missing in call to 'fetchClosure'`);
    }
  }
  const path = paths.get('toPath') ?? paths.get('fromPath')!;
  if (storeOf(vm).has(path)) return new ContextString(path, [path]);
  throw failure(
    `'${path}' is not on this machine, and evaluation here never uses the network; run "nix copy --from '${paths.get('fromStore')!}' ${path}" to fetch it`,
    'unsupported',
  );
}

// --- Flake references ---------------------------------------------------------------------

function parseFlakeRef(vm: Vm, argument: Value): Forced {
  requireFeature(vm, 'flakes');
  const text = vm.forceStringNoContext(
    argument,
    'while evaluating the argument passed to builtins.parseFlakeRef',
  );
  return attrsFromMap(parseFlakeReference(text));
}

function flakeRefToString(vm: Vm, argument: Value): Forced {
  requireFeature(vm, 'flakes');
  const set = vm.forceAttrs(argument, 'while evaluating the argument passed to builtins.flakeRefToString');
  const input = new Map<string, InputAttribute>();
  set.shape.names.forEach((name, i) => {
    const forced = vm.force(set.values[i]!);
    switch (typeof forced) {
      case 'number':
      case 'bigint':
        if (forced < 0)
          throw failure(`negative value given for flake ref attr ${printAttributeName(name)}: ${forced}`);
        input.set(name, forced);
        return;
      case 'string':
      case 'boolean':
        input.set(name, forced);
        return;
    }
    if (forced instanceof ContextString) input.set(name, forced.text);
    else {
      throw failure(
        `flake reference attribute sets may only contain integers, Booleans, and strings, but attribute '${printAttributeName(name)}' is ${describeType(forced)}`,
      );
    }
  });
  const hash = input.get('narHash');
  if (typeof hash === 'string')
    input.set('narHash', parseHash(hash, 'sha256', vm.host.features).print('sri'));
  const { dir, ...tree } = Object.fromEntries(input);
  const checked = new Map(checkedInput(new Map(Object.entries(tree))));
  return printFlakeReference(dir === undefined ? checked : checked.set('dir', dir));
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'fetchurl',
    parameters: [strict('arg')],
    purity: 'impure',
    since: '1.0',
    documentation:
      'The store path of the file that a URL leads to: *arg* is the URL, or a set with `url`, `sha256` and `name`. Nixray downloads nothing; a file whose `sha256` is known is found in the store, and so is what Nix has downloaded.',
    call: (vm, argument) => fetch(vm, downloadOf(vm, 'fetchurl', argument)),
  },
  {
    name: 'fetchTarball',
    parameters: [strict('args')],
    global: true,
    purity: 'impure',
    since: '1.7',
    documentation:
      'The store path of the tree in an archive: *args* is its URL, or a set with `url`, `sha256` and `name`. Nixray downloads nothing; a tree whose `sha256` is known is found in the store, and others in what Nix has downloaded.',
    call: (vm, argument) => fetch(vm, downloadOf(vm, 'fetchTarball', argument)),
  },
  {
    name: 'fetchGit',
    parameters: [strict('args')],
    global: true,
    purity: 'impure',
    since: '2.0',
    documentation:
      'The tree of a Git repository, as a set with `outPath`, `rev` and more. *args* is a URL or a path, or a set with `url`, `rev`, `ref`, `name`, `submodules` and others. Of a repository on this disk Nixray takes the tracked files as they are checked out, or any commit; of others what Nix has cloned, or what is in the store by its `narHash`.',
    call: fetchGit,
  },
  {
    name: 'fetchMercurial',
    parameters: [strict('args')],
    global: true,
    purity: 'impure',
    since: '1.12',
    documentation:
      'The tree of a Mercurial repository, as a set with `outPath`, `rev` and more. Nixray downloads nothing, and reads no Mercurial repository.',
    call: fetchMercurial,
  },
  {
    name: 'fetchTree',
    parameters: [strict('input')],
    global: true,
    purity: 'impure',
    since: '2.4',
    feature: 'fetch-tree',
    documentation:
      'A source tree, as a set with `outPath`, `narHash` and more. *input* is a set with a `type` such as `"path"`, `"git"`, `"github"` or `"tarball"` and what belongs to it, or a flake reference. Nixray downloads nothing: a tree with a `narHash` is found in the store, a folder or repository of this disk is read, and so is what Nix has downloaded.',
    call: fetchTree,
  },
  {
    name: 'fetchClosure',
    parameters: [strict('args')],
    purity: 'impure',
    since: '2.8',
    feature: 'fetch-closure',
    documentation:
      'A store path from a binary cache, with all that it depends on: *args* has `fromStore`, `fromPath`, and `toPath` or `inputAddressed`. Nixray downloads nothing; the path has to be in the store.',
    call: fetchClosure,
  },
  {
    name: 'getFlake',
    parameters: [strict('args')],
    purity: 'impure',
    since: '2.4',
    feature: 'flakes',
    documentation:
      "The outputs of a flake, with its `inputs`, `sourceInfo` and `outPath`. *args* is a flake reference or a path. Inputs come from the flake's lock file, each when it is first used.",
    call: getFlake,
  },
  {
    name: 'parseFlakeRef',
    parameters: [strict('flake-ref')],
    purity: 'pure',
    since: '2.19',
    feature: 'flakes',
    documentation: 'The parts of a flake reference, as a set.',
    example: {
      expression: 'builtins.parseFlakeRef "github:NixOS/nixpkgs/23.05?dir=lib"',
      result: '{ dir = "lib"; owner = "NixOS"; ref = "23.05"; repo = "nixpkgs"; type = "github"; }',
    },
    call: parseFlakeRef,
  },
  {
    name: 'flakeRefToString',
    parameters: [strict('attrs')],
    purity: 'pure',
    since: '2.19',
    feature: 'flakes',
    documentation: 'A flake reference as text, from the set of its parts.',
    example: {
      expression: 'builtins.flakeRefToString { type = "indirect"; id = "nixpkgs"; }',
      result: '"flake:nixpkgs"',
    },
    call: flakeRefToString,
  },
];
