/**
 * Attribute sets. What keeps the names of an argument keeps its shape; where
 * C++ Nix forgets where an attribute was defined, so does the result here.
 * Nix manual: language/builtins.
 */
import { Attrs, attrsFromMap, compareBytes, emptyAttrs, roomFor } from '../values/attrs';
import { elementAt, type List } from '../values/list';
import { NameIndex } from '../values/name-index';
import type { Position } from '../values/position';
import { rememberedNames, Shape, type Origin } from '../values/shape';
import { lazyCall2 } from '../values/thunk';
import type { Forced, Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { positionAttrs } from '../vm/operations';
import type { Vm } from '../vm/vm';
import { attributeMissing } from './failure';
import { lazy, strict } from './parameters';
import { arrayOf } from './sizes';

// --- Looking into a set -----------------------------------------------------------

function attrNames(vm: Vm, argument: Value): Forced {
  const set = vm.forceAttrs(argument, 'while evaluating the argument passed to builtins.attrNames');
  return set.shape.names.slice();
}

function attrValues(vm: Vm, argument: Value): Forced {
  const set = vm.forceAttrs(argument, 'while evaluating the argument passed to builtins.attrValues');
  return set.values.slice();
}

function getAttr(vm: Vm, name: Value, argument: Value): Forced {
  const wanted = vm.forceStringNoContext(
    name,
    'while evaluating the first argument passed to builtins.getAttr',
  );
  const set = vm.forceAttrs(argument, 'while evaluating the second argument passed to builtins.getAttr');
  const value = set.get(wanted);
  if (value === undefined) throw attributeMissing(wanted, 'in the attribute set under consideration');
  return vm.force(value);
}

function hasAttr(vm: Vm, name: Value, argument: Value): Forced {
  const wanted = vm.forceStringNoContext(
    name,
    'while evaluating the first argument passed to builtins.hasAttr',
  );
  const set = vm.forceAttrs(argument, 'while evaluating the second argument passed to builtins.hasAttr');
  return set.has(wanted);
}

function unsafeGetAttrPos(vm: Vm, name: Value, argument: Value): Forced {
  const wanted = vm.forceStringNoContext(
    name,
    'while evaluating the first argument passed to builtins.unsafeGetAttrPos',
  );
  const set = vm.forceAttrs(
    argument,
    'while evaluating the second argument passed to builtins.unsafeGetAttrPos',
  );
  return positionAttrs(set.positionOf(wanted));
}

function catAttrs(vm: Vm, name: Value, argument: Value): Forced {
  const wanted = vm.forceStringNoContext(
    name,
    'while evaluating the first argument passed to builtins.catAttrs',
  );
  const list = vm.forceList(argument, 'while evaluating the second argument passed to builtins.catAttrs');
  const context = 'while evaluating an element in the list passed as second argument to builtins.catAttrs';
  const found: Value[] = [];
  for (let i = 0; i < list.length; i++) {
    const value = vm.forceAttrs(list[i]!, context).get(wanted);
    if (value !== undefined) found.push(value);
  }
  return found;
}

// --- Parts of a set ---------------------------------------------------------------

function removeAttrs(vm: Vm, argument: Value, names: Value): Forced {
  const set = vm.forceAttrs(argument, 'while evaluating the first argument passed to builtins.removeAttrs');
  const list = vm.forceList(names, 'while evaluating the second argument passed to builtins.removeAttrs');
  const context = 'while evaluating the values of the second argument passed to builtins.removeAttrs';
  const removed: number[] = [];
  for (let i = 0; i < list.length; i++) {
    const index = set.shape.indexOf(vm.forceStringNoContext(list[i]!, context));
    if (index >= 0) removed.push(index);
  }
  // A set of its own, as a printer tells a set that it meets again.
  if (removed.length === 0) return new Attrs(set.shape, set.values);
  return set.select(indicesWithout(set.size, removed));
}

/** The indices below `count` besides `removed`, which is in no order and may repeat itself. */
function indicesWithout(count: number, removed: number[]): number[] {
  removed.sort(compareNumbers);
  const kept: number[] = [];
  let next = 0;
  for (const index of removed) {
    while (next < index) kept.push(next++);
    next = index + 1;
  }
  while (next < count) kept.push(next++);
  return kept;
}

function compareNumbers(a: number, b: number): number {
  return a - b;
}

function intersectAttrs(vm: Vm, first: Value, second: Value): Forced {
  const left = vm.forceAttrs(first, 'while evaluating the first argument passed to builtins.intersectAttrs');
  const right = vm.forceAttrs(
    second,
    'while evaluating the second argument passed to builtins.intersectAttrs',
  );
  const kept =
    left.size < right.size ? indicesOfNames(left.shape, right.shape) : indicesInBoth(left.shape, right.shape);
  return kept.length === right.size ? new Attrs(right.shape, right.values) : right.select(kept);
}

/** The indices in a large shape of the names that a small one also has; `callPackage` meets all of nixpkgs so. */
function indicesOfNames(small: Shape, large: Shape): number[] {
  const kept: number[] = [];
  const { names } = small;
  for (let i = 0; i < names.length; i++) {
    const index = large.indexOf(names[i]!);
    if (index >= 0) kept.push(index);
  }
  return kept;
}

function indicesInBoth(large: Shape, small: Shape): number[] {
  const kept: number[] = [];
  const { names } = small;
  for (let i = 0; i < names.length; i++) if (large.indexOf(names[i]!) >= 0) kept.push(i);
  return kept;
}

// --- Making sets ------------------------------------------------------------------

function mapAttrs(vm: Vm, callee: Value, argument: Value): Forced {
  const set = vm.forceAttrs(argument, 'while evaluating the second argument passed to builtins.mapAttrs');
  const { values } = set;
  const { names } = set.shape;
  const count = values.length;
  if (count === 0) return emptyAttrs;
  const result = roomFor(count);
  for (let i = 0; i < count; i++) result[i] = lazyCall2(callee, names[i]!, values[i]!);
  return new Attrs(set.shape.withoutOrigin(), result);
}

/** The names of a set made by listToAttrs were defined where the `value` of their pair was. */
class PairsOrigin implements Origin {
  constructor(private readonly shapes: readonly Shape[]) {}
  positionOf(index: number): Position | undefined {
    const shape = this.shapes[index]!;
    return shape.origin?.positionOf(shape.indexOf('value'));
  }
}

/** Where all pairs have one shape, e.g. those of a `map` of `nameValuePair`. */
class EqualPairsOrigin implements Origin {
  constructor(private readonly shape: Shape) {}
  positionOf(): Position | undefined {
    return this.shape.origin?.positionOf(this.shape.indexOf('value'));
  }
}

function listToAttrs(vm: Vm, argument: Value): Forced {
  const list = vm.forceListLazily(argument, 'while evaluating the argument passed to builtins.listToAttrs');
  if (list.length === 0) return emptyAttrs;
  if (list.length === 1) return onePair(vm, vm.forceAttrs(elementAt(list, 0), whilePair));
  if (list.length >= manyPairs) return listToManyAttrs(vm, list);
  const entries = new Array<NamedPair>(list.length);
  for (let i = 0; i < list.length; i++) {
    const pair = vm.forceAttrs(elementAt(list, i), whilePair);
    entries[i] = new NamedPair(nameOfPair(vm, pair), pair);
  }
  // Sorting keeps the order of equal ones: of several pairs with the same name the first one counts.
  entries.sort(byName);
  const names: string[] = [];
  const values: Value[] = [];
  const shapes: Shape[] = [];
  for (let i = 0; i < entries.length; i++) {
    const { name, pair } = entries[i]!;
    if (i > 0 && name === entries[i - 1]!.name) continue;
    names.push(name);
    values.push(valueOfPair(pair));
    shapes.push(pair.shape);
  }
  return new Attrs(shapeOfPairs(names, shapes), values);
}

/** So many names are sorted by themselves, and an index leads from each pair to its place; with fewer that is slower. */
const manyPairs = 1000;

/** So many pairs stay until the set is made that it matters to who collects garbage. */
const veryManyPairs = 50_000;

function listToManyAttrs(vm: Vm, list: List): Attrs {
  if (list.length >= veryManyPairs) vm.keepsMuch();
  const names = arrayOf<string>(list.length);
  const pairs = arrayOf<Attrs>(list.length);
  for (let i = 0; i < list.length; i++) {
    const pair = vm.forceAttrs(elementAt(list, i), whilePair);
    names[i] = nameOfPair(vm, pair);
    pairs[i] = pair;
  }
  const sorted = names.slice().sort(compareBytes).filter(isFirst);
  const index = new NameIndex(sorted);
  const chosen = arrayOf<Attrs>(sorted.length);
  // From behind, since of several pairs with the same name the first one counts.
  for (let i = list.length - 1; i >= 0; i--) chosen[index.get(names[i]!)] = pairs[i]!;
  const values = roomFor(sorted.length);
  for (let i = 0; i < chosen.length; i++) values[i] = valueOfPair(chosen[i]!);
  const shape = shapeOfPairs(sorted, chosen.map(shapeOf));
  shape.adopt(index);
  return new Attrs(shape, values);
}

function shapeOf({ shape }: Attrs): Shape {
  return shape;
}

function isFirst(name: string, index: number, sorted: readonly string[]): boolean {
  return index === 0 || name !== sorted[index - 1];
}

class NamedPair {
  constructor(
    readonly name: string,
    readonly pair: Attrs,
  ) {}
}

function byName(left: NamedPair, right: NamedPair): number {
  return compareBytes(left.name, right.name);
}

/** The set of one pair: most lists of pairs are the outputs of a derivation, and most of these are `out` alone. */
function onePair(vm: Vm, pair: Attrs): Attrs {
  const name = nameOfPair(vm, pair);
  const value = valueOfPair(pair);
  return new Attrs(shapeOfPairs([name], [pair.shape]), [value]);
}

/** The shape for the sorted names of pairs that have these shapes. */
function shapeOfPairs(names: readonly string[], shapes: readonly Shape[]): Shape {
  const first = shapes[0]!;
  if (shapes.some((shape) => shape !== first)) return new Shape(names, new PairsOrigin(shapes));
  const origin = new EqualPairsOrigin(first);
  if (names.length > rememberedNames) return new Shape(names, origin);
  const operation = `pairs:${names.join('/')}`;
  const known = first.resultOf(operation);
  if (known !== undefined && isSame(known.names, names)) return known;
  return first.rememberResult(operation, new Shape(names, origin));
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

const whilePair = 'while evaluating an element of the list passed to builtins.listToAttrs';
const inPair = 'in a {name=...; value=...;} pair';

function nameOfPair(vm: Vm, pair: Attrs): string {
  const name = pair.get('name');
  if (name === undefined) throw attributeMissing('name', inPair);
  return vm.forceStringNoContext(
    name,
    'while evaluating the `name` attribute of an element of the list passed to builtins.listToAttrs',
    pair.positionOf('name'),
  );
}

function valueOfPair(pair: Attrs): Value {
  const value = pair.get('value');
  if (value === undefined) throw attributeMissing('value', inPair);
  return value;
}

function zipAttrsWith(vm: Vm, callee: Value, argument: Value): Forced {
  const applied = vm.forceFunction(
    callee,
    'while evaluating the first argument passed to builtins.zipAttrsWith',
  );
  const list = vm.forceList(argument, 'while evaluating the second argument passed to builtins.zipAttrsWith');
  const context = 'while evaluating a value of the list passed as second argument to builtins.zipAttrsWith';
  const collected = new Map<string, Value[]>();
  for (let i = 0; i < list.length; i++) {
    const set = vm.forceAttrs(list[i]!, context);
    const { names } = set.shape;
    for (let j = 0; j < names.length; j++) {
      const values = collected.get(names[j]!);
      if (values === undefined) collected.set(names[j]!, [set.values[j]!]);
      else values.push(set.values[j]!);
    }
  }
  const results = new Map<string, Value>();
  for (const [name, values] of collected) results.set(name, lazyCall2(applied, name, values, true));
  return attrsFromMap(results);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'attrNames',
    parameters: [strict('set')],
    purity: 'pure',
    since: '1.0',
    documentation: 'The names of the attributes of *set*, sorted byte by byte.',
    example: { expression: 'builtins.attrNames { y = 1; x = "foo"; }', result: '[ "x" "y" ]' },
    call: attrNames,
  },
  {
    name: 'attrValues',
    parameters: [strict('set')],
    purity: 'pure',
    since: '1.0',
    documentation: 'The values of the attributes of *set*, in the order of `attrNames`.',
    example: { expression: 'builtins.attrValues { y = 1; x = "foo"; }', result: '[ "foo" 1 ]' },
    call: attrValues,
  },
  {
    name: 'getAttr',
    parameters: [strict('s'), strict('set')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'The attribute of *set* with the name *s*; an error if there is none. The same as `set.${s}`.',
    example: { expression: 'builtins.getAttr "x" { x = 1; }', result: '1' },
    call: getAttr,
  },
  {
    name: 'hasAttr',
    parameters: [strict('s'), strict('set')],
    purity: 'pure',
    since: '1.0',
    documentation: 'Whether *set* has an attribute with the name *s*. The same as `set ? ${s}`.',
    example: { expression: 'builtins.hasAttr "y" { x = 1; }', result: 'false' },
    call: hasAttr,
  },
  {
    name: 'unsafeGetAttrPos',
    parameters: [strict('s'), strict('set')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'Where the attribute *s* of *set* was defined: a set with `file`, `line` and `column`, or `null` where that is not known. Unsafe, since a value should not depend on how its source is laid out.',
    example: {
      expression: 'builtins.unsafeGetAttrPos "x" (builtins.groupBy (x: x) [ "x" ])',
      result: 'null',
    },
    call: unsafeGetAttrPos,
  },
  {
    name: 'catAttrs',
    parameters: [strict('attr'), strict('list')],
    purity: 'pure',
    since: '1.0',
    documentation: 'The attribute *attr* of each set in *list* that has one.',
    example: { expression: 'builtins.catAttrs "a" [ { a = 1; } { b = 0; } { a = 2; } ]', result: '[ 1 2 ]' },
    call: catAttrs,
  },
  {
    name: 'removeAttrs',
    parameters: [strict('set'), strict('list')],
    global: true,
    purity: 'pure',
    since: '1.0',
    documentation:
      'The set without the attributes whose names stand in *list*. A name may be missing in the set.',
    example: { expression: 'removeAttrs { x = 1; y = 2; z = 3; } [ "x" "a" "z" ]', result: '{ y = 2; }' },
    call: removeAttrs,
  },
  {
    name: 'intersectAttrs',
    parameters: [strict('e1'), strict('e2')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'The attributes of *e2* whose names *e1* has, too. It takes time in proportion to the smaller set.',
    example: {
      expression: 'builtins.intersectAttrs { a = 1; b = 2; } { b = 3; c = 4; }',
      result: '{ b = 3; }',
    },
    call: intersectAttrs,
  },
  {
    name: 'mapAttrs',
    parameters: [lazy('f'), strict('attrset')],
    purity: 'pure',
    since: '2.1',
    documentation:
      'The set with each value replaced by `f name value`. The results are computed when they are needed.',
    example: {
      expression: 'builtins.mapAttrs (name: value: name + value) { a = "1"; b = "2"; }',
      result: '{ a = "a1"; b = "b2"; }',
    },
    call: mapAttrs,
  },
  {
    name: 'listToAttrs',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'A set from a list of sets with `name` and `value`. Of several with the same name the first one counts.',
    example: {
      expression: 'builtins.listToAttrs [ { name = "a"; value = 1; } { name = "b"; value = 2; } ]',
      result: '{ a = 1; b = 2; }',
    },
    call: listToAttrs,
  },
  {
    name: 'zipAttrsWith',
    parameters: [strict('f'), strict('list')],
    purity: 'pure',
    since: '2.6',
    documentation:
      'One set with all the names of the sets in *list*. The value of each is `f name values`, where *values* are those that the sets have for it, in their order.',
    example: {
      expression: 'builtins.zipAttrsWith (name: values: values) [ { a = 1; } { a = 2; b = 3; } ]',
      result: '{ a = [ 1 2 ]; b = [ 3 ]; }',
    },
    call: zipAttrsWith,
  },
];
