/**
 * In which order C++ Nix goes through an attribute set: by when it first saw the names, in
 * whatever file that was. Where one attribute fails and another one decides, or fails too,
 * that order can be seen.
 *
 * Nixray keeps names sorted, and takes the order from where they are defined: the names of a
 * literal are seen one after the other.
 */
import type { Shape } from './shape';

const known = new WeakMap<Shape, readonly number[]>();

/** The indices of the names of a shape in that order; those of a set whose places are not known are sorted by name. */
export function visitingOrder(shape: Shape): readonly number[] {
  let order = known.get(shape);
  if (order === undefined) known.set(shape, (order = orderOf(shape)));
  return order;
}

function orderOf({ names, origin }: Shape): readonly number[] {
  const ranks = names.map(
    (name, index) => firstNames.get(name) ?? firstNames.size + (origin?.positionOf(index)?.offset ?? 0),
  );
  // The sort is stable, so what has no place stays sorted.
  return names.map((_, index) => index).sort((a, b) => ranks[a]! - ranks[b]!);
}

/** Names that C++ Nix knows before it reads anything. */
const firstNames = new Map(
  [
    'outPath',
    'drvPath',
    'type',
    'meta',
    'name',
    'value',
    'system',
    '__overrides',
    'outputs',
    'outputName',
    '__ignoreNulls',
    'file',
    'line',
    'column',
    '__functor',
    '__toString',
    'right',
    'wrong',
    '__structuredAttrs',
    '__json',
    'allowedReferences',
    'allowedRequisites',
    'disallowedReferences',
    'disallowedRequisites',
    'maxSize',
    'maxClosureSize',
    'builder',
    'args',
    '__contentAddressed',
    '__impure',
    'outputHash',
    'outputHashAlgo',
    'outputHashMode',
    'recurseForDerivations',
    'description',
    'self',
    '',
    'startSet',
    'operator',
    'key',
    'path',
    'prefix',
    'outputSpecified',
    'requiredSystemFeatures',
    'body',
  ].map((name, rank) => [name, rank]),
);
