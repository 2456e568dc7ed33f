/**
 * A flake of the workspace, called where it is: its files keep their paths, and
 * it need not be tracked by Git or have a lock file. Inputs are those of the lock
 * file, if they are on this machine; for nixpkgs, `<nixpkgs>` stands in otherwise.
 */
import { encodeUtf8, type Bytes } from '../base/bytes';
import { attributesOf } from '../builtins/flake-registry';
import { callFlakeFrom, fetchLocked, fetchReference } from '../builtins/flakes';
import type { Evaluator } from '../evaluator/evaluator';
import { Attrs, attrsFromEntries } from '../values/attrs';
import { EvalError } from '../values/error';
import type { Forced, Value } from '../values/value';
import { attributeOf, tryForce } from './told-values';

/** The flake of a folder as its `self` is. @throws EvalError */
export function callFlakeInPlace(evaluator: Evaluator, folder: Bytes): Forced {
  const { vm } = evaluator;
  return callFlakeFrom(vm, {
    root: attrsFromEntries([
      ['dir', ''],
      ['sourceInfo', attrsFromEntries([['outPath', folder]])],
    ]),
    fetchLocked: (entry) => orNixpkgs(evaluator, entry, () => fetchLocked(vm, entry)),
    fetchReference: (reference, isFlake) =>
      orNixpkgs(evaluator, reference, () => fetchReference(vm, attributesOf(reference), isFlake)),
  });
}

/** Whether all inputs of a flake are what it names: they are on this machine, and nothing stands in for any. @throws Interruption */
export function hasItsInputs({ vm }: Evaluator, argument: Value): boolean {
  const inputs = tryForce(vm, argument);
  if (!(inputs instanceof Attrs)) return false;
  return inputs.shape.names.every((name) => {
    const input = name === 'self' ? undefined : attributeOf(vm, inputs, name);
    return name === 'self' || (input instanceof Attrs && input.has('sourceInfo'));
  });
}

/** Finds an input. For a nixpkgs that is not on this machine `<nixpkgs>` stands in, as a flake. */
function orNixpkgs(evaluator: Evaluator, reference: Attrs, find: () => Forced): Forced {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof EvalError) || !namesNixpkgs(reference)) throw error;
    const flake = nixpkgsFlake(evaluator);
    if (flake === undefined) throw error;
    return attrsFromEntries([['standIn', flake]]);
  }
}

/** Whether an input, as a lock file or a flake writes it, is nixpkgs. */
function namesNixpkgs(reference: Attrs): boolean {
  const url = reference.get('url');
  if (typeof url === 'string' && /\/nixpkgs\b/i.test(url)) return true;
  return ['repo', 'id'].some((name) => reference.get(name) === 'nixpkgs');
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
