// What every record promises: documentation, an example that holds, and no crash whatever it is given.
import assert from 'node:assert/strict';
import { builtinRecords } from '../../../server/src/builtins/registry';
import { encodeUtf8 } from '../../../server/src/base/bytes';
import { EvalError } from '../../../server/src/values/error';
import type { Value } from '../../../server/src/values/value';
import { createWorld, evaluate } from './support';

describe('the records of builtins', () => {
  it('have names of their own', () => {
    const names = builtinRecords.map((record) => record.name);
    assert.equal(new Set(names).size, names.length);
  });

  for (const record of builtinRecords) {
    describe(record.name, () => {
      it('is documented', () => {
        assert.match(record.documentation, /^[^\n]{15,}[.:`]/);
        assert.match(record.since, /^\d+(\.\d+)+$/);
        assert.ok(record.parameters.length >= 1 && record.parameters.length <= 3);
      });

      const { example } = record;
      if (example !== undefined) {
        it('has an example that holds', () => {
          assert.equal(evaluate(example.expression), example.result);
        });
      }

      it('takes every type of value in every place', () => {
        const world = createWorld();
        const { vm } = world.evaluator;
        const builtin = world.evaluator.evaluateText(`builtins.${quoted(record.name)}`, '/');
        for (const args of combinations(sampleValues(world), record.parameters.length)) {
          vm.reset();
          try {
            vm.forceDeep(args.reduce<Value>((callee, argument) => vm.call(callee, argument), builtin));
          } catch (error) {
            if (!(error instanceof EvalError)) throw error;
          }
        }
      });
    });
  }
});

function quoted(name: string): string {
  return JSON.stringify(name);
}

function sampleValues({ evaluator }: ReturnType<typeof createWorld>): Value[] {
  return samples.map((text) => evaluator.evaluateText(encodeUtf8(text), '/'));
}

const samples = [
  'null',
  'true',
  '0',
  '-1',
  '9223372036854775807',
  '1.5',
  '1.0e200',
  '""',
  '"a"',
  '"ä/["',
  '/no/where',
  '[ ]',
  '[ 1 "a" null ]',
  '[ [ ] { } ]',
  '[ (throw "thrown") ]',
  '{ }',
  '{ a = 1; name = "a"; value = 2; key = 1; }',
  '{ a = throw "thrown"; }',
  '{ outPath = "/x"; type = "derivation"; }',
  '{ __toString = self: "text"; }',
  '{ __functor = self: x: x; }',
  '{ startSet = [ { key = 1; } ]; operator = x: [ ]; }',
  'x: x',
  'x: y: x',
  '{ a ? 1, ... }: a',
  'builtins.add',
  'builtins.add 1',
  'x: throw "thrown"',
  'builtins.appendContext "a" { "/nix/store/00000000000000000000000000000000-a" = { path = true; }; }',
];

function combinations(values: readonly Value[], count: number): Value[][] {
  if (count === 0) return [[]];
  return combinations(values, count - 1).flatMap((head) => values.map((value) => [...head, value]));
}
