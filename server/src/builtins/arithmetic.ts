/**
 * Arithmetic, bits and order. The operators `-`, `*`, `/` and `<` mean the
 * builtins here, so their errors name the same operands.
 * Nix manual: language/operators, language/builtins.
 */
import { printFloat } from '../values/float';
import { Float, type Forced, type Integer, type Value } from '../values/value';
import {
  addIntegers,
  divideIntegers,
  fitsInteger,
  integerFromBigInt,
  isInteger,
  multiplyIntegers,
  subtractIntegers,
} from '../vm/arithmetic';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { strict } from './parameters';

function add(vm: Vm, first: Value, second: Value): Forced {
  const a = vm.force(first);
  const b = vm.force(second);
  if (isInteger(a) && isInteger(b)) return addIntegers(a, b);
  const whileFirst = 'while evaluating the first argument of the addition';
  const whileSecond = 'while evaluating the second argument of the addition';
  if (a instanceof Float || b instanceof Float) {
    return new Float(vm.forceFloat(a, whileFirst) + vm.forceFloat(b, whileSecond));
  }
  return addIntegers(vm.forceInteger(a, whileFirst), vm.forceInteger(b, whileSecond));
}

function sub(vm: Vm, first: Value, second: Value): Forced {
  const a = vm.force(first);
  const b = vm.force(second);
  if (isInteger(a) && isInteger(b)) return subtractIntegers(a, b);
  const whileFirst = 'while evaluating the first argument of the subtraction';
  const whileSecond = 'while evaluating the second argument of the subtraction';
  if (a instanceof Float || b instanceof Float) {
    return new Float(vm.forceFloat(a, whileFirst) - vm.forceFloat(b, whileSecond));
  }
  return subtractIntegers(vm.forceInteger(a, whileFirst), vm.forceInteger(b, whileSecond));
}

function mul(vm: Vm, first: Value, second: Value): Forced {
  const a = vm.force(first);
  const b = vm.force(second);
  if (isInteger(a) && isInteger(b)) return multiplyIntegers(a, b);
  const whileSecond = 'while evaluating the second argument of the multiplication';
  if (a instanceof Float || b instanceof Float) {
    // The frame lacks a word in C++ Nix, too.
    const left = vm.forceFloat(a, 'while evaluating the first of the multiplication');
    return new Float(left * vm.forceFloat(b, whileSecond));
  }
  const left = vm.forceInteger(a, 'while evaluating the first argument of the multiplication');
  return multiplyIntegers(left, vm.forceInteger(b, whileSecond));
}

function div(vm: Vm, first: Value, second: Value): Forced {
  const a = vm.force(first);
  const b = vm.force(second);
  const whileFirst = 'while evaluating the first operand of the division';
  const divisor = vm.forceFloat(b, 'while evaluating the second operand of the division');
  if (divisor === 0) throw failure('division by zero');
  if (a instanceof Float || b instanceof Float) return new Float(vm.forceFloat(a, whileFirst) / divisor);
  return divideIntegers(vm.forceInteger(a, whileFirst), b as Integer);
}

/** Exported for `sort`, which needs not call it. */
export function lessThan(vm: Vm, first: Value, second: Value): Forced {
  // The first argument is forced before the second one, whatever `less` does.
  const a = vm.force(first);
  const b = vm.force(second);
  return typeof a === 'number' && typeof b === 'number' ? a < b : vm.less(a, b);
}

/** Whether the bit operators of JavaScript, which work on 32 bits, give the result of 64 bits. */
function hasThirtyTwoBits(value: Integer): value is number {
  return typeof value === 'number' && value === (value | 0);
}

function bitOperands(vm: Vm, first: Value, second: Value, name: string): [Integer, Integer] {
  return [
    vm.forceInteger(first, `while evaluating the first argument passed to builtins.${name}`),
    vm.forceInteger(second, `while evaluating the second argument passed to builtins.${name}`),
  ];
}

function bitAnd(vm: Vm, first: Value, second: Value): Forced {
  const [a, b] = bitOperands(vm, first, second, 'bitAnd');
  return hasThirtyTwoBits(a) && hasThirtyTwoBits(b) ? a & b : integerFromBigInt(BigInt(a) & BigInt(b));
}

function bitOr(vm: Vm, first: Value, second: Value): Forced {
  const [a, b] = bitOperands(vm, first, second, 'bitOr');
  return hasThirtyTwoBits(a) && hasThirtyTwoBits(b) ? a | b : integerFromBigInt(BigInt(a) | BigInt(b));
}

function bitXor(vm: Vm, first: Value, second: Value): Forced {
  const [a, b] = bitOperands(vm, first, second, 'bitXor');
  return hasThirtyTwoBits(a) && hasThirtyTwoBits(b) ? a ^ b : integerFromBigInt(BigInt(a) ^ BigInt(b));
}

/**
 * `ceil` and `floor` go through a double, as in C++ Nix, which refuses an integer
 * that a double does not hold exactly.
 */
