/** Builtins that are no functions. Nix manual: language/builtins, "Built-in values". */
import type { ConstantRecord } from '../vm/builtin-record';
import { lazily } from '../values/thunk';
import { derivationFunction } from './derivation-function';

/** The version of Nix whose language this is. */
const nixVersion = '2.36.0';

export const constantRecords: readonly ConstantRecord[] = [
  {
    name: 'derivation',
    scope: 'name',
    purity: 'impure',
    since: '1.0',
    documentation:
      'The function that makes a derivation: a set with the attributes `name`, `system` and `builder` becomes a set that stands for what building it gives. Its paths are computed when they are needed.',
    value: derivationFunction,
  },
  {
    name: 'currentSystem',
    scope: 'underscored',
    purity: 'impure',
    since: '1.0',
    documentation: "Nix's name of this system, such as `x86_64-linux`.",
    value: (vm) => vm.host.system,
  },
  {
    name: 'currentTime',
    scope: 'underscored',
    purity: 'impure',
    since: '1.0',
    documentation: 'The seconds from 1970 to the start of the evaluation.',
    value: (vm) => vm.host.currentTime,
  },
  {
    name: 'nixVersion',
    scope: 'underscored',
    purity: 'pure',
    since: '1.0',
    documentation: 'The version of Nix, here the one whose language Nixray evaluates.',
    value: () => nixVersion,
  },
  {
    name: 'langVersion',
    scope: 'underscored',
    purity: 'pure',
    since: '1.7',
    documentation: 'A number that grows when the language gains something.',
    value: () => 6,
  },
  {
    name: 'storeDir',
    scope: 'underscored',
    purity: 'pure',
    since: '1.7',
    documentation: 'The folder of the store: `/nix/store`.',
    value: (vm) => vm.store.directory,
  },
  {
    name: 'nixPath',
    scope: 'underscored',
    purity: 'impure',
    since: '1.7',
    documentation:
      'Where `<…>` looks: a list of sets with a `prefix` and a `path`, from the settings and from `NIX_PATH`.',
    value: (vm) => lazily(() => vm.force(vm.loader.nixPath)),
  },
];
