/** Builtins that ask for the type of a value. Nix manual: language/types, language/builtins. */
import type { Blueprint } from '../bytecode/blueprint';
import { Attrs, compareBytes, emptyAttrs } from '../values/attrs';
import type { Position } from '../values/position';
import { Shape, type Origin } from '../values/shape';
import { Builtin, Closure, Float, PartialApplication, Path, type Forced, type Value } from '../values/value';
import type { BuiltinRecord } from '../vm/builtin-record';
import { typeOf } from '../vm/describe';
import type { Vm } from '../vm/vm';
import { failure } from './failure';
import { strict } from './parameters';

function isAttrs(vm: Vm, value: Value): Forced {
  return vm.force(value) instanceof Attrs;
}

function isBool(vm: Vm, value: Value): Forced {
  return typeof vm.force(value) === 'boolean';
}

function isFloat(vm: Vm, value: Value): Forced {
  return vm.force(value) instanceof Float;
}

function isFunction(vm: Vm, value: Value): Forced {
  const forced = vm.force(value);
  return forced instanceof Closure || forced instanceof Builtin || forced instanceof PartialApplication;
}

function isInt(vm: Vm, value: Value): Forced {
  const forced = vm.force(value);
  return typeof forced === 'number' || typeof forced === 'bigint';
}

function isList(vm: Vm, value: Value): Forced {
  return Array.isArray(vm.force(value));
}

function isNull(vm: Vm, value: Value): Forced {
  return vm.force(value) === null;
}

function isPath(vm: Vm, value: Value): Forced {
  return vm.force(value) instanceof Path;
}

function isString(vm: Vm, value: Value): Forced {
  return typeOf(vm.force(value)) === 'string';
}

function typeName(vm: Vm, value: Value): Forced {
  return typeOf(vm.force(value));
}

class FormalsOrigin implements Origin {
  constructor(private readonly positions: readonly Position[]) {}
  positionOf(index: number): Position | undefined {
    return this.positions[index];
  }
}

/** What `functionArgs` gives for a blueprint; `callPackage` asks again and again. */
const knownFormals = new WeakMap<Blueprint, Attrs>();

function formalsOf(blueprint: Blueprint): Attrs {
  const formals = blueprint.signature().formals;
  if (formals === undefined) return emptyAttrs;
  const sorted = [...formals].sort((a, b) => compareBytes(a.name, b.name));
  const shape = new Shape(
    sorted.map((formal) => formal.name),
    new FormalsOrigin(sorted.map((formal) => formal.position)),
  );
  return new Attrs(
    shape,
    sorted.map((formal) => formal.optional),
  );
}

function functionArgs(vm: Vm, value: Value): Forced {
  const forced = vm.force(value);
  if (forced instanceof Builtin || forced instanceof PartialApplication) return emptyAttrs;
  if (!(forced instanceof Closure)) throw failure("'functionArgs' requires a function", 'type-error');
  let formals = knownFormals.get(forced.blueprint);
  if (formals === undefined) {
    formals = formalsOf(forced.blueprint);
    knownFormals.set(forced.blueprint, formals);
  }
  // Each call gives a set of its own, as a printer tells a set that it meets again.
  return formals.size === 0 ? formals : new Attrs(formals.shape, formals.values);
}

export const records: readonly BuiltinRecord[] = [
  {
    name: 'isAttrs',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation: 'Whether *e* is an attribute set.',
    example: { expression: 'map builtins.isAttrs [ { } [ ] ]', result: '[ true false ]' },
    call: isAttrs,
  },
  {
    name: 'isBool',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation: 'Whether *e* is `true` or `false`.',
    example: { expression: 'map builtins.isBool [ false null ]', result: '[ true false ]' },
    call: isBool,
  },
  {
    name: 'isFloat',
    parameters: [strict('e')],
    purity: 'pure',
    since: '2.0',
    documentation: 'Whether *e* is a floating-point number.',
    example: { expression: 'map builtins.isFloat [ 1.0 1 ]', result: '[ true false ]' },
    call: isFloat,
  },
  {
    name: 'isFunction',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation:
      'Whether *e* is a function, written in Nix or built in. A set with `__functor` can be called, but is none.',
    example: {
      expression: 'map builtins.isFunction [ (x: x) map { __functor = self: x: x; } ]',
      result: '[ true true false ]',
    },
    call: isFunction,
  },
  {
    name: 'isInt',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation: 'Whether *e* is an integer.',
    example: { expression: 'map builtins.isInt [ 1 1.0 ]', result: '[ true false ]' },
    call: isInt,
  },
  {
    name: 'isList',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation: 'Whether *e* is a list.',
    example: { expression: 'map builtins.isList [ [ ] { } ]', result: '[ true false ]' },
    call: isList,
  },
  {
    name: 'isNull',
    parameters: [strict('e')],
    global: true,
    purity: 'pure',
    since: '1.0',
    documentation: 'Whether *e* is `null`. Writing `e == null` does the same.',
    example: { expression: 'map isNull [ null 0 ]', result: '[ true false ]' },
    call: isNull,
  },
  {
    name: 'isPath',
    parameters: [strict('e')],
    purity: 'pure',
    since: '2.3',
    documentation: 'Whether *e* is a path value; a string that looks like a path is none.',
    example: { expression: 'map builtins.isPath [ /etc "/etc" ]', result: '[ true false ]' },
    call: isPath,
  },
  {
    name: 'isString',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.0',
    documentation: 'Whether *e* is a string.',
    example: { expression: 'map builtins.isString [ "a" 1 ]', result: '[ true false ]' },
    call: isString,
  },
  {
    name: 'typeOf',
    parameters: [strict('e')],
    purity: 'pure',
    since: '1.6',
    documentation:
      'The name of the type of *e*: `"int"`, `"bool"`, `"string"`, `"path"`, `"null"`, `"set"`, `"list"`, `"lambda"` or `"float"`.',
    example: { expression: 'map builtins.typeOf [ 1 (x: x) ]', result: '[ "int" "lambda" ]' },
    call: typeName,
  },
  {
    name: 'functionArgs',
    parameters: [strict('f')],
    purity: 'pure',
    since: '1.1',
    documentation:
      'The names that the function *f* takes out of its argument, each with whether it has a default. Empty for a function that does not take a set apart and for builtins.',
    example: {
      expression: 'builtins.functionArgs ({ x, y ? 1, ... }: x)',
      result: '{ x = false; y = true; }',
    },
    call: functionArgs,
  },
];
