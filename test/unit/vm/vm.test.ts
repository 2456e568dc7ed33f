// The machine: laziness and sharing, errors, limits, and what a cancelled run leaves.
import assert from 'node:assert/strict';
import type { Blueprint } from '../../../server/src/bytecode/blueprint';
import { EvalError, Interruption } from '../../../server/src/values/error';
import { done, failed, running, Thunk } from '../../../server/src/values/thunk';
import { Attrs } from '../../../server/src/values/attrs';
import type { Forced, Value } from '../../../server/src/values/value';
import { defaultCallsBetweenChecks } from '../../../server/src/vm/limits';
import type { Vm } from '../../../server/src/vm/vm';
import { underCountingClock } from '../../kit/clock';
import { errorOf, evaluated, messageOf, TestEvaluator } from '../../kit/evaluate';

/** How often each named chunk ran, while `run` does. */
function countRuns(vm: Vm, run: () => unknown): Map<string, number> {
  const counts = new Map<string, number>();
  let open = 0;
  vm.observer = {
    enter: ({ name }: Blueprint) => {
      open++;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    leave: () => void open--,
  };
  try {
    run();
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
  } finally {
    vm.observer = undefined;
  }
  assert.equal(open, 0, 'each activation that begins also ends');
  return counts;
}

/** All thunks in a value and below. */
function thunksIn(value: Value): Thunk[] {
  const found = new Set<Thunk>();
  const seen = new Set<unknown>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    if (part instanceof Thunk) {
      found.add(part);
      visit(part.data);
    } else if (part instanceof Attrs) part.values.forEach(visit);
    else if (Array.isArray(part)) part.forEach(visit);
    else if ('upvalues' in part) visit(part.upvalues);
  };
  visit(value);
  return [...found];
}

function interruption(run: () => unknown): Interruption {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof Interruption, String(error));
    return error;
  }
  return assert.fail('it was not interrupted');
}

describe('sharing', () => {
  const runs = (text: string, name: string): number => {
    const test = new TestEvaluator();
    return countRuns(test.evaluator.vm, () => test.strict(text)).get(name) ?? 0;
  };

  it('evaluates a thunk once', () => {
    assert.equal(runs('let shared = 1 + 1; in [ shared shared (shared + shared) ]', 'shared'), 1);
    assert.equal(runs('rec { shared = 1 + 1; a = shared; b = shared; }', 'shared'), 1);
    assert.equal(runs('let f = { shared ? 1 + 1, a ? shared }: [ a shared ]; in f { }', 'shared'), 1);
    assert.equal(
      runs('let s = { shared = 1 + 1; }; inherit (s) shared; in [ shared s.shared ]', 'shared'),
      1,
    );
    assert.equal(runs('with { shared = 1 + 1; }; [ shared shared ]', 'shared'), 1);
    assert.equal(
      runs('let s = { shared = 1 + 1; }; in [ (s // { }) ({ } // s) (s // { a = 1; }) ]', 'shared'),
      1,
    );
  });

  it('evaluates nothing that is not needed', () => {
    assert.equal(runs('let unused = 1 + 1; in 2', 'unused'), 0);
    assert.equal(runs('builtins.length [ (let unused = 1 + 1; in unused) ]', 'unused'), 0);
    assert.equal(runs('({ unused ? 1 + 1 }: 2) { }', 'unused'), 0);
    assert.equal(runs('{ unused = 1 + 1; } ? unused', 'unused'), 0);
  });

  it('evaluates a value that fails once, and fails again with the same error', () => {
    const text = 'let bad = throw "no"; in [ (builtins.tryEval bad) (builtins.tryEval bad) ]';
    assert.equal(runs(text, 'bad'), 1);
    assert.equal(
      evaluated(text),
      '[ { success = false; value = false; } { success = false; value = false; } ]',
    );
  });

  it('says a trace message once', () => {
    const test = new TestEvaluator();
    assert.equal(test.strict('let x = builtins.trace "here" 1; in x + x'), '2');
    assert.deepEqual(test.messages, ['here']);
  });

  it('imports a file once', () => {
    const test = new TestEvaluator({
      files: { '/a.nix': 'builtins.trace "read" 1', '/b.nix': 'import ./a.nix' },
    });
    assert.equal(test.strict('import ./a.nix + import ./b.nix + import /a.nix'), '3');
    assert.deepEqual(test.messages, ['read']);
  });
});

