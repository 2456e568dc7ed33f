/**
 * The errors that evaluating a document shows: of its value, and of the
 * attributes of its value a few levels deep, as long as the time lasts; if it is
 * asked for, of what its value leads to, too.
 *
 * A `throw` in an attribute that nobody asked for is no bug of the file, so it
 * is a hint; what fails on the way to the file's own value is an error. What a
 * program may never evaluate is a hint as well.
 */
import type { Bytes } from '../base/bytes';
import { Attrs } from '../values/attrs';
import { EvalError, Interruption, meansNoValue } from '../values/error';
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
import { elementAt, isList } from '../values/list';

/** How deep the attributes of a file's value are looked at, and how many in all. */
const maxDepth = 3;
const maxParts = 500;

/** Milliseconds for the attributes, and for what else is reachable, beside the time that the file's own value takes. */
const partsTime = 1000;
const reachableTime = 3000;

interface Document {
  readonly path: Bytes;
  readonly parsed: ParsedFile;
}

export function collectDiagnostics(
  vm: Vm,
  document: Document,
  fileValue: () => Forced,
  reachable: () => readonly ReachableValue[] = () => [],
): EvaluationDiagnostic[] {
  // Nix does not evaluate such a file, and what would fail is what the parser made of it.
  if (document.parsed.errors.some(({ severity }) => severity === 'error')) return [];
  return new Collection(vm, document).collect(fileValue, reachable);
}

class Collection {
  private readonly found = new Map<string, EvaluationDiagnostic>();
  private partsLeft = maxParts;
  private readonly seen = new Set<Forced>();
  /** What is looked at now: a value that may never be evaluated gives hints alone. */
  private kind: ReachableValue['kind'] = 'result';

  constructor(
    private readonly vm: Vm,
    private readonly document: Document,
  ) {}

  collect(fileValue: () => Forced, reachable: () => readonly ReachableValue[]): EvaluationDiagnostic[] {
    let value: Forced | undefined;
    try {
      value = fileValue();
    } catch (error) {
      this.add(error, 'error');
    }
    if (value !== undefined) this.inTime(partsTime, () => this.parts(value, maxDepth));
    this.inTime(reachableTime, () => {
      for (const each of reachable()) this.reach(each);
    });
    return [...this.found.values()];
  }

  /** Running out of time here only means that no more is looked at. */
  private inTime(milliseconds: number, look: () => void): void {
    const { limits } = this.vm;
    const outer = limits.deadline;
    limits.deadline = Math.min(outer, performance.now() + milliseconds);
    try {
      look();
    } catch (error) {
      // A scope that cannot be entered fails where its value does.
      if (!meansNoValue(error)) throw error;
    } finally {
      limits.deadline = outer;
    }
  }

  private reach({ value, kind }: ReachableValue): void {
    this.kind = kind;
    this.part(value, maxDepth + 1);
    if (kind !== 'binding') this.whatItIsBuiltFrom(value);
  }

  /** Of a derivation that is the result, what goes into its path. */
  private whatItIsBuiltFrom(value: Value): void {
    const known = withoutThunk(value);
    if (!(known instanceof Attrs) || !isDerivationLike(this.vm, known)) return;
    const path = known.get('drvPath');
    if (path !== undefined) this.part(path, 1);
  }

  private parts(value: Forced, depth: number): void {
    if (depth === 0 || this.seen.has(value)) return;
    if (isList(value)) {
      this.seen.add(value);
      for (let i = 0; i < value.length && this.partsLeft > 0; i++) this.part(elementAt(value, i), depth);
    } else if (value instanceof Attrs) {
      this.seen.add(value);
      if (isDerivationLike(this.vm, value)) return;
      for (const item of value.values) this.part(item, depth);
    }
  }

  private part(value: Value, depth: number): void {
    if (this.partsLeft-- <= 0) return;
    let forced: Forced;
    try {
      forced = this.vm.force(value);
    } catch (error) {
      if (error instanceof Interruption) throw error;
      this.add(error, this.isMistake(error) ? 'error' : 'hint', 'in the document');
      return;
    }
    this.parts(forced, depth - 1);
  }

  /** Whether what failed in a part is a mistake of the file, and not meant to fail. */
  private isMistake(error: unknown): boolean {
    if (this.kind !== 'result' || !(error instanceof EvalError)) return false;
    return error.kind !== 'throw' && error.kind !== 'abort';
  }

  /** Adds an error at its innermost place in the document; interruptions by the user pass. */
  private add(error: unknown, severity: 'error' | 'hint', where?: 'in the document'): void {
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
