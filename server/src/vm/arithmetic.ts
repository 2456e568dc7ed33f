/**
 * Arithmetic. Integers have 64 bits, and leaving them is an error; where one
 * operand is a float, the other becomes one.
 * Nix manual: language/operators.
 */
import { atOperand, EvalError } from '../values/error';
import { Float, type Forced, type Integer } from '../values/value';

const smallest = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** The integer as it is represented: a number where it is safe. The caller has checked the 64 bits. */
export function integerFromBigInt(value: bigint): Integer {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export function fitsInteger(value: bigint): boolean {
  return value >= smallest && value <= largest;
}

export function isInteger(value: unknown): value is Integer {
  return typeof value === 'number' || typeof value === 'bigint';
}

type Operation = 'adding' | 'subtracting' | 'multiplying' | 'dividing';
const symbols: Record<Operation, string> = { adding: '+', subtracting: '-', multiplying: '*', dividing: '/' };

function checked(result: bigint, operation: Operation, left: Integer, right: Integer): Integer {
  if (fitsInteger(result)) return integerFromBigInt(result);
  throw new EvalError(
    'evaluation-error',
    `integer overflow in ${operation} ${left} ${symbols[operation]} ${right}`,
    // `+` knows where its operands stand; the others are calls of builtins, which do not.
    operation === 'adding' ? atOperand[1] : undefined,
  );
}

export function addIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return checked(BigInt(left) + BigInt(right), 'adding', left, right);
}

export function subtractIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return checked(BigInt(left) - BigInt(right), 'subtracting', left, right);
}

export function multiplyIntegers(left: Integer, right: Integer): Integer {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    // Adding 0 turns -0 into 0.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return checked(BigInt(left) * BigInt(right), 'multiplying', left, right);
}

export function divideIntegers(left: Integer, right: Integer): Integer {
  if (right === 0) throw divisionByZero();
  if (typeof left === 'number' && typeof right === 'number') return Math.trunc(left / right) + 0;
  return checked(BigInt(left) / BigInt(right), 'dividing', left, right);
}

export type Number_ = Integer | Float;

export function isNumber(value: unknown): value is Number_ {
  return isInteger(value) || value instanceof Float;
}

export function divisionByZero(): EvalError {
  return new EvalError('evaluation-error', 'division by zero');
}

/** The double of a number; a 64-bit integer is rounded to the nearest. */
export function toDouble(value: Number_): number {
  return value instanceof Float ? value.value : Number(value);
}

export function subtract(left: Number_, right: Number_): Forced {
  if (left instanceof Float || right instanceof Float) return new Float(toDouble(left) - toDouble(right));
  return subtractIntegers(left, right);
}

export function multiply(left: Number_, right: Number_): Forced {
  if (left instanceof Float || right instanceof Float) return new Float(toDouble(left) * toDouble(right));
  return multiplyIntegers(left, right);
}

export function add(left: Number_, right: Number_): Forced {
  if (left instanceof Float || right instanceof Float) return new Float(toDouble(left) + toDouble(right));
  return addIntegers(left, right);
}

export function divide(left: Number_, right: Number_): Forced {
  if (toDouble(right) === 0) throw divisionByZero();
  if (left instanceof Float || right instanceof Float) return new Float(toDouble(left) / toDouble(right));
  return divideIntegers(left, right);
}
