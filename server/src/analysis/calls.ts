/**
 * Arguments of functions, from real calls: places that may call a function are
 * evaluated in their own scope, lazily, until the function is entered.
 *
 * Where no place calls it, conventions do: a package as `callPackage` would call
 * it, a module in a configuration, an overlay over nixpkgs.
 */
import { decodeUtf8, encodeUtf8, type Bytes } from '../base/bytes';
import { lineAndColumn } from '../base/line-and-column';
import type { Blueprint } from '../bytecode/blueprint';
import { NodeBlueprint } from '../compiler/blueprint';
import type { Evaluator } from '../evaluator/evaluator';
import type { KnownArgument, LiveFile, PlacedLambda } from '../evaluator/live-scopes';
import type { CallReference } from '../evaluator/service';
import { directoryOf } from '../host/path';
import { freeNames } from '../names/free-names';
import type { ParsedFile } from '../syntax/parse';
import { Kind, type Expression, type LambdaNode } from '../syntax/tree';
import { Attrs, emptyAttrs } from '../values/attrs';
import { EvalError, Interruption } from '../values/error';
import { lazily } from '../values/thunk';
import type { Captured, Forced, Value, WithScope } from '../values/value';
import type { Slot, Vm } from '../vm/vm';
import { nameOfFunction, placesAround, placesInFile, placesOfName, type CallPlace } from './call-places';
import type { PathReferences } from './path-references';

/** A file with its live scopes. */
export interface CallSubject {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
  readonly live: LiveFile;
}

/** Milliseconds for one place, and for all places of one function. */
const placeTime = 2000;
const searchTime = 6000;

/** Milliseconds to see whether an argument is known. */
const argumentTime = 200;

/** How far and how widely callers are looked for among the files that import a function's file. */
const maxImportDepth = 3;
const maxImporters = 200;
const maxImporterPlaces = 30;

/** How far into a value a search goes when its head did not call the function. */
const maxDepth = 4;
const maxParts = 300;

/** Ends an evaluation when the function is entered. No error of the program, so nothing catches it. */
class Entered {
  constructor(
    readonly argument: Value,
    readonly captured: ReadonlyMap<string, Value>,
    readonly withs: WithScope | null,
  ) {}
}

