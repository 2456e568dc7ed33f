/**
 * Values as an editor shows them: evaluated as far as a budget goes.
 *
 * The parts of a value are forced level by level, so that all of a wide set is
 * seen before the depth of its first attribute uses the budget up. What the
 * budget leaves out is said: a part that was not forced prints as `«thunk»`, one
 * that fails as `«error: …»` in its place, and parts that are left out are
 * counted. A set inside itself prints as `«repeated»`.
 */
import type { Bytes } from '../base/bytes';
import { Attrs } from './attrs';
import { EvalError, isTimeout } from './error';
import { printAttributeName } from '../base/literals';
import {
  printElided,
  printedPath,
  printFunction,
  printLimitedString,
  printScalar,
  quote,
  unevaluated,
} from './printer';
import { running, Thunk, withoutThunk } from './thunk';
import { Builtin, Closure, ContextString, PartialApplication, type Value } from './value';
import { elementAt, isList, type List } from './list';

export interface Budget {
  /** Levels of sets and lists that are opened; 0 opens none. */
  readonly depth: number;
  /** Attributes and items in the whole text. */
  readonly parts: number;
  /** How long parts are forced; the value itself does not count. */
  readonly milliseconds: number;
  /** Bytes of each string. */
  readonly stringLength: number;
  /** What fits in that many columns stays on one line. */
  readonly width: number;
}

export const hoverBudget: Budget = { depth: 3, parts: 50, milliseconds: 20, stringLength: 1024, width: 80 };

/** Milliseconds for the path of a derivation that is the value itself. */
const rootPathTime = 1000;

/** Forces the parts of a value. */
export interface PartForcer {
  /**
   * The value in weak head normal form. Throws an EvalError if it fails, and an
   * Interruption of reason `timeout` if it takes past `deadline`, a time of
   * `performance.now()`; other interruptions end the printing.
   */
  forceBy(value: Value, deadline: number): Value;
}

/**
 * The text of a value, of as many lines as it needs, with two spaces of
 * indentation for each level.
 * @throws EvalError if the value itself fails; Interruption
 */
export function printWithin(forcer: PartForcer, value: Value, budget: Budget = hoverBudget): Bytes {
  const root = new Part(undefined, forcer.forceBy(value, Infinity), undefined);
  new Opener(forcer, budget).open(root);
  root.joinLines();
  return layOut(root, budget, '', 0);
}

/** A value and those of its parts that are shown. */
class Part {
  /** The text of what has no parts, or whose parts are not shown. */
  text: Bytes | undefined = undefined;
  readonly children: Part[] = [];
  /** How many parts are not among the children. */
  left = 0;
  /** The whole part on one line; computed once, bottom up, so that the layout takes linear time. */
  line: Bytes = '';

  constructor(
    readonly name: string | undefined,
    readonly value: Value,
    readonly parent: Part | undefined,
  ) {}

  /** What stands before the value. */
  get start(): Bytes {
    return this.name === undefined ? '' : `${printAttributeName(this.name)} = `;
  }

  /** What stands after it. */
  get end(): Bytes {
    return this.name === undefined ? '' : ';';
  }

  get brackets(): readonly [string, string] {
    return this.value instanceof Attrs ? ['{', '}'] : ['[', ']'];
  }

  get elided(): Bytes {
    return this.value instanceof Attrs
      ? printElided(this.left, 'attribute', 'attributes')
      : printElided(this.left, 'item', 'items');
  }

  /** Computes `line` of the part and all below. */
  joinLines(): void {
    for (const child of this.children) child.joinLines();
    this.line = this.text ?? this.joined();
  }

  private joined(): Bytes {
    const [open, close] = this.brackets;
    const texts = this.children.map((child) => child.start + child.line + child.end);
    if (this.left > 0) texts.push(this.elided);
    return [open, ...texts, close].join(' ');
  }

  /** Whether the value contains itself. */
  isRepeated(): boolean {
    for (let outer = this.parent; outer !== undefined; outer = outer.parent) {
      if (outer.value === this.value) return true;
    }
    return false;
  }
}

/** Spends the budget. */
class Opener {
  private readonly deadline: number;
  private partsLeft: number;
  private outOfTime = false;

  constructor(
    private readonly forcer: PartForcer,
    private readonly budget: Budget,
  ) {
    this.deadline = performance.now() + budget.milliseconds;
    this.partsLeft = budget.parts;
  }

  open(root: Part): void {
    let level = [root];
    for (let depth = 0; level.length > 0; depth++) {
      const next: Part[] = [];
      for (const part of level) this.openPart(part, depth, next);
      level = next;
    }
  }

