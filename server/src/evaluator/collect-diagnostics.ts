/**
 * The errors that evaluating a document shows: of its value, and of the
 * attributes of its value a few levels deep, as long as the time lasts; if it is
 * asked for, of what its value leads to, too.
 *
 * A `throw` in an attribute that nobody asked for is no bug of the file, so it
 * is a hint; what fails on the way to the file's own value is an error. What a
 * program may never evaluate is a hint as well, and what fails in a call that is only
 * supposed a warning.
 */
import type { Bytes } from '../base/bytes';
import { Attrs } from '../values/attrs';
import { EvalError, Interruption, isTimeout, meansNoValue, type EvalErrorKind } from '../values/error';
import { presentPosition, type Position } from '../values/position';
import type { Forced, Value } from '../values/value';
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { Kind, type BindingNode, type Expression } from '../syntax/tree';
import { nodesAt, resultPath, type PlacedNode } from '../syntax/walk';
import { isDerivation } from '../vm/compare';
import type { Vm } from '../vm/vm';
import { withoutThunk } from '../values/thunk';
import type { ReachableValue } from './reachable-values';
import { placeIn, reportError } from './report';
import type { EvaluationDiagnostic } from './service';
import { elementAt, isList, type List } from '../values/list';

/** How deep the parts of a file's value are looked at, beside the levels that the file itself writes down. */
const maxDepth = 3;

/** How many levels of sets that the file writes down count as none. */
const maxOwnDepth = 8;

/** So many derivations that a file builds are instantiated, if they can be in so many milliseconds. */
const maxInstantiated = 50;
const instantiationTime = 300;

/** The sets that functions such as `mkIf` of nixpkgs make, by their `_type`, with the levels that count as none: that of `mkMerge` has a list. */
const levelsOfDefinitions: ReadonlyMap<Bytes, number> = new Map([
  ['if', 1],
  ['merge', 2],
  ['override', 1],
  ['order', 1],
]);

/** More problems in one file help nobody. */
const maxFound = 500;

/** How many parts are looked at of what else is reachable: a function may give all packages, many of which fail on this machine. */
const maxReachableParts = 500;

/** How many parts are looked at of what other files write, such as all of nixpkgs. */
const maxPartsElsewhere = 2000;

/** So many parts of one value are looked at before it is the turn of its neighbours. */
const partsAtOnce = 100;

/** Milliseconds for the attributes, and for what else is reachable, beside the time that the file's own value takes. */
const partsTime = 1000;
const reachableTime = 3000;

/** How a library fails that is not asked as it should be. */
const refusals = new Set<EvalErrorKind>(['throw', 'abort', 'infinite-recursion']);

interface Document {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
}

export interface DiagnosisOptions {
  /** What the value leads to, where that is to be looked at, too. */
  readonly reachable?: () => readonly ReachableValue[];
  /** The offset of the last edit: what is built nearest to it comes first. */
  readonly nearest?: number;
  /** Whether the parts may take all of the time, as where nobody types meanwhile; a lack of it is a warning. */
  readonly thorough?: boolean;
}

export function collectDiagnostics(
  vm: Vm,
  document: Document,
  fileValue: () => Forced,
  options: DiagnosisOptions = {},
): EvaluationDiagnostic[] {
  // Nix does not evaluate such a file, and what would fail is what the parser made of it.
  if (document.parsed.errors.some(({ severity }) => severity === 'error')) return [];
  return new Collection(vm, document).collect(fileValue, options);
}

/** How far below a part one looks. */
interface Levels {
  /** How many levels are looked at, and how many more of the file's own sets. */
  readonly depth: number;
  readonly ownDepth: number;
  /** Whether it is part of a set that another file writes. */
  readonly isElsewhere: boolean;
}

/** The parts of a value that are still to be looked at, from an index on. */
interface Unseen extends Levels {
  readonly parts: List;
  next: number;
  /** Where the file defines a part, if the parts are those of a set of its own. */
  readonly positionOf?: (index: number) => Position | undefined;
}

