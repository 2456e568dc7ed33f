/** The flake registries of this machine: the user's and the system's. Nix manual: `nix registry`. */
import type { Bytes } from '../base/bytes';
import { HostError } from '../host/host';
import { Attrs } from '../values/attrs';
import { textOf } from '../values/context';
import { ContextString, type Value } from '../values/value';
import type { Vm } from '../vm/vm';
import type { InputAttribute, InputAttributes } from './flake-reference';
import { JsonSyntaxError, readJson } from './json-reader';
import { hostOf } from './path-arguments';

/** What a flake's short name means, in the first registry that has it. */
export function registryEntry(vm: Vm, id: Bytes): InputAttributes | undefined {
  const configuration = vm.host.getEnvironment('XDG_CONFIG_HOME') ?? `${vm.host.home}/.config`;
  for (const path of [`${configuration}/nix/registry.json`, '/etc/nix/registry.json']) {
    const found = entryIn(readRegistry(vm, path), id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value of a registry's file; null where it is missing or broken. */
function readRegistry(vm: Vm, path: Bytes): Value {
  try {
    return readJson(hostOf(vm).readFile(path));
  } catch (error) {
    if (error instanceof HostError || error instanceof JsonSyntaxError) return null;
    throw error;
  }
}

function entryIn(registry: Value, id: Bytes): InputAttributes | undefined {
  const flakes = registry instanceof Attrs ? registry.get('flakes') : undefined;
  if (!Array.isArray(flakes)) return undefined;
  for (const entry of flakes as readonly Value[]) {
    if (!(entry instanceof Attrs)) continue;
    const from = entry.get('from');
    const to = entry.get('to');
    if (
      from instanceof Attrs &&
      to instanceof Attrs &&
      from.get('type') === 'indirect' &&
      from.get('id') === id
    ) {
      return attributesOf(to);
    }
  }
  return undefined;
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
