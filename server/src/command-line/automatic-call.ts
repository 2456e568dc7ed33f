/** Functions that are called without being asked, with the arguments of `--arg` and the like. */
import { Attrs, attrsFromEntries } from '../values/attrs';
import { EvalError } from '../values/error';
import { Closure, type Forced, type Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { printAttributeName } from '../base/literals';

/**
 * The value, or what it gives for the automatic arguments if it is a function
 * with formals. Functors are called, and what they give again.
 * @throws EvalError
 */
export function callAutomatically(vm: Vm, value: Value, automatic: Attrs): Forced {
  let callee = vm.force(value);
  for (;;) {
    const functor = callee instanceof Attrs ? callee.get('__functor') : undefined;
    if (functor === undefined) break;
    callee = vm.call(functor, callee);
  }
  const argument = argumentOf(callee, automatic);
  return argument === undefined ? callee : vm.call(callee, argument);
}

/** The argument for a function with formals; undefined for everything else. */
function argumentOf(callee: Forced, automatic: Attrs): Attrs | undefined {
  if (!(callee instanceof Closure)) return undefined;
  const { formals, ellipsis } = callee.blueprint.signature();
  if (formals === undefined) return undefined;
  if (ellipsis) return automatic;
  const entries: [string, Value][] = [];
  for (const { name, optional, position } of formals) {
    const value = automatic.get(name);
    if (value !== undefined) entries.push([name, value]);
    else if (!optional) throw new EvalError('missing-argument', withoutValue(name), position);
  }
  return attrsFromEntries(entries);
}

function withoutValue(name: string): string {
  return [
    `cannot evaluate a function that has an argument without a value ('${printAttributeName(name)}')`,
    'Nix attempted to evaluate a function as a top level expression; in',
    'this case it must have its arguments supplied either by default',
    "values, or passed explicitly with '--arg' or '--argstr'. See",
    'https://nix.dev/manual/nix/stable/language/syntax.html#functions.',
  ].join('\n');
}