class Collection {
  private readonly found = new Map<string, EvaluationDiagnostic>();
  private partsLeft = Infinity;
  /** Whether all that other files do not write was looked at. */
  private isOwnDone = false;
  private readonly seen = new Set<Forced>();
  /** Derivations that calls in the file make. */
  private readonly built: (ReachableValue & { readonly offset: number })[] = [];
  /** What is looked at now. */
  private reached: Omit<ReachableValue, 'value'> = { kind: 'result', isSupposed: false };

  constructor(
    private readonly vm: Vm,
    private readonly document: Document,
  ) {}

  collect(
    fileValue: () => Forced,
    { reachable, nearest = 0, thorough = false }: DiagnosisOptions,
  ): EvaluationDiagnostic[] {
    let value: Forced | undefined;
    try {
      value = fileValue();
    } catch (error) {
      this.add(error, 'error');
    }
    if (value !== undefined) {
      const late = this.inTime(thorough ? Infinity : partsTime, () => this.parts(value));
      if (thorough && late !== undefined && !this.isOwnDone) this.put(this.wholeFile(), late, 'warning');
    }
    if (reachable !== undefined) {
      this.inTime(reachableTime, () => {
        if (value !== undefined) this.instantiate(value);
        for (const each of reachable()) this.reach(each);
      });
      this.inTime(thorough ? Infinity : instantiationTime, () => this.instantiateBuilt(nearest));
    }
    return [...this.found.values()];
  }

  /** Running out of time here only means that no more is looked at; gives the error that says so. */
  private inTime(milliseconds: number, look: () => void): unknown {
    const { limits } = this.vm;
    const outer = limits.deadline;
    limits.deadline = Math.min(outer, performance.now() + milliseconds);
    try {
      look();
    } catch (error) {
      // A scope that cannot be entered fails where its value does.
      if (!meansNoValue(error)) throw error;
      return isTimeout(error) ? error : undefined;
    } finally {
      limits.deadline = outer;
    }
    return undefined;
  }

  private reach(reached: ReachableValue): void {
    // Each result has parts of its own: those of a flake alone may be all of a configuration.
    if (reached.kind === 'result' || this.reached.kind === 'result') this.partsLeft = maxReachableParts;
    if (this.partsLeft <= 0) return;
    this.reached = reached;
    const opened = this.part(reached.value);
    if (opened !== undefined) this.parts(opened);
    if (reached.kind === 'result') this.instantiate(withoutThunk(reached.value));
  }

  private instantiateBuilt(nearest: number): void {
    this.built.sort((a, b) => Math.abs(a.offset - nearest) - Math.abs(b.offset - nearest));
    for (const { value, ...reached } of this.built.slice(0, maxInstantiated)) {
      this.reached = reached;
      this.instantiate(value);
    }
  }

  /** Looks at all that goes into the path of a derivation. */
  private instantiate(value: Value | undefined): void {
    if (!(value instanceof Attrs) || !isDerivationLike(this.vm, value)) return;
    const path = value.get('drvPath');
    if (path !== undefined) this.part(path);
  }

  /** Looks at the parts of a value; those of what other files write come last, and few of them count. */
  private parts(value: Forced): void {
    const elsewhere: Unseen[] = [];
    const whole = this.unseen(value, { depth: maxDepth, ownDepth: maxOwnDepth, isElsewhere: false });
    this.levels(whole, elsewhere);
    this.isOwnDone = true;
    this.partsLeft = Math.min(this.partsLeft, maxPartsElsewhere);
    this.levels(elsewhere);
  }

  /** Looks at parts level by level, so that a large part keeps nothing from its neighbours. */
  private levels(found: readonly Unseen[], postponed?: Unseen[]): void {
    while (found.length > 0) {
      const level: Unseen[] = [];
      for (const each of found) (each.isElsewhere ? (postponed ?? level) : level).push(each);
      const inner: Unseen[] = [];
      // What is not done has another turn, at the end of the queue.
      for (const unseen of level) if (this.look(unseen, inner)) level.push(unseen);
      found = inner;
    }
  }

