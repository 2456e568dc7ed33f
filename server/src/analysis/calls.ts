/**
 * Arguments of functions, from real calls: places that may call a function are
 * evaluated in their own scope, lazily, until the function is entered. Where no
 * place calls it, conventions do.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Evaluator } from '../evaluator/evaluator';
import type { ArgumentSource, KnownArgument, LiveFile, PlacedLambda } from '../evaluator/live-scopes';
import type { CallReference } from '../evaluator/service';
import { directoryOf } from '../host/path';
import { freeNames } from '../names/free-names';
import type { ParsedFile } from '../syntax/parse';
import { originOf } from '../syntax/same-code';
import { BinaryOperator, Kind, type LambdaNode, type Node } from '../syntax/tree';
import { nodesAt, resultPath } from '../syntax/walk';
import { Attrs } from '../values/attrs';
import { EvalError, isTimeout, meansNoValue } from '../values/error';
import { lineAndColumn, type Position } from '../values/position';
import type { Forced, Value } from '../values/value';
import type { Vm } from '../vm/vm';
import {
  nameOfFunction,
  placesAround,
  placesInFile,
  placesOfName,
  type CallPlace,
  type CallPlaces,
} from './call-places';
import { conventionsOf, defaultsOf, functionOfFile, type Convention } from './conventions';
import { configurationsOf, flakeAbove, nameOf, startOf, type Configuration } from './configurations';
import {
  EndOfSearch,
  EntryObserver,
  mayBeModule,
  type Entered,
  type EnteredModules,
  type EvaluatedPlace,
} from './entries';
import { PackageSet, type PackageAttribute } from './package-set';
import type { PathReferences } from './path-references';
import { elementAt, isList } from '../values/list';

/** A file with its live scopes. */
export interface CallSubject {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
  readonly live: LiveFile;
}

/** A place and the file it is in. */
export interface SubjectPlace {
  readonly subject: CallSubject;
  readonly place: CallPlace;
}

/** What may call a function: a place in a text, or a configuration that has it among its modules. */
export type Caller = SubjectPlace | Configuration;

/** A place, and which one it is of how many that may call the function: `2 of 3`. */
interface NumberedPlace extends SubjectPlace {
  readonly which: string;
}

/** Milliseconds for one place at least, for all places of one function, for the configurations before them and the conventions after them. */
const placeTime = 2000;
const searchTime = 6000;
const configurationTime = 4000;
const conventionTime = 3000;

/** Milliseconds to see whether an argument is known. */
const argumentTime = 200;

/** How far and how widely callers are looked for among the files that import a function's file. */
const maxImportDepth = 3;
const maxImporters = 200;
const maxImporterPlaces = 30;

/** How many folders up a path literal may name the folder that a file is found in, and how many such places count. */
const maxFolders = 3;
const maxFolderPlaces = 10;

/** How many of the files that name a module, and of those that name these, are taken for its configuration. */
const maxConfigurations = 4;

/** How far into a value a search goes when its head did not call the function. */
const maxDepth = 4;
const maxParts = 300;

export class Calls {
  /** When the request ends for which the search runs. A search within it has calls of its own. */
  private deadline = Infinity;

  constructor(
    private readonly evaluator: Evaluator,
    private readonly references: PathReferences,
    /** Functions whose calls are being looked for; a place that needs one of them is no help. */
    private readonly searching: Set<LambdaNode>,
    private readonly subject: (path: Bytes) => CallSubject | undefined,
    private readonly enteredModules: EnteredModules,
    private readonly isInWorkspace: (path: Bytes) => boolean,
    /** The call that somebody chose for a function. */
    private readonly chosen: (path: Bytes, offset: number) => CallReference | undefined = () => undefined,
  ) {}

  /**
   * What may call a function, in the order in which it is tried: the configurations that do, or else places
   * in texts. What is only around the function is one of them where its evaluation is the call that is found.
   */
  list(owner: CallSubject, lambda: PlacedLambda): Caller[] {
    const configurations = this.configurationsWith(owner, lambda);
    if (configurations.length > 0) return configurations;
    const places = [...distinct(this.tiers(owner, lambda))].flat();
    if (!places.some(isAround)) return places;
    const found = this.find(owner, lambda)?.call?.position;
    return places.filter((each) => !isAround(each) || isAt(each, found));
  }

