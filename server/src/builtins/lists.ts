/**
 * Lists. A list that leaves here is an array of its own, even where it has the
 * elements of an argument: a printer tells a list that it meets again.
 * Nix manual: language/builtins.
 */
import { Attrs, attrsFromMap, compareBytes } from '../values/attrs';
import { Shape } from '../values/shape';
import { elementAt, shortestUnread, UnreadElements, type List } from '../values/list';
import { Application, positionOfValue } from '../values/thunk';
import { Builtin, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { equalParts } from '../vm/compare';
import { elementBytes } from '../vm/limits';
import type { Vm } from '../vm/vm';
import { lessThan } from './arithmetic';
import { failure, listTooLong } from './failure';
import { genericClosure } from './generic-closure';
import { lazy, strict } from './parameters';
import { peeksort, type Order } from './peeksort';
import { arrayOf, longestArray, roundsBetweenChecks } from './sizes';

// --- Whole lists ------------------------------------------------------------

function map(vm: Vm, callee: Value, argument: Value): Forced {
  const list = vm.forceListLazily(argument, 'while evaluating the second argument passed to builtins.map');
  const count = list.length;
  if (count === 0) return list;
  const applied = vm.forceFunction(callee, 'while evaluating the first argument passed to builtins.map');
  if (count >= shortestUnread) return longList(vm, applied, count, list);
  const application = new Application(applied);
  const result = arrayOf<Value>(count);
  for (let i = 0; i < count; i++) result[i] = application.to(list[i] as Value);
  return result;
}

/** A long list of what a function makes of the elements of another one, or of the indices. */
function longList(vm: Vm, callee: Forced, count: number, source?: List): List {
  vm.takeMemory(count * elementBytes);
  const result = arrayOf<List[number]>(count);
  // An array that is not allocated at once has to grow.
  for (let i = result.length; i < count; i++) {
    if ((i & (roundsBetweenChecks - 1)) === 0) vm.checkLimits();
    result[i] = undefined;
  }
  result[count - 1] = new UnreadElements(callee, result, source);
  return result;
}

function filter(vm: Vm, predicate: Value, argument: Value): Forced {
  const list = vm.forceListLazily(argument, 'while evaluating the second argument passed to builtins.filter');
  if (list.length === 0) return list;
  const applied = vm.forceFunction(
    predicate,
    'while evaluating the first argument passed to builtins.filter',
  );
  const result: Value[] = [];
  for (let i = 0; i < list.length; i++) {
    const element = elementAt(list, i);
    if (isTrue(vm, vm.call(applied, element), whileFiltering)) result.push(element);
  }
  return result;
}
const whileFiltering =
  'while evaluating the return value of the filtering function passed to builtins.filter';

/** The boolean that a predicate returned. */
function isTrue(vm: Vm, answer: Forced, context: string): boolean {
  return typeof answer === 'boolean' ? answer : vm.forceBoolean(answer, context);
}

function concatLists(vm: Vm, argument: Value): Forced {
  const lists = vm.forceList(argument, 'while evaluating the first argument passed to builtins.concatLists');
  const context = 'while evaluating a value of the list passed to builtins.concatLists';
  const forced = arrayOf<readonly Value[]>(lists.length);
  for (let i = 0; i < lists.length; i++) forced[i] = vm.forceList(lists[i]!, context);
  return joined(vm, forced);
}

function concatMap(vm: Vm, callee: Value, argument: Value): Forced {
  const applied = vm.forceFunction(
    callee,
    'while evaluating the first argument passed to builtins.concatMap',
  );
  const list = vm.forceList(argument, 'while evaluating the second argument passed to builtins.concatMap');
  const context = 'while evaluating the return value of the function passed to builtins.concatMap';
  const parts = arrayOf<readonly Value[]>(list.length);
  const place = positionOfValue(applied);
  for (let i = 0; i < list.length; i++) {
    const part = vm.call(applied, list[i]!);
    parts[i] = vm.forceList(part, context, positionOfValue(part) ?? place);
  }
  return joined(vm, parts);
}

/** A few lists that are longer than this on the average are copied faster in whole. */
const longPart = 2000;
const fewParts = 1000;

/** One list of the elements of many. */
function joined(vm: Vm, parts: readonly (readonly Value[])[]): Value[] {
  let length = 0;
  for (let i = 0; i < parts.length; i++) length += parts[i]!.length;
  if (length > longestArray) throw listTooLong(length);
  vm.takeMemory(length * elementBytes);
  if (parts.length <= fewParts && length > parts.length * longPart) return ([] as Value[]).concat(...parts);
  const result = arrayOf<Value>(length);
  let next = 0;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    for (let j = 0; j < part.length; j++) result[next++] = part[j]!;
  }
  return result;
}