  /** The parts of a value that was not looked at before, if it has any that are shown. */
  private unseen(value: Forced, { depth, ownDepth, isElsewhere }: Levels): Unseen[] {
    if (this.seen.has(value)) return [];
    if (isList(value)) {
      if (depth === 0) return [];
      this.seen.add(value);
      return [{ parts: value, next: 0, depth: depth - 1, ownDepth, isElsewhere }];
    }
    if (!(value instanceof Attrs)) return [];
    const { origin } = value.shape;
    const writtenIn = origin?.positionOf(0)?.source.path;
    const isOwn = writtenIn === this.document.path;
    if (isOwn ? ownDepth === 0 : depth === 0) return [];
    this.seen.add(value);
    if (isDerivationLike(this.vm, value) || !this.counts(value)) return [];
    const parts = { parts: value.values, next: 0 };
    if (isOwn) {
      const positionOf = (index: number) => origin!.positionOf(index);
      return [{ ...parts, depth, ownDepth: ownDepth - 1, isElsewhere: false, positionOf }];
    }
    const left = depth - 1 + this.levelsOfDefinition(value);
    return [{ ...parts, depth: left, ownDepth, isElsewhere: isElsewhere || writtenIn !== undefined }];
  }

  /** How many levels of a set are there for the module system alone, which takes what they hold as it stands. */
  private levelsOfDefinition(set: Attrs): number {
    try {
      const type = this.vm.force(set.get('_type') ?? null);
      return typeof type === 'string' ? (levelsOfDefinitions.get(type) ?? 0) : 0;
    } catch (error) {
      if (error instanceof EvalError) return 0;
      throw error;
    }
  }

  /** Whether a set is no definition of a module under a condition that does not hold, in which nothing is to be evaluated. */
  private counts(set: Attrs): boolean {
    const type = set.get('_type');
    const condition = set.get('condition');
    if (type === undefined || condition === undefined) return true;
    try {
      return this.vm.force(type) !== 'if' || this.vm.force(condition) !== false;
    } catch (error) {
      if (error instanceof Interruption) throw error;
      this.add(error, this.severityOf(error), 'in the document');
      return false;
    }
  }

  /** Looks at some parts, adds the parts that these have, and tells whether there are more. */
  private look(unseen: Unseen, found: Unseen[]): boolean {
    const { parts, positionOf } = unseen;
    const end = Math.min(parts.length, unseen.next + partsAtOnce);
    for (; unseen.next < end; unseen.next++) {
      if (this.found.size >= maxFound || this.partsLeft <= 0) return false;
      const inner = this.part(elementAt(parts, unseen.next));
      if (inner === undefined) continue;
      found.push(...this.unseen(inner, unseen));
      const position = positionOf?.(unseen.next);
      if (position !== undefined && this.isBuiltAt(inner, position))
        this.built.push({ ...this.reached, value: inner, offset: presentPosition(position).offset });
    }
    return end < parts.length;
  }

  /** Whether an attribute is a derivation because the file calls something there, as `mkShell`, with arguments. */
  private isBuiltAt(value: Forced, position: Position): boolean {
    if (this.reached.kind !== 'result' || !(value instanceof Attrs)) return false;
    if (position.source.path !== this.document.path) return false;
    const { parsed } = this.document;
    const binding = nodesAt(parsed, presentPosition(position).offset).find(
      ({ node }) => node.kind === Kind.Binding,
    ) as (PlacedNode & { node: BindingNode }) | undefined;
    if (binding === undefined) return false;
    const call = resultPath({ node: binding.node.value, at: binding.at + binding.node.valueAt }).at(-1)!.node;
    if (call.kind !== Kind.Call) return false;
    return call.args.some(hasContent) && isDerivationLike(this.vm, value);
  }

  /** The value of a part if it has parts itself; its error is added. */
  private part(value: Value): Forced | undefined {
    this.partsLeft--;
    try {
      const forced = this.vm.force(value);
      return forced instanceof Attrs || isList(forced) ? forced : undefined;
    } catch (error) {
      if (error instanceof Interruption) throw error;
      this.add(error, this.severityOf(error), 'in the document');
      return undefined;
    }
  }

  /** How far what failed in a part is a mistake of the file, and not meant to fail. */
  private severityOf(error: unknown): EvaluationDiagnostic['severity'] {
    const { kind, isSupposed } = this.reached;
    if (kind !== 'result' || !(error instanceof EvalError)) return 'hint';
    if (error.kind === 'throw' || error.kind === 'abort') return 'hint';
    return isSupposed ? 'warning' : 'error';
  }

