/**
 * The configurations that a flake of the workspace has: systems of NixOS and nix-darwin, and homes of
 * home-manager. Evaluating one of them calls its modules, by whatever names their files are computed.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Evaluator } from '../evaluator/evaluator';
import { directoryOf } from '../host/path';
import { Attrs } from '../values/attrs';
import { isTimeout, meansNoValue } from '../values/error';
import type { Position, Source } from '../values/position';
import { lazily } from '../values/thunk';
import type { Value } from '../values/value';
import { callFlakeInPlace, hasItsInputs } from './flake-in-place';
import { attributeOf } from './told-values';

/** A configuration among the outputs of a flake. */
export interface Configuration {
  /** The `flake.nix`. */
  readonly flake: Bytes;
  /** The names that lead to it, such as `nixosConfigurations` and `laptop`. */
  readonly names: readonly [Bytes, Bytes];
  /** Where the workspace defines it, as far as that is known, or else all of them, or the flake. */
  readonly position: Position;
  /** Whether something stands in for an input of the flake. */
  readonly isSupposed: boolean;
}

/** Names of outputs that are sets of configurations. */
const configurationSets = /^\w+Configurations$/;

/** A flake with more of them is no reason to wait. */
const maxConfigurations = 100;

/** The flake of the folder that a file is in, or of the nearest one above it. */
export function flakeAbove({ host }: Evaluator, path: Bytes): Bytes | undefined {
  for (let folder = directoryOf(path); ; folder = directoryOf(folder)) {
    const flake = `${folder === '/' ? '' : folder}/flake.nix`;
    if (host.fileType(flake) === 'regular') return flake;
    if (folder === '/') return undefined;
  }
}

/** The configurations of a flake, by name; none where its outputs fail. @throws Interruption */
export function configurationsOf(
  evaluator: Evaluator,
  flake: Source,
  isInWorkspace: (path: Bytes) => boolean,
): Configuration[] {
  const { vm } = evaluator;
  const outputs = outputsOf(evaluator, flake.path);
  if (outputs === undefined) return [];
  const isSupposed = !hasItsInputs(evaluator, outputs.get('inputs') ?? null);
  const start = { source: flake, offset: 0 };
  const found: Configuration[] = [];
  const inWorkspace = (position: Position | undefined): Position | undefined =>
    position !== undefined && isInWorkspace(position.source.path) ? position : undefined;
  for (const kind of outputs.shape.names) {
    const set = configurationSets.test(kind) ? attributeOf(vm, outputs, kind) : undefined;
    if (!(set instanceof Attrs)) continue;
    for (const name of set.shape.names) {
      // Names that a function of nixpkgs has made say nothing of where.
      const position = inWorkspace(set.positionOf(name)) ?? inWorkspace(outputs.positionOf(kind)) ?? start;
      found.push({ flake: flake.path, names: [kind, name], position, isSupposed });
      if (found.length === maxConfigurations) return found;
    }
  }
  return found;
}

/** What has to be evaluated for all modules of a configuration to be called, made anew. */
export function startOf(evaluator: Evaluator, { flake, names }: Configuration): Value {
  const { vm } = evaluator;
  return lazily(() => {
    const outputs = callFlakeInPlace(evaluator, directoryOf(flake));
    let value = outputs;
    for (const name of [...names, 'config'])
      value = (value instanceof Attrs && attributeOf(vm, value, name)) || null;
    return value;
  });
}

export function nameOf({ names }: Configuration): string {
  return names.map(decodeUtf8).join('.');
}

function outputsOf(evaluator: Evaluator, flake: Bytes): Attrs | undefined {
  try {
    const outputs = callFlakeInPlace(evaluator, directoryOf(flake));
    return outputs instanceof Attrs ? outputs : undefined;
  } catch (error) {
    if (!meansNoValue(error) || isTimeout(error)) throw error;
    return undefined;
  }
}
