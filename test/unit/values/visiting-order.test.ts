import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { Shape } from '../../../server/src/values/shape';
import { visitingOrder } from '../../../server/src/values/visiting-order';
import type { Source } from '../../../server/src/values/position';

const source: Source = { kind: 'string', path: '«string»', text: '' };

/** The names in the order in which C++ Nix goes through them, where each is defined at an offset. */
function ordered(offsets: Readonly<Record<string, number>> | readonly string[]): string[] {
  const names = Array.isArray(offsets) ? [...(offsets as readonly string[])] : Object.keys(offsets).sort();
  const places = Array.isArray(offsets) ? undefined : (offsets as Readonly<Record<string, number>>);
  const origin = places && { positionOf: (i: number) => ({ source, offset: places[names[i]!]! }) };
  const shape = new Shape(names, origin);
  strictEqual(visitingOrder(shape), visitingOrder(shape));
  return visitingOrder(shape).map((i) => names[i]!);
}

describe('the order in which attributes are visited', () => {
  it('is that in which they are written', () => {
    deepStrictEqual(ordered({ c: 1, a: 8, b: 4 }), ['c', 'b', 'a']);
  });

  it('begins with the names that C++ Nix knows by itself', () => {
    deepStrictEqual(ordered({ z: 1, value: 5, name: 9, a: 20 }), ['name', 'value', 'z', 'a']);
  });

  it('is that of the names where nobody knows where they are defined', () => {
    deepStrictEqual(ordered(['a', 'b', 'c']), ['a', 'b', 'c']);
  });
});
