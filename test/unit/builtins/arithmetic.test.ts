// 64 bits, overflow, floats, order, bits.
import assert from 'node:assert/strict';
import { evaluate, messageOf, traceOf } from './support';

describe('builtins of arithmetic', () => {
  it('keep 64 bits exact', () => {
    assert.equal(evaluate('builtins.add 9007199254740993 2'), '9007199254740995');
    assert.equal(evaluate('builtins.sub (-9223372036854775807) 1'), '-9223372036854775808');
    assert.equal(evaluate('builtins.mul 3037000499 3037000499'), '9223372030926249001');
    assert.equal(evaluate('builtins.div 9223372036854775807 2'), '4611686018427387903');
    assert.equal(evaluate('builtins.sub 9007199254740993 9007199254740992'), '1');
  });

  it('fail where a result needs more', () => {
    assert.equal(
      messageOf('builtins.add 9223372036854775807 1'),
      'integer overflow in adding 9223372036854775807 + 1',
    );
    assert.equal(
      messageOf('builtins.div (-9223372036854775807 - 1) (-1)'),
      'integer overflow in dividing -9223372036854775808 / -1',
    );
    assert.equal(messageOf('builtins.div 1 0.0'), 'division by zero');
  });

  it('name the operand that is no number', () => {
    assert.deepEqual(traceOf('builtins.mul "a" 1.5'), [
      "while calling the 'mul' builtin",
      'while evaluating the first of the multiplication',
      'expected a float but found a string: "a"',
    ]);
    assert.deepEqual(traceOf('builtins.div "a" 1'), [
      "while calling the 'div' builtin",
      'while evaluating the first operand of the division',
      'expected an integer but found a string: "a"',
    ]);
    assert.deepEqual(traceOf('builtins.div 1 "a"'), [
      "while calling the 'div' builtin",
      'while evaluating the second operand of the division',
      'expected a float but found a string: "a"',
    ]);
  });

  it('compare integers with floats as doubles', () => {
    assert.equal(evaluate('9007199254740993 == 9007199254740992.0'), 'true');
    assert.equal(evaluate('builtins.lessThan 9007199254740993 9007199254740992.0'), 'false');
    assert.equal(evaluate('builtins.lessThan 1 1.5'), 'true');
  });

  it('compare lists by their first difference, and nothing without an order', () => {
    assert.equal(evaluate('builtins.lessThan [ 1 (throw "x") ] [ 2 ]'), 'true');
    assert.equal(
      messageOf('builtins.lessThan { } { }'),
      'cannot compare a set with a set; values of that type are incomparable (values are { } and { })',
    );
    assert.equal(
      messageOf('builtins.lessThan 1 "a"'),
      'cannot compare an integer with a string; values are 1 and "a"',
    );
  });

  it('know bits of negative and of large integers', () => {
    assert.equal(evaluate('builtins.bitAnd (-1) 4294967296'), '4294967296');
    assert.equal(evaluate('builtins.bitXor 9223372036854775807 (-1)'), '-9223372036854775808');
    assert.equal(evaluate('builtins.bitOr 4294967295 4294967296'), '8589934591');
  });

  it('round, and refuse what a float does not hold', () => {
    assert.equal(evaluate('map builtins.ceil [ (-0.5) 1.0e15 7 ]'), '[ 0 1000000000000000 7 ]');
    assert.equal(messageOf('builtins.floor 1.0e19'), 'NixFloat argument 1e+19 is not in the range of NixInt');
    assert.match(
      messageOf('builtins.floor 9007199254740993'),
      /loss of precision .* rounded to 9007199254740992/,
    );
    assert.match(messageOf('builtins.ceil 9223372036854775807'), /caused undefined behavior/);
  });
});
