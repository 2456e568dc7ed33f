/** Hashes of strings. Files are hashed in files.ts. */
import { hashHex, parseHash, requireAlgorithm, type HashFormat } from '../store/hash';
import { outputPlaceholder } from '../store/derivation';
import { textOf } from '../values/context';
import type { Attrs } from '../values/attrs';
import type { Forced, Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { attributeMissing, failure } from './failure';
import { strict } from './parameters';

function hashString(vm: Vm, type: Value, value: Value): Forced {
  const name = vm.forceStringNoContext(
    type,
    'while evaluating the first argument passed to builtins.hashString',
  );
  const algorithm = requireAlgorithm(name, vm.host.features);
  const text = vm.forceString(value, 'while evaluating the second argument passed to builtins.hashString');
  return hashHex(algorithm, textOf(text));
}

function convertHash(vm: Vm, argument: Value): Forced {
  const set = vm.forceAttrs(argument, 'while evaluating the first argument passed to builtins.convertHash');
  const text = requiredText(vm, set, 'hash');
  const algorithm = set.get('hashAlgo');
  const expected =
    algorithm === undefined
      ? undefined
      : requireAlgorithm(
          vm.forceStringNoContext(algorithm, "while evaluating the attribute 'hashAlgo'"),
          vm.host.features,
        );
  const format = formatNamed(vm, requiredText(vm, set, 'toHashFormat'));
  return parseHash(text, expected, vm.host.features).print(format);
}

function requiredText(vm: Vm, set: Attrs, name: string): string {
  const value = set.get(name);
  if (value === undefined) throw attributeMissing(name, `while locating the attribute '${name}'`);
  return vm.forceStringNoContext(value, `while evaluating the attribute '${name}'`);
}

function formatNamed(vm: Vm, name: string): HashFormat {
  switch (name) {
    case 'base16':
    case 'nix32':
    case 'base64':
    case 'sri':
      return name;
    case 'base32':
      vm.loader.report('warning', '"base32" is a deprecated alias for hash format "nix32".');
      return 'nix32';
    default:
      throw failure(`unknown hash format '${name}', expect 'base16', 'base32', 'base64', or 'sri'`);
  }
}

function placeholder(vm: Vm, output: Value): Forced {
  return outputPlaceholder(
    vm.forceStringNoContext(output, 'while evaluating the first argument passed to builtins.placeholder'),
  );
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'hashString',
    parameters: [strict('type'), strict('s')],
    purity: 'pure',
    since: '1.1',
    documentation:
      'The hash of the string *s*, in base 16. The *type* is `"md5"`, `"sha1"`, `"sha256"` or `"sha512"`.',
    example: {
      expression: 'builtins.hashString "md5" "abc"',
      result: '"900150983cd24fb0d6963f7d28e17f72"',
    },
    call: hashString,
  },
  {
    name: 'convertHash',
    parameters: [strict('args')],
    purity: 'pure',
    since: '2.19',
    documentation: `A hash in another spelling. The set *args* has

- \`hash\`: the hash in any spelling;
- \`hashAlgo\`: \`"md5"\`, \`"sha1"\`, \`"sha256"\` or \`"sha512"\`, where \`hash\` does not begin with it;
- \`toHashFormat\`: \`"base16"\`, \`"nix32"\`, \`"base64"\` or \`"sri"\`.`,
    example: {
      expression:
        'builtins.convertHash { hash = "900150983cd24fb0d6963f7d28e17f72"; hashAlgo = "md5"; toHashFormat = "sri"; }',
      result: '"md5-kAFQmDzST7DWlj99KOF/cg=="',
    },
    call: convertHash,
  },
  {
    name: 'placeholder',
    parameters: [strict('output')],
    global: true,
    purity: 'pure',
    since: '2.0',
    documentation:
      'A string that stands for the path of the *output* inside of the derivation itself; building replaces it.',
    example: {
      expression: 'placeholder "out"',
      result: '"/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9"',
    },
    call: placeholder,
  },
];