export class Calls {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly references: PathReferences,
    /** Functions whose calls are being looked for; a place that needs one of them is no help. */
    private readonly searching: Set<LambdaNode>,
    private readonly subject: (path: Bytes) => CallSubject | undefined,
    /** The call that somebody chose for a function. */
    private readonly chosen: (path: Bytes, offset: number) => CallReference | undefined = () => undefined,
  ) {}

  /** The places that may call a function, in the order in which they are tried. */
  list(owner: CallSubject, lambda: PlacedLambda): { subject: CallSubject; place: CallPlace }[] {
    return this.places(owner, lambda);
  }

  /** What a function of a file is called with. */
  find(owner: CallSubject, lambda: PlacedLambda): KnownArgument | undefined {
    if (this.searching.has(lambda.node)) return undefined;
    this.searching.add(lambda.node);
    const { limits } = this.evaluator.vm;
    const outer = limits.deadline;
    const end = Math.min(outer, performance.now() + searchTime);
    try {
      return this.fromPlaces(owner, lambda, end) ?? this.fromConventions(owner, lambda, end);
    } finally {
      limits.deadline = outer;
      this.searching.delete(lambda.node);
    }
  }

  private fromPlaces(owner: CallSubject, lambda: PlacedLambda, end: number): KnownArgument | undefined {
    const places = this.places(owner, lambda);
    let vague: KnownArgument | undefined;
    for (const i of this.order(owner, lambda, places)) {
      const { subject, place } = places[i]!;
      const entered = this.enteredBy(owner, lambda, end, () => {
        const scope = subject.live.scopeAt(place.ancestors, place);
        // A value that is there already would not enter the function again.
        const body = { kind: 'expression', node: place.node } as const;
        return subject.live.suspend(scope, body, freeNames(place.node), place.at);
      });
      if (entered === undefined) continue;
      const { line, column } = lineAndColumn(subject.parsed.text, place.at);
      const file = decodeUtf8(this.references.shown(subject.path));
      const call = known(entered, `in the call at ${file}:${line}:${column}, ${i + 1} of ${places.length}`);
      // A call that stands in a function of which no call is known says little.
      if (!this.isUnknown(entered.argument)) return call;
      vague ??= call;
    }
    return vague;
  }

  /** Whether an argument depends on one that is not known; one that takes long counts as known. */
  private isUnknown(argument: Value): boolean {
    const { vm } = this.evaluator;
    const outer = vm.limits.deadline;
    const { sp, depth } = vm;
    vm.limits.deadline = Math.min(outer, performance.now() + argumentTime);
    try {
      vm.force(argument);
      return false;
    } catch (error) {
      if (error instanceof EvalError) return error.kind === 'unknown-argument';
      if (error instanceof Interruption && error.reason === 'timeout') return false;
      throw error;
    } finally {
      vm.limits.deadline = outer;
      vm.sp = sp;
      vm.depth = depth;
    }
  }

  /** The indices of places in the order in which they are tried: the chosen one first. */
  private order(
    owner: CallSubject,
    lambda: PlacedLambda,
    places: readonly { subject: CallSubject; place: CallPlace }[],
  ): number[] {
    const chosen = this.chosen(owner.path, lambda.at);
    const isChosen = (i: number): boolean =>
      places[i]!.subject.path === chosen?.path && places[i]!.place.at === chosen.offset;
    const indices = [...places.keys()];
    return [...indices.filter(isChosen), ...indices.filter((i) => !isChosen(i))];
  }

  private places(owner: CallSubject, lambda: PlacedLambda): { subject: CallSubject; place: CallPlace }[] {
    const own = placesInFile(owner.parsed, lambda).map((place) => ({ subject: owner, place }));
    if (!isFunctionOfFile(owner.parsed.root, lambda.node))
      return [...own, ...this.placesOfImporters(owner, lambda)];
    const others: { subject: CallSubject; place: CallPlace }[] = [];
    for (const { path, offset } of this.references.to(owner.path)) {
      if (path === owner.path) continue;
      const subject = this.subject(path);
      if (subject === undefined) continue;
      for (const place of placesAround(subject.parsed, offset)) others.push({ subject, place });
    }
    return [...others, ...own];
  }

  /** Uses of the function's name in files that import its file, the nearest importers first. */
  private placesOfImporters(
    owner: CallSubject,
    lambda: PlacedLambda,
  ): { subject: CallSubject; place: CallPlace }[] {
    const name = nameOfFunction(owner.parsed, lambda);
    if (name === undefined) return [];
    const found: { subject: CallSubject; place: CallPlace }[] = [];
    for (const path of this.importers(owner.path)) {
      const subject = this.subject(path);
      if (subject === undefined || !subject.parsed.text.includes(name)) continue;
      for (const place of placesOfName(subject.parsed, name)) found.push({ subject, place });
      if (found.length >= maxImporterPlaces) break;
    }
    return found;
  }

  /** The files that import a file, and those that import these. */
  private importers(path: Bytes): Iterable<Bytes> {
    const seen = new Set([path]);
    let level = [path];
    for (let depth = 0; depth < maxImportDepth && seen.size < maxImporters; depth++) {
      const importing = level.flatMap((file) => this.references.to(file).map((reference) => reference.path));
      level = [...new Set(importing)].filter((file) => !seen.has(file));
      for (const file of level) seen.add(file);
    }
    seen.delete(path);
    return [...seen].slice(0, maxImporters);
  }

  /** What the usual callers of such files would pass. */
  private fromConventions(owner: CallSubject, lambda: PlacedLambda, end: number): KnownArgument | undefined {
    if (!isFunctionOfFile(owner.parsed.root, lambda.node)) return undefined;
    const { formals } = lambda.node;
    if (formals !== undefined && formals.formals.every((formal) => formal.fallback !== undefined)) {
      return { value: emptyAttrs, source: 'with its defaults' };
    }
    for (const { expression, source } of conventions(owner.path, lambda.node)) {
      const entered = this.enteredBy(owner, lambda, end, () => {
        const text = encodeUtf8(expression);
        const name = encodeUtf8('«convention»');
        return lazily(() => this.evaluator.evaluateText(text, directoryOf(owner.path), name));
      });
      if (entered !== undefined) return known(entered, source);
    }
    return undefined;
  }

  /** Evaluates until the function is entered; undefined where it is not. */
  private enteredBy(
    owner: CallSubject,
    lambda: PlacedLambda,
    end: number,
    start: () => Value,
  ): Entered | undefined {
    const { vm } = this.evaluator;
    const { limits } = vm;
    const now = performance.now();
    if (now >= end) return undefined;
    limits.deadline = Math.min(end, now + placeTime);
    const outerObserver = vm.observer;
    const { sp, depth } = vm;
    try {
      // The scopes of the place may need a search of their own, with an observer of its own.
      const value = start();
      vm.observer = new EntryObserver(vm, owner.path, lambda);
      this.forceParts(vm, vm.force(value), maxDepth, { left: maxParts });
      return undefined;
    } catch (error) {
      if (error instanceof Entered) return error;
      if (error instanceof EvalError) return undefined;
      if (error instanceof Interruption && error.reason === 'timeout') return undefined;
      throw error;
    } finally {
      vm.observer = outerObserver;
      vm.sp = sp;
      vm.depth = depth;
    }
  }

  /** Forces the parts of a value, as the function may be called by one of them. */
  private forceParts(vm: Vm, value: Forced, depth: number, budget: { left: number }): void {
    if (depth === 0) return;
    const parts = Array.isArray(value) ? value : value instanceof Attrs ? value.values : [];
    for (const part of parts) {
      if (budget.left-- <= 0) return;
      let forced: Forced;
      try {
        forced = vm.force(part);
      } catch (error) {
        // A part that fails does not keep the others from calling the function.
        if (error instanceof EvalError) continue;
        throw error;
      }
      this.forceParts(vm, forced, depth - 1, budget);
    }
  }
}