  private openPart(part: Part, depth: number, next: Part[]): void {
    if (part.text !== undefined) return;
    const { value } = part;
    if (value instanceof Attrs) {
      part.text = part.isRepeated()
        ? `${quote.open}repeated${quote.close}`
        : this.derivation(value, depth === 0);
      if (part.text === undefined) this.openParts(part, value.values, value.shape.names, depth, next);
    } else if (isList(value)) {
      if (part.isRepeated()) part.text = `${quote.open}repeated${quote.close}`;
      else this.openParts(part, value, undefined, depth, next);
    } else {
      part.text = this.leaf(value);
    }
  }

  private openParts(
    part: Part,
    values: List,
    names: readonly string[] | undefined,
    depth: number,
    next: Part[],
  ): void {
    const shown = depth >= this.budget.depth ? 0 : Math.min(values.length, this.partsLeft);
    this.partsLeft -= shown;
    part.left = values.length - shown;
    for (let i = 0; i < shown; i++) {
      const child = this.force(part, names?.[i], elementAt(values, i));
      part.children.push(child);
      next.push(child);
    }
  }

  private force(parent: Part, name: string | undefined, value: Value): Part {
    const known = withoutThunk(value);
    if (!(known instanceof Thunk)) return new Part(name, known, parent);
    if (known.code !== running && this.hasTime()) {
      try {
        return new Part(name, this.forcer.forceBy(known, this.deadline), parent);
      } catch (error) {
        if (error instanceof EvalError) return failedPart(name, known, parent, error);
        if (!isTimeout(error)) throw error;
        this.outOfTime = true;
      }
    }
    const part = new Part(name, known, parent);
    part.text = unevaluated;
    return part;
  }

  private hasTime(): boolean {
    if (!this.outOfTime && performance.now() > this.deadline) this.outOfTime = true;
    return !this.outOfTime;
  }

  /** The text of a derivation; undefined for other sets. The path of one that is the value itself is no part. */
  private derivation(set: Attrs, isRoot: boolean): Bytes | undefined {
    if (this.attribute(set, 'type') !== 'derivation') return undefined;
    const drvPath = isRoot ? this.pathOfRoot(set) : this.attribute(set, 'drvPath');
    if (drvPath instanceof EvalError) return errorText(drvPath);
    return `${quote.open}derivation${drvPath === undefined ? '' : printedPath(drvPath)}${quote.close}`;
  }

  private pathOfRoot(set: Attrs): Value | EvalError | undefined {
    const path = this.attribute(set, 'drvPath', performance.now() + rootPathTime);
    // What it took is not taken from the parts.
    this.outOfTime = false;
    return path;
  }

  /** The forced attribute or its error; undefined where there is none, or no time for it. */
  private attribute(set: Attrs, name: string, deadline = this.deadline): Value | EvalError | undefined {
    const value = set.get(name);
    if (value === undefined) return undefined;
    const known = withoutThunk(value);
    if (!(known instanceof Thunk)) return known;
    if (known.code === running || (deadline === this.deadline && !this.hasTime())) return undefined;
    try {
      return this.forcer.forceBy(known, deadline);
    } catch (error) {
      if (error instanceof EvalError) return error;
      if (!isTimeout(error)) throw error;
      this.outOfTime = true;
      return undefined;
    }
  }

  private leaf(value: Value): Bytes {
    if (typeof value === 'string') return printLimitedString(value, this.budget.stringLength);
    if (value instanceof ContextString) return printLimitedString(value.text, this.budget.stringLength);
    if (value instanceof Closure || value instanceof Builtin || value instanceof PartialApplication) {
      return printFunction(value);
    }
    return value instanceof Thunk ? unevaluated : printScalar(value)!;
  }
}

function failedPart(name: string | undefined, value: Value, parent: Part, error: EvalError): Part {
  const part = new Part(name, value, parent);
  part.text = errorText(error);
  return part;
}

/** The first line of the message; the rest is a matter of the part's own hover. */
function errorText(error: EvalError): Bytes {
  const [first, ...rest] = error.message.split('\n');
  return `${quote.open}error: ${first}${rest.length > 0 ? ' ...' : ''}${quote.close}`;
}

/** The text of a part of which `column` columns of its first line are taken. */
function layOut(part: Part, budget: Budget, indentation: string, column: number): Bytes {
  if (column + part.line.length <= budget.width || part.text !== undefined) return part.line;
  const inner = `${indentation}  `;
  const texts = part.children.map((child) => {
    const start = inner + child.start;
    return start + layOut(child, budget, inner, start.length) + child.end;
  });
  if (part.left > 0) texts.push(inner + part.elided);
  const [open, close] = part.brackets;
  return `${open}\n${texts.join('\n')}\n${indentation}${close}`;
}
