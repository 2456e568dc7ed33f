// Nix's printers on values that are made by hand.
import assert from 'node:assert/strict';
import { decodeUtf8, encodeUtf8 } from '../../../server/src/base/bytes';
import { emptyAttrs } from '../../../server/src/values/attrs';
import { EvalError } from '../../../server/src/values/error';
import { print, printAmbiguous, printForError, type PrintOptions } from '../../../server/src/values/printer';
import { lazily, running, Thunk } from '../../../server/src/values/thunk';
import {
  Builtin,
  ContextString,
  Float,
  PartialApplication,
  Path,
  type Value,
} from '../../../server/src/values/value';
import { attrsFromObject } from '../../kit/attrs-from-object';
import { testForcer } from './forcer';

const shown = (value: Value, options: PrintOptions = {}) => decodeUtf8(print(value, options));
const map = new Builtin({ name: 'map', call: () => null }, 2);

function cyclic(): Value {
  const set = attrsFromObject({ a: 1, self: null });
  set.values[1] = set;
  return set;
}

describe('print', () => {
  const scalars: [Value, string][] = [
    [null, 'null'],
    [true, 'true'],
    [-3, '-3'],
    [9223372036854775807n, '9223372036854775807'],
    [new Float(1), '1'],
    ['a"b\\c\n\t\r$x${', '"a\\"b\\\\c\\n\\t\\r$x\\${"'],
    [encodeUtf8('grüße'), '"grüße"'],
    [new ContextString('/nix/store/x', ['/nix/store/x']), '"/nix/store/x"'],
    [new Path('/etc/a b'), '/etc/a b'],
    [map, '«primop map»'],
    [new PartialApplication(map, [1]), '«partially applied primop map»'],
    [lazily(() => 1), '«thunk»'],
    [new Thunk(running, undefined), '«potential infinite recursion»'],
    [emptyAttrs, '{ }'],
    [[], '[ ]'],
    [[1, [2]], '[ 1 [ 2 ] ]'],
  ];
  for (const [value, text] of scalars) {
    it(`prints ${text}`, () => assert.equal(shown(value), text));
  }

  it('quotes odd names and keywords', () => {
    const set = attrsFromObject({ 'a.b': 1, if: 2, or: 3, "x'-1": 4, '1': 5, '': 6, '-': 7 });
    assert.equal(shown(set), `{ "" = 6; "-" = 7; "1" = 5; "a.b" = 1; "if" = 2; or = 3; x'-1 = 4; }`);
  });

  it('ends at what was printed before', () => {
    assert.equal(shown(cyclic()), '{ a = 1; self = «repeated»; }');
    const list = [1];
    assert.equal(shown([list, list]), '[ [ 1 ] «repeated» ]');
  });

  it('tells equal lists of two thunks apart, as Nix does', () => {
    const list = [1];
    const forcer = testForcer();
    const thunks = [lazily(() => list), lazily(() => list)];
    assert.equal(shown(thunks, { force: forcer }), '[ [ 1 ] [ 1 ] ]');
  });

  it('elides over all levels for errors', () => {
    const row = Array.from({ length: 12 }, (_, i) => i);
    assert.equal(decodeUtf8(printForError(row)), '[ 0 1 2 3 4 5 6 7 8 9 «2 items elided» ]');
    assert.equal(decodeUtf8(printForError('x'.repeat(1025))), `"${'x'.repeat(1024)}" «1 byte elided»`);
    let nested: Value = 1;
    for (let i = 0; i < 12; i++) nested = [nested];
    assert.equal(decodeUtf8(printForError(nested)), `${'[ '.repeat(10)}[ ... ]${' ]'.repeat(10)}`);
  });

  it('shows what tells the kind of a set before the elision', () => {
    const names = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`a${i}`, i]));
    const set = attrsFromObject({ ...names, type: 'x' });
    assert.match(
      decodeUtf8(printForError(set)),
      /^\{ type = "x"; a0 = 0; .* a8 = 8; «1 attribute elided» \}$/,
    );
  });

  it('puts errors in place, or throws them', () => {
    const failing = attrsFromObject({
      a: lazily(() => {
        throw new EvalError('throw', 'oh no');
      }),
    });
    const force = testForcer();
    assert.equal(shown(failing, { force }), '{ a = «error: oh no»; }');
    assert.throws(() => shown(failing, { force, errors: 'throw' }), EvalError);
    assert.throws(() => shown(failing.values[0]!, { force, errors: 'throw-top-level' }), EvalError);
    assert.equal(shown(failing, { force, errors: 'throw-top-level' }), '{ a = «error: oh no»; }');
  });

  it('lays out with an indentation', () => {
    const set = attrsFromObject({ a: [1], b: attrsFromObject({ c: [2, 3] }) });
    assert.equal(
      shown(set, { indent: 2 }),
      '{\n  a = [ 1 ];\n  b = {\n    c = [\n      2\n      3\n    ];\n  };\n}',
    );
  });

  it('names derivations by their path', () => {
    const set = attrsFromObject({ type: 'derivation', drvPath: '/nix/store/x.drv' });
    assert.equal(shown(set, { force: testForcer(), derivationPaths: true }), '«derivation /nix/store/x.drv»');
  });

  it('ends where a value nests too deeply', () => {
    const endless = (): Value => [lazily(() => endless() as Value[])];
    assert.throws(() => shown(endless(), { force: testForcer(), maxCallDepth: 50 }), /max-call-depth/);
    let deep: Value = 1;
    for (let i = 0; i < 60; i++) deep = [deep];
    assert.throws(() => printAmbiguous(deep, 50), /max-call-depth/);
  });
});

describe('printAmbiguous', () => {
  it('prints as nix-instantiate does', () => {
    const set = attrsFromObject({ f: map, g: new PartialApplication(map, [1]), l: [], t: lazily(() => 1) });
    assert.equal(printAmbiguous(set), '{ f = <PRIMOP>; g = <PRIMOP-APP>; l = [ ]; t = <CODE>; }');
    assert.equal(printAmbiguous([emptyAttrs, emptyAttrs]), '[ { } { } ]');
    assert.equal(decodeUtf8(printAmbiguous(cyclic())), '{ a = 1; self = «repeated»; }');
  });
});