function genList(vm: Vm, generator: Value, count: Value): Forced {
  const length = vm.forceInteger(count, 'while evaluating the second argument passed to builtins.genList');
  if (length < 0) throw failure(`cannot create list of size ${length}`);
  const applied = vm.forceFunction(
    generator,
    'while evaluating the first argument passed to builtins.genList',
  );
  if (typeof length === 'bigint' || length > longestArray) throw listTooLong(length);
  if (length >= shortestUnread) return longList(vm, applied, length);
  const application = new Application(applied);
  const result = arrayOf<Value>(length);
  for (let i = 0; i < length; i++) result[i] = application.to(i);
  return result;
}

function tail(vm: Vm, argument: Value): Forced {
  const list = vm.forceList(argument, "while evaluating the first argument passed to 'builtins.tail'");
  if (list.length === 0) throw failure("'builtins.tail' called on an empty list");
  return list.slice(1);
}

// --- One answer about a list ----------------------------------------------------

function length(vm: Vm, argument: Value): Forced {
  return vm.forceListLazily(argument, 'while evaluating the first argument passed to builtins.length').length;
}

function head(vm: Vm, argument: Value): Forced {
  const list = vm.forceListLazily(argument, "while evaluating the first argument passed to 'builtins.head'");
  if (list.length === 0) throw failure("'builtins.head' called on an empty list");
  return vm.force(elementAt(list, 0));
}

function elemAt(vm: Vm, argument: Value, place: Value): Forced {
  const index = vm.forceInteger(place, "while evaluating the second argument passed to 'builtins.elemAt'");
  const list = vm.forceListLazily(
    argument,
    "while evaluating the first argument passed to 'builtins.elemAt'",
  );
  if (index < 0 || index >= list.length) {
    throw failure(`'builtins.elemAt' called with index ${index} on a list of size ${list.length}`);
  }
  return vm.force(elementAt(list, index as number));
}

function elem(vm: Vm, wanted: Value, argument: Value): Forced {
  const list = vm.forceList(argument, 'while evaluating the second argument passed to builtins.elem');
  if (list.length === 0) return false;
  const forced = vm.force(wanted);
  // Most often it is a string among strings, or none.
  const plain = typeof forced === 'string' || typeof forced === 'number';
  for (let i = 0; i < list.length; i++) {
    const element = list[i]!;
    if (plain && typeof element === typeof forced) {
      if (element === forced) return true;
    } else if (equalParts(vm, wanted, element)) return true;
  }
  return false;
}

function any(vm: Vm, predicate: Value, argument: Value): Forced {
  return someIs(vm, predicate, argument, true);
}

function all(vm: Vm, predicate: Value, argument: Value): Forced {
  return !someIs(vm, predicate, argument, false);
}

/** Whether the predicate gives `wanted` for some element; `any` looks for true, `all` for false. */
function someIs(vm: Vm, predicate: Value, argument: Value, wanted: boolean): boolean {
  const name = wanted ? 'any' : 'all';
  const applied = vm.forceFunction(
    predicate,
    `while evaluating the first argument passed to builtins.${name}`,
  );
  const list = vm.forceListLazily(
    argument,
    `while evaluating the second argument passed to builtins.${name}`,
  );
  const context = `while evaluating the return value of the function passed to builtins.${name}`;
  for (let i = 0; i < list.length; i++) {
    if (isTrue(vm, vm.call(applied, elementAt(list, i)), context) === wanted) return true;
  }
  return false;
}

function foldl(vm: Vm, operator: Value, initial: Value, argument: Value): Forced {
  const applied = vm.forceFunction(
    operator,
    'while evaluating the first argument passed to builtins.foldlStrict',
  );
  const list = vm.forceListLazily(
    argument,
    'while evaluating the third argument passed to builtins.foldlStrict',
  );
  let result = initial;
  for (let i = 0; i < list.length; i++) result = vm.call2(applied, result, elementAt(list, i));
  return vm.force(result);
}

// --- Order and groups -------------------------------------------------------------

/** The order of a comparator given by the user. */
class CalledOrder implements Order<Value> {
  constructor(
    private readonly vm: Vm,
    private readonly comparator: Forced,
  ) {}
  less(left: Value, right: Value): boolean {
    const answer = this.vm.call2(this.comparator, left, right);
    return typeof answer === 'boolean' ? answer : this.vm.forceBoolean(answer, whileOrdering);
  }
}
const whileOrdering = 'while evaluating the return value of the sorting function passed to builtins.sort';