describe('errors', () => {
  it('stay errors when what failed is forced again', () => {
    const test = new TestEvaluator();
    const { vm } = test.evaluator;
    const set = test.value('{ a = 1 + "x"; b = { c = throw "t"; }.c; }') as Attrs;
    for (const [name, message] of [
      ['a', 'cannot add a string to an integer'],
      ['b', 't'],
    ] as const) {
      const thunk = set.get(name) as Thunk;
      const errors = [1, 2, 3].map(() => {
        try {
          return assert.fail(String(vm.force(thunk)));
        } catch (error) {
          assert.ok(error instanceof EvalError);
          const { message, position, trace } = error;
          // Frames that one of them gets later are not those of another.
          error.while('added later');
          return { message, position, trace };
        }
      });
      assert.equal(thunk.code, failed);
      assert.equal(errors[0]!.message, message);
      assert.deepEqual(errors[1], errors[0]);
      assert.deepEqual(errors[2], errors[0]);
      vm.reset();
    }
  });

  it('leave the machine as it was', () => {
    const test = new TestEvaluator();
    const { vm } = test.evaluator;
    const text = 'builtins.tryEval (let f = n: if n == 0 then throw "x" else 1 + f (n - 1); in f 50)';
    assert.equal(test.strict(text), '{ success = false; value = false; }');
    assert.equal(vm.depth, 0);
    assert.equal(vm.sp, 0);
  });

  const messages: [string, string, string][] = [
    ['let x = x; in x', 'infinite-recursion', 'infinite recursion encountered'],
    ['rec { a = b; b = a; }.a', 'infinite-recursion', 'infinite recursion encountered'],
    ['let s = { inherit (s) a; }; in s.a', 'infinite-recursion', 'infinite recursion encountered'],
    ['with { a = 1; }; b', 'undefined-variable', "undefined variable 'b'"],
    ['{ a = 1; }.b', 'missing-attribute', "attribute 'b' missing"],
    ['assert 1 > 2; 3', 'assertion-failed', "assertion '(__lessThan 2 1)' failed"],
    [
      'assert 1 == 2; 3',
      'assertion-failed',
      "an integer with value '1' is not equal to an integer with value '2'",
    ],
    [
      '({ a }: a) { }',
      'missing-argument',
      "function 'anonymous lambda' called without required argument 'a'",
    ],
    [
      'let f = { a }: a; in f { a = 1; b = 2; }',
      'unexpected-argument',
      "function 'f' called with unexpected argument 'b'",
    ],
    ['throw "x${toString 1}"', 'throw', 'x1'],
    ['1 / 0', 'evaluation-error', 'division by zero'],
    ['1 1', 'type-error', 'attempt to call something which is not a function but an integer: 1'],
    ['9223372036854775807 + 1', 'evaluation-error', 'integer overflow in adding 9223372036854775807 + 1'],
    [
      '-9223372036854775807 - 2',
      'evaluation-error',
      'integer overflow in subtracting -9223372036854775807 - 2',
    ],
    [
      '4611686018427387904 * 2',
      'evaluation-error',
      'integer overflow in multiplying 4611686018427387904 * 2',
    ],
    [
      '(-9223372036854775807 - 1) / -1',
      'evaluation-error',
      'integer overflow in dividing -9223372036854775808 / -1',
    ],
    [
      '{ a = 1; ${"a" + ""} = 2; }',
      'evaluation-error',
      "dynamic attribute 'a' already defined at «string»:1:3",
    ],
    [
      '/a + builtins.toFile "x" ""',
      'evaluation-error',
      'a string that refers to a store path cannot be appended to a path',
    ],
  ];
  for (const [text, kind, message] of messages) {
    it(`${text} is a ${kind}`, () => {
      const error = errorOf(text);
      assert.deepEqual({ kind: error.kind, message: messageOf(text) }, { kind, message });
      assert.ok(error.place ?? error.position, 'it has a place');
    });
  }

  it('are caught by tryEval where Nix catches them', () => {
    const caught = (text: string) => evaluated(`(builtins.tryEval (${text})).success`);
    for (const text of ['throw "x"', 'assert false; 1', 'let x = throw "x"; in x + 1']) {
      assert.equal(caught(text), 'false', text);
    }
    for (const text of ['abort "x"', '1 + "a"', '{ }.a', 'let x = x; in x', '1 1', 'with { }; a']) {
      assert.throws(() => caught(text), EvalError, text);
    }
    assert.equal(caught('[ (throw "x") ]'), 'true');
  });

  it('point at the instruction that failed', () => {
    const at = (text: string) => {
      const { place, position } = errorOf(text);
      const { offset, end } = (place ?? position)!;
      return text.slice(offset, end);
    };
    assert.equal(at('let a = 1; in [ (a + (2 - "x")) ]'), '2 - "x"');
    assert.equal(at('rec { a.b = { }; c = a.b.c; }.c'), 'a.b.c');
    assert.equal(at('{ a = x: assert x; 1; }.a false'), 'assert x');
    assert.equal(at('let f = { a }: a; in [ (f 1) ]'), '{ a }');
  });
});

