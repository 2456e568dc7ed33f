/**
 * Hears which functions an evaluation enters. It ends when the function is entered that
 * is looked for; a module system calls its other modules right behind that one, so it
 * goes on for a moment, and the modules of a configuration come from one evaluation.
 */
import type { Bytes } from '../base/bytes';
import type { Blueprint } from '../bytecode/blueprint';
import { NodeBlueprint } from '../compiler/blueprint';
import type { PlacedLambda } from '../evaluator/live-scopes';
import { originOf } from '../syntax/same-code';
import type { LambdaNode, Node } from '../syntax/tree';
import type { Dependence } from '../values/dependence';
import type { Source } from '../values/position';
import type { Captured, Value, WithScope } from '../values/value';
import type { Slot, Vm } from '../vm/vm';

/** What a function was called with, and what it had captured. */
export interface Entered {
  readonly argument: Value;
  readonly captured: ReadonlyMap<string, Value>;
  readonly withs: WithScope | null;
}

/**
 * The modules of the workspace that an evaluation has entered. The function of a document is known by its
 * node; one that was imported before its file was opened, and has the same text, by its place.
 */
export type ModuleEntries = ReadonlyMap<LambdaNode | string, Entered>;

/** Ends an evaluation in which all is known that was asked. No error of the program, so nothing catches it. */
export class EndOfSearch {}

/** So many functions are entered between two modules at most, or there are no more of them. */
const maxBetweenModules = 2_000;

export class EntryObserver {
  /** The function that was looked for. */
  found: Entered | undefined;
  readonly modules = new Map<LambdaNode | string, Entered>();
  private readonly goesOn: boolean;
  /** How many more functions may be entered, once it is found. */
  private left = maxBetweenModules;

  /** @param isOther whether a file is one of those whose modules count, too, if the function may be a module */
  constructor(
    private readonly vm: Vm,
    private readonly path: Bytes,
    private readonly lambda: PlacedLambda,
    private readonly isOther: ((path: Bytes) => boolean) | undefined,
  ) {
    this.goesOn = isOther !== undefined && mayBeModule(lambda.node);
  }

  enter(blueprint: Blueprint, base: number, upvalues: readonly Captured[]): void {
    if (this.found !== undefined && --this.left === 0) throw new EndOfSearch();
    if (!(blueprint instanceof NodeBlueprint)) return;
    const { body, unit, start } = blueprint;
    if (body.kind !== 'lambda') return;
    if (this.found === undefined && this.isSearched(unit.source, body.node, start)) {
      this.found = this.entryOf(blueprint, base, upvalues);
      if (!this.goesOn) throw new EndOfSearch();
      this.modules.set(keyOf(unit.source, body.node, start), this.found);
    } else if (this.goesOn && mayBeModule(body.node) && this.isOther!(unit.source.path)) {
      const key = keyOf(unit.source, body.node, start);
      if (this.modules.has(key)) return;
      this.modules.set(key, this.entryOf(blueprint, base, upvalues));
      this.left = maxBetweenModules;
    }
  }

  leave(): void {}

  private isSearched({ path, version }: Source, node: LambdaNode, start: number): boolean {
    if (path !== this.path) return false;
    // A document has one tree; what was made of it before an edit knows the place of then.
    return version === undefined
      ? start === this.lambda.at && node.width === this.lambda.node.width
      : originOf(node) === originOf(this.lambda.node);
  }

  private entryOf(blueprint: NodeBlueprint, base: number, upvalues: readonly Captured[]): Entered {
    const captured = new Map<string, Value>();
    blueprint.captures.forEach((name, i) => captured.set(name, upvalues[i] as Value));
    const withs = blueprint.capturesWith ? (upvalues[blueprint.captureCount] as WithScope | null) : null;
    return { argument: this.vm.stack[base] as Exclude<Slot, undefined> as Value, captured, withs };
  }
}

function keyOf({ path, version }: Source, node: LambdaNode, start: number): LambdaNode | string {
  return version === undefined ? placeKey(path, start) : originOf(node);
}

function placeKey(path: Bytes, at: number): string {
  return `${path}:${at}`;
}

/** Whether a function takes arguments as modules do: some by name, and more. */
export function mayBeModule({ formals }: LambdaNode): boolean {
  return formals?.ellipsis === true && formals.formals.some(({ name }) => moduleArguments.has(name.name));
}

/** What only modules are called with. */
const moduleArguments = new Set(['config', 'options', 'pkgs', 'lib']);

/** What was evaluated: the expression of a call, or the name of what is usual for a file. */
export type EvaluatedPlace = Node | string;

/** So many evaluations are remembered, the latest ones. */
const maxEvaluations = 8;

/** So many evaluations are known by what they have entered, without what that was called with. */
const maxComplete = 200;

/** What the evaluations of places have entered: whoever looks for another module of theirs need not evaluate them again. */
export class EnteredModules {
  private readonly byPlace = new Map<
    EvaluatedPlace,
    { entries: ModuleEntries; on: Dependence | undefined }
  >();

  /** The functions that whole evaluations have entered, and no others. */
  private readonly complete = new Map<
    EvaluatedPlace,
    { keys: ReadonlySet<LambdaNode | string>; on: Dependence | undefined }
  >();

  /** What the evaluation of a place called a function with, if nothing of what it read has changed. */
  find(place: EvaluatedPlace, path: Bytes, { node, at }: PlacedLambda): Entered | undefined {
    const known = this.byPlace.get(place);
    if (known === undefined) return undefined;
    if (known.on?.stale === true) {
      this.byPlace.delete(place);
      return undefined;
    }
    const entered = known.entries.get(originOf(node)) ?? known.entries.get(placeKey(path, at));
    if (entered !== undefined) known.on?.use();
    return entered;
  }

  /** Whether the evaluation of a place may enter a function: nobody knows, or it did. */
  mayEnter(place: EvaluatedPlace, path: Bytes, { node, at }: PlacedLambda): boolean {
    const known = this.complete.get(place);
    if (known === undefined || known.on?.stale === true) return true;
    if (known.keys.has(originOf(node)) || known.keys.has(placeKey(path, at))) return true;
    known.on?.use();
    return false;
  }

  /** The evaluation of a place came to its end, and entered no other functions that may be modules. */
  addComplete(place: EvaluatedPlace, entries: ModuleEntries, on: Dependence | undefined): void {
    this.complete.delete(place);
    this.complete.set(place, { keys: new Set(entries.keys()), on });
    if (this.complete.size > maxComplete) this.complete.delete(this.complete.keys().next().value!);
  }

  add(place: EvaluatedPlace, entries: ModuleEntries, on: Dependence | undefined): void {
    this.byPlace.delete(place);
    this.byPlace.set(place, { entries, on });
    if (this.byPlace.size > maxEvaluations) this.byPlace.delete(this.byPlace.keys().next().value!);
  }
}