/** The order of `builtins.lessThan`, without calls. */
class NaturalOrder implements Order<Value> {
  constructor(private readonly vm: Vm) {}
  less(left: Value, right: Value): boolean {
    return this.vm.less(left, right, 'while evaluating the ordering function passed to builtins.sort');
  }
}

function sort(vm: Vm, comparator: Value, argument: Value): Forced {
  const list = vm.forceListLazily(argument, 'while evaluating the second argument passed to builtins.sort');
  if (list.length === 0) return list;
  const order = vm.forceFunction(comparator, 'while evaluating the first argument passed to builtins.sort');
  const forced = arrayOf<Forced>(list.length);
  for (let i = 0; i < list.length; i++) forced[i] = vm.force(elementAt(list, i));
  if (order instanceof Builtin && (order.record.call as unknown) === lessThan) {
    return sortedNaturally(vm, list, forced);
  }
  const result = vm.elementsOf(list).slice();
  peeksort(result, new CalledOrder(vm, order));
  return result;
}

/** Sorts by `lessThan`. Elements of one simple type need no machine, and equal ones are the same. */
function sortedNaturally(vm: Vm, list: List, forced: Forced[]): Forced {
  if (forced.every((element) => typeof element === 'string')) {
    return forced.sort(compareBytes);
  }
  if (forced.every((element) => typeof element === 'number')) {
    return forced.sort(compareNumbers);
  }
  const result = vm.elementsOf(list).slice();
  peeksort(result, new NaturalOrder(vm));
  return result;
}

function compareNumbers(a: number, b: number): number {
  return a - b;
}

const partitionShape = new Shape(['right', 'wrong']);

function partition(vm: Vm, predicate: Value, argument: Value): Forced {
  const applied = vm.forceFunction(
    predicate,
    'while evaluating the first argument passed to builtins.partition',
  );
  const list = vm.forceListLazily(
    argument,
    'while evaluating the second argument passed to builtins.partition',
  );
  const right: Value[] = [];
  const wrong: Value[] = [];
  for (let i = 0; i < list.length; i++) {
    const element = elementAt(list, i);
    vm.force(element);
    (isTrue(vm, vm.call(applied, element), whilePartitioning) ? right : wrong).push(element);
  }
  return new Attrs(partitionShape, [right, wrong]);
}
const whilePartitioning =
  'while evaluating the return value of the partition function passed to builtins.partition';