describe('a cancelled run', () => {
  const endless = 'let f = n: f (n + 1); in f 0';
  const long = (count: number) =>
    `let go = n: if n == 0 then 0 else 1 + builtins.foldl' (a: b: b) 0 [ (go (n - 1)) ]; in go ${count}`;

  /** Cancels after so many activations. */
  function cancelAfter(test: TestEvaluator, activations: number): void {
    let left = activations;
    test.evaluator.vm.observer = {
      enter: () => {
        if (--left === 0) Atomics.store(test.limits.cancelled, 0, 1);
      },
      leave: () => {},
    };
  }

  it('is told apart from errors, and tryEval does not catch it', () => {
    const test = new TestEvaluator();
    Atomics.store(test.limits.cancelled, 0, 1);
    test.evaluator.vm.fuel = 0;
    assert.equal(interruption(() => test.value(`builtins.tryEval (${long(10)})`)).reason, 'cancelled');
  });

  it('leaves every thunk that was running suspended, and a second run succeeds', () => {
    const test = new TestEvaluator();
    const { vm } = test.evaluator;
    const set = test.value(`
      let
        first = builtins.trace "first" (1 + 1);
        count = n: if n == 0 then 0 else 1 + count (n - 1);
        loop = n: if n == 0 then first else builtins.seq (count 20) (loop (n - 1));
      in rec { middle = first + loop 300; result = { inherit middle; }.middle + 1; list = [ result middle ]; }
    `) as Attrs;
    cancelAfter(test, 3000);
    assert.equal(interruption(() => vm.forceDeep(set)).reason, 'cancelled');
    vm.observer = undefined;
    vm.reset();
    const states = thunksIn(set);
    assert.ok(states.length >= 3);
    assert.ok(
      states.every(({ code }) => code !== running),
      'no thunk is left running',
    );
    assert.ok(
      states.every(({ code }) => code !== failed),
      'no thunk has failed',
    );
    // What was finished stays finished.
    assert.deepEqual(test.messages, ['first']);
    Atomics.store(test.limits.cancelled, 0, 0);
    assert.equal(test.print(set), '{ list = [ 5 4 ]; middle = 4; result = 5; }');
    assert.deepEqual(test.messages, ['first']);
    assert.ok(thunksIn(set).every(({ code }) => code === done));
  });

  it('succeeds later wherever it was cancelled', () => {
    const text = `
      let
        base = { a ? 1 + 1, b ? a * 2 }@args: args // { sum = a + b; };
        fix = f: let x = f x; in x;
        pkgs = fix (self: { lib = { id = x: x; }; n = self.lib.id 3; s = base { b = self.n; }; });
        list = builtins.genList (i: pkgs.s.sum + i) 5;
      in builtins.seq (builtins.foldl' (a: b: a + b) 0 (builtins.genList (n: n) 100)) { inherit list; inherit (pkgs) n; }
    `;
    const expected = evaluated(text);
    for (let activations = 1; activations < 60; activations++) {
      const test = new TestEvaluator();
      const { vm } = test.evaluator;
      const set = test.value('{ value = ' + text + '; }') as Attrs;
      // The limits are looked at in the very next call.
      let left = activations;
      vm.observer = {
        enter: () => {
          if (--left !== 0) return;
          Atomics.store(test.limits.cancelled, 0, 1);
          vm.fuel = 0;
        },
        leave: () => {},
      };
      let value: Forced | undefined;
      try {
        value = vm.forceDeep(set);
      } catch (error) {
        assert.ok(error instanceof Interruption);
      }
      vm.observer = undefined;
      vm.reset();
      Atomics.store(test.limits.cancelled, 0, 0);
      assert.ok(
        thunksIn(set).every(({ code }) => code !== running),
        `after ${activations} activations`,
      );
      assert.equal(test.print(value ?? set), `{ value = ${expected}; }`, `after ${activations} activations`);
    }
  });

  it('ends an endless one', () => {
    const test = new TestEvaluator({ limits: { maxCallDepth: 1e9 } });
    cancelAfter(test, 1000);
    try {
      test.value(endless);
      assert.fail('it is endless');
    } catch (error) {
      // The depth of this stack may come first.
      if (error instanceof EvalError) assert.equal(error.kind, 'stack-overflow');
      else assert.ok(error instanceof Interruption);
    }
  });
});

