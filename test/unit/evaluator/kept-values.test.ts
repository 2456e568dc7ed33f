import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { KeptValues } from '../../../server/src/evaluator/kept-values';
import { mergeBindings } from '../../../server/src/names/merge';
import { parse } from '../../../server/src/syntax/parse';
import { Kind } from '../../../server/src/syntax/tree';
import type { Value } from '../../../server/src/values/value';

/** A recursive group of bindings, which can be bound again and again to fresh values. */
class Group {
  private readonly group;
  private readonly kept = new KeptValues({ has: () => false });
  private fresh = 0;
  /** How many times the meaning of a name was asked for. */
  asked = 0;

  constructor(text: string) {
    const { root } = parse(text);
    ok(root.kind === Kind.AttributeSet);
    this.group = mergeBindings(root);
  }

  /** Binds every name to a value of its own, then puts what was kept in their place. */
  bind(outer: Readonly<Record<string, Value>>): Map<string, Value> {
    const bound = new Map<string, Value>();
    for (const name of this.group.entries.keys()) bound.set(name, ++this.fresh);
    const find = (name: string): Value | undefined => {
      this.asked++;
      return bound.get(name) ?? outer[name];
    };
    this.kept.bind(this.group, { find, withs: null }, bound);
    return bound;
  }
}

describe('KeptValues', () => {
  it('keeps what means the same, and drops whatever uses something else', () => {
    const group = new Group('rec { a = b; b = x; c = d; d = c; e = a; f = y; }');
    const first = group.bind({ x: 1, y: 2 });
    deepStrictEqual(group.bind({ x: 1, y: 2 }), first);
    const second = group.bind({ x: 3, y: 2 });
    const kept = [...second.keys()].filter((name) => second.get(name) === first.get(name));
    deepStrictEqual(kept, ['c', 'd', 'f']);
    deepStrictEqual(group.bind({ x: 3, y: 2 }), second);
  });

  it('takes a time that grows with the bindings, whatever their order', () => {
    const count = 2000;
    for (const step of [1, -1]) {
      const names = Array.from({ length: count }, (_, i) => `a${i} = a${i + step};`);
      const group = new Group(`rec { ${names.join(' ')} }`);
      const first = group.bind({ [`a${count}`]: 1, 'a-1': 1 });
      group.asked = 0;
      const second = group.bind({ [`a${count}`]: 2, 'a-1': 2 });
      strictEqual(
        [...second.keys()].some((name) => second.get(name) === first.get(name)),
        false,
      );
      ok(group.asked < count * 5, String(group.asked));
    }
  });
});
