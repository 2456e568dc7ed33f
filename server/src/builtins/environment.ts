/** The environment of the process, as far as evaluation may see it. */
import type { Forced, Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { strict } from './parameters';

function getEnv(vm: Vm, argument: Value): Forced {
  const name = vm.forceStringNoContext(
    argument,
    'while evaluating the first argument passed to builtins.getEnv',
  );
  return vm.host.getEnvironment(name) ?? '';
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'getEnv',
    parameters: [strict('s')],
    purity: 'impure',
    since: '1.0',
    documentation:
      'The value of the environment variable *s*, or an empty string. In an editor only the variables of the setting `nixray.evaluation.environment` can be read.',
    call: getEnv,
  },
];
