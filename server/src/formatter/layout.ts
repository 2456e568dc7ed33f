/**
 * Where the lines of a document break. A group that fits on the line stays on it; else its
 * priority groups are tried one by one, the last one first; else all its breaks are taken.
 */
import type { Bytes } from '../base/bytes';
import { trimmed, trimmedStart } from './blanks';
import {
  group,
  GroupKind,
  isGroup,
  isSpacing,
  isText,
  merged,
  Spacing,
  TextKind,
  withoutBreaks,
  type Document,
  type Element,
  type GroupElement,
  type TextElement,
} from './document';
import { utf8Width } from './width';

/** How far a level indents. */
const indentation = 2;

/**
 * The text of a document; it ends with one line break.
 * @param width that lines have at most where that is possible, in characters without their indentation
 */
export function layout(document: Document, width: number): Bytes {
  const layouter = new Layouter(width);
  const content = tidied(document);
  layouter.place(group(content), undefined);
  const text = layouter.text.join('');
  return endsVerbatim(content) ? trimmedStart(text) : `${trimmed(text)}\n`;
}

/** Whether the end of the text is written as it is. */
function endsVerbatim(document: Document): boolean {
  const last = document.findLast((element) => !isSpacing(element));
  return isGroup(last) ? endsVerbatim(last.content) : last?.textKind === TextKind.VerbatimRest;
}

// --- Tidying ------------------------------------------------------------------------

/**
 * Merges spacings and texts that meet, moves hard spacings and comments to the outside of groups,
 * which they would break, and takes groups away that are empty.
 */
export function tidied(document: Document): Document {
  const input = document.toReversed();
  const output: Element[] = [];
  for (let first = input.pop(); first !== undefined; first = input.pop()) {
    const next = input.at(-1);
    if (isSpacing(first) && isSpacing(next)) {
      input[input.length - 1] = merged(first, next);
    } else if (isText(first) && isText(next) && first.textKind === next.textKind) {
      const { text, width } = first;
      input[input.length - 1] = { ...first, text: text + next.text, width: width + next.width };
    } else if (isSpacing(first) && first.spacing === Spacing.HardSpace && isGroup(next)) {
      input[input.length - 1] = { ...next, content: [first, ...next.content] };
    } else if (isSpacing(first) && isGroup(next)) {
      input.pop();
      tidyGroup([first], next, input, output);
    } else if (isGroup(first)) {
      tidyGroup([], first, input, output);
    } else output.push(first);
  }
  return output;
}

/** @param before the spacing before the group, if there is any @param input what follows, backwards */
function tidyGroup(before: Document, of: GroupElement, input: Element[], output: Element[]): void {
  const content = tidied(of.content);
  let start = 0;
  while (start < content.length && mayBeOutside(content[start]!)) start++;
  let end = content.length;
  while (end > start && isHard(content[end - 1]!)) end--;
  const outside = [...before, ...content.slice(0, start)];
  const behind = content.slice(end).reverse();
  if (start === end) {
    input.push(...behind, ...outside.reverse());
    return;
  }
  output.push(...tidied(outside), { ...of, content: simplified(of.groupKind, content.slice(start, end)) });
  input.push(...behind);
}

/** What a group contains, without another group of its kind that is all of it. */
function simplified(groupKind: GroupKind, content: Document): Document {
  const [only] = content;
  return content.length === 1 && isGroup(only) && only.groupKind === groupKind ? only.content : content;
}

function isHard(element: Element): boolean {
  if (!isSpacing(element)) return false;
  const { spacing } = element;
  return spacing === Spacing.HardSpace || spacing >= Spacing.HardLine;
}

function mayBeOutside(element: Element): boolean {
  return isHard(element) || isComment(element) || (isText(element) && element.textKind >= TextKind.Verbatim);
}

function isComment(element: Element): boolean {
  if (isText(element))
    return element.textKind === TextKind.Comment || element.textKind === TextKind.TrailingComment;
  return isGroup(element) && element.content.every((each) => isComment(each) || isHard(each));
}

// --- What follows ---------------------------------------------------------------------

/** The elements of a document from an index on, and then others. */
interface Rest {
  readonly document: Document;
  readonly index: number;
  readonly next: Rest | undefined;
}

/** Without what is empty. */
function rest(document: Document, index: number, next: Rest | undefined): Rest | undefined {
  return index < document.length ? { document, index, next } : next;
}

function first(from: Rest): Element {
  return from.document[from.index]!;
}

function behind({ document, index, next }: Rest): Rest | undefined {
  return rest(document, index + 1, next);
}

/** What follows, from the first element on, whose spacings are merged where they meet. */
function withMerged(from: Rest): Rest {
  let current = from;
  let next = behind(current);
  while (next !== undefined && isSpacing(first(current)) && isSpacing(first(next))) {
    const both = merged(first(current) as never, first(next) as never);
    current = { document: [both], index: 0, next: behind(next) };
    next = behind(current);
  }
  return current;
}

