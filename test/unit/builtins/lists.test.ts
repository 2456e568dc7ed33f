// What is forced when, messages, sizes.
import assert from 'node:assert/strict';
import { Interruption } from '../../../server/src/values/error';
import { peeksort } from '../../../server/src/builtins/peeksort';
import { unlimited } from '../../../server/src/vm/limits';
import { createWorld, evaluate, messageOf, traceOf } from './support';

describe('builtins of lists', () => {
  it('do not look at the function where the list is empty, if C++ Nix does not', () => {
    for (const name of ['map', 'builtins.filter', 'builtins.sort']) {
      assert.equal(evaluate(`${name} (throw "function") [ ]`), '[ ]');
    }
    assert.equal(messageOf('builtins.concatMap (throw "function") [ ]'), 'function');
    assert.equal(messageOf('map (throw "function") [ 1 ] == [ ]'), 'function');
    assert.equal(messageOf('builtins.genList (throw "function") 0'), 'function');
  });

  it('apply functions lazily', () => {
    assert.equal(evaluate('builtins.length (map throw [ "a" "b" ])'), '2');
    assert.equal(evaluate('builtins.length (builtins.genList throw 3)'), '3');
    assert.equal(evaluate('builtins.foldl\' (a: b: 1) (throw "initial") [ (throw "element") ]'), '1');
  });

  it('stop looking where the answer is known', () => {
    assert.equal(evaluate('builtins.any (x: x) [ true (throw "x") ]'), 'true');
    assert.equal(evaluate('builtins.all (x: x) [ false (throw "x") ]'), 'false');
    assert.equal(evaluate('builtins.elem 1 [ 1 (throw "x") ]'), 'true');
  });

  it('find a function that is the very same', () => {
    assert.equal(evaluate('let f = x: x; in builtins.elem f [ f ]'), 'true');
    assert.equal(evaluate('builtins.elem (x: x) [ (x: x) ]'), 'false');
  });

  it('say what they were doing', () => {
    assert.deepEqual(traceOf('builtins.elemAt [ ] (-1)'), [
      "while calling the 'elemAt' builtin",
      "'builtins.elemAt' called with index -1 on a list of size 0",
    ]);
    assert.deepEqual(traceOf('builtins.concatLists [ [ ] 1 ]'), [
      "while calling the 'concatLists' builtin",
      'while evaluating a value of the list passed to builtins.concatLists',
      'expected a list but found an integer: 1',
    ]);
    assert.equal(messageOf('builtins.genList (x: x) (-1)'), 'cannot create list of size -1');
  });

  it('refuse lists that cannot exist', () => {
    assert.match(
      messageOf('builtins.genList (x: x) 1000000000'),
      /^a list of 1000000000 elements is too long/,
    );
    assert.match(messageOf('builtins.genList (x: x) 9223372036854775807'), /too long/);
    const doubled = "builtins.foldl' (l: i: builtins.concatLists [ l l ]) [ 1 ] (builtins.genList (i: i) 20)";
    assert.equal(evaluate(`builtins.length (${doubled})`), '1048576');
  });
});

describe('sort', () => {
  it('is stable, and calls any comparator', () => {
    assert.equal(
      evaluate('builtins.sort (a: b: a.k < b.k) [ { k = 2; n = 1; } { k = 1; n = 2; } { k = 2; n = 3; } ]'),
      '[ { k = 1; n = 2; } { k = 2; n = 1; } { k = 2; n = 3; } ]',
    );
  });

  it('takes numbers, strings and lists by lessThan', () => {
    assert.equal(evaluate('builtins.sort builtins.lessThan [ 2 1.5 (-1) ]'), '[ -1 1.5 2 ]');
    assert.equal(evaluate('builtins.sort builtins.lessThan [ "b" "ä" "" "B" ]'), '[ "" "B" "b" "ä" ]');
    assert.deepEqual(traceOf('builtins.sort builtins.lessThan [ 1 "a" ]'), [
      "while calling the 'sort' builtin",
      'while evaluating the ordering function passed to builtins.sort',
      'cannot compare a string with an integer; values are "a" and 1',
    ]);
  });

  it('survives comparators that are no order', () => {
    const scrambled = 'builtins.genList (i: i * 37 - i * 37 / 101 * 101) 100';
    assert.equal(evaluate(`builtins.length (builtins.sort (a: b: true) (${scrambled}))`), '100');
    assert.equal(evaluate('builtins.sort (a: b: true) [ 1 2 3 ]'), '[ 3 2 1 ]');
  });

  it('merges runs of every shape', () => {
    const order = { less: (a: number, b: number) => a < b };
    for (let length = 0; length < 70; length++) {
      for (const shape of [
        (i: number) => i,
        (i: number) => -i,
        (i: number) => (i * 37) % 11,
        (i: number) => Math.abs(i - length / 2),
        (i: number) => (i < length / 2 ? i : length - i),
      ]) {
        const list = Array.from({ length }, (_, i) => shape(i));
        const expected = [...list].sort((a, b) => a - b);
        peeksort(list, order);
        assert.deepEqual(list, expected);
      }
    }
  });
});

describe('genericClosure', () => {
  it('takes each key once, in the order of the visits', () => {
    assert.equal(
      evaluate(
        'map (x: x.key) (builtins.genericClosure { startSet = [ { key = 1; } { key = 1.0; } ]; operator = x: if x.key > 4 then [ ] else [ { key = x.key * 2; } { key = x.key + 1; } ]; })',
      ),
      '[ 1 2 4 3 8 5 6 ]',
    );
  });

  it('compares keys that are lists, and mixed numbers', () => {
    const keys = (text: string) =>
      evaluate(
        `map (x: x.key) (builtins.genericClosure { startSet = map (key: { inherit key; }) [ ${text} ]; operator = x: [ ]; })`,
      );
    assert.equal(keys('[ 1 ] [ 2 ] [ 1 ] [ ]'), '[ [ 1 ] [ 2 ] [ ] ]');
    assert.equal(keys('2 1.5 2.0 1 1.5'), '[ 2 1.5 1 ]');
    assert.equal(keys('"b" "a" "b"'), '[ "b" "a" ]');
  });

  it('shows the elements that it cannot compare', () => {
    assert.deepEqual(
      traceOf('builtins.genericClosure { startSet = [ { key = 1; } { key = "a"; } ]; operator = x: [ ]; }'),
      [
        "while calling the 'genericClosure' builtin",
        'while comparing element { key = "a"; }',
        'with element { key = 1; }',
        'cannot compare a string with an integer; values are "a" and 1',
      ],
    );
  });

  it('can be stopped where it has no end', () => {
    const limits = { ...unlimited(), deadline: performance.now() + 50 };
    const endless =
      'builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }';
    assert.throws(
      () => evaluate(endless, createWorld(limits)),
      (error) => error instanceof Interruption && error.reason === 'timeout',
    );
  });
});
