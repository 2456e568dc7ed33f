// Floats as C++ prints them; the expected texts are those of nix-instantiate.
import assert from 'node:assert/strict';
import { floatToDecimals, printFloat } from '../../../server/src/values/float';

describe('floats as text', () => {
  const printed: [number, string][] = [
    [0, '0'],
    [-0, '-0'],
    [0.1, '0.1'],
    [1, '1'],
    [100000, '100000'],
    [1000000, '1e+06'],
    [999999.5, '1e+06'],
    [123456.789, '123457'],
    [1.5e-5, '1.5e-05'],
    [0.0001, '0.0001'],
    [-2.5e-10, '-2.5e-10'],
    [1e100, '1e+100'],
    [3.14159265, '3.14159'],
    [5e-324, '4.94066e-324'],
    [1.7976931348623157e308, '1.79769e+308'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
    [NaN, '-nan'],
  ];
  for (const [value, text] of printed) {
    it(`prints ${value} as ${text}`, () => assert.equal(printFloat(value), text));
  }

  it('rounds ties to the even digit', () => {
    assert.equal(printFloat(123456.5), '123456');
    assert.equal(printFloat(123457.5), '123458');
    assert.equal(printFloat(0.5), '0.5');
    assert.equal(floatToDecimals(1 / 128), '0.007812');
    assert.equal(floatToDecimals(3 / 128), '0.023438');
  });

  it('coerces with six decimals', () => {
    assert.equal(floatToDecimals(0.1), '0.100000');
    assert.equal(floatToDecimals(-1.5), '-1.500000');
    assert.equal(floatToDecimals(-0), '-0.000000');
    assert.equal(floatToDecimals(2 ** 53), '9007199254740992.000000');
    assert.equal(floatToDecimals(1e22), '10000000000000000000000.000000');
    assert.equal(floatToDecimals(Infinity), 'inf');
  });
});
