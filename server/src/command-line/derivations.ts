/** The derivations in a value, as `nix-instantiate` finds them. */
import type { Bytes } from '../base/bytes';
import { CoercionFlag } from '../bytecode/opcode';
import { Attrs } from '../values/attrs';
import { textOf } from '../values/context';
import { EvalError } from '../values/error';
import { ContextString, type Value } from '../values/value';
import type { Vm } from '../vm/vm';
import { callAutomatically } from './automatic-call';
import { isList } from '../values/list';
import { printAttributeName } from '../base/literals';

export interface FoundDerivation {
  readonly drvPath: Bytes;
  readonly outputName: Bytes;
}

/** The derivations in a value: itself, or those in a set or a list. @throws EvalError */
export function findDerivations(vm: Vm, value: Value, automatic: Attrs): FoundDerivation[] {
  const search = new Search(vm, automatic);
  search.enter(value);
  return search.found.map((set) => describe(vm, set));
}

class Search {
  readonly found: Attrs[] = [];
  /** One derivation under two names counts once. */
  private readonly seen = new Set<Attrs>();

  constructor(
    private readonly vm: Vm,
    private readonly automatic: Attrs,
  ) {}

  /** Looks at the value and at its parts. */
  enter(slot: Value): void {
    this.vm.enterCall();
    const value = callAutomatically(this.vm, slot, this.automatic);
    if (!this.take(value)) {
      if (value instanceof Attrs) this.enterSet(value);
      else if (isList(value)) {
        for (const item of this.vm.elementsOf(value)) if (!this.take(item)) this.enter(item);
      } else {
        throw new EvalError(
          'type-error',
          'expression does not evaluate to a derivation (or a set or list of those)',
        );
      }
    }
    this.vm.depth--;
  }

  private enterSet(set: Attrs): void {
    const combined = set.has('_combineChannels');
    set.shape.names.forEach((name, i) => {
      if (!isPathComponent(name)) return;
      try {
        this.enterAttribute(set.values[i]!, combined);
      } catch (error) {
        if (error instanceof EvalError) {
          error.while(`while evaluating the attribute '${printAttributeName(name)}'`, set.positionOf(name));
        }
        throw error;
      }
    });
  }

  /** A set inside a set is entered only if it says so. */
  private enterAttribute(slot: Value, combined: boolean): void {
    if (combined) return this.enter(slot);
    if (this.take(slot)) return;
    const value = this.vm.force(slot);
    const recurse = value instanceof Attrs ? value.get('recurseForDerivations') : undefined;
    const context = 'while evaluating the attribute `recurseForDerivations`';
    if (recurse !== undefined && this.vm.forceBoolean(recurse, context)) this.enter(value);
  }

  /** Takes the value if it is a derivation, and says whether it is. */
  private take(slot: Value): boolean {
    const value = this.vm.force(slot);
    if (!isDerivation(this.vm, value)) return false;
    if (!this.seen.has(value)) {
      this.seen.add(value);
      checkName(this.vm, value);
      this.found.push(value);
    }
    return true;
  }
}

function isDerivation(vm: Vm, value: Value): value is Attrs {
  const type = value instanceof Attrs ? value.get('type') : undefined;
  if (type === undefined) return false;
  const forced = vm.force(type);
  return forced === 'derivation' || (forced instanceof ContextString && forced.text === 'derivation');
}

function checkName(vm: Vm, set: Attrs): void {
  const name = set.get('name');
  if (name === undefined) throw new EvalError('type-error', 'derivation name missing');
  vm.forceStringNoContext(name, "while evaluating the 'name' attribute of a derivation");
}

function describe(vm: Vm, set: Attrs): FoundDerivation {
  const drvPath = set.get('drvPath');
  if (drvPath === undefined) {
    throw new EvalError('evaluation-error', "derivation does not contain a 'drvPath' attribute");
  }
  const context = "while evaluating the 'drvPath' attribute of a derivation";
  const path = textOf(vm.coerceToString(drvPath, CoercionFlag.Weak, context));
  const output = set.get('outputName');
  const outputName =
    output === undefined
      ? ''
      : vm.forceStringNoContext(output, 'while evaluating the output name of a derivation');
  if (outputName === '') {
    throw new EvalError('evaluation-error', `derivation '${path}' lacks an 'outputName' attribute`);
  }
  return { drvPath: path, outputName };
}

function isPathComponent(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_+-]*$/.test(name);
}
