/** Nix files as values. Nix manual: `import`, `scopedImport`. */
import type { Bytes } from '../base/bytes';
import { isDerivationPath, isStorePath } from '../store/store-path';
import { outputPathOf, inputPlaceholder } from '../store/derivation';
import { attrsFromMap } from '../values/attrs';
import { ContextString, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { strict } from './parameters';
import { realisePath, storeOf } from './path-arguments';

function importBuiltin(vm: Vm, argument: Value): Forced {
  const path = realisePath(vm, argument, 'none');
  return isDerivationFile(vm, path) ? importDerivation(vm, path) : vm.loader.importFile(path);
}

function scopedImport(vm: Vm, scope: Value, argument: Value): Forced {
  const path = realisePath(vm, argument, 'none');
  if (isDerivationFile(vm, path)) return importDerivation(vm, path);
  const names = vm.forceAttrs(scope, 'while evaluating the first argument passed to builtins.scopedImport');
  return vm.loader.importScoped(names, path);
}

function isDerivationFile(vm: Vm, path: Bytes): boolean {
  return isDerivationPath(path) && isStorePath(path) && storeOf(vm).has(path);
}

/** What a `.drv` file tells of its derivation, which {@link derivationOfFile} makes a set like that of `derivation`. */
function importDerivation(vm: Vm, path: Bytes): Forced {
  const derivation = storeOf(vm).readDerivation(path);
  const attrs = new Map<string, Value>([
    ['drvPath', new ContextString(path, [`=${path}`])],
    ['name', derivation.environment.get('name') ?? ''],
    ['outputs', [...derivation.outputs.keys()]],
  ]);
  for (const output of derivation.outputs.keys()) {
    const outPath = outputPathOf(derivation, output) ?? inputPlaceholder(path, output);
    attrs.set(output, new ContextString(outPath, [`!${output}!${path}`]));
  }
  const wrapper = vm.loader.evaluateText(derivationOfFile, '/', 'imported-drv-to-derivation.nix', 'file');
  return vm.call(wrapper, attrsFromMap(attrs));
}

const derivationOfFile: Bytes = `file:
let
  common = builtins.listToAttrs named // {
    all = map (output: output.value) named;
    inherit (file) drvPath name;
    type = "derivation";
  };
  named = map (outputName: {
    name = outputName;
    value = common // {
      outPath = file.\${outputName};
      inherit outputName;
    };
  }) file.outputs;
in
(builtins.head named).value
`;

export const records: readonly BuiltinRecord[] = [
  {
    name: 'import',
    parameters: [strict('path')],
    global: true,
    purity: 'impure',
    since: '1.0',
    documentation:
      'The value of the Nix file *path*; for a folder that of its `default.nix`. A file is evaluated once, however often it is imported. It sees no variables of the place that imports it.',
    call: importBuiltin,
  },
  {
    name: 'scopedImport',
    parameters: [strict('scope'), strict('path')],
    global: true,
    purity: 'impure',
    since: '1.7',
    documentation:
      'Like `import`, but the file also sees the attributes of *scope* as variables, before the builtins of the same name. The file is evaluated anew in every call.',
    call: scopedImport,
  },
];
