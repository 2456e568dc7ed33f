/** String contexts: what a string depends on. Nix manual: language/string-context. */
import type { Bytes } from '../base/bytes';
import { CoercionFlag } from '../bytecode/opcode';
import { isDerivationPath, isStorePath } from '../store/store-path';
import { attrsFromMap, compareBytes, type Attrs } from '../values/attrs';
import { contextOf, textOf, withContext, type Context } from '../values/context';
import type { Forced, StringValue, Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { strict } from './parameters';
import { printAttributeName } from '../base/literals';

function coerced(vm: Vm, value: Value, builtin: string): StringValue {
  const frame = `while evaluating the argument passed to builtins.${builtin}`;
  return vm.coerceToString(value, CoercionFlag.CopyToStore, frame);
}

function unsafeDiscardStringContext(vm: Vm, value: Value): Forced {
  return textOf(coerced(vm, value, 'unsafeDiscardStringContext'));
}

function hasContext(vm: Vm, value: Value): Forced {
  const text = vm.forceString(value, 'while evaluating the argument passed to builtins.hasContext');
  return contextOf(text).length > 0;
}

function unsafeDiscardOutputDependency(vm: Vm, value: Value): Forced {
  const text = coerced(vm, value, 'unsafeDiscardOutputDependency');
  const context = contextOf(text).map((element) => (element.startsWith('=') ? element.slice(1) : element));
  return withContext(textOf(text), sortedContext(context));
}

function sortedContext(elements: Iterable<Bytes>): Context {
  return [...new Set(elements)].sort(compareBytes);
}

function addDrvOutputDependencies(vm: Vm, value: Value): Forced {
  const text = coerced(vm, value, 'addDrvOutputDependencies');
  const context = contextOf(text);
  if (context.length !== 1) {
    throw failure(
      `context of string '${textOf(text)}' must have exactly one element, but has ${context.length}`,
    );
  }
  return withContext(textOf(text), [deepElement(context[0]!)]);
}

function deepElement(element: Bytes): Bytes {
  if (element.startsWith('=')) return element;
  if (element.startsWith('!')) {
    const output = element.slice(1, element.indexOf('!', 1));
    throw failure(
      `\`addDrvOutputDependencies\` can only act on derivations, not on a derivation output such as '${output}'`,
    );
  }
  if (!isDerivationPath(element)) throw failure(`path '${element}' is not a derivation`);
  return `=${element}`;
}

interface ContextInfo {
  path: boolean;
  allOutputs: boolean;
  readonly outputs: Bytes[];
}

function getContext(vm: Vm, value: Value): Forced {
  const text = vm.forceString(value, 'while evaluating the argument passed to builtins.getContext');
  const infos = new Map<Bytes, ContextInfo>();
  const infoOf = (path: Bytes): ContextInfo => {
    let info = infos.get(path);
    if (info === undefined) infos.set(path, (info = { path: false, allOutputs: false, outputs: [] }));
    return info;
  };
  for (const element of contextOf(text)) {
    if (element.startsWith('=')) infoOf(element.slice(1)).allOutputs = true;
    else if (element.startsWith('!')) {
      const end = element.indexOf('!', 1);
      infoOf(element.slice(end + 1)).outputs.push(element.slice(1, end));
    } else infoOf(element).path = true;
  }
  return attrsFromMap(new Map([...infos].map(([path, info]) => [path, describe(info)])));
}

function describe({ path, allOutputs, outputs }: ContextInfo): Attrs {
  const attrs = new Map<string, Value>();
  if (path) attrs.set('path', true);
  if (allOutputs) attrs.set('allOutputs', true);
  if (outputs.length > 0) attrs.set('outputs', outputs);
  return attrsFromMap(attrs);
}

function appendContext(vm: Vm, value: Value, argument: Value): Forced {
  const text = vm.forceString(value, 'while evaluating the first argument passed to builtins.appendContext');
  const added = vm.forceAttrs(
    argument,
    'while evaluating the second argument passed to builtins.appendContext',
  );
  const context = new Set(contextOf(text));
  added.shape.names.forEach((path, i) => {
    for (const element of elementsOf(vm, path, added, added.values[i]!)) context.add(element);
  });
  return withContext(textOf(text), sortedContext(context));
}

/** The elements that one attribute of the argument of `appendContext` adds. */
function elementsOf(vm: Vm, path: Bytes, added: Attrs, value: Value): Bytes[] {
  const fail = (message: Bytes): never => {
    const error = failure(message);
    error.position = added.positionOf(path) ?? error.position;
    throw error;
  };
  if (!isStorePath(path)) fail(`context key '${printAttributeName(path)}' is not a store path`);
  const info = vm.forceAttrs(value, 'while evaluating the value of a string context');
  const elements: Bytes[] = [];
  const flag = (name: string): boolean => {
    const found = info.get(name);
    return (
      found !== undefined &&
      vm.forceBoolean(found, `while evaluating the \`${name}\` attribute of a string context`)
    );
  };
  if (flag('path')) elements.push(path);
  if (flag('allOutputs')) {
    if (!isDerivationPath(path)) {
      fail(
        `tried to add all-outputs context of ${printAttributeName(path)}, which is not a derivation, to a string`,
      );
    }
    elements.push(`=${path}`);
  }
  const outputs = info.get('outputs');
  if (outputs === undefined) return elements;
  const list = vm.forceList(outputs, 'while evaluating the `outputs` attribute of a string context');
  if (list.length > 0 && !isDerivationPath(path)) {
    fail(
      `tried to add derivation output context of ${printAttributeName(path)}, which is not a derivation, to a string`,
    );
  }
  for (const output of list) {
    const name = vm.forceStringNoContext(output, 'while evaluating an output name within a string context');
    elements.push(`!${name}!${path}`);
  }
  return elements;
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'hasContext',
    parameters: [strict('s')],
    purity: 'pure',
    since: '2.1',
    documentation: 'Whether the string *s* depends on anything in the store.',
    example: { expression: 'builtins.hasContext "plain"', result: 'false' },
    call: hasContext,
  },
  {
    name: 'getContext',
    parameters: [strict('s')],
    purity: 'pure',
    since: '2.1',
    documentation:
      'What the string *s* depends on: a set from store paths to sets in which `path` stands for the path itself, `outputs` lists outputs of a derivation, and `allOutputs` stands for a derivation with all that it needs.',
    example: {
      expression: 'builtins.getContext (derivation { name = "a"; builder = "b"; system = "c"; }).outPath',
      result: '{ "/nix/store/arhvjaf6zmlyn8vh8fgn55rpwnxq0n7l-a.drv" = { outputs = [ "out" ]; }; }',
    },
    call: getContext,
  },
  {
    name: 'appendContext',
    parameters: [strict('s'), strict('context')],
    purity: 'pure',
    since: '2.1',
    documentation: 'The string *s* with more to depend on; *context* is a set as `getContext` gives it.',
    example: {
      expression:
        'builtins.hasContext (builtins.appendContext "a" { "/nix/store/ffffffffffffffffffffffffffffffff-x".path = true; })',
      result: 'true',
    },
    call: appendContext,
  },
  {
    name: 'unsafeDiscardStringContext',
    parameters: [strict('s')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'The string *s* without what it depends on. Unsafe: what is made from it can name store paths that are not there.',
    example: {
      expression:
        'builtins.hasContext (builtins.unsafeDiscardStringContext (derivation { name = "a"; builder = "b"; system = "c"; }).outPath)',
      result: 'false',
    },
    call: unsafeDiscardStringContext,
  },
  {
    name: 'unsafeDiscardOutputDependency',
    parameters: [strict('s')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'The string *s*, where a dependency on a derivation with all its outputs becomes one on the `.drv` file alone.',
    example: {
      expression:
        'builtins.attrValues (builtins.getContext (builtins.unsafeDiscardOutputDependency (derivation { name = "a"; builder = "b"; system = "c"; }).drvPath))',
      result: '[ { path = true; } ]',
    },
    call: unsafeDiscardOutputDependency,
  },
  {
    name: 'addDrvOutputDependencies',
    parameters: [strict('s')],
    purity: 'pure',
    since: '2.19',
    documentation:
      'The string *s*, where its one dependency, on a `.drv` file, becomes one on the derivation with all its outputs. The opposite of `unsafeDiscardOutputDependency`.',
    example: {
      expression:
        'let drv = (derivation { name = "a"; builder = "b"; system = "c"; }).drvPath; in builtins.getContext (builtins.addDrvOutputDependencies (builtins.unsafeDiscardOutputDependency drv)) == builtins.getContext drv',
      result: 'true',
    },
    call: addDrvOutputDependencies,
  },
];
