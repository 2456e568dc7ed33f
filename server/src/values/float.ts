/**
 * Floats as text, as C++ Nix writes them: six significant digits where a value
 * is printed (an output stream's `%g`), six decimals where it is coerced to a
 * string (`std::to_string`'s `%f`).
 *
 * JavaScript's own `toPrecision` and `toFixed` round a tie away from zero, C
 * rounds it to the even digit; everything else about the digits agrees.
 */

/** What x86 makes of an invalid operation is a NaN with its sign set, and that sign is printed. */
const notANumber = '-nan';

const significantDigits = 6;

/** e.g. `0.1`, `100000`, `1e+06`, `-0`, `inf`. */
export function printFloat(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  if (value === 0) return isNegative(value) ? '-0' : '0';
  const [digits, exponent] = roundedDigits(Math.abs(value));
  const text =
    exponent < -4 || exponent >= significantDigits
      ? scientific(digits, exponent)
      : positional(digits, exponent);
  return isNegative(value) ? `-${text}` : text;
}

/** e.g. `0.100000`, `1000000.000000`. */
export function floatToDecimals(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const sign = isNegative(value) ? '-' : '';
  const magnitude = Math.abs(value);
  // From 2^53 on every double is an integer, and toFixed changes to exponents at 10^21.
  if (magnitude >= 2 ** 53) return `${sign}${BigInt(magnitude)}.000000`;
  return sign + fixed(magnitude);
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return notANumber;
  return value < 0 ? '-inf' : 'inf';
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

/** The six significant digits of a positive number and the exponent of the first, ties to even. */
function roundedDigits(value: number): [digits: string, exponent: number] {
  const [digits, exponent] = splitExponential(value.toExponential(significantDigits - 1));
  // 40 digits tell a tie for certain: no double lies nearer to a tie than that without being it.
  const [more, unrounded] = splitExponential(value.toExponential(40));
  const isTie = /^50*$/.test(more.slice(significantDigits));
  const kept = more.slice(0, significantDigits);
  return isTie && Number(kept.at(-1)) % 2 === 0 ? [kept, unrounded] : [digits, exponent];
}

function splitExponential(text: string): [digits: string, exponent: number] {
  const e = text.indexOf('e');
  return [text.slice(0, e).replace('.', ''), Number(text.slice(e + 1))];
}

function scientific(digits: string, exponent: number): string {
  const fraction = withoutTrailingZeros(digits.slice(1));
  const sign = exponent < 0 ? '-' : '+';
  const mantissa = fraction === '' ? digits[0]! : `${digits[0]}.${fraction}`;
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function positional(digits: string, exponent: number): string {
  const whole = exponent < 0 ? '0' : digits.slice(0, exponent + 1);
  const fraction = withoutTrailingZeros(
    exponent < 0 ? '0'.repeat(-exponent - 1) + digits : digits.slice(exponent + 1),
  );
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function withoutTrailingZeros(digits: string): string {
  return digits.replace(/0+$/, '');
}

/** `toFixed(6)` with ties to even. */
function fixed(magnitude: number): string {
  const exact = magnitude.toFixed(60);
  const cut = exact.indexOf('.') + 7;
  const isTie = /^50*$/.test(exact.slice(cut));
  const kept = exact.slice(0, cut);
  return isTie && Number(kept.at(-1)) % 2 === 0 ? kept : magnitude.toFixed(6);
}
