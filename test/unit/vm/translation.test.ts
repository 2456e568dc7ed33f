// Hot chunks as JavaScript functions: the same results, the same errors with the same traces.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { EvalError } from '../../../server/src/values/error';
import { renderError } from '../../../server/src/evaluator/render-error';
import { Closure } from '../../../server/src/values/value';
import { TestEvaluator } from '../../kit/evaluate';
import { failingPrograms } from '../../kit/failing-programs';
import { randomProgram } from '../../kit/random-programs';
import { seeded } from '../../kit/seed';
import { programs } from '../compiler/programs';

/** The value with all its parts or the error with its whole trace, where chunks are translated at that many runs. */
function outcome(text: string, hotRuns: number): string {
  const test = new TestEvaluator({ files: { '/other.nix': '{ a = 1; }', '/p.nix': text }, hotRuns });
  try {
    return test.strict('import /p.nix');
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return decodeUtf8(renderError(error, { showTrace: true }));
  }
}

function assertSame(text: string): string {
  const expected = outcome(text, Infinity);
  assert.equal(outcome(text, 1), expected, text);
  assert.equal(outcome(text, 2), expected, text);
  return expected;
}

/** What became of the function that a text is, once it was called that many times. */
function translated(text: string, calls = 3) {
  const test = new TestEvaluator({ hotRuns: 2 });
  const { vm } = test.evaluator;
  const closure = test.value(text);
  assert.ok(closure instanceof Closure);
  for (let i = 0; i < calls; i++) vm.force(vm.call(closure, i));
  return closure.blueprint.chunk!.translated;
}

const arithmetic = {
  'a recursive function': 'let fib = n: if n < 2 then n else fib (n - 1) + fib (n - 2); in fib 15',
  'an integer that overflows': 'let f = n: if n < 0 then n else f (n + 4611686018427387904); in f 1',
  'a sum beyond the safe integers':
    'let f = n: if n > 9007199254740995 then n else f (n + 1); in f 9007199254740985',
  'a product that is zero': 'let f = n: m: if n == 0 then m else f (n - 1) (m * 0); in f 5 (0 - 3)',
  'floats in a sum': 'let f = n: if n > 5 then n else f (n + 1.5); in f 0',
  'a string in a sum': 'let f = n: if n == "aaa" then n else f (n + "a"); in f ""',
  'a type error in an argument': 'let f = n: if n == 3 then f (n + { }) else f (n + 1); in f 0',
  'an argument that nobody needs': 'let f = n: m: if n == 0 then "end" else f (n - 1) (m + { }); in f 3 1',
  'a division by zero': 'let f = n: if n == 0 then 1 / n else f (n - 1); in f 3',
  'two arguments at once': "builtins.foldl' (a: b: a * 2 + b) 0 [ 1 2 3 4 5 ]",
  'an error in the inner of two functions': 'builtins.foldl\' (a: b: a + b) 0 [ 1 2 "x" ]',
  'recursion in one branch, and a set that takes its slot in the other':
    '[ 1 2 3 ] == map (x: if x == 2 then let a = b: if b <= 0 then x else a (b - 1); in a 4 else rec { y = (z); z = true; result = if y then x else 0; }.result) [ 1 2 3 ]',
  'a set in one branch, and recursion that takes its slot in the other':
    'if false then rec { x = (f); f = true; result = 10; }.result else let a = b: if b <= 0 then b else b + a (b - 1); in a 4',
  'recursion in a branch that is not taken':
    'if false then let a = b: if b <= 0 then b else b + a (b - 1); in a 4 else rec { x = (f); f = true; result = 10; }.result',
  'a comparator': 'builtins.sort (a: b: a > b) [ 3 1 2 5 4 ]',
};

describe('translated code', () => {
  for (const [what, text] of Object.entries({ ...arithmetic, ...failingPrograms })) {
    it(`does the same for ${what}`, () => void assertSame(text));
  }

  for (const [what, text] of Object.entries(programs)) {
    it(`does the same for ${what}, called with numbers and with sets`, () => {
      assertSame(text);
      assertSame(`(${text}) 1 2 3`);
      assertSame(`(${text}) { a = 1; b = { c = 2; }; } { a = 2; } { }`);
      assertSame(`map (${text}) [ 1 "a" { } [ ] null ]`);
    });
  }

  it('does the same for random programs', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(randomProgram, (text) => void assertSame(text)),
      seeded(100),
    );
  });

  it('is there after as many runs as it takes', () => {
    assert.equal(translated('n: n + 1', 1), null);
    assert.notEqual(translated('n: n + 1', 2), null);
  });

  it('takes both arguments of a curried function at once', () => {
    assert.notEqual(translated('a: b: a + b')!.pair, null);
    assert.equal(translated('a: { b = a; }')!.pair, null);
    assert.equal(translated('a: with a; b: b')!.pair, null);
  });

  it('knows whether an argument is only forced', () => {
    const stays = (text: string) => translated(text)!.argumentStays;
    assert.equal(stays('n: n + n'), true);
    assert.equal(stays('n: (m: m * 2) (n - 1)'), true);
    assert.equal(stays('n: [ n ]'), false);
    assert.equal(stays('n: (m: m) n'), false);
    assert.equal(stays('n: [ (n + 1) ]'), true);
    assert.equal(stays('n: (x: n)'), false);
    assert.equal(translated('a: b: a + b')!.argumentsStay, true);
    assert.equal(translated('a: b: [ a ]')!.argumentsStay, false);
    assert.equal(translated('a: b: [ b ]')!.argumentsStay, false);
  });

  it('does not show what was computed early', () => {
    const text = `let f = n: { a = n; }; g = n: f (n + 1); xs = map g [ 1 2 3 4 ];
      in builtins.seq (builtins.foldl' (end: x: builtins.seq x end) null xs) xs`;
    const lazily = (hotRuns: number) => new TestEvaluator({ hotRuns }).lazy(text);
    assert.equal(lazily(Infinity), `[ ${'{ a = <CODE>; } '.repeat(4)}]`);
    assert.equal(lazily(1), lazily(Infinity));
  });
});