  /** What a function of a file is called with. */
  find(owner: CallSubject, lambda: PlacedLambda): KnownArgument | undefined {
    if (this.searching.has(lambda.node)) return undefined;
    this.searching.add(lambda.node);
    const { limits } = this.evaluator.vm;
    this.deadline = limits.deadline;
    try {
      return this.findIn(owner, lambda, this.packagesAround(owner));
    } finally {
      limits.deadline = this.deadline;
      this.searching.delete(lambda.node);
    }
  }

  private findIn(
    owner: CallSubject,
    lambda: PlacedLambda,
    packages: PackageSet | undefined,
  ): KnownArgument | undefined {
    const found = packages && this.fromPackageSet(owner, lambda, packages);
    if (found !== undefined) return found;
    this.readWorkspace();
    const usual = (): KnownArgument | undefined =>
      this.fromConventions(owner, lambda, this.endIn(conventionTime));
    const end = this.endIn(searchTime);
    // In nixpkgs, places further away are all of nixpkgs, and take longer than they are worth.
    if (packages !== undefined) return this.fromPlaces(owner, lambda, end, usual);
    const configured = this.fromConfigurations(owner, lambda, this.endIn(configurationTime));
    if (configured !== undefined) return configured;
    return this.fromPlaces(owner, lambda, end, () => undefined) ?? usual();
  }

  /** Reads the workspace, unless that was done; the time for it is that of the request. */
  private readWorkspace(): void {
    this.evaluator.vm.limits.deadline = this.deadline;
    this.references.prepare();
  }

  /** When something has to end that may take so many milliseconds, but no longer than the request. */
  private endIn(milliseconds: number): number {
    return Math.min(this.deadline, performance.now() + milliseconds);
  }

  /** What the first configuration that has a module calls it with, or the chosen one. */
  private fromConfigurations(
    owner: CallSubject,
    lambda: PlacedLambda,
    end: number,
  ): KnownArgument | undefined {
    const chosen = this.chosen(owner.path, lambda.at);
    // Somebody who chose a place in a text means that.
    if (chosen !== undefined && chosen.configuration === undefined) return undefined;
    const configurations = this.configurationsAround(owner, lambda, end);
    for (const each of likelyFirst(configurations, owner.path, chosen)) {
      const entered = this.enteredByConfiguration(owner, lambda, end, each);
      if (entered === undefined) continue;
      const call = { text: nameOf(each), position: each.position };
      return known(entered, { source: `in ${call.text}`, call, isSupposed: each.isSupposed });
    }
    return undefined;
  }

  /** The configurations that have a module. */
  private configurationsWith(owner: CallSubject, lambda: PlacedLambda): Configuration[] {
    const { limits } = this.evaluator.vm;
    this.deadline = limits.deadline;
    const end = this.endIn(searchTime);
    try {
      return this.configurationsAround(owner, lambda, end).filter(
        (each) => this.enteredByConfiguration(owner, lambda, end, each) !== undefined,
      );
    } finally {
      limits.deadline = this.deadline;
    }
  }

  /** The configurations of the flake around a module. In nixpkgs, modules are those of others. */
  private configurationsAround(owner: CallSubject, { node }: PlacedLambda, end: number): Configuration[] {
    if (!mayBeModule(node) || functionOfFile(owner.parsed, node) === undefined) return [];
    if (!this.isInWorkspace(owner.path) || this.packagesAround(owner) !== undefined) return [];
    const path = flakeAbove(this.evaluator, owner.path);
    if (path === undefined || path === owner.path || !this.isInWorkspace(path)) return [];
    const flake = this.subject(path);
    if (flake === undefined) return [];
    const source = { kind: 'file', path, text: flake.parsed.text } as const;
    const { vm } = this.evaluator;
    const { sp, depth } = vm;
    const outer = vm.limits.deadline;
    vm.limits.deadline = end;
    try {
      return configurationsOf(this.evaluator, source, this.isInWorkspace);
    } catch (error) {
      if (isTimeout(error)) return [];
      throw error;
    } finally {
      vm.limits.deadline = outer;
      vm.sp = sp;
      vm.depth = depth;
    }
  }

  private enteredByConfiguration(
    owner: CallSubject,
    lambda: PlacedLambda,
    end: number,
    configuration: Configuration,
  ): Entered | undefined {
    const place = `${configuration.flake} ${nameOf(configuration)}`;
    if (!this.enteredModules.mayEnter(place, owner.path, lambda)) return undefined;
    const start = (): Value => startOf(this.evaluator, configuration);
    return this.enteredBy(owner, lambda, end, start, { depth: 0, place });
  }

