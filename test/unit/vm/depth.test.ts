// Deep recursion, on a stack like that of the evaluator's own thread.
import assert from 'node:assert/strict';
import { evaluateDeep, type DeepResult } from '../../kit/deep-stack';
import { TestEvaluator } from '../../kit/evaluate';

const count = (n: number) => `let f = n: if n == 0 then 0 else 1 + f (n - 1); in f ${n}`;

/** Each expression with what it gives: a value, or the kind of its error. */
const table: readonly (readonly [string, string])[] = [
  // A call may be made while 10,000 are under way, as in Nix.
  [count(10_000), '10000'],
  [count(10_001), 'stack-overflow'],
  [count(10_000), '10000'],
  ['let f = n: f (n + 1); in f 0', 'stack-overflow'],
  ['let f = n: builtins.seq (f (n + 1)) 1; in f 0', 'stack-overflow'],
  ['let f = n: [ (f (n + 1)) ]; in f 0', 'stack-overflow'],
  ['let f = n: { a = f (n + 1); }; in f 0', 'stack-overflow'],
  ['let f = { n }: "${f { inherit n; }}"; in f { n = 1; }', 'stack-overflow'],
  ['let s = { __functor = self: x: s x; }; in s 1', 'stack-overflow'],
  ['let s = { __toString = _: "${s}"; }; in "${s}"', 'stack-overflow'],
  // Thunks within thunks are no calls, and may be deeper.
  [
    "let l = builtins.foldl' (a: b: a ++ [ b ]) [ ] (builtins.genList (x: x) 5000); in builtins.length l",
    '5000',
  ],
  [
    'let n = 3000; l = builtins.genList (i: if i == 0 then 0 else 1 + builtins.elemAt l (i - 1)) n; in builtins.elemAt l (n - 1)',
    '2999',
  ],
  [
    '(builtins.tryEval (let f = n: if n == 0 then throw "deep" else 1 + f (n - 1); in f 9000)).success',
    'false',
  ],
  ['let x = x + 1; in x', 'infinite-recursion'],
];

describe('long chains of operators', () => {
  for (const [what, text, expected] of [
    ['+', `0${' + 1'.repeat(100_000)}`, '100000'],
    ['-', `0${' - 1'.repeat(100_000)}`, '-100000'],
    ['* and /', `1${' * 6 / 3'.repeat(60)}${' * 1 / 1'.repeat(50_000)}`, '1152921504606846976'],
    ['&&', `true${' && true'.repeat(100_000)} && false`, 'false'],
    ['||', `false${' || false'.repeat(100_000)} || true`, 'true'],
    ['strings', `builtins.stringLength (""${' + "ab"'.repeat(100_000)})`, '200000'],
  ] as const) {
    it(`${what} is evaluated on any stack`, () => {
      const evaluator = new TestEvaluator();
      assert.equal(evaluator.strict(text), expected);
    });
  }
});

describe('deep recursion', () => {
  let results: DeepResult[];

  before(async function () {
    this.timeout(60_000);
    results = await evaluateDeep(table.map(([text]) => text));
  });

  table.forEach(([text, expected], i) => {
    it(`${text} gives ${expected}`, () => {
      const { value, error } = results[i]!;
      assert.equal(value ?? error?.kind, expected, error?.message);
    });
  });

  it('that is too deep says so, with a trace', () => {
    const { error } = results[1]!;
    assert.match(error!.message, /max-call-depth exceeded/);
    assert.ok(error!.frames >= 10_000, `${error!.frames} frames`);
  });
});
