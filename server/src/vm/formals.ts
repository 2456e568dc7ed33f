/** How a function with formals takes its argument apart. */
import { Blueprint } from '../bytecode/blueprint';
import type { FormalsTable } from '../bytecode/constant';
import { bestMatches } from '../base/suggestions';
import { Attrs } from '../values/attrs';
import { EvalError } from '../values/error';
import { printAttributeName } from '../base/literals';
import { Thunk } from '../values/thunk';
import type { Value } from '../values/value';
import * as fail from './failures';
import type { Vm } from './vm';

/**
 * Pushes a value for each formal and returns the new top. The argument in slot 0
 * is forced. A missing formal with a default gets its constant, or a thunk
 * without captures, which FillDefault completes before anything can run it.
 */
export function bindFormals(
  vm: Vm,
  blueprint: Blueprint,
  table: FormalsTable,
  base: number,
  sp: number,
): number {
  const stack = vm.stack;
  const argument = bindArgument(vm, blueprint, table, stack[base] as Value);
  stack[base] = argument;
  const { indices, defaults } = table;
  const values = argument.values;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (index >= 0) stack[sp++] = values[index];
    else {
      const fallback = defaults[i] as Value | Blueprint;
      stack[sp++] = fallback instanceof Blueprint ? new Thunk(fallback, undefined) : fallback;
    }
  }
  return sp;
}

/** The argument as a set, in whose shape the table has found the formals. */
export function bindArgument(vm: Vm, blueprint: Blueprint, table: FormalsTable, value: Value): Attrs {
  const argument = argumentSet(vm, blueprint, value);
  if (argument.shape !== table.shape) matchShape(blueprint, table, argument);
  return argument;
}

function argumentSet(vm: Vm, blueprint: Blueprint, argument: Value): Attrs {
  if (argument instanceof Attrs) return argument;
  const forced = vm.force(argument);
  if (forced instanceof Attrs) return forced;
  throw fail.context(
    fail.expected('a set', forced),
    'while evaluating the value passed for the lambda argument',
    blueprint.position(),
  );
}

/** Finds each formal in a shape that the table has not seen the last time, and checks the shape. */
function matchShape(blueprint: Blueprint, table: FormalsTable, argument: Attrs): void {
  const { shape } = argument;
  const indices = new Int32Array(table.names.length);
  let used = 0;
  for (let i = 0; i < indices.length; i++) {
    const index = shape.indexOf(table.names[i]!);
    indices[i] = index;
    if (index >= 0) used++;
    else if (!table.optional[i]) throw wrongArgument(blueprint, 'missing-argument', table.names[i]!);
  }
  if (!table.ellipsis && used !== shape.names.length) {
    const unexpected = shape.names.find((name) => !table.names.includes(name))!;
    throw wrongArgument(blueprint, 'unexpected-argument', unexpected, bestMatches(table.names, unexpected));
  }
  table.shape = shape;
  table.indices = indices;
}

function wrongArgument(
  blueprint: Blueprint,
  kind: 'missing-argument' | 'unexpected-argument',
  name: string,
  suggestions: string[] = [],
): EvalError {
  const callee = blueprint.name === '' ? 'anonymous lambda' : blueprint.name;
  const how = kind === 'missing-argument' ? 'without required argument' : 'with unexpected argument';
  const error = new EvalError(
    kind,
    `function '${callee}' called ${how} '${printAttributeName(name)}'`,
    blueprint.position(),
    suggestions,
    name,
  );
  return error;
}
