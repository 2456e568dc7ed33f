/**
 * The parser's façade: text in, tree and errors out. It never throws.
 */
import type { Bytes } from '../base/bytes';
import type { Range } from '../base/range';
import { Parser } from './parser';
import type { Expression } from './tree';

/** A syntax error or warning with the place it concerns, in bytes of the whole text. */
export interface SyntaxError {
  readonly range: Range;
  /** The message of C++ Nix where there is one, else our own; a byte string. */
  readonly message: string;
  /** A stable kebab-case code, e.g. `syntax-error`, `unterminated-string`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Another place that belongs to it, e.g. the first definition of a duplicate. */
  readonly related?: { readonly range: Range; readonly message: string };
  /** Names that may have been meant. */
  readonly suggestions?: readonly string[];
}

/** What parsing gives: the whole text is covered by leading trivia, `root`, and trailing trivia. */
export interface ParsedFile {
  readonly text: Bytes;
  readonly root: Expression;
  /** Where the root starts, behind leading white space and comments. */
  readonly rootAt: number;
  /** In the order in which they are found; the first is the one that C++ Nix gives. */
  readonly errors: readonly SyntaxError[];
  /** At least how deep anything in the text nests; the operators of a chain such as `a + b - c` are all at one depth. */
  readonly nesting: number;
  /** Whether the recovery from an error looked far ahead, so that no part of the text can be parsed by itself. */
  readonly lookedAhead: boolean;
  readonly options: ParseOptions;
}

export interface ParseOptions {
  /** Whether `|>` and `<|` are operators. */
  readonly pipeOperators: boolean;
}

const defaults: ParseOptions = { pipeOperators: false };

/** How the files of a workspace are read: no setting switches operators on; files that use them are rare, and reading them does no harm. */
export const workspaceSyntax: ParseOptions = { pipeOperators: true };

/** Parses a whole text. */
export function parse(text: Bytes, options?: Partial<ParseOptions>): ParsedFile {
  const chosen = { ...defaults, ...options };
  const parser = new Parser(text, chosen);
  const { root, rootAt } = parser.parseFile();
  return {
    text,
    root,
    rootAt,
    errors: parser.errors,
    nesting: parser.deepest,
    lookedAhead: parser.lookedAhead,
    options: chosen,
  };
}
