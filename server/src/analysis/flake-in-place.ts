/**
 * A flake of the workspace, called where it is: its files keep their paths, and
 * it need not be tracked by Git or have a lock file. Inputs are those of the lock
 * file, if they are on this machine; for nixpkgs, `<nixpkgs>` stands in otherwise.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { callFlakeFiles, fetchLocked, getFlake } from '../builtins/flakes';
import type { Evaluator } from '../evaluator/evaluator';
import { canonicalPath } from '../host/path';
import { Attrs, attrsFromEntries } from '../values/attrs';
import { textOf } from '../values/context';
import { EvalError } from '../values/error';
import { Builtin, ContextString, type Forced, type Value } from '../values/value';

/** The flake of a folder as its `self` is. @throws EvalError */
export function callFlakeInPlace(evaluator: Evaluator, folder: Bytes): Forced {
  const { vm } = evaluator;
  const locked = orNixpkgs(evaluator, (reference) => fetchLocked.call(vm, reference, null, null));
  const unlocked = orNixpkgs(evaluator, (reference) => {
    const relative = textIn(vm.force(reference))?.match(/^(?:path:)?(\.{1,2}(?:\/.*)?)$/);
    if (relative === null || relative === undefined) return getFlake(vm, reference);
    return callFlakeInPlace(evaluator, canonicalPath(`${folder}/${relative[1]}`));
  });
  return callFlakeFiles(vm, {
    folder,
    rootInfo: attrsFromEntries([['outPath', folder]]),
    fetch: new Builtin({ ...fetchLocked, call: (_, reference) => locked(reference, 'standIn') }, 1),
    getFlake: new Builtin({ ...fetchLocked, call: (_, reference) => unlocked(reference) }, 1),
  });
}

/**
 * Finds an input. For a nixpkgs that is not on this machine it is `<nixpkgs>` as a
 * flake; if a name is given, in a set under that name.
 */
function orNixpkgs(
  evaluator: Evaluator,
  find: (reference: Value) => Forced,
): (reference: Value, under?: string) => Forced {
  return (reference, under) => {
    try {
      return find(reference);
    } catch (error) {
      if (!(error instanceof EvalError) || !namesNixpkgs(evaluator.vm.force(reference))) throw error;
      const flake = nixpkgsFlake(evaluator);
      if (flake === undefined) throw error;
      return under === undefined ? flake : attrsFromEntries([[under, flake]]);
    }
  };
}

/** Whether an input, as a lock file or a flake writes it, is nixpkgs. */
function namesNixpkgs(reference: Forced): boolean {
  const text = textIn(reference);
  if (text !== undefined) return /^(?:flake:)?nixpkgs\b|[/]nixpkgs\b/i.test(text);
  if (!(reference instanceof Attrs)) return false;
  return ['repo', 'id'].some((name) => reference.get(name) === 'nixpkgs');
}

function textIn(value: Forced): Bytes | undefined {
  return typeof value === 'string' || value instanceof ContextString ? textOf(value) : undefined;
}

/** What nixpkgs has as a flake, from `<nixpkgs>`; undefined where the search path has none. */
function nixpkgsFlake(evaluator: Evaluator): Forced | undefined {
  try {
    return evaluator.evaluateText(encodeUtf8(nixpkgsText), '/', encodeUtf8('«nixpkgs»'));
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

const nixpkgsText = `
let
  path = <nixpkgs>;
  systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" "i686-linux" "armv7l-linux" ];
  perSystem = f: builtins.listToAttrs (map (system: { name = system; value = f system; }) systems);
in
builtins.seq path {
  _type = "flake";
  outPath = toString path;
  lib = import (path + "/lib") // {
    nixosSystem = arguments: import (path + "/nixos/lib/eval-config.nix") ({ system = null; } // arguments);
  };
  legacyPackages = perSystem (system: import path { inherit system; });
}
`;
