/**
 * Errors and order of evaluation: raising and catching, forcing, and messages to
 * the user. Nix manual: language/builtins.
 */
import { CoercionFlag } from '../bytecode/opcode';
import { Attrs } from '../values/attrs';
import { textOf } from '../values/context';
import { EvalError } from '../values/error';
import { print } from '../values/printer';
import { Shape } from '../values/shape';
import { ContextString, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { lazy, strict } from './parameters';

function abort(vm: Vm, message: Value): Forced {
  const context = 'while evaluating the error message passed to builtins.abort';
  const text = textOf(vm.coerceToString(message, CoercionFlag.CopyToStore, context));
  throw failure(`evaluation aborted with the following error message: '${text}'`, 'abort');
}

function raise(vm: Vm, message: Value): Forced {
  const context = 'while evaluating the error message passed to builtin.throw';
  throw failure(textOf(vm.coerceToString(message, CoercionFlag.CopyToStore, context)), 'throw');
}

const outcome = new Shape(['success', 'value']);

function tryEval(vm: Vm, value: Value): Forced {
  const { depth, sp } = vm;
  try {
    return new Attrs(outcome, [true, vm.force(value)]);
  } catch (error) {
    if (!(error instanceof EvalError) || !error.catchable) throw error;
    vm.depth = depth;
    vm.sp = sp;
    return new Attrs(outcome, [false, false]);
  }
}

function seq(vm: Vm, first: Value, second: Value): Forced {
  vm.force(first);
  return vm.force(second);
}

function deepSeq(vm: Vm, first: Value, second: Value): Forced {
  vm.forceDeep(first);
  return vm.force(second);
}

function trace(vm: Vm, message: Value, value: Value): Forced {
  const shown = vm.force(message);
  const text = typeof shown === 'string' ? shown : shown instanceof ContextString ? shown.text : print(shown);
  vm.loader.report('trace', text);
  return vm.force(value);
}

/** C++ Nix prints here only under `--trace-verbose`, and does not look at the message otherwise. */
function traceVerbose(vm: Vm, _message: Value, value: Value): Forced {
  return vm.force(value);
}

function warn(vm: Vm, message: Value, value: Value): Forced {
  const context = 'while evaluating the first argument; the message passed to builtins.warn';
  vm.loader.report('evaluation-warning', textOf(vm.forceString(message, context)));
  return vm.force(value);
}

function breakPoint(vm: Vm, value: Value): Forced {
  return vm.force(value);
}

function addErrorContext(vm: Vm, message: Value, value: Value): Forced {
  try {
    return vm.force(value);
  } catch (error) {
    if (error instanceof EvalError) {
      const context = 'while evaluating the error message passed to builtins.addErrorContext';
      error.while(textOf(vm.coerceToString(message, CoercionFlag.Weak, context)), undefined, true);
    }
    throw error;
  }
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'abort',
    parameters: [strict('s')],
    global: true,
    purity: 'pure',
    since: '1.0',
    documentation: 'Ends the evaluation with the message *s*. Unlike `throw`, `tryEval` does not catch it.',
    call: abort,
  },
  {
    name: 'throw',
    parameters: [strict('s')],
    global: true,
    purity: 'pure',
    since: '1.0',
    documentation:
      'Fails with the message *s*. `tryEval` catches it, and commands that walk over many packages skip what throws.',
    example: { expression: '(builtins.tryEval (throw "no")).success', result: 'false' },
    call: raise,
  },
  {
    name: 'tryEval',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'Evaluates *e*, not its parts, and tells whether that worked: `{ success = true; value = e; }`, or `{ success = false; value = false; }` after a `throw` or a failed `assert`. Other errors are not caught.',
    example: {
      expression: 'builtins.tryEval (assert 1 > 2; 3)',
      result: '{ success = false; value = false; }',
    },
    call: tryEval,
  },
  {
    name: 'seq',
    parameters: [strict('e1'), strict('e2')],
    purity: 'pure',
    since: '1.11',
    documentation: 'Evaluates *e1*, but not its parts, and then gives *e2*.',
    example: { expression: 'builtins.seq [ (throw "unseen") ] 1', result: '1' },
    call: seq,
  },
  {
    name: 'deepSeq',
    parameters: [strict('e1'), strict('e2')],
    purity: 'pure',
    since: '1.11',
    documentation: 'Evaluates *e1* with all its parts, and then gives *e2*.',
    example: { expression: 'builtins.deepSeq { a = [ 1 ]; } 2', result: '2' },
    call: deepSeq,
  },
  {
    name: 'trace',
    parameters: [strict('e1'), strict('e2')],
    purity: 'effect',
    since: '1.0',
    documentation: 'Shows *e1* to the user and gives *e2*. Of *e1* only what is evaluated anyway is shown.',
    example: { expression: 'builtins.trace "here" 1', result: '1' },
    call: trace,
  },
  {
    name: 'traceVerbose',
    parameters: [lazy('e1'), strict('e2')],
    purity: 'pure',
    since: '2.7',
    documentation:
      'Gives *e2*. Only where verbose traces are asked for, which they are not here, it shows *e1*.',
    example: { expression: 'builtins.traceVerbose (throw "unseen") 1', result: '1' },
    call: traceVerbose,
  },
  {
    name: 'warn',
    parameters: [strict('e1'), strict('e2')],
    purity: 'effect',
    since: '2.23',
    documentation: 'Shows the string *e1* as a warning and gives *e2*.',
    example: { expression: 'builtins.warn "deprecated" 1', result: '1' },
    call: warn,
  },
  {
    name: 'break',
    parameters: [strict('v')],
    global: true,
    purity: 'pure',
    since: '2.9',
    documentation: 'Gives *v*. In the debugger of C++ Nix it is a breakpoint.',
    example: { expression: 'break 1', result: '1' },
    call: breakPoint,
  },
  {
    name: 'addErrorContext',
    parameters: [lazy('context'), strict('value')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'Gives *value*. If its evaluation fails, the string *context* becomes a line of the trace.',
    example: { expression: 'builtins.addErrorContext "while adding" (1 + 1)', result: '2' },
    call: addErrorContext,
  },
];