/** How wide the first line is if it ends as soon as it can. */
function firstLineWidth(of: Rest | undefined): number {
  let width = 0;
  let from = of;
  while (from !== undefined) {
    from = withMerged(from);
    const element = first(from);
    from = behind(from);
    if (isText(element)) {
      if (element.textKind !== TextKind.Comment && element.textKind !== TextKind.TrailingComment)
        width += element.width;
    } else if (isGroup(element)) from = rest(element.content, 0, from);
    else if (element.spacing === Spacing.HardSpace) width++;
    else break;
  }
  return width;
}

/** Whether the first line of what follows is as narrow as `target`, if no group is broken up that fits in `limit`. */
function firstLineFits(target: number, limit: number, of: Rest | undefined): boolean {
  let left = limit;
  let from = of;
  while (from !== undefined && left >= 0) {
    from = withMerged(from);
    const element = first(from);
    from = behind(from);
    if (isText(element)) {
      if (element.textKind >= TextKind.Verbatim) return limit - left <= target;
      if (element.textKind === TextKind.Plain) left -= element.width;
    } else if (isGroup(element)) {
      const line = fitting(0, left - firstLineWidth(from), element.content);
      if (line === undefined) from = rest(element.content, 0, from);
      else left -= line.width;
    } else if (element.spacing === Spacing.HardSpace) left--;
    else return limit - left <= target;
  }
  return left >= 0 && limit - left <= target;
}

// --- Fitting --------------------------------------------------------------------------

interface Line {
  readonly text: Bytes;
  readonly width: number;
}

/**
 * A document on one line, if that is no wider than `limit`.
 * @param nextIndent by how much the next line is indented more than this one, less what stands in this one
 */
function fitting(nextIndent: number, limit: number, document: Document): Line | undefined {
  let text = '';
  let width = 0;
  let counted = 0;
  for (let from = rest(document, 0, undefined); from !== undefined;) {
    if (counted > limit) return undefined;
    from = withMerged(from);
    const element = first(from);
    from = behind(from);
    if (isGroup(element)) from = rest(element.content, 0, from);
    else if (isSpacing(element)) {
      if (element.spacing >= Spacing.HardLine) return undefined;
      if (element.spacing === Spacing.SoftBreak || element.spacing === Spacing.Break) continue;
      text += ' ';
      width++;
      counted++;
    } else if (element.textKind >= TextKind.Raw) return undefined;
    else if (element.textKind !== TextKind.Trailing) {
      // A comment behind an opening bracket must not look as if it belonged to what the next line begins with.
      const isShifted = element.textKind === TextKind.TrailingComment && nextIndent === counted;
      text += isShifted ? ` ${element.text}` : element.text;
      width += element.width + (isShifted ? 1 : 0);
      if (element.textKind === TextKind.Plain) counted += element.width;
    }
  }
  return counted > limit ? undefined : { text, width };
}

// --- Priority groups ------------------------------------------------------------------

interface Split {
  readonly before: Document;
  readonly priority: Document;
  readonly behind: Document;
}

/** A group's content around each of its priority groups, those of transparent groups included; the last one first. */
function splits(content: Document): Split[] {
  const parts = partsOf(content);
  return parts
    .flatMap(({ isPriority, document }, i): Split[] => {
      if (!isPriority) return [];
      const others = (of: typeof parts): Document => of.flatMap((part) => part.document);
      return [{ before: others(parts.slice(0, i)), priority: document, behind: others(parts.slice(i + 1)) }];
    })
    .reverse();
}

function partsOf(content: Document): { readonly isPriority: boolean; readonly document: Document }[] {
  return content.flatMap((element) => {
    if (isGroup(element) && element.groupKind === GroupKind.Priority)
      return [{ isPriority: true, document: element.content }];
    if (isGroup(element) && element.groupKind === GroupKind.Transparent) return partsOf(element.content);
    return [{ isPriority: false, document: [element] }];
  });
}

// --- Placing --------------------------------------------------------------------------

/** The levels of nesting that are open, the innermost one first. */
interface Indents {
  readonly spaces: number;
  readonly nesting: number;
  readonly outer: Indents | undefined;
}

class Layouter {
  readonly text: Bytes[] = [];
  /** Characters of the present line, without its indentation. */
  private column = 0;
  private indents: Indents = { spaces: 0, nesting: 0, outer: undefined };
  /** Whether what is placed is written otherwise, as it was. */
  private isDisabled = false;

  constructor(private readonly maxWidth: number) {}

  /** Puts a document with all its breaks. @param next what follows, so that it is known whether that fits */
  place(document: Document, next: Rest | undefined): void {
    for (let i = 0; i < document.length; i++) this.placeElement(document[i]!, rest(document, i + 1, next));
  }

  private placeElement(element: Element, next: Rest | undefined): void {
    if (isText(element)) this.placeText(element, next);
    else if (isSpacing(element)) this.placeSpacing(element.spacing, element.count, next);
    else this.placeGroup(element, next);
  }

  private placeText(element: TextElement, next: Rest | undefined): void {
    if (element.textKind === TextKind.Disabled) this.isDisabled = true;
    else if (element.textKind >= TextKind.Verbatim) this.placeVerbatim(element.text);
    else this.placeWords(element, next);
  }

