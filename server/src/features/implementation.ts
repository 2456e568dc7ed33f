/**
 * Where the value of a name is written, however many names it has gone by: a function's
 * head, the file of a package, the file that a path names. A definition leads to the
 * attribute in `all-packages.nix`, this to the package.
 */
import type { PlaceQuestion } from '../evaluator/service';
import type { ParsedFile } from '../syntax/parse';
import { Kind } from '../syntax/tree';
import { nodesAt } from '../syntax/walk';

/** What the evaluator has to be asked; undefined where there is no name and no path. */
export function implementationAt(parsed: ParsedFile, offset: number): PlaceQuestion | undefined {
  const placed = nodesAt(parsed, offset).find(({ node }) => node.kind !== Kind.TextPart);
  switch (placed?.node.kind) {
    case Kind.Identifier:
    case Kind.String:
    case Kind.Path:
    case Kind.SearchPath:
      break;
    default:
      return undefined;
  }
  // The start is in the name alone, where its end may touch what follows.
  return { kind: 'shown', offset: placed.at };
}
