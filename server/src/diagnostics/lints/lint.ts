/**
 * Lints: what is no error and yet can be written better.
 *
 * A lint looks at one node, and what it finds is a matter of that node alone, never of the
 * text around it, so it is remembered over edits. What else has to be true – that a name is
 * not bound further out, say – is a condition, which is asked each time.
 */
import type { Kind, Node } from '../../syntax/tree';
import type { Diagnostic } from '../diagnostic';
import type { Surroundings } from './surroundings';

export interface Lint<K extends Kind = Kind> {
  /** Stable and kebab-case. */
  readonly code: string;
  readonly severity: 'warning' | 'hint';
  /** How an editor may show it: faded out, or struck through. */
  readonly tag?: 'unnecessary' | 'deprecated';
  /** The nodes that it looks at. */
  readonly kinds: readonly K[];
  /** The node has one of these kinds; the file that it is in parses without an error. */
  find(node: Extract<Node, { kind: K }>): Iterable<Finding>;
}

/** Something that a lint finds at a node. */
export interface Finding {
  /** Where it starts, counted from the start of the node. */
  readonly start: number;
  /** How many bytes of the text it is about. */
  readonly width: number;
  /** Text, ready to be shown. */
  readonly message: string;
  /** What a fix has to know: the name that it is about, if there is one. */
  readonly name?: string;
  /** Where a fix has to change something else, counted as the start is, e.g. the closing parenthesis. */
  readonly otherPlace?: number;
  /** Whether it holds where the node stands. */
  readonly holds?: (surroundings: Surroundings) => boolean;
}

/** A finding at its place. */
export interface PlacedFinding {
  readonly lint: Lint;
  readonly finding: Finding;
  readonly node: Node;
  /** Where the node starts, in bytes of the whole text. */
  readonly at: number;
}

/** A finding as editors get it. */
export function lintDiagnostic({ lint, finding, at }: PlacedFinding): Diagnostic {
  const { code, severity, tag } = lint;
  const { start, width, message } = finding;
  const range = { start: at + start, end: at + start + width };
  return {
    range,
    message,
    code,
    severity,
    related: [],
    ...(tag === 'unnecessary' && { unnecessary: true }),
    ...(tag === 'deprecated' && { deprecated: true }),
  };
}
