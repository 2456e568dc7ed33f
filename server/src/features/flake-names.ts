/**
 * The names that Nix knows in a `flake.nix`, of the flake itself, of its inputs and of
 * its outputs. Nix manual: `nix flake`, "Flake format"; `nix flake check`.
 */
import type { Bytes } from '../base/bytes';
import { Kind, staticName, type AttributeName, type LambdaNode } from '../syntax/tree';
import { resultPath, type PlacedNode } from '../syntax/walk';

/** Names, and a few words about each. */
type Names = Readonly<Record<string, string>>;

const ofFlake: Names = {
  description: 'a line about the flake',
  inputs: 'the flakes that this one depends on',
  outputs: 'a function from the inputs to what the flake has',
  nixConfig: 'settings of Nix for whoever evaluates the flake',
};

const ofInput: Names = {
  url: 'where it is, such as "github:NixOS/nixpkgs/nixos-25.11"',
  flake: 'false for a source that is no flake',
  follows: 'the input of this flake that stands for it',
  inputs: 'what its own inputs are instead',
};

const ofOutputs: Names = {
  packages: 'derivations, by system and name',
  legacyPackages: 'sets of derivations, by system',
  apps: 'programs for `nix run`, by system and name',
  devShells: 'environments for `nix develop`, by system and name',
  checks: 'derivations that `nix flake check` builds, by system and name',
  formatter: 'what `nix fmt` runs, by system',
  bundlers: 'functions for `nix bundle`, by system and name',
  overlays: 'functions from `final` and `prev`, by name',
  nixosModules: 'modules of NixOS, by name',
  nixosConfigurations: 'systems for `nixos-rebuild`, by host name',
  homeConfigurations: 'configurations of home-manager, by user',
  darwinConfigurations: 'systems of nix-darwin, by host name',
  hydraJobs: 'what Hydra builds',
  templates: 'for `nix flake init`, by name',
  lib: 'functions for others',
};

/**
 * The names that a set in a flake may bind, behind the first ones of a path.
 * @param around the nodes around the binding, the root first, the set last
 */
export function flakeNames(around: readonly PlacedNode[], names: readonly AttributeName[]): Names {
  const [root] = around;
  if (root?.node.kind !== Kind.AttributeSet) return {};
  const path = pathThrough(around, names);
  if (path !== undefined) return namesBelow(path);
  const lambda = outputsFunction(around);
  if (lambda === undefined || names.length > 0) return {};
  const result = resultPath(lambda).at(-1)!.node;
  return result === around.at(-1)!.node ? ofOutputs : {};
}

/** The inputs that a flake names, for the formals of its outputs. @param around the nodes around the formal */
export function flakeInputs(around: readonly PlacedNode[], lambda: LambdaNode): Bytes[] {
  const [root] = around;
  if (root?.node.kind !== Kind.AttributeSet || outputsFunction(around)?.node !== lambda) return [];
  const found = new Set<Bytes>(['self']);
  for (const binding of root.node.bindings) {
    if (binding.kind !== Kind.Binding) continue;
    const [first, second] = binding.path.names.map(staticName);
    if (first !== 'inputs') continue;
    if (second !== undefined) found.add(second);
    else if (binding.value.kind === Kind.AttributeSet) {
      for (const inner of binding.value.bindings) {
        const name = inner.kind === Kind.Binding ? staticName(inner.path.names[0]!) : undefined;
        if (name !== undefined) found.add(name);
      }
    }
  }
  return [...found];
}

/** The names from the root to a place that only sets are around; undefined for any other. */
function pathThrough(
  around: readonly PlacedNode[],
  last: readonly AttributeName[],
): readonly (Bytes | undefined)[] | undefined {
  const path: (Bytes | undefined)[] = [];
  for (const { node } of around) {
    if (node.kind === Kind.Binding) path.push(...node.path.names.map(staticName));
    else if (node.kind !== Kind.AttributeSet) return undefined;
  }
  return [...path, ...last.map(staticName)];
}

function namesBelow(path: readonly (Bytes | undefined)[]): Names {
  if (path.length === 0) return ofFlake;
  // `inputs.a`, `inputs.a.inputs.b` and so on are inputs.
  const isInput = path.length % 2 === 0 && path.every((name, i) => i % 2 === 1 || name === 'inputs');
  return isInput ? ofInput : {};
}

/** The function that the outputs of a flake are, if a place is in it. */
function outputsFunction(around: readonly PlacedNode[]): (PlacedNode & { node: LambdaNode }) | undefined {
  const [, binding, value] = around;
  if (binding?.node.kind !== Kind.Binding || value?.node.kind !== Kind.Lambda) return undefined;
  const [name, more] = binding.node.path.names;
  if (more !== undefined || staticName(name!) !== 'outputs') return undefined;
  return { node: value.node, at: value.at };
}
