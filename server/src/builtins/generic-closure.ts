/** `builtins.genericClosure`: what can be reached from some elements, each key once. */
import type { Attrs } from '../values/attrs';
import { textOf } from '../values/context';
import { EvalError } from '../values/error';
import { printForError } from '../values/printer';
import { ContextString, type Forced, type Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { attributeMissing } from './failure';
import { roundsBetweenChecks } from './sizes';

export function genericClosure(vm: Vm, argument: Value): Forced {
  const set = vm.forceAttrs(
    argument,
    'while evaluating the first argument passed to builtins.genericClosure',
  );
  const startSet = vm.forceList(
    required(set, 'startSet'),
    "while evaluating the 'startSet' attribute passed as argument to builtins.genericClosure",
  );
  if (startSet.length === 0) return startSet;
  const operator = vm.forceFunction(
    required(set, 'operator'),
    "while evaluating the 'operator' attribute passed as argument to builtins.genericClosure",
  );
  const work = startSet.slice();
  const seen = new KeySet(vm);
  const result: Value[] = [];
  // The work list is a queue: elements are read from `next` on and appended.
  for (let next = 0; next < work.length; next++) {
    if ((next & (roundsBetweenChecks - 1)) === 0) vm.checkLimits();
    const element = work[next]!;
    if (!seen.add(element, keyOf(vm, element))) continue;
    result.push(element);
    appendSuccessors(vm, operator, element, work);
  }
  return result;
}

function required(set: Attrs, name: string): Value {
  const value = set.get(name);
  if (value !== undefined) return value;
  throw attributeMissing(name, 'in the attrset passed as argument to builtins.genericClosure');
}

function keyOf(vm: Vm, element: Value): Forced {
  let key: Value | undefined;
  try {
    key = vm.forceAttrs(element, '').get('key');
    if (key === undefined) throw attributeMissing('key', '');
  } catch (error) {
    throw about(error, 'in genericClosure element %', element);
  }
  return vm.force(key);
}

function appendSuccessors(vm: Vm, operator: Forced, element: Value, work: Value[]): void {
  try {
    const successors = vm.forceList(
      vm.call(operator, element),
      'while evaluating the return value of the `operator` passed to builtins.genericClosure',
    );
    for (let i = 0; i < successors.length; i++) {
      vm.force(successors[i]!);
      work.push(successors[i]!);
    }
  } catch (error) {
    throw about(error, 'while calling operator on genericClosure element %', element);
  }
}

/** Adds a frame that shows an element where the message has a `%`. */
function about(error: unknown, message: string, element: Value): unknown {
  if (error instanceof EvalError) error.while(message.replace('%', () => printForError(element)));
  return error;
}

/**
 * Keys that were met. While they are all strings or all integers, a hash set
 * knows them; any other keys are kept sorted, as their equality is that of
 * their order.
 */
class KeySet {
  private readonly hashed = new Set<string | number | bigint>();
  private kind: 'none' | 'string' | 'integer' | 'sorted' = 'none';
  private readonly keys: Forced[] = [];
  private readonly elements: Value[] = [];
  /** Indices of `keys` in ascending order of the keys; only for the kind `sorted`. */
  private order: number[] = [];

  constructor(private readonly vm: Vm) {}

  /** Whether the key is new. `element` is what messages show. */
  add(element: Value, key: Forced): boolean {
    const plain = plainKey(key);
    const kind = plain === undefined ? 'sorted' : typeof plain === 'string' ? 'string' : 'integer';
    if (this.kind === 'none') this.kind = kind;
    if (this.kind !== kind || plain === undefined) return this.addSorted(element, key);
    if (this.hashed.has(plain)) return false;
    this.hashed.add(plain);
    this.keys.push(key);
    this.elements.push(element);
    return true;
  }

  private addSorted(element: Value, key: Forced): boolean {
    try {
      this.becomeSorted();
      const place = this.placeOf(key);
      if (place < 0) return false;
      this.order.splice(place, 0, this.keys.length);
    } catch (error) {
      throw this.explain(error, element, key);
    }
    this.keys.push(key);
    this.elements.push(element);
    return true;
  }

  private becomeSorted(): void {
    if (this.kind === 'sorted') return;
    this.kind = 'sorted';
    const { keys } = this;
    this.order = keys
      .map((_, index) => index)
      .sort((a, b) => (this.vm.less(keys[a]!, keys[b]!) ? -1 : this.vm.less(keys[b]!, keys[a]!) ? 1 : 0));
    this.hashed.clear();
  }

  /** Where a new key belongs, or -1 if it is known. */
  private placeOf(key: Forced): number {
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.keys[this.order[middle]!]!;
      if (this.vm.less(key, other)) high = middle;
      else if (this.vm.less(other, key)) low = middle + 1;
      else return -1;
    }
    // A key that is not comparable, not even with itself, is found out by the first comparison only.
    return low;
  }

  /** Names the first known element that the key cannot be compared with. */
  private explain(error: unknown, element: Value, key: Forced): unknown {
    if (!(error instanceof EvalError)) return error;
    for (const index of this.order) {
      try {
        this.vm.less(key, this.keys[index]!);
      } catch (other) {
        if (!(other instanceof EvalError)) return other;
        about(error, 'with element %', this.elements[index]!);
        return about(error, 'while comparing element %', element);
      }
    }
    return about(error, 'while checking key of element %', element);
  }
}

/** A key that can be hashed. */
function plainKey(key: Forced): string | number | bigint | undefined {
  if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint') return key;
  return key instanceof ContextString ? textOf(key) : undefined;
}
