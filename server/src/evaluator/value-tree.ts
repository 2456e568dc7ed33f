/**
 * The value of a document as a tree: each level is evaluated when it is opened,
 * its parts within a budget, so that a set of ten thousand packages opens at
 * once. A document that is a function opens to what the function gives in the
 * call that is shown.
 */
import { decodeUtf8, type Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { Kind, type Expression } from '../syntax/tree';
import { resultPath, type PlacedNode } from '../syntax/walk';
import { Attrs } from '../values/attrs';
import { EvalError, Interruption, isTimeout } from '../values/error';
import { printAttributeName } from '../base/literals';
import { Thunk, withoutThunk } from '../values/thunk';
import { Closure, ContextString, Float, Path, type Forced, type Value } from '../values/value';
import type { Budget, PartForcer } from '../values/within-budget';
import { missingAttribute } from '../vm/failures';
import type { Evaluator } from './evaluator';
import type { LiveScope } from './live-scopes';
import type { Subject } from './live-values';
import { Locator } from './locate';
import { signatureOf } from './members';
import { locationOf } from './report';
import { isPackage, shortError, shortText } from './short-values';
import type { LevelQuestion, Location, PartRow, ValueKind, ValueLevel, ValueRow, ValueStep } from './service';
import { elementAt, isList } from '../values/list';

/** Milliseconds for one part of a level, and for all parts of it. */
const partTime = 150;
const levelTime = 600;

/** The most parts in one answer. */
const maxParts = 1000;

/** All of a value, but no text that an editor could not open. */
export function deepBudget(milliseconds: number): Budget {
  return { depth: 100, parts: 5000, milliseconds, stringLength: 20_000, width: 80 };
}

/** What stands for a part that there was no time for. */
const unevaluated: ValueRow = { kind: 'unevaluated', text: 'not evaluated yet', opens: true };

export class ValueTree {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly forcer: PartForcer,
    private readonly subject: Subject,
  ) {}

  private get root(): PlacedNode {
    const { root, rootAt } = this.subject.parsed;
    return { node: root, at: rootAt };
  }

  /** Where the document's expression stands. */
  get range(): Range {
    const { root, rootAt } = this.subject.parsed;
    return { start: rootAt, end: rootAt + root.width };
  }

  /** @throws Interruption */
  level({ steps, start, count }: LevelQuestion): ValueLevel {
    let value: Forced;
    try {
      value = this.evaluator.vm.force(this.at(steps));
    } catch (error) {
      return { whole: rowOfError(error), parts: [], total: 0 };
    }
    const end = performance.now() + levelTime;
    const whole = this.rowOf(value, end, steps.length === 0);
    if (!whole.opens) return { whole, parts: [], total: 0 };
    const total = value instanceof Attrs ? value.values.length : isList(value) ? value.length : 1;
    const last = Math.min(total, start + Math.min(count, maxParts));
    const parts: PartRow[] = [];
    for (let i = start; i < last; i++) parts.push(this.part(value, i, end));
    return { whole, parts, total };
  }

  /** The value at the end of the steps. @throws EvalError where there is none; Interruption */
  at(steps: readonly ValueStep[]): Value {
    const { live, parsed } = this.subject;
    let value: Value = live.thunk(live.scopeAt([], this.root), parsed.root, parsed.rootAt);
    for (const step of steps) value = 'result' in step ? this.result() : this.step(value, step);
    return value;
  }

  /** The scope that the steps lead through, if they lead through the document's function. */
  scopeOf(steps: readonly ValueStep[]): LiveScope | undefined {
    const [first] = steps;
    if (first === undefined || !('result' in first)) return undefined;
    return this.scopeOfResult()?.scope;
  }

  /** Where a value was defined, or else the nearest one around it: items and computed attributes may have no place. */
  place(steps: readonly ValueStep[]): Location | undefined {
    for (let length = steps.length; length >= 0; length--) {
      const found = this.placeOfPart(steps.slice(0, length));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private placeOfPart(steps: readonly ValueStep[]): Location | undefined {
    try {
      return this.knownPlace(steps);
    } catch (error) {
      // What fails has no place; the error is a matter of diagnostics.
      if (error instanceof EvalError) return undefined;
      throw error;
    }
  }

  private knownPlace(steps: readonly ValueStep[]): Location | undefined {
    const { path, parsed } = this.subject;
    const last = steps.at(-1);
    if (last === undefined || 'result' in last) {
      const { node, at } = (last && this.scopeOfResult()?.body) ?? this.root;
      const source = { kind: 'file', path, text: parsed.text } as const;
      return locationOf({ source, offset: at, end: at + node.width });
    }
    const locator = new Locator(this.evaluator, this.subject);
    if ('attribute' in last) return locator.ofAttribute(this.at(steps.slice(0, -1)), last.attribute);
    return locator.ofValue(this.evaluator.vm.force(this.at(steps)));
  }

  private step(value: Value, step: Exclude<ValueStep, { result: true }>): Value {
    const { vm } = this.evaluator;
    if ('attribute' in step) {
      const set = vm.forceAttrs(value, 'while opening a value');
      const found = set.get(step.attribute);
      if (found === undefined) throw missingAttribute(set, step.attribute);
      return found;
    }
    const list = vm.force(value);
    if (isList(list) && step.item < list.length) return elementAt(list, step.item);
    throw new EvalError('evaluation-error', `there is no item ${step.item}`);
  }

  private result(): Value {
    const found = this.scopeOfResult();
    if (found === undefined)
      throw new EvalError('evaluation-error', 'the value is not a function that the file consists of');
    return this.subject.live.thunk(found.scope, found.body.node as Expression, found.body.at);
  }

  /** What the document's function gives, and the scope that it stands in. */
  private scopeOfResult(): { readonly scope: LiveScope; readonly body: PlacedNode } | undefined {
    const path = pathOfResult(this.root);
    const body = path?.pop();
    return path && body && { scope: this.subject.live.scopeAt(path, body), body };
  }

  private part(value: Forced, index: number, end: number): PartRow {
    if (value instanceof Attrs) {
      const name = value.shape.names[index]!;
      const label = decodeUtf8(printAttributeName(name));
      return { step: { attribute: name }, label, ...this.rowOfPart(value.values[index]!, end) };
    }
    if (isList(value)) {
      return { step: { item: index }, label: `[${index}]`, ...this.rowOfPart(elementAt(value, index), end) };
    }
    return { step: { result: true }, label: 'result', ...this.rowOfResult() };
  }

  /** A search for the function's call needs the time of the whole request. */
  private rowOfResult(): ValueRow {
    try {
      const value = this.evaluator.vm.force(this.result());
      const source = this.scopeOfResult()?.scope.source;
      return { ...this.rowOf(value, performance.now() + levelTime), ...(source !== undefined && { source }) };
    } catch (error) {
      return rowOfError(error);
    }
  }

  private rowOfPart(value: Value, end: number): ValueRow {
    const known = withoutThunk(value);
    const now = performance.now();
    if (known instanceof Thunk && now >= end) return unevaluated;
    try {
      const forced = this.forcer.forceBy(known, Math.min(end, now + partTime));
      return this.rowOf(forced as Forced, end);
    } catch (error) {
      if (isTimeout(error)) return unevaluated;
      return rowOfError(error);
    }
  }

  private rowOf(value: Forced, end: number, isRoot = false): ValueRow {
    const kind = this.kindOf(value);
    const size = value instanceof Attrs ? value.values.length : isList(value) ? value.length : 0;
    const opens = size > 0 || (isRoot && kind === 'function' && pathOfResult(this.root) !== undefined);
    return { kind, text: this.textOf(value, end), opens };
  }

  /** Short values look into sets and lists; when the time is over, their size has to do. */
  private textOf(value: Forced, end: number): string {
    if (performance.now() >= end) {
      if (value instanceof Attrs) return counted(value.values.length, 'attribute', '{', '}');
      if (isList(value)) return counted(value.length, 'item', '[', ']');
    }
    // Where a function is written is a matter of its place.
    return value instanceof Closure ? `${decodeUtf8(signatureOf(value)!)} …` : shortText(this.forcer, value);
  }

  private kindOf(value: Forced): ValueKind {
    if (value === null) return 'null';
    if (typeof value === 'boolean') return 'boolean';
    if (typeof value === 'string' || value instanceof ContextString) return 'string';
    if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) return 'number';
    if (value instanceof Path) return 'path';
    if (isList(value)) return 'list';
    if (value instanceof Attrs)
      return isPackage(this.forcer, value, performance.now() + partTime) ? 'derivation' : 'set';
    return 'function';
  }
}

/** From the root into what the function gives that a document is; undefined where it is none. */
function pathOfResult(root: PlacedNode): PlacedNode[] | undefined {
  const path = resultPath(root);
  const innermost = path.findLastIndex(({ node }) => node.kind === Kind.Lambda);
  return innermost < 0 ? undefined : path.slice(0, innermost + 2);
}

function rowOfError(error: unknown): ValueRow {
  if (error instanceof Interruption) throw error;
  if (error instanceof EvalError && error.kind === 'unknown-argument') {
    return { kind: 'unknown', text: decodeUtf8(error.message), opens: false };
  }
  const shown = shortError(error)!;
  return { kind: 'error', text: shown.text.replace(/^error: /, ''), opens: false };
}

function counted(count: number, what: Bytes, open: string, close: string): string {
  return `${open} ${count} ${what}${count === 1 ? '' : 's'} ${close}`;
}