  private packagesAround({ path }: CallSubject): PackageSet | undefined {
    return PackageSet.around(this.evaluator.host, path, this.references, this.subject);
  }

  /**
   * For a package of a nixpkgs in the workspace: what its attribute calls it with. Reading
   * the workspace for the first time is no part of the search; most packages need it not.
   */
  private fromPackageSet(
    owner: CallSubject,
    lambda: PlacedLambda,
    packages: PackageSet,
  ): KnownArgument | undefined {
    if (functionOfFile(owner.parsed, lambda.node) === undefined) return undefined;
    const began = performance.now();
    const atTop = packages.attributesAtTop(owner.path);
    const found = this.fromAttributes(owner, lambda, packages, atTop, this.endIn(searchTime));
    if (found !== undefined) return found;
    const left = searchTime - (performance.now() - began);
    this.readWorkspace();
    const tried = new Set(atTop.map(({ names }) => names.join('.')));
    const others = packages.attributesOf(owner.path).filter(({ names }) => !tried.has(names.join('.')));
    return this.fromAttributes(owner, lambda, packages, others, this.endIn(left));
  }

  private fromAttributes(
    owner: CallSubject,
    lambda: PlacedLambda,
    packages: PackageSet,
    attributes: readonly PackageAttribute[],
    end: number,
  ): KnownArgument | undefined {
    const chosen = this.chosen(owner.path, lambda.at);
    const places = [...new Set(attributes.map(({ call }) => call?.place.at))];
    for (const fresh of [false, true]) {
      for (const { names, call } of attributes) {
        if (chosen !== undefined && (call?.subject.path !== chosen.path || call.place.at !== chosen.offset))
          continue;
        const start = (): Value => packages.value(this.evaluator, names, fresh);
        const entered = this.enteredBy(owner, lambda, end, start, { depth: 0 });
        if (entered === undefined) continue;
        if (call === undefined)
          return known(entered, { source: `as the package ${names.join('.')} of nixpkgs` });
        const which = `${places.indexOf(call.place.at) + 1} of ${places.length}`;
        return known(entered, this.sourceOf(call, which));
      }
    }
    return undefined;
  }

  /** @param beforeFar what is tried after the places that call the function for sure, and before the others */
  private fromPlaces(
    owner: CallSubject,
    lambda: PlacedLambda,
    end: number,
    beforeFar: () => KnownArgument | undefined,
  ): KnownArgument | undefined {
    let isNear = true;
    let vague: KnownArgument | undefined;
    for (const tier of this.tiersInOrder(owner, lambda)) {
      for (const [i, { subject, place, which }] of tier.entries()) {
        if (performance.now() >= end) return vague;
        const start = (): Value => {
          const scope = subject.live.scopeAt(place.ancestors, place);
          // A value that is there already would not enter the function again.
          const body = { kind: 'expression', node: place.node } as const;
          return subject.live.suspend(scope, body, freeNames(place.node), place.at);
        };
        const options = { left: tier.length - i, place: originOf(place.node) };
        let entered = this.enteredBy(owner, lambda, end, start, options);
        if (place.isAround === true) entered ??= this.enteredAnew(owner, lambda, end, { subject, place });
        if (entered === undefined) continue;
        const { isSupposed, isDoubtful } = subject.live.scopeAt(place.ancestors, place);
        const call = known(entered, { ...this.sourceOf({ subject, place }, which), isSupposed, isDoubtful });
        // A call that stands in a function of which no call is known says little.
        if (!this.isUnknown(entered.argument)) return call;
        vague ??= call;
      }
      if (vague === undefined && isNear) {
        const usual = beforeFar();
        if (usual !== undefined) return usual;
      }
      isNear = false;
    }
    return vague;
  }

  /**
   * A module that others name is entered but once in the evaluation of their configuration, which may be
   * over. So where that configuration is only supposed, it is evaluated anew.
   */
  private enteredAnew(
    owner: CallSubject,
    lambda: PlacedLambda,
    end: number,
    { subject, place }: SubjectPlace,
  ): Entered | undefined {
    if (functionOfFile(owner.parsed, lambda.node) === undefined) return undefined;
    if (!this.isInSupposedCall(subject, place, end)) return undefined;
    const outwards = [subject.path, ...this.importers(subject.path)].slice(0, maxConfigurations);
    for (const path of outwards.reverse()) {
      const outer = this.subject(path);
      const whole = outer && firstFunction(outer.parsed);
      if (whole === undefined) continue;
      for (const { value, source } of conventionsOf(this.evaluator, outer!, whole)) {
        const key = `${path} ${source}`;
        const entered = this.enteredBy(owner, lambda, end, () => value, { place: key });
        if (entered !== undefined) return entered;
      }
    }
    return undefined;
  }