  /**
   * Whether a library refuses what only a call that is supposed asks of it, such as an option that
   * it does not know, or cannot tell, as where a file is no module but part of one.
   */
  private isRefused({ kind }: EvalError, isOrigin: boolean): boolean {
    return this.reached.isSupposed && !isOrigin && refusals.has(kind);
  }

  /** Adds an error at its innermost place in the document; interruptions by the user pass. */
  private add(error: unknown, severity: EvaluationDiagnostic['severity'], where?: 'in the document'): void {
    if (error instanceof Interruption) {
      if (error.reason === 'cancelled') throw error;
      if (severity === 'error') this.put(this.wholeFile(), error, 'warning');
      return;
    }
    if (!(error instanceof EvalError)) throw error;
    // Values inside functions are nobody's error, and syntax and names have diagnostics of their own.
    if (error.kind === 'unknown-argument') return;
    const callSite = this.callSite(error);
    const place = callSite ?? placeIn(this.document.path, error);
    const isOrigin =
      callSite === undefined && (error.position ?? error.place)?.source.path === this.document.path;
    if (place !== undefined && isOrigin && this.isStatic(error, place)) return;
    if (this.isRefused(error, isOrigin)) return;
    // What a library keeps in the sets that it gives to the file is no matter of the file.
    if (place === undefined && where === 'in the document') return;
    this.put(place === undefined ? this.wholeFile() : this.rangeOf(place), error, severity);
  }

  /** For an argument that does not fit: the call that passes it, which is what has to be mended. */
  private callSite(error: EvalError): Position | undefined {
    if (error.kind !== 'missing-argument' && error.kind !== 'unexpected-argument') return undefined;
    let innermost: Position | undefined;
    for (let rest = error.trace; rest !== undefined; rest = rest.inner) {
      if (rest.frame.message === 'from call site') innermost = rest.frame.position;
    }
    return innermost?.source.path === this.document.path ? presentPosition(innermost) : undefined;
  }

  /** Whether syntax and names have reported the error already. Below a `with`, names are known only here. */
  private isStatic({ kind }: EvalError, { offset }: Position): boolean {
    if (kind === 'parse-error') return true;
    if (kind !== 'undefined-variable') return false;
    const around = nodesAt(this.document.parsed, offset);
    return !around.some(({ node, at }) => node.kind === Kind.With && at + node.bodyAt <= offset);
  }

  /** What to underline. Where only the start is known, as Nix's positions are, it is the node that starts there. */
  private rangeOf({ offset, end }: Position): Range {
    if (end !== undefined) return { start: offset, end };
    const starting = nodesAt(this.document.parsed, offset).find(({ at }) => at === offset);
    return { start: offset, end: offset + Math.max(1, starting?.node.width ?? 1) };
  }

  private put(range: Range, error: unknown, severity: EvaluationDiagnostic['severity']): void {
    const report = reportError(error);
    // A source tree that is not there is missing wherever it is used.
    const isOfPlace = report.code !== 'unsupported';
    const key = isOfPlace ? `${range.start} ${range.end} ${report.message}` : report.message;
    if (!this.found.has(key)) this.found.set(key, { range, error: report, severity });
  }

  /** Where an error is shown that has no place in the document: the start of its expression. */
  private wholeFile(): Range {
    const { root, rootAt } = this.document.parsed;
    return { start: rootAt, end: rootAt + Math.min(root.width, 1) };
  }
}

/** Whether an argument says something of its own, as a set but `{ }`, a function and a computed string do. */
function hasContent(argument: Expression): boolean {
  switch (argument.kind) {
    case Kind.AttributeSet:
      return argument.bindings.length > 0;
    case Kind.String:
      return argument.parts.some(({ kind }) => kind !== Kind.TextPart);
    case Kind.Parenthesised:
      return hasContent(argument.inner);
    default:
      return argument.kind === Kind.Lambda;
  }
}

function isDerivationLike(vm: Vm, set: Attrs): boolean {
  try {
    return isDerivation(vm, set);
  } catch (error) {
    if (error instanceof EvalError) return false;
    throw error;
  }
}
