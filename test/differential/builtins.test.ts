// Values of builtins beside those of C++ Nix, where it is installed. The
// expressions are ones on which the installed version and the one that Nixray
// follows agree.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { decodeUtf8 } from '../../server/src/base/bytes';
import { Attrs } from '../../server/src/values/attrs';
import { printFloat } from '../../server/src/values/float';
import { Float, type Forced } from '../../server/src/values/value';
import { createWorld, type World } from '../unit/builtins/support';
import { encodeUtf8 } from '../../server/src/base/bytes';
import { families } from './builtins-table';

const hasNix = spawnSync('nix-instantiate', ['--version']).status === 0;

/** What C++ Nix gives for many expressions, each as JSON. One process for all. */
function referenceValues(expressions: readonly string[]): unknown[] {
  const text = `[ ${expressions.map((expression) => `(${expression})`).join('\n')} ]`;
  const run = spawnSync('nix-instantiate', ['--store', 'dummy://', '--eval', '--strict', '--json', '-'], {
    input: text,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout) as unknown[];
}

function ownValue(expression: string, world: World): unknown {
  const { vm } = world.evaluator;
  vm.reset();
  return toJson(vm.forceDeep(world.evaluator.evaluateText(encodeUtf8(expression), '/')), world);
}

function toJson(value: Forced, world: World): unknown {
  const { vm } = world.evaluator;
  if (typeof value === 'string') return decodeUtf8(value);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return value;
  // The reference writes six digits.
  if (value instanceof Float) return Number(printFloat(value.value));
  if (Array.isArray(value)) return value.map((element) => toJson(vm.force(element), world));
  if (value instanceof Attrs) {
    const names = value.shape.names.map(decodeUtf8);
    return Object.fromEntries(names.map((name, i) => [name, toJson(vm.force(value.values[i]!), world)]));
  }
  assert.ok(value === null || typeof value === 'boolean', 'a value that JSON can show');
  return value;
}

describe('builtins beside C++ Nix', () => {
  for (const [family, expressions] of Object.entries(families)) {
    it(family, function () {
      if (!hasNix) this.skip();
      const world = createWorld();
      const expected = referenceValues(expressions);
      const wrong = expressions.flatMap((expression, i) => {
        const own = tryOwnValue(expression, world);
        return isEqual(own, expected[i]) ? [] : [{ expression, own, expected: expected[i] }];
      });
      assert.deepEqual(wrong, []);
    });
  }
});

function tryOwnValue(expression: string, world: World): unknown {
  try {
    return ownValue(expression, world);
  } catch (error) {
    return String(error);
  }
}

function isEqual(left: unknown, right: unknown): boolean {
  try {
    assert.deepEqual(left, right);
    return true;
  } catch {
    return false;
  }
}
