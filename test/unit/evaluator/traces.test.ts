// The frames of a trace: what C++ Nix says was under way, and where. Each line
// is a frame with its line and column, the outermost first; the last is the error.
import assert from 'node:assert/strict';
import { EvalError } from '../../../server/src/values/error';
import { Evaluator } from '../../../server/src/evaluator/evaluator';
import { framesOf } from '../../../server/src/evaluator/render-error';
import { MemoryHost } from '../../../server/src/host/memory-host';
import { DiskHost } from '../../../server/src/host/disk-host';
import { lineAndColumn, type Position } from '../../../server/src/values/position';
import { placeAt } from '../../../server/src/vm/unwind';

function place(position: Position | undefined): string {
  if (position === undefined) return '';
  const { line, column } = lineAndColumn(position.source, position.offset);
  return ` ${line}:${column}`;
}

/** The trace of evaluating a program with all its parts. */
function traceOf(program: string): string[] {
  const evaluator = new Evaluator({ host: new MemoryHost(new DiskHost()), searchPath: [] });
  try {
    evaluator.vm.forceDeep(evaluator.evaluateText(program, '/'));
  } catch (error) {
    assert.ok(error instanceof EvalError, String(error));
    placeAt(error, undefined);
    const frames = framesOf(error.trace).map(({ message, position }) => message + place(position));
    return [...frames, `error: ${error.message}${place(error.position)}`];
  }
  return assert.fail('it has a value');
}

const selecting = 'while selecting an attribute';

const cases: Readonly<Record<string, readonly string[]>> = {
  // Selections.
  '{ a = 1; }.b': ["while evaluating the attribute 'b' 1:1", "error: attribute 'b' missing"],
  'let s.a.b = 1; in s.a.c.d': [
    "while evaluating the attribute 'a.c.d' 1:19",
    "from the definition of 'a' 1:5",
    "error: attribute 'c' missing",
  ],
  'let s.a = 1; in s.a.b': [
    "while evaluating the attribute 'a.b' 1:17",
    "from the definition of 'a' 1:5",
    `${selecting} 1:17`,
    'error: expected a set but found an integer: 1',
  ],
  'let s = { a = throw "x"; }; in s.a': [
    "while evaluating the attribute 'a' 1:32",
    "from the definition of 'a' 1:11",
    "while calling the 'throw' builtin 1:15",
    'error: x',
  ],
  '(throw "t").a': [`${selecting} 1:2`, "while calling the 'throw' builtin 1:2", 'error: t'],
  '{ }.${1}': [
    `while evaluating the attribute '"\${1}"' 1:1`,
    'while evaluating an attribute name',
    'error: expected a string but found an integer: 1',
  ],
  'let { body = throw "b"; }': [
    "while evaluating the attribute 'body' 1:1",
    "from the definition of 'body' 1:7",
    "while calling the 'throw' builtin 1:14",
    'error: b',
  ],
  'let inherit (throw "s") y; in y': [
    `${selecting} 1:14`,
    "while calling the 'throw' builtin 1:14",
    'error: s',
  ],
  'let inherit ({ }) y; in y': ["while evaluating the attribute 'y' 1:19", "error: attribute 'y' missing"],
  // Calls.
  'let f = x: throw x; in f "a"': [
    'from call site 1:24',
    "while calling 'f' 1:9",
    "while calling the 'throw' builtin 1:12",
    'error: a',
  ],
  '({ a }: a) { b = 1; }': [
    'from call site 1:1',
    "error: function 'anonymous lambda' called without required argument 'a' 1:2",
  ],
  '({ a }: a) (throw "x")': ['from call site 1:1', "while calling the 'throw' builtin 1:13", 'error: x'],
  '1 2': ['error: attempt to call something which is not a function but an integer: 1 1:1'],
  'map (x: x.y) [ { } ]': [
    'while evaluating list element at index 0',
    'from call site 1:6',
    'while calling anonymous lambda 1:6',
    "while evaluating the attribute 'y' 1:9",
    "error: attribute 'y' missing",
  ],
  'builtins.foldl\' (a: b: a + b) 0 [ "x" ]': [
    "while calling the 'foldl'' builtin 1:1",
    'while calling anonymous lambda 1:21',
    'error: cannot add a string to an integer 1:28',
  ],
  'let s = { __functor = self: x: x.y; }; in s { }': [
    "while calling a functor (an attribute set with a '__functor' attribute) 1:43",
    'from call site 1:11',
    "while calling '__functor' 1:29",
    "while evaluating the attribute 'y' 1:32",
    "error: attribute 'y' missing",
  ],
  // Operators.
  '1 && true': ["in the left operand of '&&'", 'error: expected a Boolean but found an integer: 1'],
  'let a = 1; in true || false -> a': [
    "in the right operand of '->' 1:32",
    'error: expected a Boolean but found an integer: 1 1:32',
  ],
  '(throw "a") // (throw "b")': [
    "in the right operand of '//' 1:17",
    "while calling the 'throw' builtin 1:17",
    'error: b',
  ],
  '{ } // ({ } // 1)': ["in the right operand of '//'", 'error: expected a set but found an integer: 1'],
  '[ ] ++ 1': [
    'while evaluating one of the elements to concatenate 1:5',
    'error: expected a list but found an integer: 1',
  ],
  '1 <= "a"': [
    "in the argument of '!' 1:3",
    "while calling the 'lessThan' builtin 1:3",
    'error: cannot compare a string with an integer; values are "a" and 1',
  ],
  '2 - (throw "t")': [
    "while calling the 'sub' builtin 1:3",
    "while calling the 'throw' builtin 1:6",
    'error: t',
  ],
  '"${1}"': ['while evaluating a path segment 1:2', 'error: cannot coerce an integer to a string: 1'],
  'if 1 then 2 else 3': [
    'while evaluating a branch condition',
    'error: expected a Boolean but found an integer: 1',
  ],
  'with 1; a': [
    'while evaluating the first subexpression of a with expression 1:1',
    'error: expected a set but found an integer: 1',
  ],
  // Assertions.
  'assert false; 1': ["error: assertion 'false' failed 1:1"],
  'assert { a = 1; } == { a = 2; }; 1': [
    "while evaluating the condition of the assertion '({ a = 1; } == { a = 2; })' 1:1",
    "while comparing attribute 'a' 1:19",
    'where left hand side is 1:10',
    'where right hand side is 1:24',
    "error: an integer with value '1' is not equal to an integer with value '2'",
  ],
  // Recursion.
  'rec { a = b; b = a; }.a': [
    "while evaluating the attribute 'a' 1:1",
    "from the definition of 'a' 1:7",
    'entering the infinite recursion',
    'error: infinite recursion encountered 1:11',
  ],
  // What the program adds.
  'builtins.addErrorContext "ctx" (throw "x")': ['ctx', "while calling the 'throw' builtin 1:33", 'error: x'],
};

describe('traces', () => {
  for (const [program, expected] of Object.entries(cases)) {
    it(program, () => assert.deepEqual(traceOf(program), expected));
  }
});
