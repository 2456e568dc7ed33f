// Raising, catching, messages to the user.
import assert from 'node:assert/strict';
import { createWorld, errorOf, evaluate, messageOf, traceOf } from './support';

describe('builtins of control', () => {
  it('catch throw and assert, and nothing else', () => {
    assert.equal(evaluate('(builtins.tryEval (throw "x")).success'), 'false');
    assert.equal(evaluate('(builtins.tryEval (assert false; 1)).success'), 'false');
    for (const failing of ['abort "x"', '1 + "a"', '{ }.a', 'let x = x; in x', 'builtins.head [ ]']) {
      assert.ok(errorOf(`builtins.tryEval (${failing})`));
    }
  });

  it('go on after a caught error as if nothing had been', () => {
    const deep = 'let f = n: if n == 0 then throw "x" else f (n - 1); in f 500';
    const world = createWorld();
    assert.equal(
      evaluate(
        `builtins.length (map (i: (builtins.tryEval (${deep})).success) (builtins.genList (i: i) 50))`,
        world,
      ),
      '50',
    );
    assert.equal(
      evaluate(
        `builtins.all (i: (builtins.tryEval (${deep})).success == false) (builtins.genList (i: i) 50)`,
        world,
      ),
      'true',
    );
    assert.equal(world.evaluator.vm.depth, 0);
  });

  it('raise what they are told', () => {
    assert.equal(errorOf('throw "a\\nb"').kind, 'throw');
    assert.equal(messageOf('abort "x"'), "evaluation aborted with the following error message: 'x'");
    assert.deepEqual(traceOf('throw { }').slice(-2), [
      'while evaluating the error message passed to builtin.throw',
      'cannot coerce a set to a string: { }',
    ]);
  });

  it('force in order', () => {
    assert.equal(messageOf('builtins.seq (throw "first") (throw "second")'), 'first');
    assert.equal(messageOf('builtins.deepSeq [ { a = throw "inside"; } ] 1'), 'inside');
    assert.equal(evaluate('builtins.deepSeq (let x = { inherit x; }; in x) 1'), '1');
  });

  it('tell the user', () => {
    const world = createWorld();
    evaluate(
      'builtins.trace "a\\nb" (builtins.trace { x = 1 + 1; y = [ 1 ]; } (builtins.warn "careful" 1))',
      world,
    );
    assert.deepEqual(world.reports, [
      'trace: a\nb',
      'trace: { x = «thunk»; y = «thunk»; }',
      'evaluation-warning: careful',
    ]);
    assert.match(messageOf('builtins.warn 1 2'), /^expected a string but found an integer: 1/);
    assert.equal(evaluate('builtins.traceVerbose (throw "x") 1'), '1');
  });

  it('add lines to a trace', () => {
    assert.deepEqual(traceOf('builtins.addErrorContext "while testing" (throw "x")'), [
      'while testing',
      "while calling the 'throw' builtin",
      'x',
    ]);
    assert.equal(evaluate('builtins.addErrorContext (throw "unseen") 1'), '1');
  });
});
