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
import { EvalError, Interruption, isTimeout, meansNoValue } from '../values/error';
import { presentPosition, type Position } from '../values/position';
import type { Forced, Value } from '../values/value';
import type { Range } from '../base/range';
import type { ParsedFile } from '../syntax/parse';
import { Kind } from '../syntax/tree';
import { nodesAt } from '../syntax/walk';
import { isDerivation } from '../vm/compare';
import type { Vm } from '../vm/vm';
import { withoutThunk } from '../values/thunk';
import type { ReachableValue } from './reachable-values';
import { placeIn, reportError } from './report';
import type { EvaluationDiagnostic } from './service';
import { elementAt, isList, type List } from '../values/list';

/** How deep the attributes of a file's value are looked at. */
const maxDepth = 3;

/** More problems in one file help nobody. */
const maxFound = 500;

/** How many parts are looked at of what else is reachable: a function may give all packages, many of which fail on this machine. */
const maxReachableParts = 500;

/** So many parts of one value are looked at before it is the turn of its neighbours. */
const partsAtOnce = 100;

/** Milliseconds for the attributes, and for what else is reachable, beside the time that the file's own value takes. */
const partsTime = 1000;
const reachableTime = 3000;

interface Document {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
}

export interface DiagnosisOptions {
  /** What the value leads to, where that is to be looked at, too. */
  readonly reachable?: () => readonly ReachableValue[];
  /** Whether the parts may take all of the time, as where nobody types meanwhile; a lack of it is a warning. */
  readonly thorough?: boolean;
}

export function collectDiagnostics(
  vm: Vm,
  document: Document,
  fileValue: () => Forced,
  { reachable = () => [], thorough = false }: DiagnosisOptions = {},
): EvaluationDiagnostic[] {
  // Nix does not evaluate such a file, and what would fail is what the parser made of it.
  if (document.parsed.errors.some(({ severity }) => severity === 'error')) return [];
  return new Collection(vm, document).collect(fileValue, { reachable, thorough });
}

/** The parts of a value that are still to be looked at, from an index on. */
interface Unseen {
  readonly parts: List;
  next: number;
}

class Collection {
  private readonly found = new Map<string, EvaluationDiagnostic>();
  private partsLeft = Infinity;
  private readonly seen = new Set<Forced>();
  /** What is looked at now. */
  private reached: Omit<ReachableValue, 'value'> = { kind: 'result', isSupposed: false };

  constructor(
    private readonly vm: Vm,
    private readonly document: Document,
  ) {}

  collect(
    fileValue: () => Forced,
    { reachable, thorough }: Required<DiagnosisOptions>,
  ): EvaluationDiagnostic[] {
    let value: Forced | undefined;
    try {
      value = fileValue();
    } catch (error) {
      this.add(error, 'error');
    }
    if (value !== undefined) {
      const late = this.inTime(thorough ? Infinity : partsTime, () => this.parts([value], maxDepth));
      if (thorough && late !== undefined) this.put(this.wholeFile(), late, 'warning');
    }
    this.partsLeft = maxReachableParts;
    this.inTime(reachableTime, () => {
      for (const each of reachable()) this.reach(each);
    });
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
    if (this.partsLeft <= 0) return;
    this.reached = reached;
    const opened = this.part(reached.value);
    if (opened !== undefined) this.parts([opened], maxDepth);
    if (reached.kind === 'result') this.whatItIsBuiltFrom(reached.value);
  }

  /** Of a derivation that is the result, what goes into its path. */
  private whatItIsBuiltFrom(value: Value): void {
    const known = withoutThunk(value);
    if (!(known instanceof Attrs) || !isDerivationLike(this.vm, known)) return;
    const path = known.get('drvPath');
    if (path !== undefined) this.part(path);
  }

  /** Looks at the parts of values level by level, so that a large part keeps nothing from its neighbours. */
  private parts(values: readonly Forced[], depth: number): void {
    let level = values;
    for (let left = depth; left > 0 && level.length > 0; left--) {
      const queue = level.flatMap((value) => this.unseen(value));
      const next: Forced[] = [];
      // What is not done has another turn, at the end of the queue.
      for (const unseen of queue) if (this.look(unseen, next)) queue.push(unseen);
      level = next;
    }
  }

  /** The parts of a value that was not looked at before, if it has any that are shown. */
  private unseen(value: Forced): Unseen[] {
    if (this.seen.has(value)) return [];
    this.seen.add(value);
    if (isList(value)) return [{ parts: value, next: 0 }];
    const isOpen = value instanceof Attrs && !isDerivationLike(this.vm, value);
    return isOpen ? [{ parts: value.values, next: 0 }] : [];
  }

  /** Looks at some parts, adds what has parts itself, and tells whether there are more. */
  private look(unseen: Unseen, found: Forced[]): boolean {
    const { parts } = unseen;
    const end = Math.min(parts.length, unseen.next + partsAtOnce);
    for (; unseen.next < end; unseen.next++) {
      if (this.found.size >= maxFound || this.partsLeft <= 0) return false;
      const inner = this.part(elementAt(parts, unseen.next));
      if (inner !== undefined) found.push(inner);
    }
    return end < parts.length;
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

  /** Whether a library refuses what only a call that is supposed asks of it, such as an option that it does not know. */
  private isRefused({ kind }: EvalError, isOrigin: boolean): boolean {
    return this.reached.isSupposed && !isOrigin && (kind === 'throw' || kind === 'abort');
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
    const key = `${range.start} ${range.end} ${report.message}`;
    if (!this.found.has(key)) this.found.set(key, { range, error: report, severity });
  }

  /** Where an error is shown that has no place in the document: the start of its expression. */
  private wholeFile(): Range {
    const { root, rootAt } = this.document.parsed;
    return { start: rootAt, end: rootAt + Math.min(root.width, 1) };
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
