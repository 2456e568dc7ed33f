/** TOML to values. The reader has a file of its own. */
import { attrsFromEntries } from '../values/attrs';
import { EvalError } from '../values/error';
import type { Forced, Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { strict } from './parameters';
import { readToml, TomlError, type TimestampValue } from './toml-reader';

function fromToml(vm: Vm, argument: Value): Forced {
  const text = vm.forceStringNoContext(argument, 'while evaluating the argument passed to builtins.fromTOML');
  try {
    return readToml(text, timestamps(vm));
  } catch (error) {
    if (error instanceof TomlError) throw failure(`while parsing TOML: ${error.message}`);
    if (error instanceof EvalError) throw failure(`while parsing TOML: error: ${error.message}`);
    throw error;
  }
}

function timestamps(vm: Vm): TimestampValue {
  if (!vm.host.features.has('parse-toml-timestamps')) {
    return () => {
      throw new TomlError('Dates and times are not supported');
    };
  }
  return ({ text }) =>
    attrsFromEntries([
      ['_type', 'timestamp'],
      ['value', text],
    ]);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'fromTOML',
    parameters: [strict('e')],
    global: true,
    purity: 'pure',
    since: '2.1',
    documentation:
      'The value that the TOML text *e* stands for. Dates and times need the experimental feature `parse-toml-timestamps`.',
    example: {
      expression: String.raw`builtins.fromTOML "a = 1\n[b]\nc = [ \"x\", 2.5 ]"`,
      result: '{ a = 1; b = { c = [ "x" 2.5 ]; }; }',
    },
    call: fromToml,
  },
];
