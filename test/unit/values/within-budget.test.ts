// Values as an editor shows them.
import assert from 'node:assert/strict';
import { decodeUtf8 } from '../../../server/src/base/bytes';
import { attrsFromEntries } from '../../../server/src/values/attrs';
import { EvalError, Interruption } from '../../../server/src/values/error';
import { lazily } from '../../../server/src/values/thunk';
import type { Forced, Value } from '../../../server/src/values/value';
import { hoverBudget, printWithin, type Budget } from '../../../server/src/values/within-budget';
import { attrsFromObject } from '../../kit/attrs-from-object';
import { testForcer } from './forcer';

function shown(value: Value, budget: Partial<Budget> = {}): string {
  return decodeUtf8(printWithin(testForcer(), value, { ...hoverBudget, ...budget }));
}

const fails = lazily(() => {
  throw new EvalError('throw', 'oh no\nmore');
});

describe('printWithin', () => {
  it('forces parts and keeps what is small on one line', () => {
    assert.equal(
      shown(lazily(() => attrsFromObject({ a: lazily(() => 1), b: [lazily(() => 2)] }))),
      '{ a = 1; b = [ 2 ]; }',
    );
    assert.equal(shown(attrsFromObject({})), '{ }');
    assert.equal(shown([]), '[ ]');
  });

  it('gives wide sets a line for each part', () => {
    const set = attrsFromObject({ a: 'x'.repeat(50), b: attrsFromObject({ c: 1 }), d: ['y'.repeat(50), 3] });
    const long = `[\n    "${'y'.repeat(50)}"\n    3\n  ]`;
    assert.equal(
      shown(set, { width: 60 }),
      `{\n  a = "${'x'.repeat(50)}";\n  b = { c = 1; };\n  d = ${long};\n}`,
    );
  });

  it('counts what it leaves out, by depth and by parts', () => {
    assert.equal(shown([[[[1, 2]]]]), '[ [ [ [ «2 items elided» ] ] ] ]');
    assert.equal(shown([1, 2, 3], { parts: 2 }), '[ 1 2 «1 item elided» ]');
    const wide = attrsFromEntries(Array.from({ length: 60 }, (_, i) => [`a${i}`, i] as const));
    assert.match(shown(wide), /«10 attributes elided»\n\}$/);
  });

  it('opens a level before the next one', () => {
    const set = attrsFromObject({ a: [1, 2, 3], b: [4] });
    assert.equal(shown(set, { parts: 3 }), '{ a = [ 1 «2 items elided» ]; b = [ «1 item elided» ]; }');
  });

  it('puts errors in place, but throws that of the value itself', () => {
    assert.equal(shown(attrsFromObject({ a: fails })), '{ a = «error: oh no ...»; }');
    assert.throws(() => shown(fails), EvalError);
  });

  it('ends at cycles and in endless values', () => {
    const set = attrsFromObject({ self: null });
    set.values[0] = set;
    assert.equal(shown(set), '{ self = «repeated»; }');
    const endless = (): Forced => [lazily(endless)];
    assert.equal(shown(lazily(endless), { depth: 2 }), '[ [ [ «1 item elided» ] ] ]');
  });

  it('leaves unforced what it has no time for', () => {
    const slow = lazily(() => {
      throw new Interruption('timeout', 'too late');
    });
    assert.equal(shown([1, slow, lazily(() => 2)]), '[ 1 «thunk» «thunk» ]');
    const cancelled = lazily(() => {
      throw new Interruption('cancelled', 'stop');
    });
    assert.throws(() => shown([cancelled]), Interruption);
  });

  it('names derivations', () => {
    const set = attrsFromObject({ type: 'derivation', drvPath: lazily(() => '/nix/store/x.drv') });
    assert.equal(shown([set]), '[ «derivation /nix/store/x.drv» ]');
    assert.equal(shown(attrsFromObject({ type: 'derivation', drvPath: fails })), '«error: oh no ...»');
  });
});