  /** Whether a place is in a function of which only a supposed call is known. */
  private isInSupposedCall({ live }: CallSubject, place: CallPlace, end: number): boolean {
    const { limits } = this.evaluator.vm;
    limits.deadline = end;
    try {
      return live.scopeAt(place.ancestors, place).isSupposed;
    } catch (error) {
      // Where a scope cannot be entered, nothing in it is evaluated.
      if (meansNoValue(error)) return false;
      throw error;
    }
  }

  /** Where a call is, and which one of how many it is. */
  private sourceOf(called: SubjectPlace, which: string): ArgumentSource {
    const position = positionOfPlace(called);
    const { line, column } = lineAndColumn(position.source, position.offset);
    const text = `${decodeUtf8(this.references.shown(called.subject.path))}:${line}:${column}`;
    const what = called.place.isAround === true ? 'in a call from the expression at' : 'in the call at';
    return { source: `${what} ${text}, ${which}`, call: { text, position } };
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
      if (isTimeout(error)) return false;
      throw error;
    } finally {
      vm.limits.deadline = outer;
      vm.sp = sp;
      vm.depth = depth;
    }
  }

  /** The tiers of places; the chosen place comes before all others. */
  private *tiersInOrder(owner: CallSubject, lambda: PlacedLambda): Iterable<NumberedPlace[]> {
    const tiers = distinct(this.tiers(owner, lambda));
    const chosen = this.chosen(owner.path, lambda.at);
    if (chosen === undefined || chosen.configuration !== undefined) return yield* numbered(tiers);
    const isChosen = ({ subject, place }: SubjectPlace): boolean =>
      subject.path === chosen.path && place.at === chosen.offset;
    const places = [...tiers].flat();
    const listed = places.filter((each) => !isAround(each) || isChosen(each));
    const others = places.filter((each) => !listed.includes(each));
    for (const tier of numbered([listed, others]))
      yield [...tier.filter(isChosen), ...tier.filter((each) => !isChosen(each))];
  }

  /**
   * The places that may call a function, those that do so for sure first. A tier
   * is computed only when no place of those before has called the function.
   */
  private *tiers(owner: CallSubject, lambda: PlacedLambda): Iterable<SubjectPlace[]> {
    const own = placesInFile(owner.parsed, lambda);
    const inOwner = (places: readonly CallPlace[]): SubjectPlace[] =>
      places.map((place) => ({ subject: owner, place }));
    if (functionOfFile(owner.parsed, lambda.node) === undefined) {
      yield inOwner(own.calls);
      yield inOwner(own.around);
      yield this.placesOfImporters(owner, lambda);
      // Whoever gets the value of the file may call its functions.
      const mayHave = (name: string): boolean => owner.parsed.text.includes(name);
      yield this.placesOfReferences(owner.path, mayHave).flatMap(({ subject, places }) =>
        placed(subject, places.calls),
      );
      return;
    }
    const others = this.placesOfReferences(owner.path);
    yield [...others.flatMap(({ subject, places }) => placed(subject, places.calls)), ...inOwner(own.calls)];
    yield this.placesOfFolders(owner.path);
    yield [
      ...others.flatMap(({ subject, places }) => placed(subject, places.around)),
      ...inOwner(own.around),
    ];
    yield this.placesBehindImporters(owner.path);
  }

  /** What is around the path literals that name a file. */
  private placesOfReferences(
    path: Bytes,
    mayHave?: (name: string) => boolean,
  ): { subject: CallSubject; places: CallPlaces }[] {
    const found: { subject: CallSubject; places: CallPlaces }[] = [];
    for (const reference of this.references.to(path)) {
      if (reference.path === path) continue;
      const subject = this.subject(reference.path);
      if (subject !== undefined)
        found.push({ subject, places: placesAround(subject.parsed, reference.offset, mayHave) });
    }
    return found;
  }

  /** Calls with a folder above a file, whose files are imported by names that the program computes. */
  private placesOfFolders(path: Bytes): SubjectPlace[] {
    const found: SubjectPlace[] = [];
    let folder = directoryOf(path);
    for (let up = 0; up < maxFolders && folder !== '/'; up++, folder = directoryOf(folder)) {
      for (const { path: from, offset } of this.references.exactlyTo(folder)) {
        const subject = from === path ? undefined : this.subject(from);
        if (subject === undefined) continue;
        const { calls } = placesAround(subject.parsed, offset);
        const all = isContinued(subject, offset);
        const importing = calls.filter((place) => all || importsComputed(subject, place));
        found.push(...placed(subject, importing));
        if (found.length >= maxFolderPlaces) return found;
      }
    }
    return found;
  }

  /** Calls of the files that name this one in data, as modules do in `imports`. */
  private placesBehindImporters(path: Bytes): SubjectPlace[] {
    const found: SubjectPlace[] = [];
    for (const importer of this.importers(path)) {
      for (const { subject, places } of this.placesOfReferences(importer))
        found.push(...placed(subject, places.calls));
      if (found.length >= maxImporterPlaces) break;
    }
    return found;
  }

  /** Uses of the function's name in files that import its file, the nearest importers first. */
  private placesOfImporters(owner: CallSubject, lambda: PlacedLambda): SubjectPlace[] {
    const name = nameOfFunction(owner.parsed, lambda);
    if (name === undefined) return [];
    const found: SubjectPlace[] = [];
    for (const path of this.importers(owner.path)) {
      const subject = this.subject(path);
      if (subject === undefined || !subject.parsed.text.includes(name)) continue;
      found.push(...placed(subject, placesOfName(subject.parsed, name)));
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
    const defaults = defaultsOf(owner, lambda);
    if (defaults !== undefined) return defaults;
    for (const { value, isReal, ...source } of conventionsOf(this.evaluator, owner, lambda)) {
      const key = `${owner.path} ${source.source}`;
      const entered = this.enteredBy(owner, lambda, end, () => value, { place: key });
      if (entered === undefined) continue;
      const isPackage = source.isPackage === true && this.hasNoCaller(owner, lambda);
      const isSupposed = !this.isReal(isReal, entered.argument, end);
      return known(entered, { ...source, isSupposed, isPackage });
    }
    return undefined;
  }

  /** Whether a function is known to be called with an argument; where that takes long, it is not. */
  private isReal(isReal: Convention['isReal'], argument: Value, end: number): boolean {
    if (typeof isReal !== 'function') return isReal === true;
    const { vm } = this.evaluator;
    const outer = vm.limits.deadline;
    const { sp, depth } = vm;
    vm.limits.deadline = Math.min(outer, end);
    try {
      return isReal(argument);
    } catch (error) {
      if (isTimeout(error)) return false;
      throw error;
    } finally {
      vm.limits.deadline = outer;
      vm.sp = sp;
      vm.depth = depth;
    }
  }

  /** Whether no text that is known may call a function; a file of nixpkgs has callers there. */
  private hasNoCaller(owner: CallSubject, lambda: PlacedLambda): boolean {
    if (this.packagesAround(owner) !== undefined) return false;
    for (const tier of this.tiers(owner, lambda)) if (tier.length > 0) return false;
    return true;
  }

  /** Evaluates until the function is entered; undefined where it is not. */
  private enteredBy(
    owner: CallSubject,
    lambda: PlacedLambda,
    end: number,
    start: () => Value,
    { depth = maxDepth, left = 1, place }: { depth?: number; left?: number; place?: EvaluatedPlace } = {},
  ): Entered | undefined {
    const { vm } = this.evaluator;
    const { limits } = vm;
    const shared = place === undefined ? undefined : this.enteredModules.find(place, owner.path, lambda);
    if (shared !== undefined) return shared;
    const now = performance.now();
    if (now >= end) return undefined;
    // The last places may have what the others left.
    limits.deadline = Math.min(end, now + Math.max(placeTime, (end - now) / left));
    const outerObserver = vm.observer;
    const { sp, depth: calls } = vm;
    const reads = vm.dependences.log.length;
    const observer = new EntryObserver(
      vm,
      owner.path,
      lambda,
      place === undefined ? undefined : this.isInWorkspace,
    );
    let isComplete = true;
    try {
      // The scopes of the place may need a search of their own, with an observer of its own.
      const value = start();
      vm.observer = observer;
      this.forceParts(vm, vm.force(value), depth, { left: maxParts });
    } catch (error) {
      isComplete = error instanceof EvalError;
      if (!(error instanceof EndOfSearch) && !meansNoValue(error)) throw error;
    } finally {
      vm.observer = outerObserver;
      vm.sp = sp;
      vm.depth = calls;
    }
    if (place !== undefined) {
      const on = vm.dependences.since(reads);
      if (isComplete) this.enteredModules.addComplete(place, observer.modules, on);
      if (observer.modules.size > 0) this.enteredModules.add(place, observer.modules, on);
    }
    return observer.found;
  }

  /** Forces the parts of a value, as the function may be called by one of them. */
  private forceParts(vm: Vm, value: Forced, depth: number, budget: { left: number }): void {
    if (depth === 0) return;
    const parts = isList(value) ? value : value instanceof Attrs ? this.partsOf(value) : [];
    for (let i = 0; i < parts.length; i++) {
      if (budget.left-- <= 0) return;
      let forced: Forced;
      try {
        forced = vm.force(elementAt(parts, i));
      } catch (error) {
        // A part that fails does not keep the others from calling the function.
        if (error instanceof EvalError) continue;
        throw error;
      }
      this.forceParts(vm, forced, depth - 1, budget);
    }
  }

  /** The values of a set. Where it has one for each system, as in a flake, that of this system is the first. */
  private partsOf(set: Attrs): readonly Value[] {
    const own = set.get(this.evaluator.host.system);
    return own === undefined ? set.values : [own, ...set.values];
  }
}

