/**
 * Calling a flake: its outputs, with inputs as its lock file has them. An input
 * is looked for when it is first used, so one that is not on this machine is an
 * error only then. Nix manual: `nix flake`, "Lock files".
 */
import type { Bytes } from '../base/bytes';
import { attrsFromEntries } from '../values/attrs';
import { Builtin, Path, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { requireFeature } from './features';
import { parseFlakeReference, printFlakeReference, type InputAttributes } from './flake-reference';
import { attributesOf, resolveReference } from './flake-registry';
import { strict } from './parameters';
import { hostOf, readFile, realisePath } from './path-arguments';
import { describeTree, treeOf } from './source-trees';

export function getFlake(vm: Vm, argument: Value): Forced {
  requireFeature(vm, 'flakes');
  const forced = vm.force(argument);
  if (forced instanceof Path) {
    return callFlake(vm, new Map([['type', 'path'] as const, ['path', realisePath(vm, forced)] as const]));
  }
  const text = vm.forceStringNoContext(forced, 'while evaluating the argument passed to builtins.getFlake');
  return callFlake(vm, parseFlakeReference(text));
}

/** The outputs of the flake that a reference means. */
function callFlake(vm: Vm, reference: InputAttributes): Forced {
  const { dir = '', ...tree } = Object.fromEntries(resolveReference(vm, reference));
  const root = treeOf(vm, new Map(Object.entries(tree)));
  const folder = dir === '' ? root.storePath : `${root.storePath}/${String(dir)}`;
  const host = hostOf(vm);
  if (host.fileType(`${folder}/flake.nix`) === undefined) {
    throw failure(
      `source tree referenced by '${printFlakeReference(reference)}' does not contain a '${dir === '' ? '' : `${String(dir)}/`}flake.nix' file`,
    );
  }
  return callFlakeFiles(vm, {
    folder,
    dir: String(dir),
    rootInfo: describeTree(root, false),
    fetch: new Builtin(fetchLocked, 1),
    getFlake: new Builtin({ ...fetchLocked, call: getFlake }, 1),
  });
}

/** The files of a flake, and where its inputs come from. */
export interface FlakeFiles {
  /** The folder that holds `flake.nix` and `flake.lock`. */
  readonly folder: Bytes;
  /** What the source tree is, with `outPath`; `folder` is `dir` in it. */
  readonly rootInfo: Value;
  readonly dir?: Bytes;
  /** From an entry of the lock file to its source tree, or to `{ standIn }`, the flake itself. */
  readonly fetch: Builtin;
  /** From a reference to its flake, where there is no lock file. */
  readonly getFlake: Builtin;
}

/** Calls the `outputs` of a flake with its inputs, all of them lazily. */
export function callFlakeFiles(vm: Vm, files: FlakeFiles): Forced {
  const { folder, dir = '', rootInfo, fetch, getFlake: getUnlocked } = files;
  const lockFile = `${folder}/flake.lock`;
  const lock = hostOf(vm).fileType(lockFile) === undefined ? null : readFile(vm, lockFile);
  return vm.call(
    vm.loader.evaluateText(callerText, '/', 'call-flake.nix', 'file'),
    attrsFromEntries([
      ['dir', dir],
      ['fetch', fetch],
      ['getFlake', getUnlocked],
      ['lock', lock],
      ['rootInfo', rootInfo],
    ]),
  );
}

/** Not to be named by users: `fetchTree` for the entries of a lock file, which may have any attribute. */
export const fetchLocked: BuiltinRecord = {
  name: 'fetchFinalTree',
  parameters: [strict('input')],
  purity: 'impure',
  since: '2.24',
  documentation: 'The source tree that an entry of a lock file names.',
  call: (vm, argument) => {
    const set = vm.forceAttrs(argument, '');
    vm.forceDeep(set);
    return describeTree(treeOf(vm, attributesOf(set)), false);
  },
};

/** Builds the flakes of a lock file's nodes from each other, all of them lazily. */
const callerText: Bytes = `{
  # The text of the lock file, or null.
  lock,
  # The source tree of the flake that is called, and the folder in it.
  rootInfo,
  dir,
  # From an entry of the lock file to its source tree, or to a flake that stands in for it.
  fetch,
  # From a reference to a flake, where there is no lock file.
  getFlake,
}:
let
  inherit (builtins) fromJSON head isFunction isList isString mapAttrs substring tail;

  below = folder: path: if path == "" then folder else folder + "/" + path;

  locked = if lock == null then { root = "root"; nodes.root = { }; } else fromJSON lock;

  # Where an input leads: a node's name, or names of inputs to follow from the root.
  resolve = input: if isList input then follow locked.root input else input;
  follow =
    node: names:
    if names == [ ] then node
    else follow (resolve locked.nodes.\${node}.inputs.\${head names}) (tail names);

  flakeOf = { sourceInfo, outPath, inputs, ... }: let
    flake = import (outPath + "/flake.nix");
    outputs = flake.outputs (inputs // { self = result; });
    result = outputs // sourceInfo // {
      inherit outPath inputs outputs sourceInfo;
      _type = "flake";
    };
  in
    assert isFunction flake.outputs;
    result;

  nodes = mapAttrs (name: node: let
    where = node.locked or { };
    isRoot = name == locked.root;
    isRelative = where.type or "" == "path" && substring 0 1 where.path != "/";
    parent = nodes.\${follow locked.root node.parent};
    sourceInfo =
      if isRoot then rootInfo
      else if isRelative then parent.sourceInfo
      else fetch (node.info or { } // removeAttrs where [ "dir" ]);
    base = if !isRoot && isRelative then below parent.outPath where.path else sourceInfo.outPath;
    outPath = below base (if isRoot then dir else where.dir or "");
    inputs = mapAttrs (_: input: nodes.\${resolve input}.result) (node.inputs or { });
    # Without a lock file inputs are what the flake itself says, which has to be on this machine.
    unlocked = mapAttrs (
      inputName: input: let
        reference = if isString input then input else input.url or inputName;
      in
        if input.flake or true then getFlake reference else builtins.fetchTree reference
    ) ((import (outPath + "/flake.nix")).inputs or { });
  in {
    inherit sourceInfo outPath;
    result =
      if sourceInfo ? standIn then sourceInfo.standIn
      else if node.flake or true then
        flakeOf {
          inherit sourceInfo outPath;
          inputs = if lock == null then unlocked else inputs;
        }
      else sourceInfo // { inherit sourceInfo outPath; };
  }) locked.nodes;
in
nodes.\${locked.root}.result
`;
