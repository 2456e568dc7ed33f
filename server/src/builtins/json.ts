/** JSON to values and back. The reader and the writer have files of their own. */
import { withContext } from '../values/context';
import { EvalError } from '../values/error';
import type { Forced, Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { JsonSyntaxError, readJson } from './json-reader';
import { printJson } from './json-writer';
import { strict } from './parameters';

function fromJson(vm: Vm, argument: Value): Forced {
  const text = vm.forceStringNoContext(
    argument,
    'while evaluating the first argument passed to builtins.fromJSON',
  );
  try {
    return readJson(text) as Forced;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new EvalError('evaluation-error', error.message).while('while decoding a JSON string');
  }
}

function toJson(vm: Vm, argument: Value): Forced {
  const { text, context } = printJson(vm, argument);
  return withContext(text, context);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'fromJSON',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.5',
    documentation: 'The value that the JSON text *e* stands for.',
    example: {
      expression: `builtins.fromJSON ''{ "a": [ 1, 1.0, null ] }''`,
      result: '{ a = [ 1 1 null ]; }',
    },
    call: fromJson,
  },
  {
    name: 'toJSON',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.2',
    documentation:
      'The value *e* as JSON, all of it evaluated. A set with `__toString` or `outPath`, such as a derivation, becomes that string, and a path its copy in the store. Functions cannot be converted.',
    example: {
      expression: 'builtins.toJSON { a = [ 1 1.5 "x" ]; }',
      result: '"{\\"a\\":[1,1.5,\\"x\\"]}"',
    },
    call: toJson,
  },
];