/** Configurations in an order: a chosen one, those whose names the path of a module has, and the others. */
function likelyFirst(
  configurations: readonly Configuration[],
  path: Bytes,
  chosen: CallReference | undefined,
): Configuration[] {
  const isChosen = (each: Configuration): boolean => nameOf(each) === chosen?.configuration;
  const words = new Set(path.split(/[/.]/));
  const rank = (each: Configuration): number => (isChosen(each) ? 0 : words.has(each.names[1]) ? 1 : 2);
  return [...configurations].sort((a, b) => rank(a) - rank(b));
}

function known({ argument, captured, withs }: Entered, source: ArgumentSource): KnownArgument {
  return { value: argument, captured, ...source, ...(withs !== null && { withs }) };
}

export function positionOfPlace({ subject, place }: SubjectPlace): Position {
  const source = { kind: 'file', path: subject.path, text: subject.parsed.text } as const;
  return { source, offset: place.at, end: place.at + place.node.width };
}

function placed(subject: CallSubject, places: readonly CallPlace[]): SubjectPlace[] {
  return places.map((place) => ({ subject, place }));
}

function isAround({ place }: SubjectPlace): boolean {
  return place.isAround === true;
}

function isAt({ subject, place }: SubjectPlace, position: Position | undefined): boolean {
  if (position === undefined) return false;
  return position.source.path === subject.path && position.offset === place.at;
}

