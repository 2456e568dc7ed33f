/**
 * Where values come from: the positions that sets keep of their attributes,
 * through updates, imports and calls, and the places of the values themselves.
 */
import type { Bytes } from '../base/bytes';
import { Attrs } from '../values/attrs';
import { textOf } from '../values/context';
import { EvalError } from '../values/error';
import { presentPosition, type Position } from '../values/position';
import { Closure, ContextString, Path, type Forced, type Value, type WithScope } from '../values/value';
import type { Evaluator } from './evaluator';
import { scopeAround, valueOfPath, type Subject } from './live-values';
import { locationOf } from './report';
import type { Location, PlaceQuestion } from './service';
import { targetAt } from './target';
import { valueOfTarget } from './target-values';

/** A question about a value, and not about what is declared of it. */
export type ValueQuestion = Exclude<PlaceQuestion, { kind: 'option' }>;

/** @throws Interruption */
export function locate(
  evaluator: Evaluator,
  subject: Subject,
  question: ValueQuestion,
): Location | undefined {
  try {
    return new Locator(evaluator, subject).answer(question);
  } catch (error) {
    // What fails has no place; the error is a matter of diagnostics.
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

export class Locator {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly subject: Subject,
    /** Whether an attribute is where the text binds it and nowhere else. */
    private readonly byNameOnly = false,
  ) {}

  answer(question: ValueQuestion): Location | undefined {
    switch (question.kind) {
      case 'value':
        return this.ofValue(valueOfPath(this.evaluator, this.subject, question.of));
      case 'shown':
        return this.ofShown(question.offset);
      case 'attribute':
        return this.ofAttribute(valueOfPath(this.evaluator, this.subject, question.of), question.name);
      case 'with':
        return this.inWiths(scopeAround(this.subject, question.offset).withs, question.name);
      case 'argument': {
        const { argument } = scopeAround(this.subject, question.offset);
        return argument === undefined ? undefined : this.ofAttribute(argument, question.name);
      }
      case 'name':
        return new Locator(this.evaluator, this.subject, true).answer(question.of);
    }
  }

  private ofShown(offset: number): Location | undefined {
    const { evaluator, subject } = this;
    const found = targetAt(subject.parsed, offset);
    return found && this.ofValue(evaluator.vm.force(valueOfTarget(evaluator, subject, found)));
  }

  ofAttribute(value: Value, name: Bytes): Location | undefined {
    const set = this.evaluator.vm.force(value);
    const found = set instanceof Attrs ? set.get(name) : undefined;
    if (found === undefined) return undefined;
    const position = (set as Attrs).positionOf(name);
    const place = this.existing(position);
    if (this.byNameOnly || (place !== undefined && standsAt(position!, name))) return place;
    // Names that are computed have the place of the computation; the value itself says more.
    return this.ofValue(this.evaluator.vm.force(found)) ?? place;
  }

  private inWiths(withs: WithScope | null, name: Bytes): Location | undefined {
    for (let scope = withs; scope !== null; scope = scope.outer) {
      const set = this.evaluator.vm.force(scope.environment);
      if (set instanceof Attrs && set.has(name)) return this.ofAttribute(set, name);
    }
    return undefined;
  }

  ofValue(value: Forced): Location | undefined {
    if (value instanceof Closure) return this.existing(value.blueprint.position());
    if (value instanceof Path) return this.ofFile(value.path);
    return value instanceof Attrs ? (this.ofPackage(value) ?? this.ofFirstAttribute(value)) : undefined;
  }

  /** A set is where the first of its attributes stands, of those in one file. */
  private ofFirstAttribute(set: Attrs): Location | undefined {
    let first: Position | undefined;
    for (const name of set.shape.names) {
      const position = set.positionOf(name);
      if (position === undefined) continue;
      if (first === undefined ? this.existing(position) === undefined : !isBefore(position, first)) continue;
      first = position;
    }
    return this.existing(first);
  }

  /** A file, or the `default.nix` of a folder. */
  private ofFile(path: Bytes): Location | undefined {
    const file = this.evaluator.resolveImport(path);
    return this.startOf(file);
  }

  /** `meta.position` is `file:line`. */
  private ofPackage(set: Attrs): Location | undefined {
    const { vm } = this.evaluator;
    const meta = vm.force(set.get('meta') ?? null);
    const position = meta instanceof Attrs ? vm.force(meta.get('position') ?? null) : null;
    if (typeof position !== 'string' && !(position instanceof ContextString)) return undefined;
    const [, file, line] = /^(\/.*):(\d+)$/s.exec(textOf(position)) ?? [];
    return file === undefined ? undefined : this.startOf(file, Math.max(0, Number(line) - 1));
  }

  /** The start of a line of a file, if it is there. */
  private startOf(file: Bytes, line = 0): Location | undefined {
    const path = this.evaluator.store.host.placeOnDisk(file);
    if (path === undefined || this.evaluator.host.fileType(path) === undefined) return undefined;
    const start = { line, character: 0 };
    return { path, range: { start, end: start } };
  }

  /** The location of a position in a file that is there; parts of the evaluator's own are in none. */
  private existing(position: Position | undefined): Location | undefined {
    const location = locationOf(position);
    return location !== undefined && this.evaluator.host.fileType(location.path) !== undefined
      ? location
      : undefined;
  }
}

/** Whether a name is written at a position, or inherited there. */
function standsAt(position: Position, name: Bytes): boolean {
  const { source, offset } = presentPosition(position);
  return source.text.startsWith(name, offset) || source.text[offset] === '"';
}

/** Whether a position is in the same text as another one, and before it. */
function isBefore(a: Position, b: Position): boolean {
  return a.source.path === b.source.path && presentPosition(a).offset < presentPosition(b).offset;
}
