/** The search path of `<…>`: NIX_PATH, `-I` and the setting. */
import type { Bytes } from '../base/bytes';
import { canonicalPath } from '../host/path';
import { attrsFromEntries } from '../values/attrs';
import { textOf } from '../values/context';
import { EvalError } from '../values/error';
import { CoercionFlag } from '../bytecode/opcode';
import type { Value } from '../values/value';
import type { Vm } from '../vm/vm';

/** `__nixPath`: a list of `{ path; prefix; }` from entries `prefix=path` or `path`. */
export function searchPathValue(entries: readonly Bytes[]): Value {
  return entries.map((entry) => {
    const equals = entry.indexOf('=');
    return attrsFromEntries([
      ['path', equals < 0 ? entry : entry.slice(equals + 1)],
      ['prefix', equals < 0 ? '' : entry.slice(0, equals)],
    ]);
  });
}

/** The entries of NIX_PATH: separated by colons, but not by those of `https://`. */
export function parseNixPath(text: Bytes): Bytes[] {
  return text.split(/:(?!\/\/)/).filter((entry) => entry !== '');
}

/** Finds what `<name>` means. @throws EvalError of kind `throw`, which tryEval catches, where there is none */
export function findInSearchPath(vm: Vm, searchPath: Value, name: Bytes): Bytes {
  const context = 'while evaluating the first argument passed to builtins.findFile';
  for (const element of vm.forceList(searchPath, context)) {
    const entry = vm.forceAttrs(
      element,
      'while evaluating an element of the list passed to builtins.findFile',
    );
    const prefix = textOf(vm.forceString(entry.get('prefix') ?? '', context));
    const value = entry.get('path');
    if (value === undefined) throw new EvalError('type-error', "attribute 'path' missing");
    const path = textOf(vm.coerceToString(value, CoercionFlag.Weak, context));
    const rest = suffix(prefix, name);
    if (rest === undefined) continue;
    const candidate = canonicalPath(path.startsWith('/') ? path + rest : `/${path}${rest}`);
    if (vm.host.fileType(candidate) !== undefined) return candidate;
  }
  throw new EvalError(
    'throw',
    `file '${name}' was not found in the Nix search path (add it using $NIX_PATH or -I)`,
  );
}

/** What is left of a name behind a prefix, with its slash; undefined where the prefix does not fit. */
function suffix(prefix: Bytes, name: Bytes): Bytes | undefined {
  if (prefix === '') return `/${name}`;
  if (name === prefix) return '';
  return name.startsWith(`${prefix}/`) ? name.slice(prefix.length) : undefined;
}
