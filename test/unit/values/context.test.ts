// String context: sorted, without duplicates, and never empty on a string that has one.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { contextOf, mergeContexts, textOf, withContext } from '../../../server/src/values/context';
import { ContextString } from '../../../server/src/values/value';
import { evaluated } from '../../kit/evaluate';
import { seeded } from '../../kit/seed';

const element = fc.constantFrom(
  '/nix/store/a',
  '/nix/store/b',
  '!out!/nix/store/c.drv',
  '=/nix/store/c.drv',
  'd',
  'e',
);
const context = fc.uniqueArray(element).map((all) => [...all].sort());

describe('string context', () => {
  it('merges to the sorted union', () => {
    fc.assert(
      fc.property(context, context, (a, b) => {
        const before = [[...a], [...b]];
        assert.deepEqual(mergeContexts(a, b), [...new Set([...a, ...b])].sort());
        assert.deepEqual([a, b], before);
      }),
      seeded(200),
    );
  });

  it('makes no new context where nothing is added', () => {
    const some = ['a'];
    assert.equal(mergeContexts(some, []), some);
    assert.equal(mergeContexts([], some), some);
    assert.equal(mergeContexts(some, some), some);
  });

  it('is on no string without it', () => {
    assert.equal(withContext('x', []), 'x');
    const string = withContext('x', ['a']);
    assert.ok(string instanceof ContextString);
    assert.equal(textOf(string), 'x');
    assert.deepEqual(contextOf(string), ['a']);
    assert.deepEqual(contextOf('x'), []);
  });

  it('passes through all that makes strings', () => {
    const file = 'let f = builtins.toFile "x" "y"; n = builtins.attrNames (builtins.getContext f); in ';
    const same = (text: string) =>
      evaluated(`${file}builtins.attrNames (builtins.getContext (${text})) == n`);
    for (const text of [
      '"a${f}b"',
      'f + "b"',
      '"b" + f',
      'toString f',
      'toString [ 1 f ]',
      '"${{ outPath = f; }}"',
    ]) {
      assert.equal(same(text), 'true', text);
    }
    assert.equal(
      evaluated(`${file}"a" == builtins.substring 0 1 ("a" + f)`),
      'true',
      'equality does not look at it',
    );
    assert.equal(evaluated(`${file}builtins.hasContext "\${f}\${f}"`), 'true');
    assert.equal(
      evaluated(`${file}builtins.length (builtins.attrNames (builtins.getContext "\${f}\${f}"))`),
      '1',
    );
  });
});