  private placeVerbatim(text: Bytes): void {
    const isAtStart = this.column === 0 || this.isDisabled;
    this.isDisabled = false;
    this.write(isAtStart ? text : `\n${text}`);
    this.column = utf8Width(text.slice(text.lastIndexOf('\n') + 1));
  }

  private write(text: Bytes): void {
    if (!this.isDisabled) this.text.push(text);
  }

  private placeWords(element: TextElement, next: Rest | undefined): void {
    // See `fitting`.
    const isShifted =
      element.textKind === TextKind.TrailingComment &&
      this.column === 2 &&
      nestingOf(next).nesting > this.indents.nesting;
    if (isShifted) this.append(` ${element.text}`, element.width + 1);
    else this.put(element.nesting, element.offset, element, element.textKind === TextKind.Raw);
  }

  private append(text: Bytes, width: number): void {
    this.write(text);
    this.column += width;
  }

  /** Puts a text, which at the start of a line is indented. @param isRaw whether it has its indentation already */
  private put(nesting: number, offset: number, { text, width }: Line, isRaw = false): void {
    while (nesting < this.indents.nesting) this.indents = this.indents.outer!;
    if (nesting > this.indents.nesting) {
      // All levels that begin in one line are one indentation.
      const more = this.column === 0 ? indentation : 0;
      this.indents = { spaces: this.indents.spaces + more, nesting, outer: this.indents };
    }
    if (this.column === 0 && !isRaw) this.write(' '.repeat(this.indents.spaces + offset));
    this.append(text, width);
    // The line has begun, even where nothing stands in it.
    if (isRaw) this.column = Math.max(1, this.column);
  }

  private placeSpacing(spacing: Spacing, count: number, next: Rest | undefined): void {
    // The line is new already.
    if (this.column === 0) return;
    switch (spacing) {
      case Spacing.HardSpace:
        return this.append(' ', 1);
      case Spacing.SoftBreak:
        return firstLineFits(this.maxWidth - this.column, this.maxWidth, next)
          ? undefined
          : this.breakLine(1);
      case Spacing.SoftSpace:
        return firstLineFits(this.maxWidth - this.column - 1, this.maxWidth, next)
          ? this.append(' ', 1)
          : this.breakLine(1);
      case Spacing.EmptyLine:
        return this.breakLine(2);
      case Spacing.Newlines:
        return this.breakLine(count);
      default:
        return this.breakLine(1);
    }
  }

  private breakLine(count: number): void {
    this.write('\n'.repeat(count));
    this.column = 0;
  }

  private placeGroup({ groupKind, content }: GroupElement, next: Rest | undefined): void {
    if (this.placeOnLine(content, next)) return;
    // Those of a transparent group were tried with the group around.
    if (groupKind !== GroupKind.Transparent)
      for (const split of splits(content)) if (this.placeSplit(split, next)) return;
    this.place(content, next);
  }

  /** Puts what is before and behind a priority group on the lines where that begins and ends, if it fits there. */
  private placeSplit({ before, priority, behind: others }: Split, next: Rest | undefined): boolean {
    const { column, indents, isDisabled } = this;
    const { length } = this.text;
    const following = rest(others, 0, next);
    if (this.placeOnLine(before, rest(priority, 0, following))) {
      this.place(priority, rest(withoutBreaks(others), 0, next));
      if (this.placeOnLine(others, next)) return true;
    }
    this.text.length = length;
    this.column = column;
    this.indents = indents;
    this.isDisabled = isDisabled;
    return false;
  }

  /** Puts a document on the line if it fits, and what follows up to its first break, too. */
  private placeOnLine(document: Document, next: Rest | undefined): boolean {
    if (document.length === 0) return true;
    const { nesting } = this.indents;
    if (this.column > 0) {
      const increase = nestingOf(next).nesting > nesting ? indentation : 0;
      const limit = this.maxWidth - this.column - firstLineWidth(next);
      const line = fitting(increase - this.column, limit, document);
      if (line !== undefined) this.append(line.text, line.width);
      return line !== undefined;
    }
    const content = withoutLeadingSpacing(document);
    const start = nestingOf(rest(content, 0, undefined));
    const ownNesting = nesting + (start.nesting > nesting ? indentation : 0);
    const increase = nestingOf(next).nesting > ownNesting ? indentation : 0;
    const line = fitting(increase, this.maxWidth - firstLineWidth(next), content);
    if (line !== undefined) this.put(start.nesting, start.offset, line);
    return line !== undefined;
  }
}

/** The first text, which says how deep a line that begins there is nested. */
function nestingOf(of: Rest | undefined): { readonly nesting: number; readonly offset: number } {
  for (let from = of; from !== undefined;) {
    const element = first(from);
    from = behind(from);
    if (isText(element)) return element;
    if (isGroup(element)) from = rest(element.content, 0, from);
  }
  return { nesting: 0, offset: 0 };
}

/** At the start of a line there is nothing to be spaced from. */
function withoutLeadingSpacing(document: Document): Document {
  const [start, ...others] = document;
  if (isSpacing(start)) return others;
  if (isGroup(start) && isSpacing(start.content[0]))
    return [{ ...start, content: start.content.slice(1) }, ...others];
  return document;
}
