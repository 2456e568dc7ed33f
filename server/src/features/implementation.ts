/**
 * Where the value of a name is written, however many names it has gone by: a function's
 * head, the file of a package, the file that a path names. A definition leads to the
 * attribute in `all-packages.nix`, this to the package.
 */
import { optionOfTarget } from '../analysis/module-options';
import { optionOfDeclaration } from '../analysis/option-path';
import type { OptionPath, PlaceQuestion } from '../evaluator/service';
import { targetAt } from '../evaluator/target';
import type { ParsedFile } from '../syntax/parse';
import { Kind, type AttributeName } from '../syntax/tree';
import { nodesAt, type PlacedNode } from '../syntax/walk';
import { valueBefore } from './definition';

/** What the evaluator has to be asked; undefined where there is no name and no path. */
export function implementationAt(parsed: ParsedFile, offset: number): PlaceQuestion | undefined {
  const nodes = nodesAt(parsed, offset).filter(({ node }) => node.kind !== Kind.TextPart);
  const [placed] = nodes;
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
  return attributeAskedFor(nodes) ?? { kind: 'shown', offset: placed.at };
}

/** The option that the name at an offset sets, reads or declares, by the text alone. */
export function optionAt(parsed: ParsedFile, offset: number): OptionPath | undefined {
  const found = targetAt(parsed, offset);
  if (found === undefined) return undefined;
  const { target, ancestors } = found;
  const declared =
    target.kind === 'binding'
      ? optionOfDeclaration(ancestors, target.node.path.names.slice(0, target.count))
      : undefined;
  return declared ?? optionOfTarget(found);
}

/** On a name of `s ? a`, whose own value is a truth value, the attribute is meant. */
function attributeAskedFor(nodes: readonly PlacedNode[]): PlaceQuestion | undefined {
  const [name, path, owner] = nodes;
  if (path?.node.kind !== Kind.AttributePath || owner?.node.kind !== Kind.HasAttribute) return undefined;
  const count = path.node.names.indexOf(name!.node as AttributeName) + 1;
  const target = { node: owner.node.target, at: owner.at };
  const of = valueBefore(target, path.node, path.at, count);
  // The value of what a computed name asks for is in no text.
  return of.names.length === count ? { kind: 'value', of } : undefined;
}
