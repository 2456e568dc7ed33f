/** Instructions that are too long, or too rare, for the dispatch loop. */
import type { Blueprint } from '../bytecode/blueprint';
import type { AttributeSite } from '../bytecode/constant';
import { Attrs, attrsFromEntries } from '../values/attrs';
import { atCall, atOperand, EvalError } from '../values/error';
import { printAttributeName } from '../base/literals';
import { filePathOf, placeOf, type Position } from '../values/position';
import { Shape, type Origin } from '../values/shape';
import { Suspension, Thunk } from '../values/thunk';
import { ContextString, Path, type Forced, type Value, type WithScope } from '../values/value';
import { literalPath } from '../host/path';
import * as fail from './failures';
import { explainInherited } from './unwind';
import type { Vm } from './vm';

/** The text of a computed attribute name in a selection; errors stand where the name does. */
export function attributeName(value: Forced): string {
  return nameText(value, 'while evaluating an attribute name', atOperand[0]!);
}

function nameText(value: Forced, context: string, position: Position): string {
  if (typeof value === 'string') return value;
  if (value instanceof ContextString) throw fail.contextNotAllowed(value).while(context, position);
  const error = fail.expected('a string', value).while(context, position);
  error.position = position;
  throw error;
}

class InsertedOrigin implements Origin {
  constructor(
    private readonly base: Shape,
    private readonly inserted: number,
    private readonly blueprint: Blueprint,
    private readonly at: number,
  ) {}
  /** Whether the instruction at a place inserted the name. */
  isOf(blueprint: Blueprint, at: number): boolean {
    return blueprint === this.blueprint && at === this.at;
  }
  positionOf(index: number): Position | undefined {
    if (index === this.inserted) return this.blueprint.positionAt(this.at);
    return this.base.origin?.positionOf(index < this.inserted ? index : index - 1);
  }
}

/** `set` with one more, dynamic attribute. A null name leaves it out. */
export function insertDynamic(
  set: Attrs,
  name: Forced,
  value: Value,
  blueprint: Blueprint,
  at: number,
): Attrs {
  if (name === null) return set;
  const text = nameText(name, 'while evaluating the name of a dynamic attribute', atCall);
  const names = set.shape.names;
  let index = 0;
  while (index < names.length && names[index]! < text) index++;
  if (names[index] === text) {
    const first = set.shape.origin?.positionOf(index);
    throw new EvalError(
      'evaluation-error',
      `dynamic attribute '${printAttributeName(text)}' already defined${first === undefined ? '' : ` at ${showPosition(first)}`}`,
      atCall,
    );
  }
  const shape = insertedShape(set.shape, text, index, blueprint, at);
  return new Attrs(shape, [...set.values.slice(0, index), value, ...set.values.slice(index)]);
}

/** A shape with one more name at an index, which the instruction at `at` puts there. */
function insertedShape(base: Shape, name: string, index: number, blueprint: Blueprint, at: number): Shape {
  const operation = `insert:${name}`;
  const known = base.resultOf(operation);
  if (known?.origin instanceof InsertedOrigin && known.origin.isOf(blueprint, at)) return known;
  const { names } = base;
  const origin = new InsertedOrigin(base, index, blueprint, at);
  return base.rememberResult(
    operation,
    new Shape([...names.slice(0, index), name, ...names.slice(index)], origin),
  );
}

/** `/a/b.nix:1:2`, as messages name a place. */
export function showPosition(position: Position): string {
  const { line, column } = placeOf(position);
  return `${position.source.path}:${line}:${column}`;
}

interface Selection {
  readonly site: AttributeSite;
  readonly source: Value;
  readonly blueprint: Blueprint;
  readonly at: number;
}

class SelectionCode extends Suspension<Selection> {
  run(vm: Vm, { site, source, blueprint, at }: Selection): Forced {
    let set: Forced;
    try {
      set = vm.force(source);
    } catch (error) {
      throw explainInherited(error, blueprint, at, undefined);
    }
    try {
      if (!(set instanceof Attrs)) throw fail.notASet(set);
      const value = set.get(site.name);
      if (value === undefined) throw fail.missingAttribute(set, site.name);
      return vm.force(value);
    } catch (error) {
      const definition = set instanceof Attrs ? set.positionOf(site.name) : undefined;
      throw explainInherited(error, blueprint, at, { name: site.name, definition });
    }
  }
}
const selection = new SelectionCode();

/** Whether a thunk is one of {@link selectThunk} that nobody has forced. */
export function isSelectThunk({ code }: Thunk): boolean {
  return code === selection;
}

/** The unevaluated `source.name` of `inherit (source) name`. */
export function selectThunk(site: AttributeSite, source: Value, blueprint: Blueprint, at: number): Thunk {
  return new Thunk(selection, { site, source, blueprint, at });
}

/**
 * `__overrides` of a recursive set: its attributes replace those of the set and,
 * where they have the name of a local, the local. `locals` are the names of the
 * slots from `slot` on, in their order.
 */
export function applyOverrides(vm: Vm, set: Attrs, locals: readonly string[], slot: number): Attrs {
  const overrides = vm.forceAttrs(set.get('__overrides')!, 'while evaluating the `__overrides` attribute');
  const merged = new Map<string, Value>();
  set.shape.names.forEach((name, i) => merged.set(name, set.values[i]!));
  overrides.shape.names.forEach((name, i) => {
    merged.set(name, overrides.values[i]!);
    const local = locals.indexOf(name);
    if (local >= 0) vm.stack[slot + local] = overrides.values[i]!;
  });
  return attrsFromEntries(merged);
}

/** Looks a name up in the `with` scopes, the innermost first. */
export function resolveWith(vm: Vm, site: AttributeSite, withs: WithScope | null): Forced {
  for (let scope = withs; scope !== null; scope = scope.outer) {
    const set = vm.force(scope.environment);
    if (!(set instanceof Attrs)) {
      throw fail.context(
        fail.expected('a set', set),
        'while evaluating the first subexpression of a with expression',
        scope.blueprint?.positionAt(scope.at),
      );
    }
    if (set.shape === site.shape) return vm.force(set.values[site.index]!);
    const index = set.shape.indexOf(site.name);
    if (index >= 0) {
      site.shape = set.shape;
      site.index = index;
      return vm.force(set.values[index]!);
    }
  }
  throw fail.undefinedVariable(site.name);
}

export function homePath(vm: Vm, text: string): Path {
  return new Path(literalPath(`${vm.host.home}/${text.slice(2)}`));
}

/** `{ column = …; file = …; line = …; }`, or null where the place is no file. */
export function positionAttrs(position: Position | undefined): Forced {
  const file = position && filePathOf(position.source);
  if (file === undefined) return null;
  const { line, column } = placeOf(position!);
  return attrsFromEntries([
    ['column', column],
    ['file', file],
    ['line', line],
  ]);
}
