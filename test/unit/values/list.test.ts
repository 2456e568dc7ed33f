// Long lists, whose elements are made as they are read: nobody may see a difference.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import {
  elementAt,
  elementsOf,
  isComplete,
  shortestUnread,
  type List,
} from '../../../server/src/values/list';
import { Thunk } from '../../../server/src/values/thunk';
import { evaluated, messageOf, TestEvaluator } from '../../kit/evaluate';
import { seeded } from '../../kit/seed';

const length = shortestUnread + 3;
const long = (element: string) => `(builtins.genList (i: ${element}) ${length})`;
/** The same elements in a list that has all of them from the start. */
const complete = (element: string) =>
  `(builtins.concatLists (builtins.genList (i: [ (${element}) ]) ${length}))`;

/** Functions of a list, as of numbers, each of which reads in a way of its own. */
const readers = [
  'l: l',
  'l: map (x: x + 1) l',
  'l: map (x: [ x ]) (map (x: x * 2) l)',
  'l: builtins.filter (x: x > 10) l',
  'l: builtins.tail l',
  'l: builtins.head l',
  'l: builtins.length l',
  "l: builtins.foldl' (a: b: a + b) 0 l",
  "l: builtins.foldl' (a: b: if b < 10 then a ++ [ b ] else a) [ ] l",
  'l: l ++ l',
  'l: [ ] ++ l',
  'l: builtins.concatLists [ l [ 1 ] l ]',
  'l: builtins.concatMap (x: [ x x ]) l',
  'l: builtins.sort (a: b: a > b) l',
  'l: builtins.sort builtins.lessThan l',
  'l: builtins.partition (x: x < 5) l',
  'l: builtins.groupBy (x: toString (x / 100)) l',
  'l: [ (builtins.any (x: x == 7) l) (builtins.all (x: x < 7) l) (builtins.elem 7 l) ]',
  'l: [ (l == l) (l == map (x: x) l) (l == builtins.tail l) (l < map (x: x + 1) l) ]',
  'l: builtins.toJSON l',
  'l: builtins.toXML l',
  'l: toString l',
  'l: builtins.concatStringsSep "," (map toString l)',
  'l: builtins.listToAttrs (map (x: { name = "n${toString x}"; value = x; }) l)',
  'l: builtins.catAttrs "a" (map (x: if x < 9 then { a = x; } else { }) l)',
  'l: builtins.zipAttrsWith (n: v: v) (map (x: { a = x; }) l)',
  'l: builtins.removeAttrs { n1 = 1; m = 2; } (map (x: "n${toString x}") l)',
  'l: builtins.replaceStrings (map (x: "<${toString x}>") l) (map toString l) "<1><700>"',
  'l: map (x: x.key) (builtins.genericClosure { startSet = map (key: { inherit key; }) l; operator = x: [ ]; })',
  'l: builtins.deepSeq l l',
  'l: builtins.genList (builtins.elemAt l) (builtins.length l)',
  'l: let last = builtins.elemAt l (builtins.length l - 1); in [ last l ]',
  'l: (derivation { name = "n"; system = "s"; builder = "b"; args = map toString l; v = l; }).drvPath',
  'l: assert l == map (x: if x == 9 then 0 else x) l; 1',
];

function outcome(expression: string): string {
  const world = new TestEvaluator();
  try {
    return world.strict(expression);
  } catch (error) {
    return `error: ${(error as Error).message}`;
  }
}

describe('values/list', () => {
  for (const reader of readers) {
    it(`of any length are the same to ${reader}`, () => {
      assert.equal(outcome(`(${reader}) ${long('i')}`), outcome(`(${reader}) ${complete('i')}`));
    });
  }

  it('are read in any order, by index and in whole', () => {
    const action = fc.oneof(
      fc.nat({ max: length - 1 }).map((index) => ({ index })),
      fc.constantFrom({ all: true }, { force: true }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
        const { evaluator } = new TestEvaluator();
        const list = evaluator.evaluateText(encodeUtf8(long('{ n = i; }')), '/') as List;
        const read = new Map<number, unknown>();
        for (const action of actions) {
          if ('index' in action) {
            const element = elementAt(list, action.index);
            // An element stays what it was when it was read first.
            assert.equal(element, read.get(action.index) ?? element);
            read.set(action.index, element);
          } else if ('all' in action)
            elementsOf(list).forEach((element, i) => assert.equal(element, read.get(i) ?? element));
          else for (const element of read.values()) evaluator.vm.force(element as Thunk);
        }
        const last = [...read.keys()].includes(length - 1) || actions.some((action) => 'all' in action);
        assert.equal(isComplete(list), last);
        for (const element of elementsOf(list)) assert.ok(element instanceof Thunk);
      }),
      seeded(100),
    );
  });

  it('have no thunk where the value is a scalar, and keep it elsewhere', () => {
    const { evaluator } = new TestEvaluator();
    const element =
      'if i == 0 then 1 else if i == 1 then "s" else if i == 2 then null else if i == 3 then [ ] else { }';
    const list = evaluator.evaluateText(encodeUtf8(long(element)), '/') as List;
    for (let i = 0; i < 5; i++) evaluator.vm.force(elementAt(list, i));
    assert.deepEqual(list.slice(0, 3), [1, 's', null]);
    assert.ok(list[3] instanceof Thunk && list[4] instanceof Thunk);
  });

  it('have functions that are the very same, wherever they were copied to', () => {
    const same =
      'let l = ' +
      long('x: x') +
      '; in [ (l == l) (builtins.tail l == builtins.tail l) (l ++ [ 1 ] == l ++ [ 1 ]) (map (x: x) l == l) ]';
    assert.equal(evaluated(same), '[ true true true false ]');
  });

  it('evaluate each element once, and only those that are needed', () => {
    const world = new TestEvaluator();
    const list = long('builtins.trace "element ${toString i}" (if i > 2 then throw "needless" else i)');
    assert.equal(
      world.strict(
        `let l = ${list}; at = builtins.elemAt l; in at 2 + at 1 + at 2 + builtins.head (map (x: x) l)`,
      ),
      '5',
    );
    assert.deepEqual(world.messages, ['element 2', 'element 1', 'element 0']);
  });

  it('notice an element that needs itself, and one that fails twice', () => {
    assert.equal(
      messageOf(`let l = ${long('builtins.elemAt l i')}; in builtins.elemAt l 5`),
      'infinite recursion encountered',
    );
    assert.equal(
      messageOf(`let l = ${long('builtins.elemAt l (i + 1)')}; in builtins.head l`).slice(0, 20),
      "'builtins.elemAt' ca",
    );
    const twice = `let l = ${long('throw "no ${toString i}"')}; in (builtins.tryEval (builtins.elemAt l 4)).success || builtins.elemAt l 4`;
    assert.equal(messageOf(twice), 'no 4');
  });

  it('print as unevaluated what nobody needed', () => {
    const world = new TestEvaluator();
    const text = world.lazy(`let l = ${long('i')}; in builtins.seq (builtins.elemAt l 1) l`);
    assert.match(text, /^\[ <CODE> 1 <CODE> .*<CODE> \]$/);
  });
});