/** Hears the activations, and ends the evaluation at that of one function. */
class EntryObserver {
  constructor(
    private readonly vm: Vm,
    private readonly path: Bytes,
    private readonly lambda: PlacedLambda,
  ) {}

  enter(blueprint: Blueprint, base: number, upvalues: readonly Captured[]): void {
    if (!(blueprint instanceof NodeBlueprint) || !this.isSearched(blueprint)) return;
    const captured = new Map<string, Value>();
    blueprint.captures.forEach((name, i) => captured.set(name, upvalues[i] as Value));
    const withs = blueprint.capturesWith ? (upvalues[blueprint.captureCount] as WithScope | null) : null;
    throw new Entered(this.vm.stack[base] as Exclude<Slot, undefined> as Value, captured, withs);
  }

  leave(): void {}

  private isSearched(blueprint: NodeBlueprint): boolean {
    const { body, unit } = blueprint;
    if (body.kind !== 'lambda' || body.node.width !== this.lambda.node.width) return false;
    if (unit.source.path !== this.path) return false;
    // A document has one tree; what was made of it before an edit knows the place of then.
    return unit.source.version === undefined
      ? blueprint.start === this.lambda.at
      : body.node === this.lambda.node;
  }
}

function known({ argument, captured, withs }: Entered, source: string): KnownArgument {
  return { value: argument, captured, source, ...(withs !== null && { withs }) };
}

/** Whether a function is the value of a whole file, or what such a function returns. */
function isFunctionOfFile(root: Expression, lambda: LambdaNode): boolean {
  let node = root;
  for (;;) {
    if (node === lambda) return true;
    switch (node.kind) {
      case Kind.Parenthesised:
        node = node.inner;
        break;
      case Kind.Lambda:
      case Kind.Let:
      case Kind.With:
      case Kind.Assert:
        node = node.body;
        break;
      default:
        return false;
    }
  }
}

interface Convention {
  readonly expression: string;
  readonly source: string;
}

/** Expressions that call a file as its kind is usually called. */
function conventions(path: Bytes, lambda: LambdaNode): Convention[] {
  const file = `(/. + ${JSON.stringify(decodeUtf8(path)).replaceAll('${', '\\${')})`;
  const { formals, parameter } = lambda;
  if (formals === undefined) {
    const isOverlay = lambda.body.kind === Kind.Lambda && /^(final|self|prev|super|_)/.test(parameter!.name);
    if (!isOverlay) return [];
    return [
      {
        expression: `import <nixpkgs> { overlays = [ (import ${file}) ]; }`,
        source: 'as an overlay of <nixpkgs>',
      },
    ];
  }
  const names = formals.formals.map((formal) => formal.name.name);
  if (formals.ellipsis && names.some((name) => name === 'config' || name === 'options' || name === 'lib')) {
    return [
      {
        expression: `(import <nixpkgs/nixos> { configuration = ${file}; }).config`,
        source: 'as a NixOS module on its own',
      },
    ];
  }
  return [
    {
      expression: `(import <nixpkgs> { }).callPackage ${file} { }`,
      source: 'as callPackage of <nixpkgs> calls it',
    },
  ];
}
