/**
 * Documents: texts, and the spacing between them that becomes line breaks or not, in groups.
 * What is printed describes itself as a document; `layout.ts` decides where lines break.
 */
import { utf8Width } from './width';
import type { Bytes } from '../base/bytes';

/** Ordered: of two that meet, the greater one stays, but for a few exceptions in {@link merged}. */
export const enum Spacing {
  /** A line break or nothing, each for itself. */
  SoftBreak,
  /** A line break or nothing, as the group has it. */
  Break,
  /** A space that never breaks. */
  HardSpace,
  /** A line break or a space, each for itself. */
  SoftSpace,
  /** A line break or a space, as the group has it. */
  Space,
  /** A line break, always. */
  HardLine,
  /** An empty line. */
  EmptyLine,
  /** A certain number of line breaks, which stand in a string. */
  Newlines,
}

export const enum TextKind {
  Plain,
  /** Does not count for the width of a line. */
  Comment,
  /** A comment behind something else on its line. */
  TrailingComment,
  /** Is there only where its group is broken, such as a comma at the end. */
  Trailing,
  /** The start of a line as it is written, with its indentation. */
  Raw,
  /** No text: from here on nothing is written until the next text that is verbatim. */
  Disabled,
  /** Lines that are written as they are. */
  Verbatim,
  /** Such lines up to the end of the file. */
  VerbatimRest,
}

export const enum GroupKind {
  Regular,
  /** Breaks before the group that it is in, if the rest of that fits on the lines where it begins and ends. */
  Priority,
  /** Priority groups in it count as those of the group around. */
  Transparent,
}

export interface TextElement {
  readonly kind: 'text';
  readonly text: Bytes;
  /** In characters. */
  readonly width: number;
  readonly textKind: TextKind;
  /** How deep it is nested. Of several levels that begin in one line only the first one indents. */
  readonly nesting: number;
  /** Spaces before it, at the start of a line, besides those of its nesting. */
  readonly offset: number;
}

export interface SpacingElement {
  readonly kind: 'spacing';
  readonly spacing: Spacing;
  /** Of {@link Spacing.Newlines}, how many. */
  readonly count: number;
}

export interface GroupElement {
  readonly kind: 'group';
  readonly groupKind: GroupKind;
  readonly content: Document;
}

export type Element = TextElement | SpacingElement | GroupElement;
export type Document = readonly Element[];

function spacing(of: Spacing, count = 0): Document {
  return [{ kind: 'spacing', spacing: of, count }];
}

export const softBreak = spacing(Spacing.SoftBreak);
export const breakable = spacing(Spacing.Break);
export const hardSpace = spacing(Spacing.HardSpace);
export const softSpace = spacing(Spacing.SoftSpace);
export const space = spacing(Spacing.Space);
export const hardLine = spacing(Spacing.HardLine);
export const emptyLine = spacing(Spacing.EmptyLine);
export const newline = spacing(Spacing.Newlines, 1);

export function isText(element: Element | undefined): element is TextElement {
  return element?.kind === 'text';
}

export function isSpacing(element: Element | undefined): element is SpacingElement {
  return element?.kind === 'spacing';
}

export function isGroup(element: Element | undefined): element is GroupElement {
  return element?.kind === 'group';
}

export function group(content: Document, groupKind = GroupKind.Regular): Document {
  return [{ kind: 'group', groupKind, content }];
}

/** Documents one after the other, with another one between them. */
export function separated(separator: Document, documents: readonly Document[]): Document {
  return documents.flatMap((each, i) => (i === 0 ? each : [...separator, ...each]));
}

/** Makes texts, at the nesting that holds while they are made. */
export class Nesting {
  private level = 0;
  private offset = 0;

  text(text: Bytes, textKind = TextKind.Plain): Document {
    if (text === '' && textKind !== TextKind.Raw && textKind !== TextKind.Disabled) return [];
    const { level: nesting, offset } = this;
    return [{ kind: 'text', text, width: utf8Width(text), textKind, nesting, offset }];
  }

  nest(make: () => Document): Document {
    this.level++;
    const made = make();
    this.level--;
    return made;
  }

  offsetBy(spaces: number, make: () => Document): Document {
    this.offset += spaces;
    const made = make();
    this.offset -= spaces;
    return made;
  }
}

/** One spacing for two that meet. */
export function merged(a: SpacingElement, b: SpacingElement): SpacingElement {
  const [less, more] = a.spacing <= b.spacing ? [a, b] : [b, a];
  const made = (of: Spacing, count = 0): SpacingElement => ({ kind: 'spacing', spacing: of, count });
  switch (more.spacing) {
    case Spacing.SoftSpace:
      return less.spacing === Spacing.Break ? made(Spacing.Space) : more;
    case Spacing.HardSpace:
      if (less.spacing === Spacing.Break) return made(Spacing.Space);
      return less.spacing === Spacing.SoftBreak ? made(Spacing.SoftSpace) : more;
    case Spacing.Newlines:
      return made(Spacing.Newlines, more.count + linesOf(less));
    default:
      return more;
  }
}

/** How many line breaks a spacing adds to those in a string. */
function linesOf({ spacing: of, count }: SpacingElement): number {
  switch (of) {
    case Spacing.Newlines:
      return count;
    case Spacing.EmptyLine:
      return 2;
    case Spacing.HardSpace:
      return 0;
    default:
      return 1;
  }
}

/**
 * A document on one line, without its groups; undefined if it has lines of its own, or is wider
 * than a limit.
 */
export function onOneLine(document: Document, limit = Infinity): Document | undefined {
  const result: Element[] = [];
  let width = 0;
  const add = (element: Element): boolean => {
    switch (element.kind) {
      case 'text':
        if (element.textKind >= TextKind.Raw) return false;
        width += element.width;
        result.push(element);
        return width <= limit;
      case 'group':
        return element.content.every(add);
      default: {
        const flat = flattened(element);
        if (flat !== undefined && flat !== 'nothing') {
          width++;
          result.push(flat);
        }
        return flat !== undefined && width <= limit;
      }
    }
  };
  return document.every(add) ? result : undefined;
}

/** A spacing that does not break; undefined for one that always does. */
function flattened({ spacing: of }: SpacingElement): SpacingElement | 'nothing' | undefined {
  switch (of) {
    case Spacing.SoftBreak:
    case Spacing.Break:
      return 'nothing';
    case Spacing.HardSpace:
    case Spacing.SoftSpace:
    case Spacing.Space:
      return hardSpace[0] as SpacingElement;
    default:
      return undefined;
  }
}

/** A document whose own spacing does not break where it need not; groups in it still may. */
export function withoutBreaks(document: Document): Document {
  return document.flatMap((element): Document => {
    if (element.kind !== 'spacing') return [element];
    const flat = flattened(element) ?? element;
    return flat === 'nothing' ? [] : [flat];
  });
}