/** What is only around the function does not count, unless it is what calls the function after all. */
function* numbered(tiers: Iterable<SubjectPlace[]>): Iterable<NumberedPlace[]> {
  let before = 0;
  for (const tier of tiers) {
    if (tier.every(isAround)) {
      yield tier.map((each) => ({ ...each, which: `${before + 1} of ${before + 1}` }));
    } else {
      const start = before;
      before += tier.length;
      yield tier.map((each, i) => ({ ...each, which: `${start + i + 1} of ${before}` }));
    }
  }
}

/** The tiers without the places that were in an earlier one, or earlier in the same. */
function* distinct(tiers: Iterable<SubjectPlace[]>): Iterable<SubjectPlace[]> {
  const seen = new Set<Node>();
  for (const tier of tiers) {
    const fresh: SubjectPlace[] = [];
    for (const each of tier) {
      if (seen.has(each.place.node)) continue;
      seen.add(each.place.node);
      fresh.push(each);
    }
    yield fresh;
  }
}

/** The function that a file is. */
function firstFunction({ root, rootAt }: ParsedFile): PlacedLambda | undefined {
  for (const { node, at } of resultPath({ node: root, at: rootAt }))
    if (node.kind === Kind.Lambda) return { node, at };
  return undefined;
}

/** Whether a path literal is only the start of a path: `./hosts/${name}`, or `./hosts + "/${name}"`. */
function isContinued({ parsed }: CallSubject, offset: number): boolean {
  const [path, around] = nodesAt(parsed, offset);
  if (path?.node.kind !== Kind.Path) return false;
  return (
    path.node.parts.length > 1 ||
    (around?.node.kind === Kind.Binary && around.node.operator === BinaryOperator.Add)
  );
}

/** Whether a call may import files of a folder by computed names. */
function importsComputed({ parsed }: CallSubject, { node, at }: CallPlace): boolean {
  return /import|callPackage|readDir|FromDirectory/.test(parsed.text.slice(at, at + node.width));
}