describe('limits', () => {
  /** Takes long without going deep. */
  const busy = `let go = n: if n == 0 then 0 else builtins.seq (builtins.genList (x: x) 10) (go (n - 1)); many = builtins.foldl' (a: b: a + go 200) 0 (builtins.genList (x: x) 100000); in many`;

  it('end a run that takes too long', () => {
    underCountingClock(() => {
      const deadline = performance.now() + 50;
      const test = new TestEvaluator({ limits: { deadline } });
      const { reason, message } = interruption(() => test.value(busy));
      assert.equal(reason, 'timeout');
      assert.match(message, /longer than its time limit/);
      assert.equal(performance.now(), deadline + 2, 'it ends at the first look that is too late');
    });
  });

  it('end a run that needs too much memory', () => {
    const test = new TestEvaluator({ limits: { heapLimit: 1024 } });
    const { reason, message } = interruption(() => test.value(busy));
    assert.equal(reason, 'memory');
    assert.match(message, /more memory/);
  });

  it('are looked at often enough', () => {
    const test = new TestEvaluator();
    const { vm } = test.evaluator;
    Atomics.store(test.limits.cancelled, 0, 1);
    interruption(() => test.value(busy));
    assert.ok(vm.counters.calls + vm.counters.builtinCalls <= 2 * defaultCallsBetweenChecks);
  });

  it('end a run whose calls are too deep, with a trace', () => {
    const test = new TestEvaluator({ limits: { maxCallDepth: 100 } });
    assert.equal(test.strict('let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 100'), '100');
    const error = test.error('let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 101');
    assert.equal(error.kind, 'stack-overflow');
    assert.match(error.message, /max-call-depth exceeded/);
    let frames = 0;
    for (let rest = error.trace; rest !== undefined; rest = rest.inner) frames++;
    assert.ok(frames >= 100, `${frames} frames`);
    assert.equal(test.evaluator.vm.depth, 0);
    // The machine goes on with the next one.
    assert.equal(test.strict('1 + 1'), '2');
  });

  it('count calls of builtins, coercions, comparisons and deep forcing, too', () => {
    const test = new TestEvaluator({ limits: { maxCallDepth: 50 } });
    const deep = 'let nest = n: v: if n == 0 then v else nest (n - 1) [ v ]; ';
    const build = "deep = builtins.foldl' (a: b: [ a ]) 1 (builtins.genList (x: x) 100); in ";
    for (const text of ['deep == [ deep ]', 'toString deep', 'builtins.deepSeq deep 1']) {
      assert.equal(test.error(deep + build + text).kind, 'stack-overflow', text);
    }
  });
});

describe('builtins that call back', () => {
  it('find the stack as they left it', () => {
    // Values below the call on the same stack must survive callbacks at any depth.
    const text = `
      let f = a: b: c: [ a (map (x: [ a x (builtins.foldl' (p: q: p + q) 0 [ a b c x ]) ]) [ 1 2 ]) b (builtins.sort (x: y: x > y) [ c a b ]) c ];
      in f 10 20 30 ++ f 1 2 3
    `;
    assert.equal(
      evaluated(text),
      '[ 10 [ [ 10 1 61 ] [ 10 2 62 ] ] 20 [ 30 20 10 ] 30 1 [ [ 1 1 7 ] [ 1 2 8 ] ] 2 [ 3 2 1 ] 3 ]',
    );
  });
});

describe('positions', () => {
  it('are those of the source', () => {
    const files = { '/dir/pos.nix': '{ a = 1;\n  b = { c = __curPos; };\n  f = { x, y ? 2 }: x; }' };
    const test = new TestEvaluator({ files });
    assert.equal(
      test.strict('(import /dir/pos.nix).b.c'),
      '{ column = 13; file = "/dir/pos.nix"; line = 2; }',
    );
    assert.equal(
      test.strict('builtins.unsafeGetAttrPos "b" (import /dir/pos.nix)'),
      '{ column = 3; file = "/dir/pos.nix"; line = 2; }',
    );
    assert.equal(
      test.strict('builtins.unsafeGetAttrPos "a" ({ z = 1; } // import /dir/pos.nix)'),
      '{ column = 3; file = "/dir/pos.nix"; line = 1; }',
    );
    assert.equal(
      test.strict('builtins.unsafeGetAttrPos "y" (builtins.functionArgs (import /dir/pos.nix).f)'),
      '{ column = 12; file = "/dir/pos.nix"; line = 3; }',
    );
  });
});