function round(vm: Vm, value: Value, name: 'ceil' | 'floor'): Forced {
  vm.forceFloat(value, `while evaluating the first argument passed to builtins.${name}`);
  const forced = vm.force(value) as Integer | Float;
  if (typeof forced === 'number') return forced;
  if (typeof forced === 'bigint') return unlessImprecise(forced);
  const rounded = Math[name](forced.value);
  const integer = Number.isFinite(rounded) ? BigInt(rounded) : undefined;
  if (integer === undefined || !fitsInteger(integer)) {
    throw failure(`NixFloat argument ${printFloat(forced.value)} is not in the range of NixInt`);
  }
  return integerFromBigInt(integer);
}

const issue = 'Due to a bug (see https://github.com/NixOS/nix/issues/12899)';
const outlook = '\n\tFuture Nix versions might implement the correct behavior.';

function unlessImprecise(value: bigint): Integer {
  const rounded = BigInt(Number(value));
  if (rounded === value) return value;
  if (!fitsInteger(rounded)) {
    throw failure(
      `${issue} the NixInt argument ${value} caused undefined behavior in previous Nix versions.${outlook}`,
    );
  }
  throw failure(
    `${issue} a loss of precision occurred in previous Nix versions because the NixInt argument ${value} was rounded to ${rounded}.${outlook}`,
  );
}

function ceil(vm: Vm, value: Value): Forced {
  return round(vm, value, 'ceil');
}

function floor(vm: Vm, value: Value): Forced {
  return round(vm, value, 'floor');
}

const operands = [strict('e1'), strict('e2')];

export const records: readonly BuiltinRecord[] = [
  {
    name: 'add',
    parameters: operands,
    purity: 'pure',
    since: '1.0',
    documentation:
      'The sum of two numbers. Unlike the operator `+`, it takes no strings and paths. An integer sum that needs more than 64 bits is an error.',
    example: { expression: 'builtins.add 2 3', result: '5' },
    call: add,
  },
  {
    name: 'sub',
    parameters: operands,
    purity: 'pure',
    since: '1.0',
    documentation:
      'The difference *e1* − *e2*; the operator `-` means this function, under the name `__sub`.',
    example: { expression: 'builtins.sub 2 3', result: '-1' },
    call: sub,
  },
  {
    name: 'mul',
    parameters: operands,
    purity: 'pure',
    since: '1.0',
    documentation:
      'The product of two numbers; the operator `*` means this function, under the name `__mul`.',
    example: { expression: 'builtins.mul 2 1.5', result: '3' },
    call: mul,
  },
  {
    name: 'div',
    parameters: operands,
    purity: 'pure',
    since: '1.0',
    documentation:
      'The quotient of two numbers; the operator `/` means this function, under the name `__div`. The quotient of two integers is cut towards zero. Dividing by zero is an error, also for floats.',
    example: { expression: '[ (builtins.div 7 2) (builtins.div 7.0 2) ]', result: '[ 3 3.5 ]' },
    call: div,
  },
  {
    name: 'lessThan',
    parameters: operands,
    purity: 'pure',
    since: '1.0',
    documentation:
      'Whether *e1* comes before *e2*. Numbers, strings (byte by byte), paths and lists (element by element) have an order; anything else is an error. The operators `<`, `<=`, `>` and `>=` mean this function, under the name `__lessThan`.',
    example: { expression: 'builtins.lessThan [ 1 2 ] [ 1 3 ]', result: 'true' },
    call: lessThan,
  },
  {
    name: 'bitAnd',
    parameters: operands,
    purity: 'pure',
    since: '2.0',
    documentation: 'The bits that are set in both integers.',
    example: { expression: 'builtins.bitAnd 12 10', result: '8' },
    call: bitAnd,
  },
  {
    name: 'bitOr',
    parameters: operands,
    purity: 'pure',
    since: '2.0',
    documentation: 'The bits that are set in at least one of the two integers.',
    example: { expression: 'builtins.bitOr 12 10', result: '14' },
    call: bitOr,
  },
  {
    name: 'bitXor',
    parameters: operands,
    purity: 'pure',
    since: '2.0',
    documentation: 'The bits that are set in exactly one of the two integers.',
    example: { expression: 'builtins.bitXor 12 10', result: '6' },
    call: bitXor,
  },
  {
    name: 'ceil',
    parameters: [strict('number')],
    purity: 'pure',
    since: '2.4',
    documentation:
      'The smallest integer that is not below *number*. An integer stays what it is; one that a 64-bit float cannot hold exactly is an error.',
    example: { expression: 'map builtins.ceil [ 1.2 (-1.2) 3 ]', result: '[ 2 -1 3 ]' },
    call: ceil,
  },
  {
    name: 'floor',
    parameters: [strict('number')],
    purity: 'pure',
    since: '2.4',
    documentation:
      'The largest integer that is not above *number*. An integer stays what it is; one that a 64-bit float cannot hold exactly is an error.',
    example: { expression: 'map builtins.floor [ 1.8 (-1.2) 3 ]', result: '[ 1 -2 3 ]' },
    call: floor,
  },
];
