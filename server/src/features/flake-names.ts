/**
 * The names that Nix knows in a `flake.nix`, of the flake itself, of its inputs and of
 * its outputs. Nix manual: `nix flake`, "Flake format"; `nix flake check`.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { ParsedFile } from '../syntax/parse';
import { Kind, staticName, type AttributeName, type AttributeSetNode, type LambdaNode } from '../syntax/tree';
import { nodesAt, resultPath, type PlacedNode } from '../syntax/walk';

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

/** The settings that flakes make in fact; Nix asks before it follows them, but for those of the prompt. */
const ofNixConfig: Names = {
  'extra-substituters': 'caches besides those of the user',
  'extra-trusted-public-keys': 'keys of caches besides those of the user',
  substituters: 'caches instead of those of the user',
  'trusted-public-keys': 'keys of caches instead of those of the user',
  'extra-experimental-features': 'features of Nix that the flake needs',
  'extra-trusted-substituters': 'caches that any user may use',
  'allow-import-from-derivation': 'whether evaluation may build',
  'bash-prompt': 'the prompt in `nix develop`',
  'bash-prompt-prefix': 'what precedes the prompt in `nix develop`',
  'bash-prompt-suffix': 'what follows the prompt in `nix develop`',
  'commit-lock-file-summary': 'the first line of a commit of flake.lock',
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
 * @param typed the name that is being written
 */
export function flakeNames(
  around: readonly PlacedNode[],
  names: readonly AttributeName[],
  typed?: AttributeName,
): Names {
  const [root] = around;
  if (root?.node.kind !== Kind.AttributeSet) return {};
  const path = pathThrough(around, names);
  if (path !== undefined) return namesBelow(path, root.node, typed);
  const lambda = outputsFunction(around);
  if (lambda === undefined || names.length > 0) return {};
  const result = resultPath(lambda).at(-1)!.node;
  return result === around.at(-1)!.node ? ofOutputs : {};
}

/** What Nix knows the names by that no user chooses. */
const explained: ReadonlySet<Names> = new Set([ofFlake, ofInput, ofNixConfig, ofOutputs]);

/** A sentence in Markdown about the name at an offset of a `flake.nix`; undefined where Nix gives it no meaning. */
export function describeFlakeName(parsed: ParsedFile, offset: number): string | undefined {
  const around = nodesAt(parsed, offset).reverse();
  const pathIndex = around.findLastIndex(({ node }) => node.kind === Kind.AttributePath);
  const binding = around[pathIndex - 1]?.node;
  const written = around[pathIndex + 1]?.node;
  if (binding?.kind !== Kind.Binding || written === undefined) return undefined;
  const { names } = binding.path;
  const index = names.findIndex((name) => name === written);
  const name = index < 0 ? undefined : staticName(names[index]!);
  if (name === undefined) return undefined;
  const known = flakeNames(around.slice(0, pathIndex - 1), names.slice(0, index));
  if (!explained.has(known) || !Object.hasOwn(known, name)) return undefined;
  return `\`${name}\`: ${known[name]!}.`;
}

/**
 * The flakes that an input may follow: paths of names such as `nixpkgs` and `home-manager/nixpkgs`.
 * @param around the nodes around the binding, the root first, the set last
 * @param names those of the binding's path
 * @returns undefined where the binding says of no input what it follows
 */
export function flakesToFollow(
  around: readonly PlacedNode[],
  names: readonly AttributeName[],
): Bytes[] | undefined {
  const root = around[0]?.node;
  const path = pathThrough(around, names);
  if (root?.kind !== Kind.AttributeSet || path?.at(-1) !== 'follows' || !isInput(path.slice(0, -1)))
    return undefined;
  const own = path[1];
  const direct: Bytes[] = [];
  const deeper: Bytes[] = [];
  for (const input of namesIn(root, ['inputs'])) {
    // None follows itself, nor what it has itself.
    if (input === own) continue;
    direct.push(input);
    for (const inner of namesIn(root, ['inputs', input, 'inputs'])) deeper.push(`${input}/${inner}`);
  }
  return [...direct, ...deeper];
}

/** Whether a binding says where an input is. @param around the nodes around it @param names those of its path */
export function isInputUrl(around: readonly PlacedNode[], names: readonly AttributeName[]): boolean {
  const path = pathThrough(around, names);
  return path?.at(-1) === 'url' && isInput(path.slice(0, -1));
}

/** The inputs that a flake names, for the formals of its outputs. @param around the nodes around the formal */
export function flakeInputs(around: readonly PlacedNode[], lambda: LambdaNode): Bytes[] {
  const [root] = around;
  if (root?.node.kind !== Kind.AttributeSet || outputsFunction(around)?.node !== lambda) return [];
  return [...new Set<Bytes>(['self', ...namesIn(root.node, ['inputs'])])];
}

/**
 * The names that the bindings of a set give to the set at a path in it.
 * @param typed a name that is just being written, which counts for nothing
 */
function namesIn(set: AttributeSetNode, path: readonly Bytes[], typed?: AttributeName): Set<Bytes> {
  const found = new Set<Bytes>();
  for (const binding of set.bindings) {
    if (binding.kind !== Kind.Binding) continue;
    const { names } = binding.path;
    const common = Math.min(names.length, path.length);
    if (names.slice(0, common).some((name, i) => staticName(name) !== path[i])) continue;
    const next = names[path.length];
    if (next !== undefined) {
      const name = staticName(next);
      if (next !== typed && name !== undefined) found.add(name);
    } else if (binding.value.kind === Kind.AttributeSet) {
      for (const name of namesIn(binding.value, path.slice(common), typed)) found.add(name);
    }
  }
  return found;
}

/** Inputs at a place where some are bound: what the outputs take and nobody has named comes first. */
function inputNames(root: AttributeSetNode, typed: AttributeName | undefined): Names {
  const declared = namesIn(root, ['inputs'], typed);
  const taken = formalsOfOutputs(root).filter((name) => name !== 'self' && !declared.has(name));
  return {
    ...Object.fromEntries(taken.map((name) => [decodeUtf8(name), 'a parameter of the outputs'])),
    ...Object.fromEntries([...declared].map((name) => [decodeUtf8(name), 'an input'])),
  };
}

function formalsOfOutputs(root: AttributeSetNode): Bytes[] {
  for (const binding of root.bindings) {
    if (binding.kind !== Kind.Binding || binding.path.names.length > 1) continue;
    if (staticName(binding.path.names[0]!) !== 'outputs' || binding.value.kind !== Kind.Lambda) continue;
    return binding.value.formals?.formals.map(({ name }) => name.name) ?? [];
  }
  return [];
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

function namesBelow(
  path: readonly (Bytes | undefined)[],
  root: AttributeSetNode,
  typed: AttributeName | undefined,
): Names {
  if (path.length === 0) return ofFlake;
  if (path.length === 1 && path[0] === 'nixConfig') return ofNixConfig;
  if (path.length === 1 && path[0] === 'inputs') return inputNames(root, typed);
  if (isInput(path)) return ofInput;
  if (path.at(-1) !== 'inputs' || !isInput(path.slice(0, -1))) return {};
  // What an input takes is known from its own text alone; mostly it is something that this flake takes, too.
  const own = [...namesIn(root, ['inputs'])].filter((name) => name !== path[1]);
  return Object.fromEntries(own.map((name) => [decodeUtf8(name), 'an input of this flake']));
}

/** Whether names lead to an input: `inputs.a`, `inputs.a.inputs.b` and so on. */
function isInput(path: readonly (Bytes | undefined)[]): boolean {
  return (
    path.length > 0 && path.length % 2 === 0 && path.every((name, i) => i % 2 === 1 || name === 'inputs')
  );
}

/** The function that the outputs of a flake are, if a place is in it. */
function outputsFunction(around: readonly PlacedNode[]): (PlacedNode & { node: LambdaNode }) | undefined {
  const [, binding, value] = around;
  if (binding?.node.kind !== Kind.Binding || value?.node.kind !== Kind.Lambda) return undefined;
  const [name, more] = binding.node.path.names;
  if (more !== undefined || staticName(name!) !== 'outputs') return undefined;
  return { node: value.node, at: value.at };
}
