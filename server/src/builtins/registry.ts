/**
 * All builtins in one place, and the global scope that is made from them.
 */
import { type Attrs, attrsFromMap } from '../values/attrs';
import { Builtin, type Value } from '../values/value';
import type { BuiltinRecord, ConstantRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import * as arithmetic from './arithmetic';
import * as attributeSets from './attribute-sets';
import * as control from './control';
import * as contexts from './contexts';
import { constantRecords } from './constants';
import * as derivations from './derivations';
import * as environment from './environment';
import * as fetchers from './fetchers';
import * as files from './files';
import * as findFile from './find-file';
import * as hashes from './hashes';
import * as imports from './imports';
import * as json from './json';
import * as lists from './lists';
import * as regularExpressions from './regular-expressions';
import * as strings from './strings';
import * as toml from './toml';
import * as types from './types';
import * as versions from './versions';
import * as xml from './xml';

/** The families, each in a file of its own. */
const families: readonly (readonly BuiltinRecord[])[] = [
  arithmetic.records,
  attributeSets.records,
  control.records,
  contexts.records,
  derivations.records,
  environment.records,
  fetchers.records,
  files.records,
  findFile.records,
  hashes.records,
  imports.records,
  json.records,
  lists.records,
  regularExpressions.records,
  strings.records,
  toml.records,
  types.records,
  versions.records,
  xml.records,
];

export const builtinRecords: readonly BuiltinRecord[] = families.flat();

/** The constants besides `builtins`, `true`, `false` and `null`, which are always there. */
export { constantRecords };

/** Each builtin is one value, in every evaluator. */
const builtinValues: ReadonlyMap<string, Value> = new Map(
  builtinRecords.map((record) => [record.name, valueOf(record)]),
);

/** The values that have names in the global scope and in `builtins`, and no record. */
export const literals: readonly (readonly [name: string, value: boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** The name of a builtin or a constant in the global scope. */
export function globalName(record: BuiltinRecord | ConstantRecord): string {
  const isPlain = 'scope' in record ? record.scope === 'name' : record.global === true;
  return isPlain ? record.name : `__${record.name}`;
}

function valueOf(record: BuiltinRecord): Value {
  return new Builtin(record, record.parameters.length);
}

export interface Globals {
  /** The set `builtins`. */
  readonly builtins: Attrs;
  /** The global scope: what every expression can name. */
  readonly names: ReadonlyMap<string, Value>;
}

/** The global scope of an evaluator; constants such as `nixPath` belong to its machine. */
export function createGlobals(vm: Vm): Globals {
  const set = new Map<string, Value>();
  const names = new Map<string, Value>();
  for (const record of builtinRecords) {
    // What needs a feature that is off is not there at all, as code asks with `builtins ? getFlake`.
    if (record.feature !== undefined && !vm.host.features.has(record.feature)) continue;
    const value = builtinValues.get(record.name)!;
    set.set(record.name, value);
    names.set(globalName(record), value);
  }
  for (const record of constantRecords) {
    const value = record.value(vm);
    set.set(record.name, value);
    names.set(globalName(record), value);
  }
  for (const [name, value] of literals) {
    set.set(name, value);
    names.set(name, value);
  }
  // `builtins.builtins` is the set itself.
  set.set('builtins', null);
  const builtins = attrsFromMap(set);
  builtins.values[builtins.shape.indexOf('builtins')] = builtins;
  names.set('builtins', builtins);
  return { builtins, names };
}
