/** The errors that the machine itself raises, in the words of C++ Nix, and how errors are carried on. */
import type { Blueprint } from '../bytecode/blueprint';
import { InternalError } from '../base/internal-error';
import { isStackOverflow, stackIsSmall } from '../base/stack';
import { bestMatches } from '../base/suggestions';
import type { Attrs } from '../values/attrs';
import { atCall, atOperand, EvalError, Interruption } from '../values/error';
import type { Position } from '../values/position';
import { printAttributeName } from '../base/literals';
import { printForError } from '../values/printer';
import { Float, type ContextString, type Forced } from '../values/value';
import { describeType } from './describe';
import { divisionByZero, isNumber, toDouble } from './arithmetic';

/** The thunk is needed while it is evaluated. */
export function infiniteRecursion(thunk: object): EvalError {
  const error = new EvalError('infinite-recursion', 'infinite recursion encountered', atCall);
  error.needsItself = thunk;
  return error;
}

export function callDepth(): EvalError {
  return new EvalError('stack-overflow', 'stack overflow; max-call-depth exceeded', atCall);
}

/** `expected an integer but found a string: "x"`. */
export function expected(what: string, found: Forced, position?: Position): EvalError {
  return new EvalError(
    'type-error',
    `expected ${what} but found ${describeType(found)}: ${printForError(found)}`,
    position,
  );
}

/** A condition, or an operand of a logical operator, is no Boolean; the error stands where it does. */
export function notBoolean(found: Forced): EvalError {
  return expected('a Boolean', found, atCall);
}

/** What a name is selected from is no set. */
export function notASet(found: Forced): EvalError {
  return expected('a set', found).while('while selecting an attribute', atCall);
}

/** An operand has the wrong type; the frame of the operand says which. */
export function operand(what: string, found: Forced, index: 0 | 1): EvalError {
  return expected(what, found).while('', atOperand[index]);
}

export function notConcatenable(found: Forced): EvalError {
  return expected('a list', found).while('while evaluating one of the elements to concatenate', atCall);
}

export function notAFunction(found: Forced): EvalError {
  return new EvalError(
    'type-error',
    `attempt to call something which is not a function but ${describeType(found)}: ${printForError(found)}`,
    atCall,
  );
}

export function contextNotAllowed(found: ContextString): EvalError {
  return new EvalError(
    'evaluation-error',
    `the string '${found.text}' is not allowed to refer to a store path (such as '${displayContextElement(found.context[0]!)}')`,
  );
}

/** How C++ Nix shows an element of a context in messages: `!out!/nix/store/x.drv` as `/nix/store/x.drv^out`. */
function displayContextElement(element: string): string {
  if (element.startsWith('!')) {
    const end = element.indexOf('!', 1);
    return `${element.slice(end + 1)}^${element.slice(1, end)}`;
  }
  return element.startsWith('=') ? element.slice(1) : element;
}

export function missingAttribute(set: Attrs, name: string): EvalError {
  return new EvalError(
    'missing-attribute',
    `attribute '${printAttributeName(name)}' missing`,
    undefined,
    bestMatches(set.shape.names, name),
    name,
  );
}

export function assertion(text: string): EvalError {
  return new EvalError('assertion-failed', `assertion '${text}' failed`, atCall);
}

export function undefinedVariable(name: string): EvalError {
  return new EvalError('undefined-variable', `undefined variable '${printAttributeName(name)}'`, atCall);
}

/** The operators that mean a builtin of arithmetic; `+` means none. */
export type ArithmeticBuiltin = 'sub' | 'mul' | 'div';

/** What each says it was doing with its operands. The frame for `mul` lacks a word in C++ Nix, too. */
const operandFrames: Readonly<Record<ArithmeticBuiltin, (operand: string, wanted: string) => string>> = {
  sub: (operand) => `while evaluating the ${operand} argument of the subtraction`,
  mul: (operand, wanted) =>
    operand === 'first' && wanted === 'a float'
      ? 'while evaluating the first of the multiplication'
      : `while evaluating the ${operand} argument of the multiplication`,
  div: (operand) => `while evaluating the ${operand} operand of the division`,
};

/**
 * The error of an operation on two values of which one at least is no number.
 * One float makes the other operand a float, too. A division looks at its
 * divisor first, in any case as a float, and then whether that is zero.
 */
export function notNumbers(left: Forced, right: Forced, builtin: ArithmeticBuiltin): EvalError {
  const frame = operandFrames[builtin];
  if (builtin === 'div') {
    if (!isNumber(right)) return expected('a float', right).while(frame('second', 'a float'));
    if (toDouble(right) === 0) return divisionByZero();
  }
  const wanted = left instanceof Float || right instanceof Float ? 'a float' : 'an integer';
  return isNumber(left)
    ? expected(wanted, right).while(frame('second', wanted))
    : expected(wanted, left).while(frame('first', wanted));
}

export function brokenChunk(blueprint: Blueprint, at: number): InternalError {
  return new InternalError(`the chunk ${blueprint.name} has no instruction at ${at}`);
}

/** Adds a frame to an error of evaluation; others stay as they are. An empty message adds nothing. */
export function context(error: unknown, message: string, position?: Position): unknown {
  if (message !== '' && error instanceof EvalError) error.while(message, position);
  return error;
}

function stackOverflow(): EvalError | Interruption {
  return stackIsSmall()
    ? new Interruption('memory', 'The evaluation needs a deeper stack than its thread has.')
    : new EvalError('stack-overflow', 'stack overflow (possible infinite recursion)');
}

/** What an exception of JavaScript means for the program that runs. */
export function fromJavaScript(error: unknown): unknown {
  if (error instanceof EvalError || error instanceof Interruption || error instanceof InternalError)
    return error;
  if (error instanceof RangeError) {
    if (isStackOverflow(error)) return stackOverflow();
    return new EvalError('evaluation-error', `a value is too large to be represented (${error.message})`);
  }
  return error;
}
