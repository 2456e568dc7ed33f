/**
 * Fixes for an undefined variable that a set in scope has as an attribute: `lib.mkIf` where
 * `mkIf` is written. Which names may be meant is told here; whether there is such an
 * attribute only its value can tell, and that is the evaluator's.
 */
import { decodeUtf8, type Bytes } from '../../base/bytes';
import type { Range } from '../../base/range';
import { lookUp } from '../../names/declarations';
import type { ParsedFile } from '../../syntax/parse';
import { Kind } from '../../syntax/tree';
import { nodesAt, type PlacedNode } from '../../syntax/walk';
import type { OfferedAction, ShownProblem } from '../code-action';
import { replacement } from '../text-edit';

const code = 'undefined-variable';

/** Where names of nixpkgs are, by what these sets are usually called. The first that has a name is offered first. */
const sets: readonly Bytes[] = ['lib', 'lib.types', 'pkgs', 'pkgs.lib'];

/** A longer name that may be meant. */
export interface QualifiedName {
  readonly action: OfferedAction;
  /** An expression that is true if the name means something, and where it is to be evaluated. */
  readonly condition: Bytes;
  readonly offset: number;
}

export function qualifiedNames(parsed: ParsedFile, problems: readonly ShownProblem[]): QualifiedName[] {
  return problems
    .filter((problem) => problem.code === code)
    .flatMap(({ range }) => namesFor(nodesAt(parsed, range.start), range));
}

function namesFor(nodes: readonly PlacedNode[], { start }: Range): QualifiedName[] {
  const [variable, parent] = nodes;
  if (variable?.node.kind !== Kind.Identifier || variable.at !== start) return [];
  const { name, width } = variable.node;
  // An inherited name cannot be selected, and what is shown may be older than the text.
  if (parent?.node.kind === Kind.Inherit || isDeclared(nodes, name)) return [];
  return sets
    .filter((set) => isDeclared(nodes, set.split('.')[0]!))
    .map((set) => {
      const text = `${set}.${name}`;
      const title = `Replace by '${decodeUtf8(text)}'`;
      const edits = [replacement(start, start + width, text)];
      return {
        action: { title, kind: 'quickfix', edits, fixes: [code] },
        condition: `${set} ? ${name}`,
        offset: start,
      };
    });
}

function isDeclared(nodes: readonly PlacedNode[], name: Bytes): boolean {
  return lookUp(nodes.slice(1).reverse(), nodes[0]!.node, name).declaration !== undefined;
}
