/**
 * Expressions in the canonical form of C++ Nix: what `nix-instantiate --parse`
 * prints and what a failed `assert` shows of its condition.
 */
import type { Bytes } from '../base/bytes';
import { literalPath } from '../host/path';
import { mergeBindings } from '../names/merge';
import { printCanonical } from '../syntax/print';
import { PathStyle, type Expression } from '../syntax/tree';
import { printFloat } from '../values/float';
import { printAttributeName, printString } from '../base/literals';

/** What the paths in an expression are relative to. */
export interface Places {
  readonly directory: Bytes;
  readonly home: Bytes;
}

export function showExpression(node: Expression, places: Places): Bytes {
  return printCanonical(node, {
    merge: mergeBindings,
    string: printString,
    name: printAttributeName,
    float: printFloat,
    path: (style, text) => absolutePath(style, text, places),
  });
}

/** The literal start of a path, resolved. */
function absolutePath(style: PathStyle, literal: Bytes, { directory, home }: Places): Bytes {
  switch (style) {
    case PathStyle.Absolute:
      return literalPath(literal);
    case PathStyle.Home:
      return literalPath(home + literal.slice(1));
    case PathStyle.Relative:
      return literalPath(`${directory}/${literal}`);
  }
}