function groupBy(vm: Vm, callee: Value, argument: Value): Forced {
  const applied = vm.forceFunction(callee, 'while evaluating the first argument passed to builtins.groupBy');
  const list = vm.forceListLazily(
    argument,
    'while evaluating the second argument passed to builtins.groupBy',
  );
  const context = 'while evaluating the return value of the grouping function passed to builtins.groupBy';
  const groups = new Map<string, Value[]>();
  for (let i = 0; i < list.length; i++) {
    const element = elementAt(list, i);
    const name = vm.forceStringNoContext(vm.call(applied, element), context);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [element]);
    else group.push(element);
  }
  return attrsFromMap(groups);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'map',
    parameters: [lazy('f'), strict('list')],
    global: true,
    purity: 'pure',
    since: '1.0',
    documentation:
      'The list of the results of *f* for each element. They are computed when they are needed; only the function itself is evaluated at once, unless the list is empty.',
    example: { expression: 'map (x: x * x) [ 1 2 3 ]', result: '[ 1 4 9 ]' },
    call: map,
  },
  {
    name: 'filter',
    parameters: [lazy('f'), strict('list')],
    purity: 'pure',
    since: '1.0',
    documentation: 'The elements for which *f* returns `true`, in their order.',
    example: { expression: 'builtins.filter (x: x > 1) [ 1 2 3 ]', result: '[ 2 3 ]' },
    call: filter,
  },
  {
    name: 'concatLists',
    parameters: [strict('lists')],
    purity: 'pure',
    since: '1.0',
    documentation: 'One list of the elements of all *lists*. Only one level is joined.',
    example: { expression: 'builtins.concatLists [ [ 1 ] [ ] [ 2 [ 3 ] ] ]', result: '[ 1 2 [ 3 ] ]' },
    call: concatLists,
  },
  {
    name: 'concatMap',
    parameters: [strict('f'), strict('list')],
    purity: 'pure',
    since: '2.0',
    documentation:
      'Applies *f*, which must return a list, to each element, and joins the results to one list. The same as `concatLists (map f list)`, but faster.',
    example: { expression: 'builtins.concatMap (x: [ x x ]) [ 1 2 ]', result: '[ 1 1 2 2 ]' },
    call: concatMap,
  },
  {
    name: 'genList',
    parameters: [strict('generator'), strict('length')],
    purity: 'pure',
    since: '2.0',
    documentation:
      'A list of *length* elements; *generator* makes each from its index, starting at 0, when it is needed.',
    example: { expression: 'builtins.genList (i: i * i) 4', result: '[ 0 1 4 9 ]' },
    call: genList,
  },
  {
    name: 'tail',
    parameters: [strict('list')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'The list without its first element; an error for an empty list. It copies the list, so taking a list apart with it step by step takes quadratic time.',
    example: { expression: 'builtins.tail [ 1 2 3 ]', result: '[ 2 3 ]' },
    call: tail,
  },
  {
    name: 'length',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation: 'The number of elements of the list *e*.',
    example: { expression: 'builtins.length [ 1 2 3 ]', result: '3' },
    call: length,
  },
  {
    name: 'head',
    parameters: [strict('list')],
    purity: 'pure',
    since: '1.0',
    documentation: 'The first element of a list; an error for an empty one.',
    example: { expression: 'builtins.head [ 1 2 3 ]', result: '1' },
    call: head,
  },
  {
    name: 'elemAt',
    parameters: [strict('xs'), strict('n')],
    purity: 'pure',
    since: '1.0',
    documentation: 'The element at index *n*, counted from 0; an error where the list has none there.',
    example: { expression: 'builtins.elemAt [ 1 2 3 ] 2', result: '3' },
    call: elemAt,
  },
  {
    name: 'elem',
    parameters: [lazy('x'), strict('xs')],
    purity: 'pure',
    since: '1.0',
    documentation: 'Whether some element of *xs* equals *x*.',
    example: { expression: 'builtins.elem 2 [ 1 2 3 ]', result: 'true' },
    call: elem,
  },
  {
    name: 'any',
    parameters: [strict('pred'), strict('list')],
    purity: 'pure',
    since: '2.0',
    documentation:
      'Whether *pred* returns `true` for at least one element. The elements after the first such one are not looked at.',
    example: { expression: 'builtins.any (x: x > 2) [ 1 2 3 ]', result: 'true' },
    call: any,
  },
  {
    name: 'all',
    parameters: [strict('pred'), strict('list')],
    purity: 'pure',
    since: '2.0',
    documentation:
      'Whether *pred* returns `true` for every element. The elements after the first for which it does not are not looked at.',
    example: { expression: 'builtins.all (x: x > 2) [ 1 2 3 ]', result: 'false' },
    call: all,
  },
  {
    name: "foldl'",
    parameters: [strict('op'), lazy('nul'), strict('list')],
    purity: 'pure',
    since: '2.0',
    documentation:
      'Combines the elements from left to right: `op (op (op nul x0) x1) x2 …`. Each result of *op* is evaluated before the next step; *nul* and the elements are not, unless *op* does so.',
    example: { expression: "builtins.foldl' (a: b: a - b) 10 [ 1 2 3 ]", result: '4' },
    call: foldl,
  },
  {
    name: 'sort',
    parameters: [lazy('comparator'), strict('list')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'The list in the order of *comparator*, which tells of two elements whether the first one has to stand before the second one. Elements of which neither has to keep their order.',
    example: { expression: 'builtins.sort builtins.lessThan [ 3 1 2 ]', result: '[ 1 2 3 ]' },
    call: sort,
  },
  {
    name: 'partition',
    parameters: [strict('pred'), strict('list')],
    purity: 'pure',
    since: '2.0',
    documentation:
      'Splits a list in two: `right` has the elements for which *pred* returns `true`, `wrong` the others.',
    example: {
      expression: 'builtins.partition (x: x > 1) [ 1 2 3 ]',
      result: '{ right = [ 2 3 ]; wrong = [ 1 ]; }',
    },
    call: partition,
  },
  {
    name: 'groupBy',
    parameters: [strict('f'), strict('list')],
    purity: 'pure',
    since: '2.5',
    documentation:
      'A set of lists: each element stands in the list under the name, a string, that *f* returns for it.',
    example: {
      expression: 'builtins.groupBy (builtins.substring 0 1) [ "foo" "bar" "baz" ]',
      result: '{ b = [ "bar" "baz" ]; f = [ "foo" ]; }',
    },
    call: groupBy,
  },
  {
    name: 'genericClosure',
    parameters: [strict('attrset')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'Everything that can be reached from `startSet`, a list of sets that each have a `key`. `operator` gives the list of what follows from one of them. Each key is visited once, and the result is in the order of the visits.',
    example: {
      expression:
        'builtins.genericClosure { startSet = [ { key = 5; } ]; operator = item: if item.key > 3 then [ { key = item.key - 1; } ] else [ ]; }',
      result: '[ { key = 5; } { key = 4; } { key = 3; } ]',
    },
    call: genericClosure,
  },
];
