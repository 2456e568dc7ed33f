/** Formatting by the standard of nixfmt. */
import type { Bytes } from '../base/bytes';
import { isStackOverflow, stackIsSmall } from '../base/stack';
import { parse, workspaceSyntax, type ParsedFile } from '../syntax/parse';
import { layout } from './layout';
import { documentOf } from './printer';
import { readProgram } from './reader';
import { isSameCode } from './same-code';

/** That of nixfmt and nixpkgs. */
const defaultWidth = 100;

export type Formatted = { readonly text: Bytes } | { readonly problem: string };

/**
 * The text of a program, formatted, or why it cannot be.
 * @param width of lines, in characters without their indentation, as far as it can be kept
 */
export function format(parsed: ParsedFile, width = defaultWidth): Formatted {
  if (parsed.errors.some(({ severity }) => severity === 'error'))
    return { problem: 'its text has syntax errors' };
  try {
    const text = layout(documentOf(readProgram(parsed)), width);
    return isSameCode(parsed, parse(text, workspaceSyntax))
      ? { text }
      : { problem: 'a string would mean something else with another indentation' };
  } catch (error) {
    // With more stack it is tried again.
    if (isStackOverflow(error) && !stackIsSmall()) return { problem: 'it nests too deeply' };
    throw error;
  }
}
