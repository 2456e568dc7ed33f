/**
 * Some patterns mean the same to JavaScript's RegExp, which is many times
 * faster on the short texts that Nix programs match. It may be asked where
 *
 * - both agree on every match and every group: what is repeated a varying number
 *   of times matches something and has no choices inside, since RegExp forgets
 *   groups of earlier rounds and does not take empty rounds;
 * - its backtracking is bounded: with `degree` endless loops there are at most
 *   `factor · length ^ degree` ways to try, and that is checked for each text.
 */
import type { ByteSet } from './brackets';
import type { ParsedPattern, Tree } from './syntax';

export interface NativePattern {
  /** Matches a whole text. */
  readonly whole: RegExp;
  /** Finds the next match, from `lastIndex` on; only where that means the same, too. */
  readonly next: RegExp | undefined;
  readonly degree: number;
  readonly factor: number;
}

/** The largest expression, in nodes, that is translated. */
const sizeLimit = 500;

/** How many ways RegExp may try for one text, and how long one may be where it tries several. */
const waysLimit = 1_000_000;
const lengthLimit = 100_000;

/** Whether RegExp needs no more than a bounded time to match the whole of a text of that length. */
export function isBoundedMatch(native: NativePattern, length: number): boolean {
  if (native.degree > 0 && length > lengthLimit) return false;
  return native.factor * length ** native.degree <= waysLimit;
}

/** The same for finding all matches in a text: each place may be tried. */
export function isBoundedSearch(native: NativePattern, length: number): boolean {
  if (native.degree === 0) return true;
  return length <= lengthLimit && native.factor * length ** (native.degree + 1) <= waysLimit;
}

/** The pattern for RegExp, if it means the same. */
export function translate({ tree }: ParsedPattern): NativePattern | undefined {
  const measure = measureOf(tree);
  if (measure === undefined || measure.size > sizeLimit || measure.factor > sizeLimit) return undefined;
  const text = textOf(tree);
  return {
    whole: new RegExp(`^(?:${text})$`),
    // A search would have to prefer the longest alternative, and to treat empty matches as C++ does.
    next: measure.hasAlternatives || measure.canBeEmpty ? undefined : new RegExp(text, 'g'),
    degree: measure.degree,
    factor: measure.factor,
  };
}

interface Measure {
  readonly degree: number;
  readonly factor: number;
  readonly size: number;
  readonly canBeEmpty: boolean;
  readonly hasAlternatives: boolean;
}

const one: Measure = { degree: 0, factor: 1, size: 1, canBeEmpty: false, hasAlternatives: false };

/** Undefined where RegExp cannot be used. */
function measureOf(tree: Tree): Measure | undefined {
  switch (tree.kind) {
    case 'byte':
    case 'set':
      return one;
    case 'empty':
    case 'begin':
    case 'end':
      return { ...one, canBeEmpty: true };
    case 'group':
      return measureOf(tree.body);
    case 'sequence':
      return combine(tree.parts, (a, b) => ({
        degree: a.degree + b.degree,
        factor: a.factor * b.factor,
        size: a.size + b.size,
        canBeEmpty: a.canBeEmpty && b.canBeEmpty,
        hasAlternatives: a.hasAlternatives || b.hasAlternatives,
      }));
    case 'alternatives':
      return combine(tree.options, (a, b) => ({
        degree: Math.max(a.degree, b.degree),
        factor: a.factor + b.factor,
        size: a.size + b.size,
        canBeEmpty: a.canBeEmpty || b.canBeEmpty,
        hasAlternatives: true,
      }));
    case 'repeat':
      return measureRepeat(measureOf(tree.body), tree.min, tree.max);
  }
}

function combine(trees: readonly Tree[], join: (a: Measure, b: Measure) => Measure): Measure | undefined {
  let result: Measure | undefined;
  for (const tree of trees) {
    const measure = measureOf(tree);
    if (measure === undefined) return undefined;
    result = result === undefined ? measure : join(result, measure);
  }
  return result;
}

function measureRepeat(body: Measure | undefined, min: number, max: number): Measure | undefined {
  if (body === undefined) return undefined;
  if (max !== min && body.canBeEmpty) return undefined;
  const isOptional = min === 0 && max === 1;
  const hasChoices = body.degree > 0 || body.factor > 1;
  if (hasChoices && !isOptional) return undefined;
  const rounds = max === Infinity ? min + 1 : max;
  return {
    degree: body.degree + (max === Infinity ? 1 : 0),
    factor: isOptional ? body.factor + 1 : max === Infinity ? 1 : max - min + 1,
    size: body.size * Math.max(rounds, 1),
    canBeEmpty: min === 0 || body.canBeEmpty,
    hasAlternatives: body.hasAlternatives,
  };
}

function textOf(tree: Tree): string {
  switch (tree.kind) {
    case 'empty':
      return '(?:)';
    case 'byte':
      return escaped(tree.value);
    case 'set':
      return setText(tree.set);
    case 'begin':
      return '^';
    case 'end':
      return '$';
    case 'group':
      return `(${textOf(tree.body)})`;
    case 'sequence':
      return tree.parts.map(textOf).join('');
    case 'alternatives':
      return `(?:${tree.options.map(textOf).join('|')})`;
    case 'repeat':
      return `(?:${textOf(tree.body)}){${tree.min},${tree.max === Infinity ? '' : tree.max}}`;
  }
}

function escaped(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

function setText(set: ByteSet): string {
  let ranges = '';
  for (let first = 0; first < 256; first++) {
    if (set.members[first] === 0) continue;
    let last = first;
    while (last < 255 && set.members[last + 1] === 1) last++;
    ranges += `${escaped(first)}-${escaped(last)}`;
    first = last;
  }
  return `[${ranges}]`;
}
