/**
 * Calling a flake: its outputs, with inputs as its lock file has them. An input
 * is looked for when it is first used, so one that is not on this machine is an
 * error only then. Nix manual: `nix flake`, "Lock files".
 */
import type { Bytes } from '../base/bytes';
import { attrsFromEntries, type Attrs } from '../values/attrs';
import { Builtin, Path, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { requireFeature } from './features';
import { parseFlakeReference, printFlakeReference, type InputAttributes } from './flake-reference';
import { attributesOf, resolveReference } from './flake-registry';
import { strict } from './parameters';
import { hostOf, realisePath } from './path-arguments';
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
  const root = fetchReference(vm, reference, true);
  return callFlakeFrom(vm, {
    root,
    fetchLocked: (entry) => fetchLocked(vm, entry),
    fetchReference: (input, isFlake) => fetchReference(vm, attributesOf(input), isFlake),
  });
}

/** Where a flake and its inputs come from. For a tree, each may give `{ standIn }`: the flake itself. */
export interface FlakeSources {
  /** `{ sourceInfo, dir }`: the source tree of the flake, with `outPath`, and the folder in it. */
  readonly root: Value;
  /** From an entry of a lock file, all of it evaluated, to its source tree. */
  readonly fetchLocked: (entry: Attrs) => Forced;
  /** From a reference in `flake.nix`, all of it evaluated, and whether it means a flake, to `{ sourceInfo, dir }`. */
  readonly fetchReference: (reference: Attrs, isFlake: boolean) => Forced;
}

/** Calls the `outputs` of a flake with its inputs, all of them lazily. */
export function callFlakeFrom(vm: Vm, sources: FlakeSources): Forced {
  const ofSet = (argument: Value): Attrs => {
    const set = vm.forceAttrs(argument, '');
    vm.forceDeep(set);
    return set;
  };
  const locked = hidden('fetchFinalTree', ['input'], (_, entry) => sources.fetchLocked(ofSet(entry)));
  const unlocked = hidden('fetchReference', ['reference', 'isFlake'], (_, reference, isFlake) =>
    sources.fetchReference(ofSet(reference), vm.forceBoolean(isFlake, '')),
  );
  return vm.call(
    vm.loader.evaluateText(callerText, '/', 'call-flake.nix', 'file'),
    attrsFromEntries([
      ['fetch', locked],
      ['fetchReference', unlocked],
      ['root', sources.root],
    ]),
  );
}

/** A builtin that no user can name. */
function hidden(name: string, parameters: readonly string[], call: BuiltinRecord['call']): Builtin {
  const record: BuiltinRecord = {
    name,
    parameters: parameters.map(strict),
    purity: 'impure',
    since: '2.24',
    documentation: 'The source tree of an input of a flake.',
    call,
  };
  return new Builtin(record, parameters.length);
}

/** The source tree of an entry of a lock file, which may have any attribute. @throws EvalError */
export function fetchLocked(vm: Vm, entry: Attrs): Forced {
  return describeTree(treeOf(vm, attributesOf(entry)), false);
}

/** The source tree of a reference, and the folder in it: `{ sourceInfo, dir }`. A flake has to be one. @throws EvalError */
export function fetchReference(vm: Vm, reference: InputAttributes, isFlake: boolean): Forced {
  const { dir = '', ...input } = Object.fromEntries(resolveReference(vm, reference));
  const tree = treeOf(vm, new Map(Object.entries(input)));
  const folder = dir === '' ? tree.storePath : `${tree.storePath}/${String(dir)}`;
  if (isFlake && hostOf(vm).fileType(`${folder}/flake.nix`) === undefined) {
    throw failure(
      `source tree referenced by '${printFlakeReference(reference)}' does not contain a '${dir === '' ? '' : `${String(dir)}/`}flake.nix' file`,
    );
  }
  return attrsFromEntries([
    ['dir', String(dir)],
    ['sourceInfo', describeTree(tree, false)],
  ]);
}

/**
 * Builds flakes from each other, all of them lazily. An input comes from the lock file
 * as long as that still has what flake.nix says; Nix would write another lock file
 * otherwise, while here such an input has to be on this machine.
 *
 * A node is `{ result, inputs }`: what a flake is for others, and the nodes of its inputs.
 * What is found may be `{ standIn }` instead of a tree: then that is the result.
 */
