/** The flake registries of this machine: the user's, the system's, and Nix's copy of the global one. Nix manual: `nix registry`. */
import type { Bytes } from '../base/bytes';
import { HostError, type Host } from '../host/host';
import { resolveSymlinks } from '../host/symbolic-links';
import { Attrs } from '../values/attrs';
import { textOf } from '../values/context';
import type { EvalError } from '../values/error';
import { ContextString, type Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { printFlakeReference, type InputAttribute, type InputAttributes } from './flake-reference';
import { JsonSyntaxError, readJson } from './json-reader';
import { hostOf } from './path-arguments';
import { elementsOf, isList } from '../values/list';

interface Entry {
  readonly from: InputAttributes;
  readonly to: InputAttributes;
  /** Whether only the very same reference is meant, and no other version of it. */
  readonly exact: boolean;
}

/** As many entries may lead from one to the next as in C++ Nix. */
const maxSteps = 100;

/**
 * What a reference means after the registries have been asked, with `dir` if an entry
 * has one. What they do not know stays as it is.
 * @throws EvalError for a name that no registry knows, and for one that leads in a circle
 */
export function resolveReference(vm: Vm, reference: InputAttributes): InputAttributes {
  let { dir, ...rest } = Object.fromEntries(reference);
  let input: InputAttributes = new Map(Object.entries(rest));
  for (let steps = 0; ; steps++) {
    if (steps > maxSteps)
      throw failure(`cycle detected in flake registry for '${printFlakeReference(input)}'`);
    const entry = findEntry(hostOf(vm), input, (message) => vm.loader.report('warning', message));
    if (entry === undefined) break;
    ({ dir = dir, ...rest } = Object.fromEntries(entry.to));
    const target = new Map(Object.entries(rest));
    input = entry.exact ? target : withVersion(target, input, entry.from);
  }
  if (input.get('type') === 'indirect') throw unknownFlake(input);
  return dir === undefined ? input : new Map([...input, ['dir', dir]]);
}

/** Whether some registry knows a name. */
export function isRegistered(host: Host, id: Bytes): boolean {
  return (
    findEntry(host, new Map([['type', 'indirect'] as const, ['id', id] as const]), () => {}) !== undefined
  );
}

function unknownFlake(input: InputAttributes): EvalError {
  const id = String(input.get('id'));
  return failure(
    `cannot find flake '${printFlakeReference(input)}' in the flake registries of this machine; add it with 'nix registry add ${id} URL'`,
    'unsupported',
  );
}

function findEntry(host: Host, input: InputAttributes, warn: (message: Bytes) => void): Entry | undefined {
  const { config, systemConfig, cache } = host.nixFolders;
  for (const path of [
    `${config}/registry.json`,
    `${systemConfig}/registry.json`,
    `${cache}/flake-registry.json`,
  ]) {
    const found = entriesOf(readRegistry(host, path, warn)).find((entry) => means(entry, input));
    if (found !== undefined) return found;
  }
  return undefined;
}

function means({ from, exact }: Entry, input: InputAttributes): boolean {
  return same(from, input) || (!exact && same(from, without(input, ['ref', 'rev'])));
}

function same(a: InputAttributes, b: InputAttributes): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}

function without(input: InputAttributes, names: readonly string[]): InputAttributes {
  return new Map([...input].filter(([name]) => !names.includes(name)));
}

/** An entry's target in the version that the reference names, unless the entry itself names one. */
function withVersion(
  target: InputAttributes,
  input: InputAttributes,
  from: InputAttributes,
): InputAttributes {
  const ref = from.has('ref') ? undefined : input.get('ref');
  const rev = from.has('rev') ? undefined : input.get('rev');
  const result = new Map(target);
  if (rev !== undefined) result.set('rev', rev);
  if (ref !== undefined) result.set('ref', ref);
  switch (result.get('type')) {
    case 'github':
    case 'gitlab':
    case 'sourcehut':
      if (rev !== undefined && ref !== undefined) {
        throw failure(
          `cannot apply both a commit hash (${String(rev)}) and a branch/tag name ('${String(ref)}') to input '${printFlakeReference(target)}'`,
        );
      }
      // One of them says all.
      if (rev !== undefined) result.delete('ref');
      if (ref !== undefined) result.delete('rev');
      break;
    case 'git':
      if (result.has('rev') && !result.has('ref')) {
        throw failure(`Git input '${printFlakeReference(result)}' has a commit hash but no branch/tag name`);
      }
      break;
    case 'indirect':
      break;
    default:
      if (rev !== undefined) {
        throw failure(
          `don't know how to set revision of input '${printFlakeReference(target)}' to '${String(rev)}'`,
        );
      }
      if (ref !== undefined) {
        throw failure(
          `don't know how to set branch/tag name of input '${printFlakeReference(target)}' to '${String(ref)}'`,
        );
      }
  }
  return result;
}

/** The value of a registry's file; null where it is missing or broken. */
function readRegistry(host: Host, path: Bytes, warn: (message: Bytes) => void): Value {
  try {
    return readJson(host.readFile(resolveSymlinks(host, path)));
  } catch (error) {
    if (error instanceof JsonSyntaxError) {
      warn(`cannot parse flake registry '${path}': ${error.message}`);
      return null;
    }
    if (error instanceof HostError) return null;
    throw error;
  }
}

function entriesOf(registry: Value): Entry[] {
  const flakes =
    registry instanceof Attrs && registry.get('version') === 2 ? registry.get('flakes') : undefined;
  if (!isList(flakes)) return [];
  return elementsOf(flakes).flatMap((entry) => {
    const from = entry instanceof Attrs ? entry.get('from') : undefined;
    const to = entry instanceof Attrs ? entry.get('to') : undefined;
    if (!(from instanceof Attrs && to instanceof Attrs)) return [];
    return [
      { from: attributesOf(from), to: attributesOf(to), exact: (entry as Attrs).get('exact') === true },
    ];
  });
}

/** A set of plain values as attributes of an input; others are left out. */
export function attributesOf(set: Attrs): InputAttributes {
  const attributes = new Map<string, InputAttribute>();
  set.shape.names.forEach((name, i) => {
    const value = set.values[i];
    if (value instanceof ContextString) attributes.set(name, textOf(value));
    else if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) {
      attributes.set(name, value as InputAttribute);
    }
  });
  return attributes;
}
