/**
 * Which option a set is the value of, or a part of its value, told by the set itself: what reads it
 * may have got it as an argument, such as `map (site: site.port)`, whose text shows no option.
 */
import type { Bytes } from '../base/bytes';
import { Attrs } from '../values/attrs';
import { elementAt, isList } from '../values/list';
import { withoutThunk } from '../values/thunk';
import type { Value } from '../values/value';
import { anyName } from './option-path';

/** So many parts of a configuration are looked at, and so many names lead to one at most. */
const maxParts = 100_000;
const maxNames = 12;

/** A set or list with more elements is one of packages. */
const maxElements = 5000;

/** A part of a configuration, and the names that lead to it. */
interface Part {
  readonly value: Value;
  readonly names: readonly Bytes[];
}

/**
 * The names that lead from the `config` of modules to a set; undefined where it is no part of that, as far
 * as it was evaluated. Nothing is evaluated for it: whoever has the set, has evaluated what leads to it.
 */
export function namesOfPart(config: Attrs, wanted: Attrs): readonly Bytes[] | undefined {
  const waiting: Part[] = [{ value: config, names: [] }];
  const seen = new Set<Value>([config]);
  // Those parts come first that few names lead to.
  for (const { value, names } of waiting) {
    if (value === wanted) return names;
    if (names.length === maxNames || waiting.length > maxParts) continue;
    for (const part of partsOf(value, names.length === 0)) {
      if (seen.has(part.value)) continue;
      seen.add(part.value);
      waiting.push({ value: part.value, names: [...names, part.name] });
    }
  }
  return undefined;
}

/** The sets and lists right in a set or list that were evaluated. */
function* partsOf(value: Value, isTop: boolean): Iterable<{ name: Bytes; value: Value }> {
  if (isList(value)) {
    for (let i = 0; i < Math.min(value.length, maxElements); i++) {
      const inner = withoutThunk(elementAt(value, i));
      if (inner instanceof Attrs || isList(inner)) yield { name: anyName, value: inner };
    }
  }
  // Derivations are no sets of options, and what they are made of is without end.
  if (!(value instanceof Attrs) || value.has('drvPath') || value.size > maxElements) return;
  const { names } = value.shape;
  for (let i = 0; i < names.length; i++) {
    if (isTop && notOptions.has(names[i]!)) continue;
    const inner = withoutThunk(value.values[i]!);
    if (inner instanceof Attrs || isList(inner)) yield { name: names[i]!, value: inner };
  }
}

/** What a configuration holds besides the values of options: arguments of modules, and the settings of nixpkgs. */
const notOptions: ReadonlySet<Bytes> = new Set(['_module', 'nixpkgs', 'lib']);