const callerText: Bytes = `{
  # The source tree of the flake that is called, and the folder in it.
  root,
  # From an entry of a lock file to its source tree.
  fetch,
  # From a reference, and whether it is a flake, to { sourceInfo, dir }.
  fetchReference,
}:
let
  inherit (builtins)
    elem filter foldl' fromJSON functionArgs head isFunction isList isPath isString listToAttrs
    mapAttrs attrNames parseFlakeRef pathExists readFile split stringLength substring tail;

  below = folder: path: if path == "" then folder else folder + "/" + path;

  makeFlake = { sourceInfo, outPath, outputs, inputs }: let
    called = outputs (arguments // { self = result; });
    result = called // sourceInfo // {
      inherit outPath sourceInfo;
      inputs = arguments;
      outputs = called;
      _type = "flake";
    };
    arguments = mapAttrs (_: node: node.result) inputs;
  in
    { inherit inputs result; };

  makeStandIn = standIn: {
    result = standIn;
    inputs = { };
  };

  makeSource = { sourceInfo, outPath }: {
    result = sourceInfo // { inherit sourceInfo outPath; };
    inputs = { };
  };

  # The node at the end of a path of inputs, such as "a/b".
  followPath = node: path:
    foldl' (at: name: at.inputs.\${name}) node (filter (name: isString name && name != "") (split "/" path));

  # What an input of flake.nix refers to, as attributes.
  referenceOf = outPath: name: input: let
    attributes = removeAttrs input [ "flake" "follows" "inputs" "url" ];
    url =
      if isPath input.url then "./" + substring (stringLength outPath + 1) (-1) (toString input.url)
      else input.url;
  in
    if attributes ? type then attributes
    else if input ? url then parseFlakeRef (if substring 0 1 url == "." then "path:" + url else url)
    else { type = "indirect"; id = name; };

  isRelative = reference: reference.type or "" == "path" && substring 0 1 reference.path != "/";

  # Whether an entry of the lock file was made for that reference. Of the kinds that are
  # not in the list there are several ways to write the same.
  isFor = reference: original: let
    same = name: reference.\${name} or "" == original.\${name} or "";
  in
    same "type"
    && (!elem reference.type [ "github" "gitlab" "indirect" "path" "sourcehut" ]
      || map same [ "dir" "host" "id" "owner" "path" "ref" "repo" "rev" ]
        == [ true true true true true true true true ]);

  # The nodes of a lock file, by their names; that of the flake itself is given.
  lockedNodes = locked: self: let
    resolve = input: if isList input then follow locked.root input else input;
    follow =
      node: names:
      if names == [ ] then node
      else follow (resolve locked.nodes.\${node}.inputs.\${head names}) (tail names);
    nodes = mapAttrs (name: node: let
      where = node.locked or { };
      parent = nodes.\${follow locked.root node.parent};
      sourceInfo =
        if isRelative where then parent.sourceInfo else fetch (node.info or { } // removeAttrs where [ "dir" ]);
      base = if isRelative where then below parent.outPath where.path else sourceInfo.outPath;
      outPath = below base (where.dir or "");
      inputs = mapAttrs (_: input: nodes.\${resolve input}.node) (node.inputs or { });
      flake = import (outPath + "/flake.nix");
    in
      if name == locked.root then self
      else {
        inherit sourceInfo outPath;
        node =
          if !isRelative where && sourceInfo ? standIn then makeStandIn sourceInfo.standIn
          else if node.flake or true then
            assert isFunction flake.outputs;
            makeFlake { inherit sourceInfo outPath inputs; inherit (flake) outputs; }
          else makeSource { inherit sourceInfo outPath; };
      }) locked.nodes;
  in
    { inherit nodes resolve; };

  # The node of a flake. Overrides are nodes that take the place of its own inputs.
  callFlake = { sourceInfo, outPath, overrides }: let
    flake = import (outPath + "/flake.nix");
    lockFile = outPath + "/flake.lock";
    lock = fromJSON (readFile lockFile);
    locked =
      if !pathExists lockFile then { root = "root"; nodes.root = { }; }
      else if elem (lock.version or 0) [ 5 6 7 ] then lock
      else throw "lock file '\${lockFile}' has unsupported version \${toString (lock.version or 0)}";
    inherit (lockedNodes locked { inherit sourceInfo outPath node; }) nodes resolve;
    lockedInputs = locked.nodes.\${locked.root}.inputs or { };

    # Arguments of the outputs are inputs, too.
    implied = mapAttrs (_: _: { }) (removeAttrs (functionArgs flake.outputs) [ "self" ]);
    inputs = mapAttrs (name: input: let
      entry = lockedInputs.\${name};
      original = locked.nodes.\${resolve entry}.original or { };
      isLocked =
        lockedInputs ? \${name}
        && !isList entry
        && (!(input ? url || input ? type) || isFor (referenceOf outPath name input) original);
    in
      overrides.\${name} or (
        if input ? follows then followPath node input.follows
        else if isLocked then nodes.\${entry}.node
        else unlocked name input
      )) (implied // flake.inputs or { });

    # An input that no lock file names.
    unlocked = name: input: let
      reference = referenceOf outPath name input;
      isFlake = input.flake or true;
      fetched = fetchReference reference isFlake;
      place =
        if isRelative reference then {
          inherit sourceInfo;
          outPath = below (below outPath reference.path) (reference.dir or "");
        }
        else {
          inherit (fetched) sourceInfo;
          outPath = below fetched.sourceInfo.outPath fetched.dir;
        };
      isOverride = inner: input.inputs.\${inner} ? follows || input.inputs.\${inner} ? url || input.inputs.\${inner} ? type;
      override = inner: {
        name = inner;
        value =
          if input.inputs.\${inner} ? follows then followPath node input.inputs.\${inner}.follows
          else unlocked inner input.inputs.\${inner};
      };
    in
      if !isRelative reference && fetched ? standIn then makeStandIn fetched.standIn
      else if isFlake then
        callFlake (place // {
          overrides = listToAttrs (map override (filter isOverride (attrNames (input.inputs or { }))));
        })
      else makeSource place;

    node =
      assert isFunction flake.outputs;
      makeFlake { inherit sourceInfo outPath inputs; inherit (flake) outputs; };
  in
    node;
in
(callFlake {
  inherit (root) sourceInfo;
  outPath = below root.sourceInfo.outPath root.dir;
  overrides = { };
}).result
`;
