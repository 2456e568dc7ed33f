// The profiler: whose time is whose, and that none is lost.
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { seeded } from '../../kit/seed';
import { TestEvaluator } from '../../kit/evaluate';
import { Profiler } from '../../../server/src/profile/profiler';
import { blueprints, recorded, stacks } from './recorded';

describe('Profiler', () => {
  it('gives the time since the last sample to the stack as it was', () => {
    assert.deepEqual(stacks(recorded('2 >main 3 >f 5 >g 7 <g 11 <f 13 <main 17')), [
      ['', 2],
      ['main', 3],
      ['main f', 5],
      ['main f g', 7],
      ['main f', 11],
      ['main', 13],
      ['', 17],
    ]);
  });

  it('samples no more often than the interval, and loses no time', () => {
    assert.deepEqual(stacks(recorded('>main 0.5 >f 0.25 >g 0.5 <g 0.25 <f 0.25 <main 0.25')), [
      ['main f g', 1.25],
      ['', 0.75],
    ]);
  });

  it('knows one node for each caller', () => {
    const { nodes } = recorded('>main 1 >f 1 <f >f 1 <f >g 1 >f 1 <f <g <main');
    assert.deepEqual(
      nodes.map(({ id, caller, code }) => [id, caller?.id, code?.name]),
      [
        [0, undefined, undefined],
        [1, 0, '/x/main.nix'],
        [2, 1, 'f'],
        [3, 1, 'g'],
        [4, 3, 'f'],
      ],
    );
  });

  it('is not confused by an activation that ends before it was entered', () => {
    assert.deepEqual(stacks(recorded('>main 1 >f 1 <g 1 <f 1 <main')), [
      ['main', 1],
      ['main f', 1],
      ['main f', 1],
      ['main', 1],
      ['', 0],
    ]);
  });

  it('agrees with a profiler that notes all stacks, over random programs', () => {
    const known = blueprints();
    const names = ['main', 'f', 'g'] as const;
    const step = fc.record({
      enter: fc.boolean(),
      which: fc.nat({ max: 2 }),
      time: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = 0;
        const profiler = new Profiler(() => now, 1);
        const stack: (typeof names)[number][] = [];
        const wanted = new Map<string, number>();
        for (const { enter, which, time } of steps) {
          now += time;
          const key = stack.map((name) => known[name].name).join(' ');
          if (time > 0) wanted.set(key, (wanted.get(key) ?? 0) + time);
          if (enter || stack.length === 0) {
            stack.push(names[which]!);
            profiler.enter(known[names[which]!]);
          } else profiler.leave(known[stack.pop()!]);
        }
        const got = new Map<string, number>();
        for (const { node, milliseconds } of profiler.stop().samples) {
          const path: string[] = [];
          for (let at = node; at.caller !== undefined; at = at.caller) path.unshift(at.code!.name);
          const key = path.join(' ');
          if (milliseconds > 0) got.set(key, (got.get(key) ?? 0) + milliseconds);
        }
        assert.deepEqual(new Map([...got].sort()), new Map([...wanted].sort()));
      }),
      seeded(300),
    );
  });

  it('hears an evaluation that fails to its end', () => {
    const { evaluator } = new TestEvaluator();
    const profiler = new Profiler();
    const entered: number[] = [];
    let depth = 0;
    evaluator.vm.observer = {
      enter: (blueprint) => {
        profiler.enter(blueprint);
        entered.push(++depth);
      },
      leave: (blueprint) => {
        profiler.leave(blueprint);
        depth--;
      },
    };
    assert.throws(() =>
      evaluator.evaluateText('let f = n: if n == 0 then throw "x" else f (n - 1); in f 20', '/'),
    );
    assert.ok(Math.max(...entered) > 20);
    assert.equal(depth, 0);
    assert.equal(profiler.stop().samples.at(-1)!.node.caller, undefined);
  });

  it('hears builtins, and the functions that they call', () => {
    const { evaluator } = new TestEvaluator();
    let now = 0;
    // The clock ticks whenever somebody looks, so everything is sampled.
    const profiler = new Profiler(() => now++, 1);
    profiler.observe(evaluator.vm);
    assert.equal(evaluator.evaluateText('let f = x: x; in builtins.all f [ true ]', '/'), true);
    assert.throws(() => evaluator.evaluateText('builtins.head [ ]', '/'));
    const sampled = new Set(stacks(profiler.stop()).map(([names]) => names));
    assert.ok(sampled.has('main all f'), [...sampled].join('; '));
    // What failed was left, too.
    assert.ok(sampled.has('main head'));
    assert.ok(![...sampled].some((names) => /all.*head|f main/.test(names)));
  });
});
